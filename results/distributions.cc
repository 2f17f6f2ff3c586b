#include "results/distributions.h"

#include <math.h>  // lgamma_r: std::lgamma writes a global, which is a race

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>

#include "harness/core/check.h"

namespace evalrun {
namespace {

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double log_beta(double a, double b) { return log_gamma(a) + log_gamma(b) - log_gamma(a + b); }

// The continued fraction of DLMF 8.17.22 by the modified Lentz method; converges fast for
// x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr int kTermsMax = 10'000;  // about sqrt(max(a, b)) are needed
  const auto away_from_zero = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < kTermsMax; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (const double term : {even, odd}) {
      d = 1 / away_from_zero(1 + term * d);
      c = away_from_zero(1 + term / c);
      step = c * d;
      fraction *= step;
    }
    if (std::abs(step - 1) < 4 * std::numeric_limits<double>::epsilon()) return fraction;
  }
  return fraction;
}

// The x in [low, high] where the increasing function reaches p.
template <typename Cdf>
double bisect(Cdf cdf, double p, double low, double high) {
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (cdf(middle) < p ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
  CHECK(a > 0 && b > 0 && x >= 0 && x <= 1);
  if (x == 0 || x == 1) return x;
  const double front = std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta(a, b));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double binomial_cdf(int k, int n, double p) {
  CHECK(n >= 0 && p >= 0 && p <= 1);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incomplete_beta(n - k, k + 1.0, 1 - p);
}

double normal_quantile(double p) {
  CHECK(p > 0 && p < 1);
  const auto cdf = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
  if (p > 0.5) return -bisect(cdf, 1 - p, -40, 0);
  return bisect(cdf, p, -40, 0);
}

double student_t_cdf(double t, double df) {
  CHECK(df > 0);
  if (std::isinf(t)) return t > 0 ? 1 : 0;
  const double tail = incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2;
  return t >= 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double df) {
  CHECK(p > 0 && p < 1 && df > 0);
  if (p > 0.5) return -student_t_quantile(1 - p, df);
  double low = -1;
  while (student_t_cdf(low, df) > p && low > -1e300) low *= 2;
  return bisect([&](double t) { return student_t_cdf(t, df); }, p, low, 0);
}

}  // namespace evalrun
