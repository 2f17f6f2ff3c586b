// One suite under one strategy, as the computations of a report look at it. Internal to results.
#pragma once

#include <cstddef>

#include "results/join.h"
#include "results/problems.h"
#include "results/report.h"

namespace evalrun {

struct View {
  const Joined& joined;
  const RunInfo& run;
  const Problems& problems;  // of the suite
  std::size_t suite;
  std::size_t strategy;

  const PlannedSuite& info() const { return run.suites[suite]; }
  const Cell& cell(std::size_t sample, int epoch) const {
    return joined.cell(suite, sample, epoch, strategy);
  }
  template <typename Visit>
  void for_each_cell(Visit visit) const {
    for (std::size_t sample = 0; sample < info().samples.size(); ++sample)
      for (int epoch = 0; epoch < run.epochs; ++epoch) visit(cell(sample, epoch));
  }
};

inline bool is_right(const ScoreRecord* score) {
  return score != nullptr && score->verdict == Verdict::right &&
         !(score->scorer == ScorerKind::official && score->skipped);
}

// Everything a report says of one suite and strategy.
SuiteRow suite_row(const View& view);

}  // namespace evalrun
