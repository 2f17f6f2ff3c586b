#include "tasks/row_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalrun {
namespace {

std::string_view kind_of(std::string_view json) {
  switch (json.empty() ? '\0' : json[0]) {
    case '"':
      return "string";
    case '{':
      return "object";
    case '[':
      return "array";
    case 't':
    case 'f':
      return "boolean";
    case 'n':
      return "null";
    default:
      return "number";
  }
}

std::unexpected<Error> wrong_kind(std::string_view key, const char* expected,
                                  std::string_view json) {
  return input_error(std::string(key) + ": expected " + expected + ", found " +
                     std::string(kind_of(json)));
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

bool is_safe_id(std::string_view id) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= 100 && std::ranges::all_of(id, safe);
}

Result<std::string> decode_json_string(std::string_view json) {
  nlohmann::json value = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  std::string* text = value.is_string() ? value.get_ptr<std::string*>() : nullptr;
  if (text == nullptr) return input_error("not a JSON string in UTF-8");
  return std::move(*text);
}

Result<std::string_view> RowFields::raw(std::string_view key) const {
  for (auto member = members_.rbegin(); member != members_.rend(); ++member)
    if (member->key == key) return member->value;
  return input_error(std::string(key) + ": missing");
}

Result<std::string_view> RowFields::raw_string(std::string_view key) const {
  const auto found = raw(key);
  if (found && !found->starts_with('"')) return wrong_kind(key, "a string", *found);
  return found;
}

Status RowFields::text(std::string_view key, std::string& out) const {
  const auto found = raw_string(key);
  if (!found) return std::unexpected(found.error());
  auto text = decode_json_string(*found);
  if (!text) return input_error(std::string(key) + ": " + text.error().message);
  out = *std::move(text);
  return {};
}

Status RowFields::id(std::string_view key, std::string& out) const {
  const auto found = raw(key);
  if (!found) return std::unexpected(found.error());
  if (found->starts_with('"')) return text(key, out);
  if (!is_integer(*found)) return wrong_kind(key, "a string or an integer", *found);
  out = *found;
  return {};
}

}  // namespace evalrun
