// Reads an earlier run of LiveCodeBench's code generation, graded: the ..._eval_all.json that the
// official runner writes and that self-repair starts from.
//
// A JSON list with one object a problem; of its members these are read: question_id, and four lists
// with one element an attempt: output_list (what the model said), code_list (the program that was
// taken out of it), graded_list (booleans), metadata (JSON in a string: error_code, error,
// inputs, output, expected).
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "tasks/mapped_file.h"

namespace evalrun {

// Why an attempt was graded wrong.
struct LcbFailure {
  // -1 compile error, -2 wrong answer, -3 time limit, -4 runtime error, -5 the runner died; 0 = not
  // said. (testing_util.py writes -2 to -4, compute_code_generation_metrics.py -5.)
  int error_code = 0;
  std::string error;      // the exception, or the message in its place
  bool has_test = false;  // the next three are known; cut to 300 characters by the official grader
  std::string inputs;
  std::string output;  // wrong answer only
  std::string expected;
};

struct LcbAttempt {
  int row = 0;  // in the file, from 1, for errors
  std::string question_id;
  int index = 0;  // among the attempts at its problem, from 0
  int count = 1;  // of those attempts
  bool right = false;
  std::string output;
  std::string code;
  LcbFailure failure;  // when not right
};

// In the order of the file. One row is decoded at a time. Errors: "FILE: row 3: key: …"; a problem
// that stands in two rows.
Result<std::vector<LcbAttempt>> read_lcb_attempts(const MappedFile& file);

}  // namespace evalrun
