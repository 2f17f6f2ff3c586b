// Reads the fields of one row of a data set out of its spans. Errors say the key; the caller adds
// file and line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "tasks/json_span.h"

namespace evalrun {

// 1 to 100 letters, digits or any of "._-": fit for a file name, a key and a terminal.
bool is_safe_id(std::string_view id);

// A whole JSON string, decoded and checked: escapes, UTF-8. Error without a key.
Result<std::string> decode_json_string(std::string_view json);

class RowFields {
 public:
  // The spans, and what they view, have to live as long as this.
  explicit RowFields(std::span<const JsonMember> members) : members_(members) {}

  // The bytes of the value; of the last one if a key stands twice, as in Python's json.
  Result<std::string_view> raw(std::string_view key) const;
  Result<std::string_view> raw_string(std::string_view key) const;  // with its quotes, not decoded

  Status text(std::string_view key, std::string& out) const;
  // A string, or an integer as its digits: data sets differ in what an id is.
  Status id(std::string_view key, std::string& out) const;

 private:
  std::span<const JsonMember> members_;
};

}  // namespace evalrun
