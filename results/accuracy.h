// How many answers were right, with intervals that respect clusters. Internal to results.
#pragma once

#include <cstddef>
#include <span>

#include "results/report.h"
#include "results/view.h"

namespace evalrun {

// Mean over these samples (indices into the plan) of pass@1 of each. What is undecided is wrong in
// the value; the interval spans what it may still turn out to be.
Estimate accuracy(const View& view, std::span<const std::size_t> samples, ScorerKind scorer);

// Mean over all samples of the suite; 1 <= k <= epochs.
PassAtK pass_at(const View& view, int k);

}  // namespace evalrun
