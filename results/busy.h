// For how long was anything under way? Internal to results.
#pragma once

#include <cstdint>
#include <vector>

namespace evalrun {

struct Span {  // microseconds since the Unix epoch, begin <= end
  std::int64_t begin_us = 0;
  std::int64_t end_us = 0;
};

// Length of the union of the spans, in seconds: what overlaps counts once, and the pause between
// the parts of a run that was killed and resumed not at all. 0 without spans.
double covered_seconds(std::vector<Span> spans);

}  // namespace evalrun
