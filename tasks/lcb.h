// LiveCodeBench (Jain et al., 2024): problems of programming contests, dated, so that a model can
// be asked about those younger than its training data. START HERE to read tasks/lcb_*.
//
//   suite        asks for                         Check        Sample::id
//   lcb          a program that passes the tests  PythonTests  question_id
//   lcb-mini     the same, small problems of our own, built in
//   lcb-exec     the value of a call              CallOutput   id ("sample_12")
//   lcb-testgen  the right side of an assertion   TestOutput   question_id "_" test_id
//   lcb-repair   a corrected program              PythonTests  question_id, "#j" appended for
//                                                              attempt j (from 0) if there are more
//
// What is asked is chosen by SuiteOptions::lcb (lcb_select.h, lcb_files.h), how by its style
// (lcb_style.h). Samples come in the official order. Metadata of all: bucket (difficulty), problem
// (question_id: several samples of one problem are no independent evidence), platform,
// contest_date, contest_id, title; of lcb also starter_code, of lcb-repair earlier (right or
// wrong).
//
// lcb-repair starts from an earlier graded run (lcb_repair.h). An attempt that was right is its own
// answer (Sample::given_answer) and has no prompt. A problem of the release that is not in that run
// is not asked; a problem of the run that is not in the release is an error.
#pragma once

#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "tasks/lcb_problem.h"
#include "tasks/suite.h"

namespace evalrun {

// Errors besides those of the files: wrong filters or style, filters that leave nothing.
Result<Suite> load_lcb(const SuiteOptions& options);
Result<Suite> load_lcb_mini(const SuiteOptions& options);  // no releases
Result<Suite> load_lcb_exec(const SuiteOptions& options);
Result<Suite> load_lcb_testgen(const SuiteOptions& options);
Result<Suite> load_lcb_repair(const SuiteOptions& options);

// The problems of lcb, lcb-mini or lcb-repair (usage error for another name) in the order of their
// first samples, each once: what the official result files repeat of a problem. Reads the data.
Result<std::vector<LcbProblem>> lcb_problems(std::string_view suite, const SuiteOptions& options);

}  // namespace evalrun
