// Mean and cluster-robust standard error; the formula is at clustered_mean (stats.h). Internal to
// results.
#pragma once

#include <cmath>
#include <span>

#include "results/stats.h"

namespace evalrun {

struct Moments {
  int clusters = 0;
  double mean = 0;            // over all answers
  double standard_error = 0;  // 0 for fewer than two clusters, or when none differs from the mean
};

// Here the values of the answers may be any numbers, such as differences.
inline Moments moments(std::span<const Cluster> clusters) {
  Moments m{int(clusters.size()), 0, 0};
  double n = 0;
  for (const Cluster& cluster : clusters) {
    m.mean += cluster.sum;
    n += cluster.n;
  }
  if (n == 0) return m;
  m.mean /= n;
  double squares = 0;
  double largest = 0;
  for (const Cluster& cluster : clusters) {
    const double residual = cluster.sum - cluster.n * m.mean;
    squares += residual * residual;
    largest = std::fmax(largest, std::fabs(residual));
  }
  // Equal values differ from their mean by rounding alone, which must not count as spread.
  if (m.clusters > 1 && largest > 1e-9)
    m.standard_error = std::sqrt(squares * m.clusters / (m.clusters - 1)) / n;
  return m;
}

}  // namespace evalrun
