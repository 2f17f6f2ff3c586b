// Times between tokens, counted in buckets a sixteenth of an octave wide: a call of 2,000 tokens
// keeps some thirty numbers, and a percentile over millions of gaps is within 2.2 % of exact.
#pragma once

#include <cstdint>
#include <map>

namespace evalrun {

using GapCounts = std::map<int, std::int64_t>;  // gap_bucket -> how many

// 0 for less than 1 us, else 1 + floor(16 log2(us)).
int gap_bucket(std::int64_t us);
// The geometric middle of a bucket, in us; 0 of bucket 0.
double gap_us(int bucket);
// The gap that a share `p` (0 to 1) of all is not longer than (nearest rank); 0 without any.
double gap_quantile_us(const GapCounts& gaps, double p);

}  // namespace evalrun
