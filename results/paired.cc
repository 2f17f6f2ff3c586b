#include "results/paired.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/core/check.h"
#include "results/distributions.h"
#include "results/moments.h"

namespace evalrun {
namespace {

// Correlation of the fourfold table as method 10 takes it: 0 when a marginal total is 0, and the
// positive numerator lessened by n/2, but not below 0.
double corrected_phi(double a, double b, double c, double d) {
  const double product = (a + b) * (c + d) * (a + c) * (b + d);
  if (product == 0) return 0;
  double numerator = a * d - b * c;
  if (numerator > 0) numerator = std::max(0.0, numerator - (a + b + c + d) / 2);
  return numerator / std::sqrt(product);
}

// The largest count of the rarer side that is still significant; -1 when none is.
int critical_count(int discordant, double significance) {
  int k = -1;
  while (2 * binomial_cdf(k + 1, discordant, 0.5) <= significance) ++k;
  return k;
}

}  // namespace

std::string_view name(PairedMethod method) {
  return method == PairedMethod::exact_mcnemar ? "exact McNemar" : "clustered paired t";
}

double mcnemar_p(const PairedCounts& counts) {
  const int rarer = std::min(counts.only_a, counts.only_b);
  return std::min(1.0, 2 * binomial_cdf(rarer, counts.discordant(), 0.5));
}

Interval newcombe_interval(const PairedCounts& counts) {
  const int n = counts.pairs();
  if (n == 0) return {-1, 1};
  // Proportion 1 is B's, 2 is A's.
  const int right_1 = counts.both + counts.only_b;
  const int right_2 = counts.both + counts.only_a;
  const Interval w1 = wilson(right_1, n);
  const Interval w2 = wilson(right_2, n);
  const double p1 = double(right_1) / n;
  const double p2 = double(right_2) / n;
  const double phi = corrected_phi(counts.both, counts.only_b, counts.only_a, counts.neither);
  const auto joined = [phi](double x, double y) {
    return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y));
  };
  const double difference = double(counts.only_b - counts.only_a) / n;
  return {std::max(-1.0, difference - joined(p1 - w1.low, w2.high - p2)),
          std::min(1.0, difference + joined(p2 - w2.low, w1.high - p1))};
}

std::optional<double> detectable_share(int discordant, double significance, double power) {
  CHECK(discordant >= 0 && significance > 0 && significance < 1 && power > 0 && power < 1);
  const int critical = critical_count(discordant, significance);
  if (critical < 0) return std::nullopt;
  // Chance of significance when each discordant pair falls to one side with probability q.
  const auto chance = [&](double q) {
    return binomial_cdf(critical, discordant, 1 - q) + binomial_cdf(critical, discordant, q);
  };
  double low = 0.5;
  double high = 1;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (chance(middle) >= power ? high : low) = middle;
  }
  return 2 * high - 1;
}

PairedResult compare_pairs(const PairedCounts& counts) {
  PairedResult result;
  const int n = counts.pairs();
  if (n > 0) result.difference = double(counts.only_b - counts.only_a) / n;
  result.ci = newcombe_interval(counts);
  result.p_value = mcnemar_p(counts);
  if (const auto share = detectable_share(counts.discordant(), kSignificance, kPower))
    result.detectable = *share * counts.discordant() / n;
  return result;
}

PairedResult compare_problem_means(std::span<const double> differences) {
  const Moments m = moments(differences);
  PairedResult result{m.mean, {-1, 1}, 1, std::nullopt, PairedMethod::clustered_t};
  if (m.standard_error == 0) {
    if (m.n >= 2 && m.mean != 0) result.p_value = std::ldexp(1.0, 1 - m.n);
    return result;
  }
  const double df = m.n - 1;
  const double t = student_t_quantile(0.5 + kConfidence / 2, df);
  result.ci = {std::max(-1.0, m.mean - t * m.standard_error),
               std::min(1.0, m.mean + t * m.standard_error)};
  result.p_value = 2 * student_t_cdf(-std::abs(m.mean) / m.standard_error, df);
  result.detectable = (t + student_t_quantile(kPower, df)) * m.standard_error;
  return result;
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double scaled = double(order.size() - rank) * p_values[order[rank]];
    largest = std::max(largest, std::min(1.0, scaled));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace evalrun
