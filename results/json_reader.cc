#include "results/json_reader.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/core/text.h"

namespace evalrun {

using Json = nlohmann::ordered_json;

Result<Json> parse_json(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return input_error("not valid JSON at byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {  // a number too large for a double
    return input_error("not valid JSON: a number is out of range");
  }
}

JsonReader::JsonReader(Json& value, std::string where) : value_(value), where_(std::move(where)) {
  if (value_.is_object()) return;
  error_ = where_.empty() ? "must be a JSON object"
                          : where_.substr(0, where_.size() - 1) + ": must be a JSON object";
}

std::string JsonReader::shown(std::string_view text) {
  return to_printable(text.substr(0, 60), /*one_line=*/true);
}

void JsonReader::wrong(std::string_view key, std::string_view reason) {
  if (ok()) error_ = where_ + shown(key) + ": " + std::string(reason);
}

void JsonReader::absorb(const Status& nested) {
  if (ok() && !nested) error_ = nested.error().message;
}

std::string JsonReader::element(std::string_view key, std::size_t index) const {
  return where_ + std::string(key) + "[" + std::to_string(index) + "].";
}

Json* JsonReader::member(std::string_view key) {
  if (!ok()) return nullptr;
  const auto found = value_.find(key);
  if (found == value_.end()) return wrong(key, "is missing"), nullptr;
  asked_.push_back(key);
  return &*found;
}

void JsonReader::read(std::string_view key, std::string& out) {
  Json* value = member(key);
  if (value == nullptr) return;
  if (!value->is_string()) return wrong(key, "must be a string");
  out = std::move(value->get_ref<std::string&>());
}

void JsonReader::read(std::string_view key, bool& out) {
  Json* value = member(key);
  if (value == nullptr) return;
  if (!value->is_boolean()) return wrong(key, "must be true or false");
  out = value->get<bool>();
}

void JsonReader::read(std::string_view key, std::uint64_t& out) {
  Json* value = member(key);
  if (value == nullptr) return;
  if (!value->is_number_unsigned()) return wrong(key, "must be an integer, 0 or more");
  out = value->get<std::uint64_t>();
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
  Json* value = member(key);
  if (value == nullptr) return;
  if (!value->is_number() || !(value->get<double>() >= 0))
    return wrong(key, "must be a number, 0 or more");
  out = value->get<double>();
}

void JsonReader::read(std::string_view key, std::vector<std::string>& out) {
  Json* list = array(key);
  if (list == nullptr) return;
  out.clear();
  for (Json& item : *list) {
    if (!item.is_string()) return wrong(key, "must be a list of strings");
    out.push_back(std::move(item.get_ref<std::string&>()));
  }
}

void JsonReader::read_id(std::string_view key, std::string& out) {
  Json* value = member(key);
  if (value == nullptr) return;
  if (value->is_number_integer())
    out = value->dump();
  else if (value->is_string())
    out = std::move(value->get_ref<std::string&>());
  else
    wrong(key, "must be a string or an integer");
}

Json* JsonReader::object(std::string_view key) {
  Json* value = member(key);
  if (value != nullptr && !value->is_object()) return wrong(key, "must be an object"), nullptr;
  return value;
}

Json* JsonReader::array(std::string_view key) {
  Json* value = member(key);
  if (value != nullptr && !value->is_array()) return wrong(key, "must be a list"), nullptr;
  return value;
}

bool JsonReader::has(std::string_view key) const {
  return value_.is_object() && value_.contains(key);
}

bool JsonReader::read_null(std::string_view key) {
  if (!has(key) || !value_.find(key)->is_null()) return false;
  return member(key) != nullptr;
}

Status JsonReader::done() {
  if (ok() && value_.size() != asked_.size()) {
    for (const auto& [key, unused] : value_.items())
      if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) wrong(key, "unknown key");
  }
  return status();
}

Status JsonReader::status() const {
  if (!ok()) return input_error(error_);
  return {};
}

}  // namespace evalrun
