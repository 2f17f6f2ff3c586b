#include "scorers/json_value.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace evalrun {
namespace {

using Kind = PyValue::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = char(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Surrogates too: as the three bytes that their number would have.
void append_utf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
  } else if (code < 0x10000) {
    out += {char(0xe0 | code >> 12), char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
  } else {
    out += {char(0xf0 | code >> 18), char(0x80 | (code >> 12 & 0x3f)),
            char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
  }
}

class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : text_(text) {}

  Result<PyValue> document() {
    PyValue out;
    skip_blanks();
    if (!value(out)) return failure();
    skip_blanks();
    if (at_ < text_.size()) return fail_with("more than one value"), failure();
    return out;
  }

 private:
  // Each parsing function returns false once error_ is set.
  bool value(PyValue& out);
  bool number(PyValue& out);
  bool string(std::string& out);
  bool escape(std::string& out);
  std::optional<std::uint32_t> hex4();
  bool array(PyValue& out);
  bool object(PyValue& out);
  bool more(char close, bool& goes_on);

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::size_t digits_from(std::size_t at) const {
    while (at < text_.size() && is_digit(text_[at])) ++at;
    return at;
  }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool fail_with(std::string why) {
    error_ = std::move(why);
    return false;
  }
  std::unexpected<Error> failure() const {
    return input_error(fmt::format("byte {}: {}", at_, error_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string error_;
};

bool JsonParser::value(PyValue& out) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::array<std::pair<std::string_view, PyValue>, 6> words = {
      {{"null", {}},
       {"true", {.kind = Kind::boolean, .truth = true}},
       {"false", {.kind = Kind::boolean, .truth = false}},
       {"NaN", {.kind = Kind::real, .number = kNan}},
       {"Infinity", {.kind = Kind::real, .number = kInfinity}},
       {"-Infinity", {.kind = Kind::real, .number = -kInfinity}}}};
  const char c = peek();
  if (c == '"') {
    out.kind = Kind::string;
    return string(out.text);
  }
  if (c == '[' || c == '{') {
    if (++depth_ > kMaxJsonDepth) return fail_with("too deep");
    const bool is_good = c == '[' ? array(out) : object(out);
    --depth_;
    return is_good;
  }
  if (is_digit(c) || (c == '-' && digits_from(at_ + 1) > at_ + 1)) return number(out);
  for (const auto& [word, meaning] : words) {
    if (!take(word)) continue;
    out = meaning;
    return true;
  }
  return fail_with("a value is missing");
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?  What does not fit is left over, as in
// Python, and refused by what follows.
bool JsonParser::number(PyValue& out) {
  const std::size_t begin = at_;
  if (text_[at_] == '-') ++at_;
  at_ = text_[at_] == '0' ? at_ + 1 : digits_from(at_);
  std::size_t end = at_;
  if (peek() == '.' && digits_from(at_ + 1) > at_ + 1) end = digits_from(at_ + 1);
  if (end < text_.size() && (text_[end] | 0x20) == 'e') {
    const std::size_t sign = text_.substr(end + 1, 1).find_first_of("+-") == 0 ? 1 : 0;
    const std::size_t exponent_end = digits_from(end + 1 + sign);
    if (exponent_end > end + 1 + sign) end = exponent_end;
  }
  if (end > at_) {
    const std::string digits(text_.substr(begin, end - begin));
    out = {.kind = Kind::real, .number = std::strtod(digits.c_str(), nullptr)};
    at_ = end;
    return true;
  }
  std::string_view digits = text_.substr(begin, at_ - begin);
  if (digits.size() > kMaxJsonDigits) return fail_with("the integer has more than 50,000 digits");
  if (digits == "-0") digits = "0";
  out = {.kind = Kind::integer, .text = std::string(digits)};
  return true;
}

bool JsonParser::string(std::string& out) {
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') return ++at_, true;
    if (static_cast<unsigned char>(c) < 0x20) return fail_with("a control character in a string");
    if (c != '\\') {
      out += c;
    } else if (!escape(out)) {
      return false;
    }
  }
  return fail_with("a string has no end");
}

// At the backslash; ends at the last character of the escape.
bool JsonParser::escape(std::string& out) {
  static constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  ++at_;
  const std::size_t simple = kNames.find(peek());
  if (at_ < text_.size() && simple != kNames.npos) {
    out += kMeanings[simple];
    return true;
  }
  if (peek() != 'u') return fail_with("an unknown escape");
  auto code = hex4();
  if (!code) return fail_with("\\u without four hexadecimal digits");
  if (*code >= 0xd800 && *code < 0xdc00 && text_.substr(at_ + 1).starts_with("\\u")) {
    const std::size_t first_end = at_;
    at_ += 2;
    const auto second = hex4();
    if (!second) return fail_with("\\u without four hexadecimal digits");
    if (*second >= 0xdc00 && *second < 0xe000) {
      code = 0x10000 + ((*code - 0xd800) << 10) + (*second - 0xdc00);
    } else {
      at_ = first_end;  // the second escape stands for itself
    }
  }
  append_utf8(*code, out);
  return true;
}

// At the u; ends at the last digit.
std::optional<std::uint32_t> JsonParser::hex4() {
  std::uint32_t code = 0;
  for (std::size_t i = 1; i <= 4; ++i) {
    const int digit = at_ + i < text_.size() ? hex_value(text_[at_ + i]) : -1;
    if (digit < 0) return std::nullopt;
    code = code << 4 | std::uint32_t(digit);
  }
  at_ += 4;
  return code;
}

// Behind an element: a comma, or the closing bracket.
bool JsonParser::more(char close, bool& goes_on) {
  skip_blanks();
  goes_on = peek() == ',';
  if (!goes_on && peek() != close) return fail_with("a comma or closing bracket is missing");
  ++at_;
  if (goes_on) skip_blanks();
  return true;
}

bool JsonParser::array(PyValue& out) {
  out.kind = Kind::list;
  ++at_;
  skip_blanks();
  if (peek() == ']') return ++at_, true;
  for (bool goes_on = true; goes_on;) {
    if (!value(out.items.emplace_back()) || !more(']', goes_on)) return false;
  }
  return true;
}

bool JsonParser::object(PyValue& out) {
  std::vector<PyValue> items;
  ++at_;
  skip_blanks();
  bool goes_on = peek() != '}';
  if (!goes_on) ++at_;
  while (goes_on) {
    if (peek() != '"') return fail_with("a key is missing");
    if (!value(items.emplace_back())) return false;
    skip_blanks();
    if (peek() != ':') return fail_with("a colon is missing");
    ++at_;
    skip_blanks();
    if (!value(items.emplace_back()) || !more('}', goes_on)) return false;
  }
  auto dict = make_dict(std::move(items));
  if (!dict) return fail_with(dict.error().message);
  out = std::move(*dict);
  return true;
}

}  // namespace

Result<PyValue> parse_json(std::string_view text) { return JsonParser(text).document(); }

}  // namespace evalrun
