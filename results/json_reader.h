// Reads the members of one JSON object into plain fields. Internal to results.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// Parses one JSON value. Error (input): "not valid JSON at byte N".
Result<nlohmann::ordered_json> parse_json(std::string_view text);

// Every member must be read: done() names the first member that is missing, of the wrong type or
// out of range, or else the first that nobody asked for. After an error every read does nothing.
class JsonReader {
 public:
  // `where` comes before each key in messages, such as "usage.". Strings are moved out of `value`,
  // which must outlive the reader and may be anything; not an object is an error.
  explicit JsonReader(nlohmann::ordered_json& value, std::string where = "");

  void read(std::string_view key, std::string& out);
  void read(std::string_view key, bool& out);
  void read(std::string_view key, int& out);            // 0 and up
  void read(std::string_view key, std::int64_t& out);   // 0 and up
  void read(std::string_view key, std::uint64_t& out);  // 0 and up
  void read(std::string_view key, double& out);         // finite, 0 and up
  void read(std::string_view key, std::vector<std::string>& out);
  // An id: a string, or an integer as text (other people's files have both).
  void read_id(std::string_view key, std::string& out);
  // A value from a closed set; `parse` as in types.h.
  template <typename Enum>
  void read_name(std::string_view key, Enum& out) {
    std::string text;
    read(key, text);
    if (ok() && !parse(text, out)) wrong(key, "unknown value \"" + shown(text) + "\"");
  }
  // The member itself, or nullptr after an error.
  nlohmann::ordered_json* object(std::string_view key);
  nlohmann::ordered_json* array(std::string_view key);

  bool ok() const { return error_.empty(); }
  // Records the first error: "<where><key>: <reason>".
  void wrong(std::string_view key, std::string_view reason);
  // Takes over an error from a nested reader.
  void absorb(const Status& nested);
  // The name of element `index` of the array `key`, such as "steps[3].".
  std::string element(std::string_view key, std::size_t index) const;

  bool has(std::string_view key) const;
  // True, and the member counts as read, if it is there and null.
  bool read_null(std::string_view key);
  Status done();
  // The first error so far. Unlike done() it lets members that nobody asked for be: for files whose
  // format is not ours.
  Status status() const;

 private:
  nlohmann::ordered_json* member(std::string_view key);
  static std::string shown(std::string_view text);

  nlohmann::ordered_json& value_;
  const std::string where_;
  std::vector<std::string_view> asked_;  // keys read so far, to find the one nobody asked for
  std::string error_;
};

}  // namespace evalrun
