// Is strategy B better than strategy A? Both answered the same samples, so the comparison is
// paired: only samples on which they disagree say anything. Pure, thread-safe functions.
// Differences are fractions, B minus A; intervals are two-sided 95 %, tests two-sided.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "results/stats.h"

namespace evalrun {

inline constexpr double kSignificance = 0.05;  // two-sided
inline constexpr double kPower = 0.80;         // of the smallest detectable difference

struct PairedCounts {
  int both = 0;    // right under A and under B
  int only_a = 0;  // discordant
  int only_b = 0;  // discordant
  int neither = 0;
  int pairs() const { return both + only_a + only_b + neither; }
  int discordant() const { return only_a + only_b; }
};

enum class PairedMethod {
  exact_mcnemar,      // one answer a problem
  cluster_sign_flip,  // several
};
std::string_view name(PairedMethod method);  // "exact McNemar", "exact cluster sign-flip"

struct PairedResult {
  double difference = 0;
  Interval ci;
  double p_value = 1;
  // The smallest true difference that this comparison, with the disagreement it found, would have
  // called significant with probability kPower; none when nothing could have been significant.
  std::optional<double> detectable;
  PairedMethod method = PairedMethod::exact_mcnemar;
};

// One answer a sample. Difference, newcombe_interval, mcnemar_p, detectable_difference.
PairedResult compare_pairs(const PairedCounts& counts);

// Several answers a problem: the pairs of each of C problems. The difference is the mean over all
// pairs, its interval +- t(0.975, C-1) se, cut to [-1, 1], with the cluster-robust se of
// clustered_mean (stats.h) over the pairs' differences; p = sign_flip_p of the problems' sums;
// detectable = (t(0.975) + t(kPower)) se. When all problems differ alike, or C < 2, se says
// nothing: the interval is then [-1, 1]. Problems without pairs are left out.
PairedResult compare_clusters(std::span<const PairedCounts> problems);

// Two-sided sign-flip (randomization) test over clusters, exact: if the strategies did not differ,
// the sum d_c = only_b - only_a of each problem would be as likely -d_c, whatever happens inside
// the problem (R. A. Fisher's randomization test, "The Design of Experiments", 1935, section 21).
// So
//   p = P(|sum_c +-d_c| >= |sum_c d_c|)   over all 2^C equally likely choices of signs,
// by adding one cluster after the other to the distribution of the sum, an integer: no sampling, no
// seed. With all |d_c| = 1 it is mcnemar_p. Sums beyond 10 standard deviations count as extreme,
// which adds less than 1e-21 (W. Hoeffding, JASA 58 (1963) 13-30).
double sign_flip_p(std::span<const int> sums);

// McNemar's exact test: under no difference only_b ~ Binomial(discordant, 1/2);
// p = min(1, 2 P(X <= min(only_a, only_b))). 1 without discordant pairs.
double mcnemar_p(const PairedCounts& counts);

// Interval for the paired difference: R. G. Newcombe, "Improved confidence intervals for the
// difference between binomial proportions based on paired data", Stat. Med. 17 (1998) 2635-2650,
// method 10. Wilson's intervals of the two marginal proportions are joined by squaring and adding,
// with the correlation phi of the fourfold table, its numerator continuity corrected. [-1, 1]
// without pairs.
Interval newcombe_interval(const PairedCounts& counts);

// Of `discordant` pairs, which net share (|only_b - only_a| / discordant) would the exact test at
// two-sided `significance` find with probability `power`? By exact binomial sums. None when even
// all pairs on one side would not be significant (fewer than 6 at 0.05).
std::optional<double> detectable_share(int discordant, double significance, double power);

// Holm's step-down adjustment (S. Holm, Scand. J. Statist. 6 (1979) 65-70) for several tests, in
// the order given: sorted ascending, p'_i = max_{j <= i} min(1, (m - j + 1) p_j).
std::vector<double> holm(std::span<const double> p_values);

}  // namespace evalrun
