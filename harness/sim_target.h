// --target cs3 (or h100x8, ...): a run whose texts come from another target (--content) and whose
// times are those of a simulated machine. The simulation reads no text and needs no clock, so it is
// computed when the run is reported: from the token counts in samples.jsonl.
#pragma once

#include <string>

#include "harness/report_run.h"
#include "harness/settings.h"
#include "harness/simulate.h"
#include "harness/target.h"

namespace evalrun {

// local, remote or recorded: what answers for itself.
bool is_content_target(const std::string& target);

// The target of --content, under the simulated machine's name. Errors: as make_sim_target;
// --content and --as must fit.
Result<Target> open_simulated(const Settings& settings);

// What the settings say of a simulation.
SimAssumptions sim_assumptions(const Settings& settings);
SimLoad sim_load(const Settings& settings);

// Replaces the calls of the records (of a run with these settings) by simulated ones, without
// texts, and RunInfo::simulated by what was played. `source` names the file with the samples.
Status simulate_times(const Settings& settings, const std::string& source, RunRecords& records);

}  // namespace evalrun
