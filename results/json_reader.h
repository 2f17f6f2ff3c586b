// Reads the members of one JSON object into plain fields. Internal to results.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/result.h"

namespace evalrun {

// How many values a whole file may have, which somebody chose to have read (an endpoint's answer
// may have fewer, see Json): 3 GB of memory at the most.
inline constexpr std::size_t kFileValuesMax = std::size_t{1} << 27;

// Parses one JSON value into `json`, which keeps its memory from one text to the next. Error
// (input): "not valid JSON at byte N" (from 1), for what is not RFC 8259, ill-formed UTF-8 and
// half a surrogate pair too: no text that is read from a file is ever repaired. A byte order mark
// at its beginning is let be.
Result<JsonValue> parse_json(std::string_view text, Json& json);

// Every member must be read: done() names the first member that is missing, of the wrong type or
// out of range, or else the first that nobody asked for. Of several with one key the last counts.
// After an error every read does nothing.
class JsonReader {
 public:
  // Where the object stands, for messages: "run.", "steps[3].usage.". What it names must outlive
  // the reader. All of it empty: the document itself.
  struct Place {
    const JsonReader* parent = nullptr;
    std::string_view key = {};
    std::optional<std::size_t> index = {};  // in the array `key`
  };

  // `value` may be anything; not an object is an error.
  explicit JsonReader(JsonValue value) : JsonReader(value, Place{}) {}
  JsonReader(JsonValue value, const Place& place);
  JsonReader(const JsonReader&) = delete;

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
  // The member itself, or nothing ("missing") after an error.
  JsonValue object(std::string_view key);
  JsonValue array(std::string_view key);

  bool ok() const { return error_.empty(); }
  // Records the first error: "<where><key>: <reason>".
  void wrong(std::string_view key, std::string_view reason);
  // Takes over an error from a nested reader.
  void absorb(const Status& nested);

  bool has(std::string_view key) const;
  // True, and the member counts as read, if it is there and null.
  bool read_null(std::string_view key);
  Status done();
  // The first error so far. Unlike done() it lets members that nobody asked for be: for files whose
  // format is not ours.
  Status status() const;

 private:
  JsonValue member(std::string_view key);
  std::string where() const;
  static std::string shown(std::string_view text);

  // More keys than this cost an allocation; a call's line has 16.
  static constexpr std::size_t kKeys = 24;

  const JsonValue value_;
  const Place place_;
  std::string error_;
  std::array<std::byte, kKeys * sizeof(std::string_view)> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::vector<std::string_view> asked_{&memory_};  // to find the key that nobody asked for
};

}  // namespace evalrun
