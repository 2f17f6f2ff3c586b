// The probability distributions that stats.h and paired.h stand on. Pure, thread-safe functions.
#pragma once

namespace evalrun {

// Regularized incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1. Error < 2e-11 for
// a + b up to 10,000 (what is lost in log-gamma of large numbers), < 1e-13 up to 100. By its
// continued fraction, NIST DLMF 8.17.22 (https://dlmf.nist.gov/8.17).
double incomplete_beta(double a, double b, double x);

// P(X <= k) for X ~ Binomial(n, p); k may be any number, n >= 0, 0 <= p <= 1.
// = I_{1-p}(n - k, k + 1), DLMF 8.17.5; small tails keep their relative precision.
double binomial_cdf(int k, int n, double p);

// The p quantile of the standard normal distribution, 0 < p < 1. By bisection on erfc.
double normal_quantile(double p);

// P(T <= t) for Student's t with df > 0 degrees of freedom: for t >= 0 it is
// 1 - I_{df / (df + t^2)}(df/2, 1/2) / 2 (Abramowitz and Stegun 26.7.1), by symmetry below 0.
double student_t_cdf(double t, double df);

// Its inverse, 0 < p < 1, by bisection.
double student_t_quantile(double p, double df);

}  // namespace evalrun
