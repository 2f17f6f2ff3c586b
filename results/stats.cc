#include "results/stats.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/core/check.h"
#include "results/distributions.h"
#include "results/moments.h"

namespace evalrun {

Interval wilson(double right, double n) {
  CHECK(right >= 0 && right <= n);
  if (n == 0) return {0, 1};
  static const double z = normal_quantile(0.5 + kConfidence / 2);
  const double p = right / n;
  const double scale = 1 + z * z / n;
  const double middle = (p + z * z / (2 * n)) / scale;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
  // At the ends the interval touches 0 and 1 exactly; rounding must not hide that.
  return {right == 0 ? 0 : std::max(0.0, middle - half),
          right == n ? 1 : std::min(1.0, middle + half)};
}

Result<double> pass_at_k(int n, int c, int k) {
  CHECK(k >= 1 && c >= 0 && c <= n);
  if (n < k)
    return input_error("pass@" + std::to_string(k) + " needs at least " + std::to_string(k) +
                       " answers a sample; there are " + std::to_string(n));
  return official_pass_at_k(n, c, k).value;
}

std::span<const int> pass_at_ks(int n) {
  const auto end = std::upper_bound(kPassAtK.begin(), kPassAtK.end(), n);
  return {kPassAtK.begin(), end};
}

OfficialPassAtK official_pass_at_k(int n, int c, int k) {
  CHECK(k >= 1 && c >= 0 && c <= n);
  if (n - c < k) return {1, n < k};
  double none_right = 1;
  for (int i = n - c + 1; i <= n; ++i) none_right *= 1 - double(k) / i;
  return {1 - none_right, false};
}

std::string_view name(IntervalMethod method) {
  return method == IntervalMethod::wilson ? "Wilson" : "clustered t";
}

Estimate proportion(int right, int n) {
  return {n == 0 ? 0 : double(right) / n, wilson(right, n), IntervalMethod::wilson};
}

Estimate clustered_mean(std::span<const Cluster> clusters) {
  const Moments m = moments(clusters);
  if (m.standard_error == 0)
    return {m.mean, wilson(std::clamp(m.mean * m.clusters, 0.0, double(m.clusters)), m.clusters),
            IntervalMethod::wilson};
  const double half = student_t_quantile(0.5 + kConfidence / 2, m.clusters - 1) * m.standard_error;
  return {m.mean,
          {std::max(0.0, m.mean - half), std::min(1.0, m.mean + half)},
          IntervalMethod::clustered_t};
}

Estimate mean_of_problems(std::span<const double> problem_means) {
  std::vector<Cluster> clusters;
  for (const double mean : problem_means) clusters.push_back({mean, 1});
  return clustered_mean(clusters);
}

}  // namespace evalrun
