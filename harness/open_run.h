// A run folder that exists already, with its manifest understood.
#pragma once

#include <memory>
#include <string>

#include "harness/core/result.h"
#include "harness/plan.h"
#include "harness/settings.h"
#include "results/manifest.h"
#include "results/store.h"

namespace evalrun {

struct OpenedRun {
  std::unique_ptr<RunFolder> folder;
  Manifest manifest;
  Settings settings;  // the manifest's effective ones
};
Result<OpenedRun> open_run(const std::string& dir, RunFolder::Mode mode);

// What must not have changed since `then`: model, datasets, prompts, samples and strategies. The
// error says which one did; `source` names the manifest.
Status check_same_run(const RunInfo& then, const RunInfo& now, const std::string& source);

// The suites of a run, loaded again and checked to be the same. Needs no model.
Result<std::vector<Suite>> reload_suites(const OpenedRun& run);

}  // namespace evalrun
