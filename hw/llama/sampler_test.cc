#include "hw/llama/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace evalrun {
namespace {

TEST(Sampler, GreedyTakesTheLowestOfEquals) {
  EXPECT_EQ(sample_token(std::vector<float>{1, 3, 3, 2}, {}, 0), 1);
}

TEST(Sampler, NumbersThatAreNoneAreNotSampled) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(sample_token(std::vector<float>{1, nan}, {}, 0), -1);
  EXPECT_EQ(sample_token(std::vector<float>{1, INFINITY}, {.temperature = 1}, 0), -1);
}

TEST(Sampler, TheSameCallAndIndexGiveTheSameToken) {
  const std::vector<float> logits(100, 0);
  std::vector<int> a, b, other;
  for (std::uint64_t i = 0; i < 50; ++i) {
    a.push_back(sample_token(logits, {1, 1, 7}, i));
    b.push_back(sample_token(logits, {1, 1, 7}, i));
    other.push_back(sample_token(logits, {1, 1, 8}, i));
  }
  EXPECT_EQ(a, b);
  EXPECT_NE(a, other);
}

// Shares of 1 : e : e^2 at temperature 1, and their square roots at 2; 20,000 draws lie within 5
// sigma.
TEST(Sampler, FrequenciesFollowTheSoftmax) {
  const std::vector<float> logits = {0, 1, 2};
  for (double temperature : {1.0, 2.0}) {
    std::vector<int> count(3);
    const int draws = 20'000;
    for (int i = 0; i < draws; ++i) {
      ++count[std::size_t(sample_token(logits, {temperature, 1, 5}, std::uint64_t(i)))];
    }
    double total = 0;
    for (float z : logits) total += std::exp(z / temperature);
    for (std::size_t i = 0; i < 3; ++i) {
      const double p = std::exp(logits[i] / temperature) / total;
      EXPECT_NEAR(count[i], draws * p, 5 * std::sqrt(draws * p * (1 - p))) << i;
    }
  }
}

// Shares .1 .2 .3 .4: a nucleus of .65 is the two likeliest, of .7000001 three.
TEST(Sampler, NucleusKeepsTheLikeliestThatReachIt) {
  std::vector<float> logits;
  for (double p : {0.1, 0.2, 0.3, 0.4}) logits.push_back(float(std::log(p)));
  std::vector<int> narrow(4), wide(4);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    ++narrow[std::size_t(sample_token(logits, {1, 0.65, 1}, i))];
    ++wide[std::size_t(sample_token(logits, {1, 0.75, 1}, i))];
  }
  EXPECT_EQ(narrow[0] + narrow[1], 0);
  EXPECT_NEAR(narrow[2], 2'000 * 3 / 7.0, 150);
  EXPECT_EQ(wide[0], 0);
  EXPECT_GT(wide[1], 300);
}

}  // namespace
}  // namespace evalrun
