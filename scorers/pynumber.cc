#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "scorers/pytoken.h"

namespace evalrun {
namespace {

constexpr std::size_t kMaxIntegerDigits = 4300;  // sys.int_info.default_max_str_digits

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Digits of `base` with single underscores between them, appended to `out` without these.
bool scan_digits(std::string_view source, std::size_t& at, int base, std::string& out) {
  const auto is_digit = [&](std::size_t i) {
    return i < source.size() && digit_value(source[i]) < base;
  };
  if (!is_digit(at)) return false;
  for (;;) {
    while (is_digit(at)) out += source[at++];
    if (at >= source.size() || source[at] != '_') return true;
    if (!is_digit(at + 1)) return false;
    ++at;
  }
}

// Decimal digits of a number given in base 2^bits, or "" when there are too many.
std::string to_decimal(std::string_view digits, int bits) {
  constexpr std::uint64_t kLimb = 1'000'000'000;
  const std::size_t step = std::size_t(28 / bits);  // digits taken in at once
  std::vector<std::uint64_t> limbs = {0};           // least significant first
  for (std::size_t i = 0; i < digits.size(); i += step) {
    const std::string_view part = digits.substr(i, step);
    std::uint64_t carry = 0;
    for (const char c : part) carry = carry << bits | std::uint64_t(digit_value(c));
    for (std::uint64_t& limb : limbs) {
      carry += limb << (std::size_t(bits) * part.size());
      limb = carry % kLimb;
      carry /= kLimb;
    }
    if (carry > 0) limbs.push_back(carry);
    if (limbs.size() > kMaxIntegerDigits / 9 + 1) return "";
  }
  std::string decimal = std::to_string(limbs.back());
  for (std::size_t i = limbs.size() - 1; i-- > 0;) decimal += fmt::format("{:09}", limbs[i]);
  return decimal.size() > kMaxIntegerDigits ? "" : decimal;
}

Result<PyValue> integer(std::string decimal) {
  if (decimal.empty() || decimal.size() > kMaxIntegerDigits) {
    return input_error("the integer has more than 4,300 digits");
  }
  return PyValue{.kind = PyValue::Kind::integer, .text = std::move(decimal)};
}

Result<PyValue> prefixed_integer(std::string_view source, std::size_t& at) {
  const char letter = char(source[at + 1] | 0x20);
  const int bits = letter == 'x' ? 4 : letter == 'o' ? 3 : 1;
  at += 2;
  if (at < source.size() && source[at] == '_') ++at;
  std::string digits;
  if (!scan_digits(source, at, 1 << bits, digits)) return input_error("invalid integer literal");
  return integer(to_decimal(digits, bits));
}

// [digits] [. [digits]] [e [+-] digits]. An `e` that no digit follows is left to the caller, which
// refuses it.
Result<PyValue> decimal_number(std::string_view source, std::size_t& at) {
  const auto peek = [&](std::size_t i) { return i < source.size() ? source[i] : '\0'; };
  std::string digits;
  bool is_float = false;
  if (peek(at) != '.' && !scan_digits(source, at, 10, digits)) {
    return input_error("invalid decimal literal");
  }
  const std::size_t whole_digits = digits.size();
  if (peek(at) == '.') {
    is_float = true;
    digits += source[at++];
    if (digit_value(peek(at)) < 10 && !scan_digits(source, at, 10, digits)) {
      return input_error("invalid decimal literal");
    }
  }
  if (peek(at) == 'e' || peek(at) == 'E') {
    const std::size_t sign = peek(at + 1) == '+' || peek(at + 1) == '-' ? 1 : 0;
    if (digit_value(peek(at + 1 + sign)) < 10) {
      is_float = true;
      digits += source.substr(at, 1 + sign);
      at += 1 + sign;
      if (!scan_digits(source, at, 10, digits)) return input_error("invalid decimal literal");
    }
  }
  if (peek(at) == 'j' || peek(at) == 'J') return input_error("complex numbers are not supported");
  // strtod rounds correctly and overflows to infinity like CPython; no locale is ever set here.
  if (is_float) {
    return PyValue{.kind = PyValue::Kind::real, .number = std::strtod(digits.c_str(), nullptr)};
  }
  if (whole_digits > kMaxIntegerDigits) return integer("");
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  if (zeros == digits.size()) return integer("0");
  if (zeros > 0) return input_error("leading zeros in decimal integer literals are not permitted");
  return integer(std::move(digits));
}

}  // namespace

Result<PyValue> parse_number(std::string_view source, std::size_t& at) {
  const char second = at + 1 < source.size() ? char(source[at + 1] | 0x20) : '\0';
  const bool is_prefixed = source[at] == '0' && (second == 'x' || second == 'o' || second == 'b');
  Result<PyValue> value = is_prefixed ? prefixed_integer(source, at) : decimal_number(source, at);
  if (value && at < source.size() && is_identifier_char(source[at])) {
    return input_error("invalid number literal");
  }
  return value;
}

}  // namespace evalrun
