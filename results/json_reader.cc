#include "results/json_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/core/json_text.h"
#include "harness/core/text.h"

namespace evalrun {

using Type = JsonValue::Type;

Result<JsonValue> parse_json(std::string_view text, Json& json) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  const std::size_t skipped = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  text.remove_prefix(skipped);
  std::size_t wrong_at = Json::kNowhere;
  if (!json.parse(text)) wrong_at = json.error_at();
  wrong_at = std::min(wrong_at, json.half_pair_at());
  if (const std::size_t valid = valid_utf8_bytes(text); valid < text.size())
    wrong_at = std::min(wrong_at, valid);
  if (wrong_at != Json::kNowhere)
    return input_error("not valid JSON at byte " + std::to_string(skipped + wrong_at + 1));
  return json.root();
}

JsonReader::JsonReader(JsonValue value, const Place& place) : value_(value), place_(place) {
  asked_.reserve(kKeys);
  if (value_.is(Type::object)) return;
  const std::string at = where();
  error_ = (at.empty() ? "" : at.substr(0, at.size() - 1) + ": ") + "must be a JSON object";
}

std::string JsonReader::where() const {
  std::string at = place_.parent == nullptr ? "" : place_.parent->where();
  at += place_.key;
  if (place_.index) at += "[" + std::to_string(*place_.index) + "]";
  return at.empty() ? at : at + ".";
}

std::string JsonReader::shown(std::string_view text) {
  return to_printable(text.substr(0, 60), /*one_line=*/true);
}

void JsonReader::wrong(std::string_view key, std::string_view reason) {
  if (ok()) error_ = where() + shown(key) + ": " + std::string(reason);
}

void JsonReader::absorb(const Status& nested) {
  if (ok() && !nested) error_ = nested.error().message;
}

JsonValue JsonReader::member(std::string_view key) {
  if (!ok()) return {};
  const JsonValue value = value_[key];
  if (value.is(Type::missing)) {
    wrong(key, "is missing");
    return {};
  }
  asked_.push_back(key);
  return value;
}

void JsonReader::read(std::string_view key, std::string& out) {
  const JsonValue value = member(key);
  if (!ok()) return;
  out.clear();
  if (!value.append_to(out)) wrong(key, "must be a string");
}

void JsonReader::read(std::string_view key, bool& out) {
  const JsonValue value = member(key);
  if (!ok()) return;
  if (!value.is(Type::boolean)) return wrong(key, "must be true or false");
  out = value.raw() == "true";
}

void JsonReader::read(std::string_view key, std::uint64_t& out) {
  const JsonValue value = member(key);
  if (!ok()) return;
  const std::optional<std::uint64_t> number = value.whole();
  if (!number) return wrong(key, "must be an integer, 0 or more");
  out = *number;
}

void JsonReader::read(std::string_view key, std::int64_t& out) {
  std::uint64_t number = 0;
  read(key, number);
  if (number > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
    return wrong(key, "is too large");
  if (ok()) out = std::int64_t(number);
}

void JsonReader::read(std::string_view key, int& out) {
  std::uint64_t number = 0;
  read(key, number);
  if (number > std::uint64_t(std::numeric_limits<int>::max())) return wrong(key, "is too large");
  if (ok()) out = int(number);
}

void JsonReader::read(std::string_view key, double& out) {
  const JsonValue value = member(key);
  if (!ok()) return;
  const std::optional<double> number = value.number();
  if (!number || !(*number >= 0)) return wrong(key, "must be a number, 0 or more");
  out = *number;
}

void JsonReader::read(std::string_view key, std::vector<std::string>& out) {
  const JsonValue list = array(key);
  if (!ok()) return;
  out.clear();
  out.reserve(list.size());
  list.for_each_element([&](JsonValue item) {
    if (!item.append_to(out.emplace_back())) wrong(key, "must be a list of strings");
  });
}

void JsonReader::read_id(std::string_view key, std::string& out) {
  const JsonValue value = member(key);
  if (!ok()) return;
  out.clear();
  if (value.is_integer())
    out = value.raw();
  else if (!value.append_to(out))
    wrong(key, "must be a string or an integer");
}

JsonValue JsonReader::object(std::string_view key) {
  const JsonValue value = member(key);
  if (ok() && !value.is(Type::object)) wrong(key, "must be an object");
  return ok() ? value : JsonValue();
}

JsonValue JsonReader::array(std::string_view key) {
  const JsonValue value = member(key);
  if (ok() && !value.is(Type::array)) wrong(key, "must be a list");
  return ok() ? value : JsonValue();
}

bool JsonReader::has(std::string_view key) const { return !value_[key].is(Type::missing); }

bool JsonReader::read_null(std::string_view key) {
  return value_[key].is(Type::null) && member(key).is(Type::null);
}

Status JsonReader::done() {
  if (ok() && value_.size() != asked_.size())
    value_.for_each_member([&](JsonValue key, JsonValue) {
      const std::string name = key.text();
      if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) wrong(name, "unknown key");
    });
  return status();
}

Status JsonReader::status() const {
  if (!ok()) return input_error(error_);
  return {};
}

}  // namespace evalrun
