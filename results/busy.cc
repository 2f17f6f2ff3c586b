#include "results/busy.h"

#include <algorithm>

namespace evalrun {

double covered_seconds(std::vector<Span> spans) {
  if (spans.empty()) return 0;
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.begin_us < b.begin_us; });
  std::int64_t sum_us = 0;
  std::int64_t reached_us = spans.front().begin_us;
  for (const Span& span : spans) {
    const std::int64_t begin_us = std::max(span.begin_us, reached_us);
    if (span.end_us > begin_us) sum_us += span.end_us - begin_us;
    reached_us = std::max(reached_us, span.end_us);
  }
  return double(sum_us) * 1e-6;
}

}  // namespace evalrun
