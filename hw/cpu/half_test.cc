#include "hw/cpu/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace evalrun {
namespace {

// IEEE 754 binary16 by its definition, in arithmetic instead of bits.
float by_definition(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float sign = half & 0x8000 ? -1.0f : 1.0f;
  if (exponent == 31) {
    return fraction ? std::numeric_limits<float>::quiet_NaN()
                    : sign * std::numeric_limits<float>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(float(fraction), -24);
  return sign * std::ldexp(float(1024 + fraction), exponent - 25);
}

TEST(Half, EveryValueIsItsDefinitionAndComesBack) {
  for (std::uint32_t half = 0; half < 0x10000; ++half) {
    const float expected = by_definition(std::uint16_t(half));
    const float got = float_from_half(std::uint16_t(half));
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(got)) << half;
      EXPECT_TRUE(std::isnan(float_from_half(half_from_float(got)))) << half;
    } else {
      EXPECT_EQ(got, expected) << half;
      EXPECT_EQ(std::signbit(got), std::signbit(expected)) << half;
      EXPECT_EQ(half_from_float(got), half);
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(half_from_float(1.0f + 0x1p-11f), 0x3c00);      // tie: down to even
  EXPECT_EQ(half_from_float(1.0f + 3 * 0x1p-11f), 0x3c02);  // tie: up to even
  EXPECT_EQ(half_from_float(1.0f + 0x1p-11f + 0x1p-20f), 0x3c01);
  EXPECT_EQ(half_from_float(65519.0f), 0x7bff);
  EXPECT_EQ(half_from_float(65520.0f), 0x7c00);
  EXPECT_EQ(half_from_float(0x1p-25f), 0x0000);  // tie with zero
  EXPECT_EQ(half_from_float(0x1.8p-25f), 0x0001);
}

TEST(Bfloat, IsTheUpperHalfRoundedToEven) {
  EXPECT_EQ(float_from_bfloat(0x3f80), 1.0f);
  EXPECT_EQ(bfloat_from_float(1.0f + 0x1p-8f), 0x3f80);
  EXPECT_EQ(bfloat_from_float(1.0f + 3 * 0x1p-8f), 0x3f82);
  EXPECT_TRUE(std::isnan(float_from_bfloat(bfloat_from_float(std::nanf("")))));
}

}  // namespace
}  // namespace evalrun
