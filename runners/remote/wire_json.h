// Reads JSON in place: one pass over the text leaves a flat list of values that point into it, and
// strings are unescaped only where they are asked for. An endpoint sends a JSON text for each
// token; this costs a tenth of a tree. Also the escaper for the texts that are sent. Internal to
// wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

class WireJson;

// A value of a parsed text, or nothing ("missing"). Cheap to copy; lives as long as its WireJson
// and the text. Asking for what it is not gives nothing, so that chains need no checks:
// root["usage"]["details"].
class WireValue {
 public:
  enum class Type : std::uint8_t { missing, null, boolean, number, string, array, object };

  WireValue() = default;
  Type type() const;
  bool is(Type type) const { return this->type() == type; }
  bool is_given() const { return type() > Type::null; }  // neither missing nor null

  // The member of an object; of several with that name the last.
  WireValue operator[](std::string_view key) const;
  WireValue first() const;   // element of an array
  std::size_t size() const;  // elements of an array, members of an object

  bool is_text(std::string_view expected) const;  // a string of just that
  std::string_view raw() const;                   // as it stands in the text, quotes included
  // Appends a string's text; ill-formed UTF-8 stays as it is, half a surrogate pair becomes U+FFFD.
  // False, and nothing appended: it is no string.
  bool append_to(std::string& out) const;
  std::string text() const;                   // "" of what is no string
  std::optional<double> number() const;       // nothing where a double cannot hold it
  std::optional<std::int64_t> count() const;  // a number of 0 and up, rounded

  template <typename Visit>  // visit(WireValue element)
  void for_each_element(Visit&& visit) const;
  template <typename Visit>  // visit(WireValue key, WireValue value)
  void for_each_member(Visit&& visit) const;

 private:
  friend class WireJson;
  WireValue(const WireJson* json, std::uint32_t at) : json_(json), at_(at) {}

  const WireJson* json_ = nullptr;
  std::uint32_t at_ = 0;  // index of the node
};

class WireJson {
 public:
  // Strict RFC 8259, but that bytes of strings need not be UTF-8 and \u escapes need not pair. At
  // most 128 levels, 2^20 values and 2^31 bytes. False: it is not one such value. `text` must
  // outlive every use of the values; parsing again reuses the memory and ends the values of before.
  bool parse(std::string_view text);
  std::size_t error_at() const { return error_at_; }  // the byte that does not fit
  WireValue root() const;

 private:
  friend class WireValue;
  struct Node {
    const char* begin;   // in the text
    std::uint32_t size;  // bytes
    std::uint32_t next;  // index of the node after this value with all that is in it
    WireValue::Type type;
    bool is_escaped;  // of a string: it holds a backslash
  };

  bool value(int depth);
  bool object(int depth);
  bool array(int depth);
  bool string();
  bool number();
  bool literal(std::string_view word, WireValue::Type type);
  bool escape();
  bool digits();
  void skip_space();
  bool take(char c);
  bool at_end() const { return at_ == end_; }
  std::uint32_t open(WireValue::Type type);
  void close(std::uint32_t node);

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::size_t error_at_ = 0;
  std::vector<Node> nodes_;  // in the order of the text; an object's are key, value, key, value …
};

template <typename Visit>
void WireValue::for_each_element(Visit&& visit) const {
  if (!is(Type::array)) return;
  const std::uint32_t end = json_->nodes_[at_].next;
  for (std::uint32_t at = at_ + 1; at < end; at = json_->nodes_[at].next)
    visit(WireValue(json_, at));
}

template <typename Visit>
void WireValue::for_each_member(Visit&& visit) const {
  if (!is(Type::object)) return;
  const std::uint32_t end = json_->nodes_[at_].next;
  for (std::uint32_t at = at_ + 1; at < end; at = json_->nodes_[at + 1].next)
    visit(WireValue(json_, at), WireValue(json_, at + 1));
}

}  // namespace evalrun
