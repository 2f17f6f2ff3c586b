// Pass 1: ask. Runs a strategy over each work item and hands the answers on in the order of the
// items, whoever finished first.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "harness/core/records.h"
#include "harness/core/result.h"
#include "harness/core/types.h"
#include "harness/progress.h"
#include "runners/caller.h"
#include "runners/strategies/strategy.h"

namespace evalrun {

struct WorkItem {
  const Sample* sample = nullptr;
  int epoch = 0;
  const Strategy* strategy = nullptr;
};

struct GenerateJob {
  std::span<const WorkItem> items;  // in the order of samples.jsonl
  const StrategySettings* settings = nullptr;
  CallerContext context;
  int workers = 1;          // samples in flight
  double request_rate = 0;  // samples a second that arrive, as a Poisson process; 0 = closed loop
};

// Times of arrival in microseconds from the start: exponential gaps, a function of the arguments.
std::vector<std::int64_t> arrivals_us(std::size_t n, double per_second, std::uint64_t seed);

// Calls `emit` once an item, in their order, from one thread at a time. A failed target makes a
// record with model_error; a journal or an `emit` that fails ends the pass with that error, after
// the calls in flight have ended. "" when all items were worked through, else why the run stopped
// before (RunStopped); then items that were finished are emitted, still in order, and some between
// them are not.
Result<std::string> generate(const GenerateJob& job,
                             const std::function<Status(const SampleRecord&)>& emit,
                             Progress& progress);

}  // namespace evalrun
