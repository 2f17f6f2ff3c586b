// Which of LiveCodeBench's problems are asked: the release, the dates, difficulty and platform.
#pragma once

#include <string_view>

#include "harness/core/result.h"
#include "tasks/lcb_problem.h"
#include "tasks/suite.h"

namespace evalrun {

inline constexpr int kLcbFilesMax = 6;  // test.jsonl, test2.jsonl … test6.jsonl

// Numbers of the first and last data file of a release, 1 to kLcbFilesMax.
struct LcbRelease {
  int first = 1;
  int last = kLcbFilesMax;
};

// release_vN: files 1 to N; release_latest: all; vN: file N alone; vA_vB: files A to B, A < B.
Result<LcbRelease> parse_lcb_release(std::string_view name);

// Errors: a word that is no difficulty or platform, a date that is none, start not before end.
Status check_lcb_filters(const LcbOptions& options);

// start <= contest_date < end, both at midnight: no contest of the end day is in. The official code
// keeps contest_date <= end at midnight: of the end day it keeps the contests that are dated 00:00
// (most are) and drops one at 19:30. So its `--end_date D` lies between our D and the day after.
bool lcb_keeps(const LcbOptions& options, const LcbProblem& problem);

}  // namespace evalrun
