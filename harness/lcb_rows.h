// Between a suite's samples and LiveCodeBench's own files.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/judged.h"
#include "results/lcb_format.h"
#include "tasks/suite.h"

namespace evalrun {

LcbScenario lcb_scenario(const Suite& suite);

// The samples' names in those files, in order.
std::vector<LcbKey> lcb_keys(const Suite& suite);

// A row a problem: its texts, answers and grades. Reads the data for the problems' texts.
Result<std::vector<LcbRow>> lcb_rows(const Suite& suite, const SuiteOptions& options,
                                     const std::vector<SampleGenerations>& answers,
                                     const Judged& judged);

// `format`: lcb-output, lcb-eval, lcb-eval-all or lcb-performances. `model_date`: YYYY-MM-DD or "".
Result<std::string> lcb_file(const std::string& format, const Suite& suite,
                             std::span<const LcbRow> rows, LcbModel model,
                             const std::string& model_date);

}  // namespace evalrun
