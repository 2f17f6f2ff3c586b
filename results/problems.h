// What a report needs to know of its samples: which belong together, and what marks them. Internal
// to results.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "results/report.h"

namespace evalrun {

// The clusters of one suite: samples that ask about the same problem.
struct Problems {
  std::vector<std::size_t> of_sample;  // index of the problem of each planned sample, from 0
  std::size_t count = 0;
  // Of each planned sample, in the report's input; nullptr = none.
  std::vector<const MetadataBySample::mapped_type*> metadata;

  // The value of the sample's metadata `key`; "" when it has none.
  std::string_view metadata_value(std::size_t sample, std::string_view key) const;

  // Each answer stands for itself: no problem is asked twice.
  bool independent(int epochs) const { return epochs == 1 && count == of_sample.size(); }
};

// Keeps pointers into input.metadata.
Problems problems_of(const ReportInput& input, const PlannedSuite& suite);

}  // namespace evalrun
