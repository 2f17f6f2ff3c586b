// Expected values: mpmath with 25 digits or more (binomial sums, quadrature of the t density), or
// closed forms where they are given beside the value.
#include "results/distributions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace evalrun {
namespace {

void expect_close(double value, double expected, double relative = 1e-12) {
  EXPECT_NEAR(value, expected, relative * std::abs(expected));
}

TEST(IncompleteBeta, KnownValues) {
  expect_close(incomplete_beta(1, 1, 0.25), 0.25);   // I_x(1, 1) = x
  expect_close(incomplete_beta(3, 1, 0.5), 0.125);   // I_x(a, 1) = x^a
  expect_close(incomplete_beta(2, 3, 0.4), 0.5248);  // 1 - 0.6^4 - 4 0.4 0.6^3
  expect_close(incomplete_beta(0.5, 0.5, 0.3), 0.36901011956554538);
  expect_close(incomplete_beta(2.5, 7, 0.2), 0.36749651990402307);
  expect_close(incomplete_beta(200, 3, 0.99), 0.67123817103838889);
  expect_close(incomplete_beta(10, 490, 0.001), 1.5453974393618754e-10, 1e-11);
  expect_close(incomplete_beta(5000, 5000, 0.5), 0.5, 2e-11);  // symmetry
  expect_close(incomplete_beta(4000, 6000, 0.41), 0.97918089970487902, 2e-11);
  EXPECT_EQ(incomplete_beta(2, 3, 0), 0);
  EXPECT_EQ(incomplete_beta(2, 3, 1), 1);
}

// All outcomes of n trials, one by one: no formula shared with the code.
double brute_force_cdf(int k, int n, double p) {
  double sum = 0;
  for (unsigned outcome = 0; outcome < 1u << n; ++outcome) {
    const int ones = __builtin_popcount(outcome);
    if (ones <= k) sum += std::pow(p, ones) * std::pow(1 - p, n - ones);
  }
  return sum;
}

TEST(BinomialCdf, AgreesWithEnumeration) {
  for (int n = 0; n <= 10; ++n)
    for (const double p : {0.05, 0.3, 0.5, 0.9})
      for (int k = -1; k <= n + 1; ++k)
        EXPECT_NEAR(binomial_cdf(k, n, p), brute_force_cdf(k, n, p), 1e-13)
            << "k=" << k << " n=" << n << " p=" << p;
}

// Python: float(sum(comb(n, i) * p**i * (1 - p)**(n - i) for i in range(k + 1))) in Fractions.
TEST(BinomialCdf, AgreesWithFractions) {
  expect_close(binomial_cdf(3, 10, 0.3), 0.6496107184);
  expect_close(binomial_cdf(0, 50, 0.01), 0.6050060671375367);
  expect_close(binomial_cdf(40, 50, 0.9), 0.024537935704591455);
  expect_close(binomial_cdf(480, 1000, 0.5), 0.10872414660207047);
}

TEST(BinomialCdf, CertainOutcomes) {
  EXPECT_EQ(binomial_cdf(0, 5, 0), 1);
  EXPECT_EQ(binomial_cdf(4, 5, 1), 0);
  EXPECT_EQ(binomial_cdf(5, 5, 1), 1);
  EXPECT_EQ(binomial_cdf(0, 0, 0.5), 1);
}

TEST(NormalQuantile, KnownValues) {
  expect_close(normal_quantile(0.975), 1.9599639845400542);
  expect_close(normal_quantile(0.025), -1.9599639845400542);
  expect_close(normal_quantile(1e-10), -6.3613409024040562);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
}

TEST(StudentT, KnownProbabilities) {
  expect_close(student_t_cdf(1, 1), 0.75);  // 1/2 + atan(1)/pi
  expect_close(student_t_cdf(2, 10), 0.96330598261462982);
  expect_close(student_t_cdf(0.5, 99), 0.69090767798779695);
  expect_close(student_t_cdf(-3, 4), 1 - 0.98002901596414059);
  EXPECT_EQ(student_t_cdf(0, 7), 0.5);
  EXPECT_EQ(student_t_cdf(INFINITY, 7), 1);
  EXPECT_EQ(student_t_cdf(-INFINITY, 7), 0);
}

TEST(StudentT, KnownQuantiles) {  // any table of t has the first digits
  expect_close(student_t_quantile(0.975, 1), 12.7062047361747, 1e-11);
  expect_close(student_t_quantile(0.975, 3), 3.18244630528371, 1e-11);
  expect_close(student_t_quantile(0.975, 99), 1.98421695158642, 1e-11);
  expect_close(student_t_quantile(0.975, 799), 1.96293746110561, 1e-11);
  expect_close(student_t_quantile(0.8, 9), 0.883403859685535, 1e-11);
  expect_close(student_t_quantile(0.025, 9), -2.26215716279821, 1e-11);
}

}  // namespace
}  // namespace evalrun
