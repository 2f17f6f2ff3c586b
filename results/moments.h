// Mean and standard error of a list of numbers. Internal to results.
#pragma once

#include <cmath>
#include <span>

namespace evalrun {

struct Moments {
  int n = 0;
  double mean = 0;
  double standard_error = 0;  // sd / sqrt(n), sd with n - 1 in its denominator; 0 for n < 2
};

inline Moments moments(std::span<const double> values) {
  Moments m{int(values.size()), 0, 0};
  if (values.empty()) return m;
  for (const double value : values) m.mean += value;
  m.mean /= m.n;
  double squares = 0;
  double largest = 0;
  for (const double value : values) {
    squares += (value - m.mean) * (value - m.mean);
    largest = std::fmax(largest, std::fabs(value - m.mean));
  }
  // Equal values differ from their mean by rounding alone, which must not count as spread.
  if (m.n > 1 && largest > 1e-12) m.standard_error = std::sqrt(squares / (m.n - 1) / m.n);
  return m;
}

}  // namespace evalrun
