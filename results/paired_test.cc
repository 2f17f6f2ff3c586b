#include "results/paired.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace evalrun {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

// All ways in which the discordant pairs may fall, each as likely: at least as lopsided as seen?
double enumerated_p(int only_a, int only_b) {
  const int n = only_a + only_b;
  int as_extreme = 0;
  for (unsigned way = 0; way < 1u << n; ++way) {
    const int b = __builtin_popcount(way);
    as_extreme += std::abs(2 * b - n) >= std::abs(only_b - only_a);
  }
  return double(as_extreme) / double(1u << n);
}

TEST(McNemar, AgreesWithEnumeration) {
  for (int a = 0; a <= 7; ++a)
    for (int b = 0; b <= 7; ++b)
      EXPECT_NEAR(mcnemar_p({3, a, b, 4}), enumerated_p(a, b), 1e-12) << a << " " << b;
}

// Python Fractions: 2 sum_{i <= min(b, c)} C(b + c, i) / 2^(b + c).
TEST(McNemar, AgreesWithFractions) {
  EXPECT_NEAR(mcnemar_p({0, 5, 0, 0}), 1.0 / 16, 1e-15);
  EXPECT_NEAR(mcnemar_p({0, 1, 7, 0}), 9.0 / 128, 1e-15);
  EXPECT_NEAR(mcnemar_p({0, 4, 16, 0}), 1549.0 / 131072, 1e-15);
  EXPECT_NEAR(mcnemar_p({59, 6, 16, 80}), 13757.0 / 262144, 1e-15);
  EXPECT_NEAR(mcnemar_p({101, 121, 59, 33}), 4.434449263755176e-06, 1e-17);
  EXPECT_NEAR(mcnemar_p({0, 2000, 2200, 0}), 0.0021323556719912346, 1e-12);
  EXPECT_EQ(mcnemar_p({9, 3, 3, 9}), 1);
  EXPECT_EQ(mcnemar_p({9, 0, 0, 9}), 1);
}

void expect_interval(const PairedCounts& counts, double low, double high, double within) {
  const Interval ci = newcombe_interval(counts);
  EXPECT_NEAR(ci.low, low, within);
  EXPECT_NEAR(ci.high, high, within);
}

// Worked examples: Newcombe and Altman in "Statistics with Confidence" (2nd ed., 2000), chapter 6
// (tables 14 5 0 22 and 20 12 2 16); Fagerland, Lydersen, Laake, "Statistical Analysis of
// Contingency Tables" (2017), chapter 8 (59 6 16 80). PairedCounts has the second count before the
// third the other way round, since the difference is B - A.
TEST(Newcombe, PublishedExamples) {
  expect_interval({14, 0, 5, 22}, 0.011, 0.226, 0.0005);
  expect_interval({20, 2, 12, 16}, 0.056, 0.329, 0.0005);
  expect_interval({59, 16, 6, 80}, -0.1186, -0.0046, 0.00005);
}

TEST(Newcombe, SwapsWithTheStrategies) {
  const Interval ab = newcombe_interval({20, 2, 12, 16});
  const Interval ba = newcombe_interval({20, 12, 2, 16});
  EXPECT_DOUBLE_EQ(ab.low, -ba.high);
  EXPECT_DOUBLE_EQ(ab.high, -ba.low);
}

// Without any correlation to speak of (a marginal total is 0, so phi = 0) it is the plain
// square-and-add of the two Wilson intervals: 0/20 is [0, 0.16113], twice.
TEST(Newcombe, EmptyMarginals) {
  expect_interval({0, 0, 0, 20}, -0.16113, 0.16113, 0.00001);
  expect_interval({20, 0, 0, 0}, -0.16113, 0.16113, 0.00001);
  expect_interval({0, 0, 0, 0}, -1, 1, 0);
}

// q solved with exact sums in Python; the peers' table for a one-sided 0.05 says 37, 25, 11 %.
TEST(DetectableShare, ExactPower) {
  EXPECT_NEAR(*detectable_share(50, 0.10, 0.80), 0.36985328430313347, 1e-8);
  EXPECT_NEAR(*detectable_share(100, 0.10, 0.80), 0.25122500270639825, 1e-8);
  EXPECT_NEAR(*detectable_share(500, 0.10, 0.80), 0.1113816524574942, 1e-8);
  EXPECT_NEAR(*detectable_share(6, 0.05, 0.80), 0.926984967047539, 1e-8);
  EXPECT_NEAR(*detectable_share(20, 0.05, 0.80), 0.597440878350229, 1e-8);
}

// With 6 pairs only 6:0 is significant (p = 1/32), so power 0.8 needs q^6 + (1-q)^6 = 0.8.
TEST(DetectableShare, SixPairsByHand) {
  const double q = (1 + *detectable_share(6, 0.05, 0.80)) / 2;
  EXPECT_NEAR(std::pow(q, 6) + std::pow(1 - q, 6), 0.8, 1e-7);
}

TEST(DetectableShare, NoneWhenNothingCouldBeSignificant) {
  for (int discordant = 0; discordant <= 5; ++discordant)
    EXPECT_FALSE(detectable_share(discordant, 0.05, 0.80)) << discordant;
}

TEST(ComparePairs, JoinsThem) {
  const PairedResult result = compare_pairs({20, 2, 12, 16});
  EXPECT_DOUBLE_EQ(result.difference, 0.2);
  EXPECT_NEAR(result.ci.low, 0.056, 0.0005);
  EXPECT_NEAR(result.p_value, 2 * (1 + 14 + 91) / 16384.0, 1e-15);  // 14 discordant, 2 against
  EXPECT_EQ(result.method, PairedMethod::exact_mcnemar);
  // 14 pairs: 2 against is significant (p = 0.0129), 3 is not (0.0574).
  const double q = (1 + *result.detectable * 50 / 14) / 2;
  const auto tail = [](double s) {
    return std::pow(s, 14) + 14 * std::pow(s, 13) * (1 - s) +
           91 * std::pow(s, 12) * (1 - s) * (1 - s);
  };
  EXPECT_NEAR(tail(q) + tail(1 - q), 0.8, 1e-7);
}

TEST(ComparePairs, WithoutPairs) {
  const PairedResult result = compare_pairs({});
  EXPECT_EQ(result.difference, 0);
  EXPECT_EQ(result.p_value, 1);
  EXPECT_FALSE(result.detectable);
}

// All ways to choose the signs of the problems' sums, each as likely.
double enumerated_sign_flip_p(const std::vector<int>& sums) {
  int observed = 0;
  for (const int sum : sums) observed += sum;
  int as_extreme = 0;
  for (unsigned way = 0; way < 1u << sums.size(); ++way) {
    int total = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) total += (way >> i & 1) != 0 ? sums[i] : -sums[i];
    as_extreme += std::abs(total) >= std::abs(observed);
  }
  return double(as_extreme) / double(1u << sums.size());
}

TEST(SignFlip, AgreesWithEnumeration) {
  for (const std::vector<int>& sums : {std::vector<int>{2, 0, 1, -1, 1, 3},
                                       {5},
                                       {1, -1},
                                       {10, 10, 10, -3, 4, 0, 0, 7},
                                       {-6, -1, -1, -1, -1, -1, 2, -3, -8, 1}})
    EXPECT_NEAR(sign_flip_p(sums), enumerated_sign_flip_p(sums), 1e-12);
}

// 2 0 1 -1 1 3: of the 32 signs of the five that are not 0, 8 reach 6 or -6.
TEST(SignFlip, ByHand) {
  EXPECT_NEAR(sign_flip_p(std::vector<int>{2, 0, 1, -1, 1, 3}), 0.25, 1e-15);
  EXPECT_EQ(sign_flip_p(std::vector<int>{}), 1);
  EXPECT_EQ(sign_flip_p(std::vector<int>{0, 0}), 1);
  EXPECT_EQ(sign_flip_p(std::vector<int>{7}), 1);
}

TEST(SignFlip, IsMcNemarWhenEachProblemHasOneAnswer) {
  std::vector<int> sums(2200, 1);
  sums.insert(sums.end(), 2000, -1);
  EXPECT_NEAR(sign_flip_p(sums), 0.0021323556719912346, 1e-12);
  sums.assign(121, -1);
  sums.insert(sums.end(), 59, 1);
  EXPECT_NEAR(sign_flip_p(sums), 4.434449263755176e-06, 1e-17);
}

// The sum of 400 ones is 20 standard deviations off: what is beyond 10 is bounded, not summed.
TEST(SignFlip, FarTailsAreSmall) {
  const double p = sign_flip_p(std::vector<int>(400, 1));
  EXPECT_GT(p, 0);
  EXPECT_LT(p, 1e-20);
}

// Two answers to each of six problems, d = 0.5 0 0.5 1 -0.5 0.5: mean 1/3, se 0.210819; quantiles
// by quadrature of the t density in mpmath. Signs: sums 1 0 1 2 -1 1, 10 of 32 reach 4 or -4.
TEST(CompareClusters, EquallyManyAnswers) {
  const PairedResult result = compare_clusters(std::vector<PairedCounts>{
      {1, 0, 1, 0}, {0, 0, 0, 2}, {0, 0, 1, 1}, {0, 0, 2, 0}, {1, 1, 0, 0}, {1, 0, 1, 0}});
  EXPECT_NEAR(result.difference, 1.0 / 3, 1e-15);
  EXPECT_NEAR(result.p_value, 10.0 / 32, 1e-15);
  EXPECT_NEAR(result.ci.low, -0.2085929008311565, 1e-11);
  EXPECT_NEAR(result.ci.high, 0.8752595674978232, 1e-11);
  EXPECT_NEAR(*result.detectable, 0.7357830844179796, 1e-11);
  EXPECT_EQ(result.method, PairedMethod::cluster_sign_flip);
}

// Differences 2/3 0/1 1/2 -1/2 1/3 3/3, by Python Fractions from the definition of the standard
// error: mean 6/14, se 0.2097180829169817.
TEST(CompareClusters, UnequallyManyAnswers) {
  const PairedResult result = compare_clusters(std::vector<PairedCounts>{
      {1, 0, 2, 0}, {0, 0, 0, 1}, {}, {1, 0, 1, 0}, {1, 1, 0, 0}, {0, 0, 1, 2}, {0, 0, 3, 0}});
  EXPECT_NEAR(result.difference, 6.0 / 14, 1e-15);
  EXPECT_NEAR(result.ci.low, -0.1105260659794351, 1e-9);
  EXPECT_NEAR(result.ci.high, 0.9676689231222921, 1e-9);
  EXPECT_NEAR(result.p_value, 0.25, 1e-15);
}

TEST(CompareClusters, WithoutSpreadSaysLittle) {
  const PairedResult same = compare_clusters(std::vector<PairedCounts>(10, {1, 0, 0, 1}));
  EXPECT_EQ(same.p_value, 1);
  EXPECT_EQ(same.ci.low, -1);
  EXPECT_FALSE(same.detectable);
  const PairedResult all_better = compare_clusters(std::vector<PairedCounts>(10, {0, 0, 2, 0}));
  EXPECT_NEAR(all_better.p_value, 2.0 / 1024, 1e-15);  // sign test, 10 of 10
  EXPECT_EQ(compare_clusters(std::vector<PairedCounts>{{0, 0, 9, 0}}).p_value, 1);
  EXPECT_EQ(compare_clusters({}).p_value, 1);
}

// By hand: sorted 0.01 0.02 0.03 0.04, times 4 3 2 1 = 0.04 0.06 0.06 0.04, made monotone.
TEST(Holm, ByHand) {
  EXPECT_THAT(holm(std::vector<double>{0.03, 0.01, 0.04, 0.02}),
              ElementsAre(DoubleNear(0.06, 1e-15), DoubleNear(0.04, 1e-15), DoubleNear(0.06, 1e-15),
                          DoubleNear(0.06, 1e-15)));
  EXPECT_THAT(holm(std::vector<double>{0.7, 0.6}), ElementsAre(1, 1));
  EXPECT_THAT(holm(std::vector<double>{0.03}), ElementsAre(0.03));
  EXPECT_THAT(holm({}), IsEmpty());
}

}  // namespace
}  // namespace evalrun
