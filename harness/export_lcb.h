// A run folder in LiveCodeBench's own files.
#pragma once

#include <string>

#include "harness/core/result.h"
#include "results/lcb_format.h"

namespace evalrun {

struct LcbExport {
  std::string dir;         // the run
  std::string format;      // lcb-output, lcb-eval, lcb-eval-all, lcb-performances
  std::string suite;       // "" = the run's only LiveCodeBench suite
  std::string strategy;    // "" = the run's only strategy
  LcbModel model;          // lcb-performances
  std::string model_date;  // its release, YYYY-MM-DD
};

// The file's text, by the official scorer. Reads the data set, as the files repeat the statements.
// Errors: a choice is missing; the run is not complete, which those files cannot say.
Result<std::string> export_lcb(const LcbExport& query);

}  // namespace evalrun
