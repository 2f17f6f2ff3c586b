#include "harness/core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "harness/core/json_text.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

constexpr int kDepthMax = 128;
constexpr std::size_t kBytesMax = std::size_t{1} << 31;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool is_high_half(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_half(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

// ---- values

bool JsonValue::is_text(std::string_view expected) const {
  if (!is(Type::string)) return false;
  if (json_->nodes_[at_].is_escaped) return text() == expected;
  return raw().substr(1, raw().size() - 2) == expected;
}

// The hot spot of a stream: some fifteen look-ups a chunk. Most names differ in size or in their
// first character.
JsonValue JsonValue::operator[](std::string_view key) const {
  if (!is(Type::object)) return {};
  const Json::Node* const nodes = json_->nodes_.data();
  const std::uint32_t end = nodes[at_].next;
  const char first = key.empty() ? '"' : key.front();  // after the opening quote
  std::uint32_t found = end;
  for (std::uint32_t at = at_ + 1; at < end; at = nodes[at + 1].next) {
    const Json::Node& name = nodes[at];
    const bool is_it = name.is_escaped
                           ? JsonValue(json_, at).text() == key
                           : name.size == key.size() + 2 && name.begin[1] == first &&
                                 std::memcmp(name.begin + 1, key.data(), key.size()) == 0;
    if (is_it) found = at + 1;
  }
  return found == end ? JsonValue() : JsonValue(json_, found);
}

JsonValue JsonValue::first() const {
  const bool has_one = is(Type::array) && json_->nodes_[at_].next > at_ + 1;
  return has_one ? JsonValue(json_, at_ + 1) : JsonValue();
}

std::size_t JsonValue::size() const {
  std::size_t n = 0;
  for_each_element([&](JsonValue) { ++n; });
  for_each_member([&](JsonValue, JsonValue) { ++n; });
  return n;
}

bool JsonValue::append_to(std::string& out) const {
  if (!is(Type::string)) return false;
  const std::string_view inside = raw().substr(1, raw().size() - 2);
  if (json_->nodes_[at_].is_escaped)
    append_unescaped(out, inside);
  else
    out += inside;
  return true;
}

std::string JsonValue::text() const {
  std::string out;
  append_to(out);
  return out;
}

std::optional<double> JsonValue::number() const {
  if (!is(Type::number)) return std::nullopt;
  double value = 0;
  const std::string_view digits = raw();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> JsonValue::count() const {
  constexpr double kMax = 1e15;  // far from where doubles stop being whole
  const std::optional<double> value = number();
  if (!value || *value < 0 || *value > kMax) return std::nullopt;
  return std::llround(*value);
}

bool JsonValue::is_integer() const {
  return is(Type::number) && raw().find_first_of(".eE") == std::string_view::npos;
}

std::optional<std::uint64_t> JsonValue::whole() const {
  if (!is(Type::number)) return std::nullopt;
  std::uint64_t value = 0;
  const char* const last = raw().data() + raw().size();
  const auto [end, error] = std::from_chars(raw().data(), last, value);
  if (error != std::errc{} || end != last) return std::nullopt;
  return value;
}

void JsonValue::append_compact_to(std::string& out) const {
  bool in_string = false, is_escaped = false;
  for (const char c : raw()) {
    if (!in_string && is_space(c)) continue;
    out += c;
    if (c == '"' && !is_escaped) in_string = !in_string;
    is_escaped = c == '\\' && !is_escaped;
  }
}

// ---- parsing

bool Json::parse(std::string_view text) {
  nodes_.clear();
  begin_ = at_ = text.data();
  end_ = begin_ + text.size();
  half_pair_at_ = kNowhere;
  bool ok = text.size() < kBytesMax;
  if (ok) {
    skip_space();
    ok = value(0);
  }
  if (ok) {
    skip_space();
    ok = at_end();
  }
  error_at_ = std::size_t(at_ - begin_);
  if (!ok) nodes_.clear();
  return ok;
}

JsonValue Json::root() const { return nodes_.empty() ? JsonValue() : JsonValue(this, 0); }

void Json::skip_space() {
  while (at_ != end_ && is_space(*at_)) ++at_;
}

bool Json::take(char c) {
  if (at_end() || *at_ != c) return false;
  ++at_;
  return true;
}

std::uint32_t Json::open(Type type) {
  nodes_.push_back({at_, 0, 0, type, false});
  return std::uint32_t(nodes_.size() - 1);
}

void Json::close(std::uint32_t node) {
  nodes_[node].size = std::uint32_t(at_ - nodes_[node].begin);
  nodes_[node].next = std::uint32_t(nodes_.size());
}

bool Json::value(int depth) {
  if (at_end() || depth >= kDepthMax || nodes_.size() >= values_max_) return false;
  switch (*at_) {
    case '{':
      return object(depth);
    case '[':
      return array(depth);
    case '"':
      return string();
    case 't':
      return literal("true", Type::boolean);
    case 'f':
      return literal("false", Type::boolean);
    case 'n':
      return literal("null", Type::null);
    default:
      return number();
  }
}

bool Json::object(int depth) {
  const std::uint32_t node = open(Type::object);
  ++at_;
  skip_space();
  if (!take('}')) {
    do {
      skip_space();
      if (at_end() || *at_ != '"' || !string()) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      if (!value(depth + 1)) return false;
      skip_space();
    } while (take(','));
    if (!take('}')) return false;
  }
  close(node);
  return true;
}

bool Json::array(int depth) {
  const std::uint32_t node = open(Type::array);
  ++at_;
  skip_space();
  if (!take(']')) {
    do {
      skip_space();
      if (!value(depth + 1)) return false;
      skip_space();
    } while (take(','));
    if (!take(']')) return false;
  }
  close(node);
  return true;
}

bool Json::string() {
  const std::uint32_t node = open(Type::string);
  ++at_;
  for (;;) {
    at_ = find_json_special(at_, end_);
    if (at_end()) return false;
    if (take('"')) break;
    if (*at_ != '\\' || !escape()) return false;  // a bare control character, or no escape
    nodes_[node].is_escaped = true;
  }
  close(node);
  return true;
}

bool Json::escape() {
  const std::size_t begin = std::size_t(at_++ - begin_);
  if (at_end()) return false;
  const char c = *at_++;
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  std::uint32_t unit = 0, next = 0;
  if (!code_unit(unit)) return false;
  if (!is_high_half(unit) && !is_low_half(unit)) return true;
  const char* const after = at_;
  if (is_high_half(unit) && take('\\') && take('u') && code_unit(next) && is_low_half(next))
    return true;
  at_ = after;  // what follows is read for its own sake
  half_pair_at_ = std::min(half_pair_at_, begin);
  return true;
}

bool Json::code_unit(std::uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = at_end() ? -1 : hex_value(*at_);
    if (digit < 0) return false;
    unit = unit << 4 | std::uint32_t(digit);
  }
  return true;
}

bool Json::digits() {
  if (at_end() || !is_digit(*at_)) return false;
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return true;
}

bool Json::number() {
  const std::uint32_t node = open(Type::number);
  take('-');
  if (!take('0') && !digits()) return false;
  if (take('.') && !digits()) return false;
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (!take('-')) take('+');
    if (!digits()) return false;
  }
  close(node);
  return true;
}

bool Json::literal(std::string_view word, Type type) {
  if (!std::string_view(at_, std::size_t(end_ - at_)).starts_with(word)) return false;
  const std::uint32_t node = open(type);
  at_ += word.size();
  close(node);
  return true;
}

}  // namespace evalrun
