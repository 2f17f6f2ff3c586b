#include "scorers/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace evalrun {
namespace {

using Kind = PyDecimal::Kind;

// decimal.MAX_EMAX, and the smallest exponent of a subnormal: MIN_EMIN - (MAX_PREC - 1).
constexpr std::int64_t kMaxAdjustedExponent = 999'999'999'999'999'999;
constexpr std::int64_t kMinExponent = -1'999'999'999'999'999'997;
constexpr std::int64_t kExponentSaturated = 4'000'000'000'000'000'000;  // beyond both

// The zeros of Unicode 14's decimal digits (general category Nd) beyond ASCII; nine follow each.
constexpr std::array<std::uint32_t, 65> kWideZeros = {
    0x660,   0x6f0,   0x7c0,   0x966,   0x9e6,   0xa66,   0xae6,   0xb66,   0xbe6,   0xc66,
    0xce6,   0xd66,   0xde6,   0xe50,   0xed0,   0xf20,   0x1040,  0x1090,  0x17e0,  0x1810,
    0x1946,  0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,  0xa8d0,
    0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0};

// The character that begins with text[0], and its bytes; 0 bytes if they are no UTF-8.
std::pair<std::uint32_t, std::size_t> wide_character(std::string_view text) {
  const auto first = std::uint8_t(text[0]);
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (size == 0 || size > text.size()) return {0, 0};
  std::uint32_t code = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((std::uint8_t(text[i]) & 0xc0) != 0x80) return {0, 0};
    code = code << 6 | (std::uint8_t(text[i]) & 0x3fu);
  }
  return {code, size};
}

// ASCII, lower case, without underscores; nothing if the word holds another character.
std::optional<std::string> simplified(std::string_view word) {
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    const auto byte = std::uint8_t(word[at]);
    if (byte < 0x80) {
      if (byte != '_') out += byte >= 'A' && byte <= 'Z' ? char(byte | 0x20) : char(byte);
      ++at;
      continue;
    }
    const auto [code, size] = wide_character(word.substr(at));
    const auto* after = std::ranges::upper_bound(kWideZeros, code);
    if (size == 0 || after == kWideZeros.begin() || code - *(after - 1) > 9) return std::nullopt;
    out += char('0' + (code - *(after - 1)));
    at += size;
  }
  return out;
}

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "+5", "-12"; kExponentSaturated at most either way.
std::optional<std::int64_t> read_exponent(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !are_digits(text)) return std::nullopt;
  std::int64_t size = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), size);
  if (end.ec != std::errc() || size > kExponentSaturated) size = kExponentSaturated;
  return is_negative ? -size : size;
}

std::optional<PyDecimal> special(std::string_view word, bool is_negative) {
  if (word == "inf" || word == "infinity") return PyDecimal{Kind::infinite, is_negative};
  const bool is_signaling = word.starts_with('s');
  if (is_signaling) word.remove_prefix(1);
  if (!word.starts_with("nan") || !are_digits(word.substr(3))) return std::nullopt;
  return PyDecimal{is_signaling ? Kind::signaling_nan : Kind::nan, is_negative};
}

// Within Decimal's limits, with no zeros at either end.
std::optional<PyDecimal> normalized(std::string digits, std::int64_t exponent, bool is_negative) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const std::int64_t adjusted = exponent + std::int64_t(digits.size()) - 1;
  if (adjusted > kMaxAdjustedExponent || exponent < kMinExponent) return std::nullopt;
  if (digits == "0") return PyDecimal{};
  const std::size_t size = digits.find_last_not_of('0') + 1;
  exponent += std::int64_t(digits.size() - size);
  digits.resize(size);
  return PyDecimal{Kind::finite, is_negative, std::move(digits), exponent};
}

}  // namespace

std::optional<PyDecimal> parse_decimal(std::string_view utf8_word) {
  const auto plain = simplified(utf8_word);
  if (!plain) return std::nullopt;
  std::string_view word = *plain;
  const bool is_negative = word.starts_with('-');
  if (is_negative || word.starts_with('+')) word.remove_prefix(1);
  if (word.starts_with('i') || word.starts_with('n') || word.starts_with('s')) {
    return special(word, is_negative);
  }
  std::int64_t exponent = 0;
  if (const std::size_t e = word.find('e'); e != word.npos) {
    const auto written = read_exponent(word.substr(e + 1));
    if (!written) return std::nullopt;
    exponent = *written;
    word = word.substr(0, e);
  }
  std::string digits(word);
  if (const std::size_t point = digits.find('.'); point != digits.npos) {
    digits.erase(point, 1);
    exponent -= std::int64_t(digits.size() - point);
  }
  if (digits.empty() || !are_digits(digits)) return std::nullopt;
  return normalized(std::move(digits), exponent, is_negative);
}

bool decimal_equal(const PyDecimal& a, const PyDecimal& b) {
  const auto is_nan = [](const PyDecimal& d) {
    return d.kind == Kind::nan || d.kind == Kind::signaling_nan;
  };
  if (is_nan(a) || is_nan(b)) return false;
  return a.kind == b.kind && a.is_negative == b.is_negative && a.digits == b.digits &&
         a.exponent == b.exponent;
}

double to_double(const PyDecimal& value) {
  const double sign = value.is_negative ? -1 : 1;
  if (value.kind == Kind::infinite) return sign * std::numeric_limits<double>::infinity();
  if (value.kind != Kind::finite) return std::numeric_limits<double>::quiet_NaN();
  const std::string text = "0" + value.digits + "e" + std::to_string(value.exponent);
  return sign * std::strtod(text.c_str(), nullptr);
}

}  // namespace evalrun
