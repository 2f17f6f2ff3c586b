#include "harness/core/gaps.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

TEST(Gaps, BucketsAreASixteenthOfAnOctave) {
  EXPECT_EQ(gap_bucket(0), 0);
  EXPECT_EQ(gap_bucket(-5), 0);  // a clock that was set back
  EXPECT_EQ(gap_bucket(1), 1);
  EXPECT_EQ(gap_bucket(2), 17);
  EXPECT_EQ(gap_bucket(1 << 20), 1 + 16 * 20);
}

TEST(Gaps, TheMiddleOfABucketIsNearAllInIt) {
  for (std::int64_t us = 64; us < 10'000'000; us += us / 7)
    EXPECT_NEAR(gap_us(gap_bucket(us)) / double(us), 1, 0.023) << us;
}

TEST(Gaps, QuantilesAreNearestRank) {
  GapCounts gaps;
  for (int i = 0; i < 99; ++i) ++gaps[gap_bucket(1000)];
  ++gaps[gap_bucket(1'000'000)];
  EXPECT_NEAR(gap_quantile_us(gaps, 0.5), 1000, 22);
  EXPECT_NEAR(gap_quantile_us(gaps, 0.99), 1000, 22);
  EXPECT_NEAR(gap_quantile_us(gaps, 1), 1e6, 22e3);
  EXPECT_EQ(gap_quantile_us({}, 0.5), 0);
}

}  // namespace
}  // namespace evalrun
