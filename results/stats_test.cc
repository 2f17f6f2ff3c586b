#include "results/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17 (1998)
// 857-872, table I, method 3 (score): printed with four decimals.
TEST(Wilson, PublishedExamples) {
  const auto expect = [](int right, int n, double low, double high) {
    const Interval ci = wilson(right, n);
    EXPECT_NEAR(ci.low, low, 0.00005) << right << "/" << n;
    EXPECT_NEAR(ci.high, high, 0.00005) << right << "/" << n;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0000, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

// The interval is where |p - right/n| <= z sqrt(p (1 - p) / n): its ends solve the equation.
TEST(Wilson, EndsSolveTheScoreEquation) {
  for (const auto& [right, n] : {std::pair{3, 7}, {50, 800}, {799, 800}}) {
    const Interval ci = wilson(right, n);
    for (const double p : {ci.low, ci.high})
      EXPECT_NEAR(std::abs(p - double(right) / n) / std::sqrt(p * (1 - p) / n), 1.959963984540054,
                  1e-9);
  }
}

TEST(Wilson, TouchesTheEndsExactly) {
  EXPECT_EQ(wilson(0, 5).low, 0);
  EXPECT_EQ(wilson(5, 5).high, 1);
  EXPECT_EQ(wilson(0, 0).low, 0);
  EXPECT_EQ(wilson(0, 0).high, 1);
}

// All subsets of k answers out of n, of which the first c are right: what share has a right one?
double enumerated_pass_at_k(int n, int c, int k) {
  int subsets = 0;
  int with_right = 0;
  for (unsigned set = 0; set < 1u << n; ++set) {
    if (__builtin_popcount(set) != k) continue;
    ++subsets;
    with_right += (set & ((1u << c) - 1)) != 0;
  }
  return double(with_right) / subsets;
}

TEST(PassAtK, AgreesWithEnumeration) {
  for (int n = 1; n <= 10; ++n)
    for (int c = 0; c <= n; ++c)
      for (int k = 1; k <= n; ++k)
        EXPECT_NEAR(pass_at_k(n, c, k).value(), enumerated_pass_at_k(n, c, k), 1e-12);
}

TEST(PassAtK, KnownFractions) {
  EXPECT_NEAR(pass_at_k(10, 3, 5).value(), 11.0 / 12, 1e-15);  // 1 - C(7,5)/C(10,5)
  EXPECT_NEAR(pass_at_k(10, 4, 2).value(), 2.0 / 3, 1e-15);    // 1 - C(6,2)/C(10,2)
}

TEST(PassAtK, RefusedWithTooFewAnswers) {
  const Result<double> result = pass_at_k(3, 3, 5);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("pass@5 needs at least 5 answers a sample"));
}

TEST(PassAtK, WhichAreReported) {
  EXPECT_THAT(pass_at_ks(0), IsEmpty());
  EXPECT_THAT(pass_at_ks(1), ElementsAre(1));
  EXPECT_THAT(pass_at_ks(9), ElementsAre(1, 5));
  EXPECT_THAT(pass_at_ks(10), ElementsAre(1, 5, 10));
  EXPECT_THAT(pass_at_ks(5000), SizeIs(13));
}

TEST(OfficialPassAtK, ShowsTheArtefact) {
  EXPECT_EQ(official_pass_at_k(3, 0, 5).value, 1);  // nothing right, and yet 1
  EXPECT_TRUE(official_pass_at_k(3, 0, 5).artefact);
  EXPECT_EQ(official_pass_at_k(5, 1, 5).value, 1);
  EXPECT_FALSE(official_pass_at_k(5, 1, 5).artefact);
  EXPECT_EQ(official_pass_at_k(5, 0, 5).value, 0);
  EXPECT_TRUE(official_pass_at_k(0, 0, 1).artefact);
  EXPECT_NEAR(official_pass_at_k(10, 3, 5).value, 11.0 / 12, 1e-15);
}

TEST(Proportion, IsWilsons) {
  const Estimate estimate = proportion(81, 263);
  EXPECT_DOUBLE_EQ(estimate.value, 81.0 / 263);
  EXPECT_NEAR(estimate.ci.low, 0.2553, 0.00005);
  EXPECT_EQ(estimate.method, IntervalMethod::wilson);
  EXPECT_EQ(proportion(0, 0).value, 0);
}

// Five problems with four answers each: means 2/4 2/4 0/4 2/4 1/4. Mean 0.35, sd 0.2236, se 0.1,
// t(0.975, 4) = 2.7764451052.
TEST(MeanOfProblems, ClusteredInterval) {
  const Estimate estimate = mean_of_problems(std::vector<double>{0.5, 0.5, 0, 0.5, 0.25});
  EXPECT_NEAR(estimate.value, 0.35, 1e-15);
  EXPECT_NEAR(estimate.ci.low, 0.35 - 0.27764451052, 1e-11);
  EXPECT_NEAR(estimate.ci.high, 0.35 + 0.27764451052, 1e-11);
  EXPECT_EQ(estimate.method, IntervalMethod::clustered_t);
}

// The same as the sum over clusters of squared summed residuals, written out answer by answer:
// sqrt(C/(C-1) sum_c (sum_i (s_i - mean))^2) / n.
TEST(MeanOfProblems, IsTheClusteredStandardError) {
  const std::vector<std::vector<int>> answers{
      {1, 1, 0}, {0, 0, 0}, {1, 1, 1}, {1, 0, 0}, {0, 1, 0}};
  std::vector<double> means;
  double mean = 0;
  for (const auto& problem : answers) {
    means.push_back((problem[0] + problem[1] + problem[2]) / 3.0);
    mean += means.back() / 5;
  }
  double squares = 0;
  for (const auto& problem : answers) {
    double residual = 0;
    for (const int answer : problem) residual += answer - mean;
    squares += residual * residual;
  }
  const double se = std::sqrt(5.0 / 4 * squares) / 15;
  const Estimate estimate = mean_of_problems(means);
  EXPECT_NEAR(estimate.ci.high - estimate.value, 2.7764451052 * se, 1e-9);
}

// Six problems with different numbers of answers: 110 0 11 10 001 111. By Python Fractions from the
// single answers: mean 9/14, se 0.1359863775425117; t(0.975, 5) = 2.5705818356.
TEST(ClusteredMean, UnequalClusters) {
  const std::vector<Cluster> clusters{{2, 3}, {0, 1}, {2, 2}, {1, 2}, {1, 3}, {3, 3}};
  const Estimate estimate = clustered_mean(clusters);
  EXPECT_NEAR(estimate.value, 9.0 / 14, 1e-15);
  EXPECT_NEAR(estimate.ci.low, 0.29329303085238034, 1e-9);
  EXPECT_NEAR(estimate.ci.high, 0.9924212548619055, 1e-9);
  EXPECT_EQ(estimate.method, IntervalMethod::clustered_t);
}

// Answers that are all alike within a problem say no more than one answer a problem does.
TEST(ClusteredMean, RepeatedAnswersAreNoEvidence) {
  const Estimate once = clustered_mean(std::vector<Cluster>{{1, 1}, {0, 1}, {1, 1}, {0, 1}});
  const Estimate often = clustered_mean(std::vector<Cluster>{{9, 9}, {0, 9}, {9, 9}, {0, 9}});
  EXPECT_NEAR(once.value, often.value, 1e-15);
  EXPECT_NEAR(once.ci.low, often.ci.low, 1e-12);
}

TEST(MeanOfProblems, IsCutToFractions) {
  // Means 1 0.5 0 1: 0.625 +- 3.1824 x 0.2394 = [-0.14, 1.39].
  const Estimate estimate = mean_of_problems(std::vector<double>{1, 0.5, 0, 1});
  EXPECT_EQ(estimate.ci.low, 0);
  EXPECT_EQ(estimate.ci.high, 1);
}

TEST(MeanOfProblems, WithoutSpreadIsWilsons) {
  const Estimate none = mean_of_problems(std::vector<double>(20, 0.0));
  EXPECT_EQ(none.method, IntervalMethod::wilson);
  EXPECT_EQ(none.ci.low, 0);
  EXPECT_NEAR(none.ci.high, 0.1611, 0.00005);  // 0 of 20
  EXPECT_EQ(mean_of_problems(std::vector<double>(7, 0.1)).method, IntervalMethod::wilson);
  EXPECT_EQ(mean_of_problems({}).ci.high, 1);
  EXPECT_EQ(mean_of_problems(std::vector<double>{0.5}).method, IntervalMethod::wilson);
}

}  // namespace
}  // namespace evalrun
