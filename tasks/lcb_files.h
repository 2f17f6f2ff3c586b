// Where LiveCodeBench's files are. None is shipped: they are gigabytes, and the problem texts
// belong to their contest sites.
//
//   FOLDER/code_generation_lite/test.jsonl, test2.jsonl … test6.jsonl   (or right in FOLDER)
//   FOLDER/execution-v2/test.jsonl
//   FOLDER/test_generation/test.jsonl
//
// FOLDER is options.data_file if that is a folder, and nothing else then; otherwise
// data_dir/livecodebench and after it cache_dir/livecodebench, asked for each file anew. If
// options.data_file is no folder it is the one file to read, and a release means nothing.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "tasks/lcb_select.h"
#include "tasks/suite.h"

namespace evalrun {

enum class LcbDataset { code_generation_lite, execution_v2, test_generation };

// Paths in the order of the release; one for the other two data sets. Error: a line that begins
// with "LiveCodeBench not found", and says which file of which data set is missing and where to put
// it.
Result<std::vector<std::string>> find_lcb_files(const SuiteOptions& options, LcbDataset dataset);

}  // namespace evalrun
