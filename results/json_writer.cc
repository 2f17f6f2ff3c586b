#include "results/json_writer.h"

#include <array>
#include <charconv>

#include "harness/core/json_text.h"

namespace evalrun {

void JsonWriter::comma() {
  if (!out_.empty() && out_.back() != '{' && out_.back() != '[') out_ += ',';
}

void JsonWriter::key(std::string_view key) {
  comma();
  out_ += '"';
  out_ += key;
  out_ += "\":";
}

void JsonWriter::number(std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
}

void JsonWriter::open_object() {
  comma();
  out_ += '{';
}

void JsonWriter::open_object(std::string_view name) {
  key(name);
  out_ += '{';
}

void JsonWriter::open_array() {
  comma();
  out_ += '[';
}

void JsonWriter::open_array(std::string_view name) {
  key(name);
  out_ += '[';
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  key(name);
  append_json_string(out_, value);
}

void JsonWriter::member(std::string_view name, std::int64_t value) {
  key(name);
  number(value);
}

void JsonWriter::member(std::string_view name, bool value) {
  key(name);
  out_ += value ? "true" : "false";
}

void JsonWriter::element(std::int64_t value) {
  comma();
  number(value);
}

}  // namespace evalrun
