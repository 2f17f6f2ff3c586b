// One number out of many answers, and how far to trust it. Pure, thread-safe functions.
// Everything is a fraction (0.41, not 41 %); intervals are two-sided 95 %.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

inline constexpr double kConfidence = 0.95;

struct Interval {
  double low = 0;
  double high = 0;
};

// Wilson's score interval for `right` of `n` (E. B. Wilson, JASA 22 (1927) 209-212):
//   (p + z^2/2n  +-  z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n),   p = right/n, z = 1.96.
// 0 <= right <= n; for n = 0 it is [0, 1].
Interval wilson(double right, double n);

// pass@k without bias from n answers of which c are right (Chen et al. 2021, arXiv:2107.03374, eq.
// 1):
//   1 - C(n-c, k) / C(n, k)  =  1 - prod_{i = n-c+1..n} (1 - k/i).
// Error (input) when n < k: k answers cannot be drawn from fewer.
Result<double> pass_at_k(int n, int c, int k);

// The k that are reported (those of LiveCodeBench's evaluation/compute_code_generation_metrics.py),
// and the first of them, which n answers to every sample allow.
inline constexpr std::array kPassAtK{1, 5, 10, 20, 40, 50, 75, 100, 125, 150, 200, 500, 1000};
std::span<const int> pass_at_ks(int n);

// The same as the official CRUXEval evaluator computes it: it asks n - c < k first, so that with
// n < k the value is 1 even when nothing is right.
struct OfficialPassAtK {
  double value = 0;
  bool artefact = false;  // n < k: the value says nothing
};
OfficialPassAtK official_pass_at_k(int n, int c, int k);

enum class IntervalMethod {
  wilson,       // one answer a problem
  clustered_t,  // several; the answers to one problem are not independent
};
std::string_view name(IntervalMethod method);  // "Wilson", "clustered t"

struct Estimate {
  double value = 0;
  Interval ci;
  IntervalMethod method = IntervalMethod::wilson;
};

// `right` of `n` problems, one answer each, with Wilson's interval. n = 0 gives 0 in [0, 1].
Estimate proportion(int right, int n);

// The answers to one problem. They are not independent: several answers to one sample, and samples
// that ask about the same problem, tend to be right or wrong together.
struct Cluster {
  double sum = 0;  // of the values of its answers, each in [0, 1]
  int n = 0;       // answers, at least 1
};

// The mean over all n answers s_i of C clusters (a cluster counts by its size), with the interval
// mean +- t(0.975, C-1) se, cut to [0, 1], and the cluster-robust standard error
//   se = sqrt(C/(C-1) sum_c (sum_{i in c} (s_i - mean))^2) / n
// (E. Miller, "Adding Error Bars to Evals", 2024, arXiv:2411.00640, section 2.2; the factor C/(C-1)
// and Student's t are for few clusters). When no cluster differs from the mean, or C < 2, se says
// nothing: then it is Wilson's interval for C problems.
Estimate clustered_mean(std::span<const Cluster> clusters);

// The same for problems with equally many answers, from the mean of each: se = sd / sqrt(C).
Estimate mean_of_problems(std::span<const double> problem_means);

}  // namespace evalrun
