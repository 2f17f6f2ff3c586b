#include "runners/remote/wire_json.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "runners/remote/wire_text.h"

namespace evalrun {
namespace {

using Type = WireValue::Type;

constexpr int kDepthMax = 128;
constexpr std::size_t kNodesMax = std::size_t{1} << 20;
constexpr std::size_t kBytesMax = std::size_t{1} << 31;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) {
  const char lower = char(c | 0x20);
  return is_digit(c) || (lower >= 'a' && lower <= 'f');
}

}  // namespace

// ---- values

WireValue::Type WireValue::type() const {
  return json_ == nullptr ? Type::missing : json_->nodes_[at_].type;
}

bool WireValue::is_text(std::string_view expected) const {
  if (!is(Type::string)) return false;
  if (json_->nodes_[at_].is_escaped) return text() == expected;
  return raw().substr(1, raw().size() - 2) == expected;
}

// The hot spot of a stream: some fifteen look-ups a chunk.
WireValue WireValue::operator[](std::string_view key) const {
  if (!is(Type::object)) return {};
  const WireJson::Node* const nodes = json_->nodes_.data();
  const std::uint32_t end = nodes[at_].next;
  std::uint32_t found = end;
  for (std::uint32_t at = at_ + 1; at < end; at = nodes[at + 1].next) {
    const WireJson::Node& name = nodes[at];
    const bool is_it = name.is_escaped
                           ? WireValue(json_, at).text() == key
                           : name.size == key.size() + 2 &&
                                 std::memcmp(name.begin + 1, key.data(), key.size()) == 0;
    if (is_it) found = at + 1;
  }
  return found == end ? WireValue() : WireValue(json_, found);
}

WireValue WireValue::first() const {
  const bool has_one = is(Type::array) && json_->nodes_[at_].next > at_ + 1;
  return has_one ? WireValue(json_, at_ + 1) : WireValue();
}

std::size_t WireValue::size() const {
  std::size_t n = 0;
  for_each_element([&](WireValue) { ++n; });
  for_each_member([&](WireValue, WireValue) { ++n; });
  return n;
}

std::string_view WireValue::raw() const {
  if (json_ == nullptr) return {};
  const WireJson::Node& node = json_->nodes_[at_];
  return {node.begin, node.size};
}

bool WireValue::append_to(std::string& out) const {
  if (!is(Type::string)) return false;
  const std::string_view inside = raw().substr(1, raw().size() - 2);
  if (json_->nodes_[at_].is_escaped)
    append_unescaped(out, inside);
  else
    out += inside;
  return true;
}

std::string WireValue::text() const {
  std::string out;
  append_to(out);
  return out;
}

std::optional<double> WireValue::number() const {
  if (!is(Type::number)) return std::nullopt;
  double value = 0;
  const std::string_view digits = raw();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> WireValue::count() const {
  constexpr double kMax = 1e15;  // far from where doubles stop being whole
  const std::optional<double> value = number();
  if (!value || *value < 0 || *value > kMax) return std::nullopt;
  return std::llround(*value);
}

// ---- parsing

bool WireJson::parse(std::string_view text) {
  nodes_.clear();
  begin_ = at_ = text.data();
  end_ = begin_ + text.size();
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

WireValue WireJson::root() const { return nodes_.empty() ? WireValue() : WireValue(this, 0); }

void WireJson::skip_space() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

bool WireJson::take(char c) {
  if (at_end() || *at_ != c) return false;
  ++at_;
  return true;
}

std::uint32_t WireJson::open(Type type) {
  nodes_.push_back({at_, 0, 0, type, false});
  return std::uint32_t(nodes_.size() - 1);
}

void WireJson::close(std::uint32_t node) {
  nodes_[node].size = std::uint32_t(at_ - nodes_[node].begin);
  nodes_[node].next = std::uint32_t(nodes_.size());
}

bool WireJson::value(int depth) {
  if (at_end() || depth >= kDepthMax || nodes_.size() >= kNodesMax) return false;
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

bool WireJson::object(int depth) {
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

bool WireJson::array(int depth) {
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

bool WireJson::string() {
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

bool WireJson::escape() {
  ++at_;
  if (at_end()) return false;
  const char c = *at_++;
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  for (int i = 0; i < 4; ++i, ++at_)
    if (at_end() || !is_hex(*at_)) return false;
  return true;
}

bool WireJson::digits() {
  if (at_end() || !is_digit(*at_)) return false;
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return true;
}

bool WireJson::number() {
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

bool WireJson::literal(std::string_view word, Type type) {
  if (!std::string_view(at_, std::size_t(end_ - at_)).starts_with(word)) return false;
  const std::uint32_t node = open(type);
  at_ += word.size();
  close(node);
  return true;
}

}  // namespace evalrun
