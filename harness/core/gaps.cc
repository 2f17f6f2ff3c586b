#include "harness/core/gaps.h"

#include <cmath>

namespace evalrun {

int gap_bucket(std::int64_t us) {
  return us < 1 ? 0 : 1 + int(std::floor(16 * std::log2(double(us))));
}

double gap_us(int bucket) { return bucket == 0 ? 0 : std::exp2((bucket - 0.5) / 16); }

double gap_quantile_us(const GapCounts& gaps, double p) {
  std::int64_t all = 0;
  for (const auto& [bucket, count] : gaps) all += count;
  const double rank = std::ceil(p * double(all));
  std::int64_t seen = 0;
  for (const auto& [bucket, count] : gaps) {
    seen += count;
    if (double(seen) >= rank) return gap_us(bucket);
  }
  return 0;
}

}  // namespace evalrun
