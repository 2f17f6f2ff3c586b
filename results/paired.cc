#include "results/paired.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <utility>

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
  return method == PairedMethod::exact_mcnemar ? "exact McNemar" : "exact cluster sign-flip";
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

PairedResult compare_clusters(std::span<const PairedCounts> problems) {
  std::vector<Cluster> clusters;
  std::vector<int> sums;
  for (const PairedCounts& problem : problems) {
    if (problem.pairs() == 0) continue;
    sums.push_back(problem.only_b - problem.only_a);
    clusters.push_back({double(sums.back()), problem.pairs()});
  }
  const Moments m = moments(clusters);
  PairedResult result{
      m.mean, {-1, 1}, sign_flip_p(sums), std::nullopt, PairedMethod::cluster_sign_flip};
  if (m.standard_error == 0) return result;
  const double df = m.clusters - 1;
  const double t = student_t_quantile(0.5 + kConfidence / 2, df);
  result.ci = {std::max(-1.0, m.mean - t * m.standard_error),
               std::min(1.0, m.mean + t * m.standard_error)};
  result.detectable = (t + student_t_quantile(kPower, df)) * m.standard_error;
  return result;
}

double sign_flip_p(std::span<const int> sums) {
  std::int64_t observed = 0;
  std::int64_t most = 0;
  double variance = 0;
  for (const int sum : sums) {
    observed += sum;
    most += std::abs(sum);
    variance += double(sum) * sum;
  }
  const std::int64_t reach = std::min(most, std::int64_t(std::ceil(10 * std::sqrt(variance))));
  std::vector<double> chance(std::size_t(2 * reach + 1));  // of the sum index - reach
  chance[std::size_t(reach)] = 1;
  double extreme = 0;  // chance of having been beyond `reach`
  for (const int sum : sums) {
    if (sum == 0) continue;
    std::vector<double> next(chance.size());
    for (std::int64_t i = 0; i <= 2 * reach; ++i)
      for (const std::int64_t to : {i - sum, i + sum}) {
        const bool inside = to >= 0 && to <= 2 * reach;
        (inside ? next[std::size_t(to)] : extreme) += chance[std::size_t(i)] / 2;
      }
    chance = std::move(next);
  }
  for (std::int64_t i = 0; i <= 2 * reach; ++i)
    if (std::abs(i - reach) >= std::abs(observed)) extreme += chance[std::size_t(i)];
  return std::min(1.0, extreme);
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
