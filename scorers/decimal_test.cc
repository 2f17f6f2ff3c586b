#include "scorers/decimal.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace evalrun {
namespace {

using Kind = PyDecimal::Kind;

bool equal(std::string_view a, std::string_view b) {
  const auto x = parse_decimal(a), y = parse_decimal(b);
  EXPECT_TRUE(x.has_value()) << a;
  EXPECT_TRUE(y.has_value()) << b;
  return x && y && decimal_equal(*x, *y);
}

// All expectations by decimal.Decimal of CPython 3.11.
TEST(Decimal, EqualValues) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"6", "6.0"},
      {"6e0", "6"},
      {"1_000", "1e3"},
      {"_1__0_", "10"},
      {"1_e_5", "100000"},
      {"+.5", "0.50"},
      {"1.", "1"},
      {"1E5", "1e+5"},
      {"-0", "0"},
      {"0e5", "-0.000"},
      {"007", "7"},
      {"inf", "+Infinity"},
      {"-INF", "-infinity"},
      {"\xef\xbc\x91\xef\xbc\x92", "12"},  // fullwidth
      {"\xd9\xa3.\xd9\xa5", "3.5"},        // Arabic-Indic
      {"1e\xd9\xa3", "1000"},
      {"\xf0\x9f\xaf\xb0\xf0\x9f\xaf\xb9", "9"},  // U+1FBF0, U+1FBF9
      {"10e999999999999999998", "1e999999999999999999"},
      {"0.00012e1000000000000000002", "12e999999999999999997"},
      {"123456789012345678901234567890.0", "123456789012345678901234567890"}};
  for (const auto& [a, b] : pairs) EXPECT_TRUE(equal(a, b)) << a << " == " << b;
}

TEST(Decimal, DifferentValues) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"1", "-1"},
      {"0.1", "0.10000000000000000001"},
      {"50000000000000000", "50000000000000001"},
      {"nan", "nan"},
      {"inf", "-inf"},
      {"1e999999999999999999", "inf"},
      {"1e-999999999999999999", "0"}};
  for (const auto& [a, b] : pairs) EXPECT_FALSE(equal(a, b)) << a << " == " << b;
}

TEST(Decimal, WhatIsNoNumber) {
  for (const std::string_view word :
       {"",    "_",     ".",          "e5",          "1e",    "1e+",   "--1",     "+-1", "0x10",
        "1,5", "1.2.3", "1e5.0",      "infinit",     "nan-1", "nan1x", "n",       "s",   "i",
        "abc", "12a",   "\xc4\xb0nf", "\xc5\xbfNaN", "\xd9",  "1\xff", "\xc2\xb2"}) {
    EXPECT_FALSE(parse_decimal(word)) << word;
  }
  EXPECT_FALSE(parse_decimal(std::string_view("1\0", 2)));
}

TEST(Decimal, LimitsOfTheExponent) {
  for (const std::string_view word :
       {"1e999999999999999999", "1e-1999999999999999997", "0e999999999999999999",
        "0e-1999999999999999997", "000e999999999999999999", "0.00e1000000000000000001"}) {
    EXPECT_TRUE(parse_decimal(word)) << word;
  }
  for (const std::string_view word :
       {"1e1000000000000000000", "12e999999999999999999", "1e-1999999999999999998",
        "0.1e-1999999999999999997", "10e-1999999999999999998", "0e1000000000000000000",
        "0e-1999999999999999998", "1e9223372036854775808", "1e99999999999999999999999",
        "1e-99999999999999999999999"}) {
    EXPECT_FALSE(parse_decimal(word)) << word;
  }
}

TEST(Decimal, NansOfBothKinds) {
  EXPECT_EQ(parse_decimal("NaN123")->kind, Kind::nan);
  EXPECT_EQ(parse_decimal("-nan_1")->kind, Kind::nan);
  EXPECT_EQ(parse_decimal("sNaN")->kind, Kind::signaling_nan);
}

TEST(Decimal, ToDouble) {
  EXPECT_EQ(to_double(*parse_decimal("-2.50")), -2.5);
  EXPECT_EQ(to_double(*parse_decimal("0")), 0);
  EXPECT_TRUE(std::isinf(to_double(*parse_decimal("1e400"))));
  EXPECT_EQ(to_double(*parse_decimal("1e-400")), 0);
  EXPECT_TRUE(std::isnan(to_double(*parse_decimal("nan"))));
}

}  // namespace
}  // namespace evalrun
