// Pass 3': the calls of a run, played again on a simulated machine (hw/sim). Reads the ledgers of
// samples.jsonl: token counts and what waited for what; never a text.
//
// Each strategy is played on its own, one after the other, each on an idle machine: so what a
// strategy costs is what it alone would.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "harness/core/result.h"
#include "harness/sim_machine.h"
#include "hw/sim/call_graph.h"
#include "hw/sim/server.h"
#include "results/manifest.h"

namespace evalrun {

// The calls of one strategy: call i of the graph is steps[i].
struct StrategyCalls {
  std::string strategy;
  sim::CallGraph graph;
  struct Step {
    const SampleRecord* sample = nullptr;  // into the records that it was made from
    const StepUse* use = nullptr;
  };
  std::vector<Step> steps;
  std::vector<const SampleRecord*> samples;  // by sample of the graph
  std::int64_t answered = 0;                 // these, and those that needed no call
};

struct SimCalls {
  std::vector<StrategyCalls> strategies;  // as in the plan; those with calls
  std::int64_t call_tokens_max = 0;       // prompt and completion
  // Calls whose target did not say how many tokens they took
  // ("crux-o/sample_1/epoch=0/cot/answer").
  std::vector<std::string> without_tokens;
};

// Of the answered samples, in the order of the plan's suites and samples; of doubles the last.
// Keeps pointers into `samples`. Errors (input): a ledger without a call graph (runs of older
// versions; says how to make it again), one that contradicts itself; `source` names the file.
Result<SimCalls> sim_calls(const RunInfo& run, std::span<const SampleRecord> samples,
                           const std::string& source);

// How the calls arrive.
struct SimLoad {
  int concurrency = 1;      // closed loop: samples in flight; 0 = all at once
  double request_rate = 0;  // open loop: samples a second, as generate.h; 0 = closed
  std::uint64_t seed = 1;   // of the arrivals
  bool shares_prefixes = true;
  bool records_load = false;
};
// "closed loop, 1 sample at a time", "open loop, 2 samples a second (Poisson)".
std::string load_words(const SimLoad& load);

struct StrategyPlay {
  const StrategyCalls* calls = nullptr;
  sim::Timeline timeline;
  std::vector<double> sample_s;  // by sample: from its arrival to its last token
};

// One machine, one model. Error (input): a call that does not fit.
Result<std::vector<StrategyPlay>> play_all(const SimCalls& calls, const SimTarget& target,
                                           const SimLoad& load);

// As calls.jsonl would have them, with the simulated times, strategies one after the other from one
// second after the epoch on; no text.
std::vector<CallRecord> simulated_records(std::span<const StrategyPlay> plays);

// RunInfo::simulated.
std::string simulated_words(const SimTarget& target, const SimLoad& load);

}  // namespace evalrun
