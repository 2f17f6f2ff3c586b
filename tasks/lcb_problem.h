// One row of LiveCodeBench's data sets, its small fields decoded. Field names and kinds are those
// of the official lcb_runner/benchmarks/*.py and of the Hugging Face data sets.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/lcb_problem.h"
#include "harness/core/result.h"
#include "tasks/json_span.h"
#include "tasks/lcb_tests.h"

namespace evalrun {

struct LcbCodeRow {  // code_generation_lite
  LcbProblem problem;
  LcbTestSpans tests;
};

struct LcbExecRow {  // execution-v2; its problems have no title, statement and starter code
  LcbProblem problem;
  std::string id;      // "sample_12"
  int number = 0;      // 12: the official order
  std::string code;    // Python source
  std::string input;   // a whole call, such as `minLength(s = "AB")`
  std::string output;  // Python source of its value
};

struct LcbTestgenRow {  // test_generation
  LcbProblem problem;
  int test_id = 0;  // number of the test within its problem
  TestCase test;    // input: one JSON value a line; output: JSON
};

// Errors say the key; the caller adds file and line. `file` and `line` go into the spans.
Result<LcbCodeRow> parse_lcb_code_row(std::shared_ptr<const MappedFile> file, std::size_t line,
                                      std::span<const JsonMember> members);
Result<LcbExecRow> parse_lcb_exec_row(std::span<const JsonMember> members);
Result<LcbTestgenRow> parse_lcb_testgen_row(std::span<const JsonMember> members);

inline constexpr std::string_view kLcbPlatforms[] = {"leetcode", "atcoder", "codeforces"};
inline constexpr std::string_view kLcbDifficulties[] = {"easy", "medium", "hard"};

// "several right answers", "interactive" or "bad tests" for the problems that the official
// ERRATA.md lists (by question_id for AtCoder, by the slug of the title for LeetCode), else "".
std::string_view lcb_erratum(const LcbProblem& problem);

}  // namespace evalrun
