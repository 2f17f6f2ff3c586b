// Numbers as Python's decimal.Decimal(text) reads them, compared exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace evalrun {

struct PyDecimal {
  enum class Kind { finite, infinite, nan, signaling_nan };
  Kind kind = Kind::finite;
  bool is_negative = false;
  // finite: the value is digits * 10^exponent; no zeros at either end, so that equal values have
  // equal members. Zero: no digits, exponent 0, not negative.
  std::string digits = {};
  std::int64_t exponent = 0;
};

// As CPython 3.11 reads a word without whitespace: underscores anywhere, digits of every script,
// exponents, inf, infinity, nan and snan with or without digits, in any case. Nothing for what
// Decimal refuses, exponents beyond its limits (about 10^18) included. Linear in the word.
std::optional<PyDecimal> parse_decimal(std::string_view utf8_word);

// Decimal's a == b for all but signaling NaNs, whose comparison raises. NaN is equal to nothing.
bool decimal_equal(const PyDecimal& a, const PyDecimal& b);

// The nearest double; infinite if there is none, 0 if it is too small.
double to_double(const PyDecimal& value);

}  // namespace evalrun
