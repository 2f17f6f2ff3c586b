// Reads LiveCodeBench's data files: every row's small fields now, its tests when they are asked
// for.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "tasks/lcb_problem.h"
#include "tasks/suite.h"

namespace evalrun {

// Where rows came from, for the record.
struct LcbSource {
  std::string dataset;  // for people: path, or first path and how many more
  std::string sha256;   // of the one file; of several: of the lines "HASH  NAME\n" in their order
};

template <typename Row>
struct LcbRows {
  std::vector<Row> rows;  // in the official order, which `--limit` counts in; nothing filtered
  LcbSource source;
};

// Errors: a file is missing (lcb_files.h); "FILE:LINE: key: …"; an id that occurs twice, with both
// places. Order: by question_id as a string.
Result<LcbRows<LcbCodeRow>> load_lcb_code_rows(const SuiteOptions& options);
// The problems of our own that are built in, in the same format.
Result<LcbRows<LcbCodeRow>> load_lcb_mini_rows();
// Order: by the number in the id.
Result<LcbRows<LcbExecRow>> load_lcb_exec_rows(const SuiteOptions& options);
// Order: by (question_id as a string, test_id as a number).
Result<LcbRows<LcbTestgenRow>> load_lcb_testgen_rows(const SuiteOptions& options);

}  // namespace evalrun
