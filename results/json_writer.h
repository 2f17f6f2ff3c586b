// Writes one line of JSON by hand, for the journals: a document tree costs ten times as much as the
// text it becomes. Internal to results.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evalrun {

// Appends members and elements to `out`, which must outlive it; commas are its business. Texts are
// escaped as append_json_string (json_text.h) does; keys are plain ASCII without anything to
// escape. The caller balances open and close.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open_object();
  void open_object(std::string_view key);
  void open_array();
  void open_array(std::string_view key);
  void close_object() { out_ += '}'; }
  void close_array() { out_ += ']'; }

  void member(std::string_view key, std::string_view value);
  void member(std::string_view key, std::int64_t value);
  void member(std::string_view key, bool value);
  // A literal would otherwise prefer bool.
  void member(std::string_view key, const char* value) { member(key, std::string_view(value)); }
  void member(std::string_view key, int value) { member(key, std::int64_t(value)); }
  void element(std::int64_t value);

 private:
  void comma();
  void key(std::string_view key);
  void number(std::int64_t value);

  std::string& out_;
};

}  // namespace evalrun
