// What a run will ask, worked out before the first call: suites loaded, samples chosen, strategies
// and their settings, and the order of samples.jsonl.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/generate.h"
#include "harness/settings.h"
#include "harness/target.h"
#include "results/manifest.h"
#include "runners/strategies/strategy.h"
#include "tasks/suite.h"

namespace evalrun {

struct RunPlan {
  Settings settings;          // effective: nothing left to "auto"
  std::vector<Suite> suites;  // with the chosen samples only; `items` points into them
  std::vector<const Strategy*> strategies;
  StrategySettings strategy_settings;
  std::vector<WorkItem> items;  // by suite, sample, epoch, strategy: a cut run has whole pairs
  RunInfo info;                 // all but run_id and created
};

LcbOptions lcb_options(const Settings& settings);
// What the suites' loaders need, from the settings and the environment.
SuiteOptions suite_options(const Settings& settings);

// `settings` must be effective (see resolve_auto). Errors name the flag or the file.
Result<RunPlan> make_plan(const Settings& settings, const Target& target);

// The samples of a suite that --limit and --sample-id choose.
Status choose_samples(const Settings& settings, std::vector<Suite>& suites);

// For --demo: a small limit, and crux-mini where CRUXEval is neither here nor can be fetched. The
// returned lines tell the user what was changed.
std::vector<std::string> apply_demo(Settings& settings);

}  // namespace evalrun
