// Generate, score, report: what `run` and `resume` have in common once the folder is open.
#pragma once

#include "harness/core/result.h"
#include "harness/plan.h"
#include "harness/target.h"
#include "results/store.h"
#include "scorers/executor.h"

namespace evalrun {

// Does what is missing in `folder`: answers that samples.jsonl holds are kept, calls that
// calls.jsonl holds are not repeated. Prints the table on stdout; returns the exit code.
Result<int> execute(const RunPlan& plan, Target& target, RunFolder& folder, Executor* executor);

}  // namespace evalrun
