// Reads JSON in place: one pass over the text leaves a flat list of values that point into it, and
// strings are unescaped only where they are asked for. An endpoint sends a JSON text for each
// token, and a run folder is three lines of JSON a sample; this costs a tenth of a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

class Json;

// A value of a parsed text, or nothing ("missing"). Cheap to copy; lives as long as its Json and
// the text. Asking for what it is not gives nothing, so that chains need no checks:
// root["usage"]["details"].
class JsonValue {
 public:
  enum class Type : std::uint8_t { missing, null, boolean, number, string, array, object };

  JsonValue() = default;
  Type type() const;
  bool is(Type type) const { return this->type() == type; }
  bool is_given() const { return type() > Type::null; }  // neither missing nor null

  // The member of an object; of several with that name the last.
  JsonValue operator[](std::string_view key) const;
  JsonValue first() const;   // element of an array
  std::size_t size() const;  // elements of an array, members of an object

  bool is_text(std::string_view expected) const;  // a string of just that
  std::string_view raw() const;                   // as it stands in the text, quotes included
  // Appends the text without the white space between values; all else stays as it stands there.
  void append_compact_to(std::string& out) const;
  // Appends a string's text; ill-formed UTF-8 stays as it is, half a surrogate pair becomes U+FFFD.
  // False, and nothing appended: it is no string.
  bool append_to(std::string& out) const;
  std::string text() const;                   // "" of what is no string
  std::optional<double> number() const;       // nothing where a double cannot hold it
  std::optional<std::int64_t> count() const;  // a number of 0 and up, rounded
  bool is_integer() const;                    // a number without a fraction and an exponent
  // An integer of 0 and up without a sign, exactly; nothing where 64 bits cannot hold it.
  std::optional<std::uint64_t> whole() const;

  template <typename Visit>  // visit(JsonValue element)
  void for_each_element(Visit&& visit) const;
  template <typename Visit>  // visit(JsonValue key, JsonValue value)
  void for_each_member(Visit&& visit) const;

 private:
  friend class Json;
  JsonValue(const Json* json, std::uint32_t at) : json_(json), at_(at) {}

  const Json* json_ = nullptr;
  std::uint32_t at_ = 0;  // index of the node
};

// Not thread-safe; a thread that parses line after line keeps one for its memory.
class Json {
 public:
  static constexpr std::size_t kNowhere = std::size_t(-1);

  // What a text may make us hold: so many values (object keys are values too) of 24 bytes.
  explicit Json(std::size_t values_max = std::size_t{1} << 20) : values_max_(values_max) {}

  // Strict RFC 8259, but that bytes of strings need not be UTF-8 and \u escapes need not pair. At
  // most 128 levels, values_max values and 2^31 bytes. False: it is not one such value. `text` must
  // outlive every use of the values; parsing again reuses the memory and ends the values of before.
  bool parse(std::string_view text);
  std::size_t error_at() const { return error_at_; }  // the byte that does not fit, from 0
  // The first \u escape that is half a surrogate pair, a byte of the text; kNowhere: there is none.
  std::size_t half_pair_at() const { return half_pair_at_; }
  JsonValue root() const;

 private:
  friend class JsonValue;
  struct Node {
    const char* begin;   // in the text
    std::uint32_t size;  // bytes
    std::uint32_t next;  // index of the node after this value with all that is in it
    JsonValue::Type type;
    bool is_escaped;  // of a string: it holds a backslash
  };

  bool value(int depth);
  bool object(int depth);
  bool array(int depth);
  bool string();
  bool number();
  bool literal(std::string_view word, JsonValue::Type type);
  bool escape();
  bool code_unit(std::uint32_t& unit);
  bool digits();
  void skip_space();
  bool take(char c);
  bool at_end() const { return at_ == end_; }
  std::uint32_t open(JsonValue::Type type);
  void close(std::uint32_t node);

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::size_t values_max_;
  std::size_t error_at_ = 0;
  std::size_t half_pair_at_ = kNowhere;
  std::vector<Node> nodes_;  // in the order of the text; an object's are key, value, key, value …
};

inline JsonValue::Type JsonValue::type() const {
  return json_ == nullptr ? Type::missing : json_->nodes_[at_].type;
}

inline std::string_view JsonValue::raw() const {
  if (json_ == nullptr) return {};
  const Json::Node& node = json_->nodes_[at_];
  return {node.begin, node.size};
}

template <typename Visit>
void JsonValue::for_each_element(Visit&& visit) const {
  if (!is(Type::array)) return;
  const std::uint32_t end = json_->nodes_[at_].next;
  for (std::uint32_t at = at_ + 1; at < end; at = json_->nodes_[at].next)
    visit(JsonValue(json_, at));
}

template <typename Visit>
void JsonValue::for_each_member(Visit&& visit) const {
  if (!is(Type::object)) return;
  const std::uint32_t end = json_->nodes_[at_].next;
  for (std::uint32_t at = at_ + 1; at < end; at = json_->nodes_[at + 1].next)
    visit(JsonValue(json_, at), JsonValue(json_, at + 1));
}

}  // namespace evalrun
