// What others published about LiveCodeBench, read for the conformance tests: problems, programs and
// what the official grader said of them. Nothing of it is part of the project.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/types.h"
#include "scorers/score.h"

namespace evalrun {

// A program that a model wrote, and the published grade.
struct GradedProgram {
  std::string run;  // "o1-mini", "qwen2.5-7b" or "qwen2.5-7b repair"
  std::string question_id;
  std::string code;
  bool is_right = false;
  int error_code = 0;  // of the grader's metadata; 0 = none, -3 = time limit (lcb_metadata.h)

  std::string name() const { return run + " " + question_id; }
};

// The text of a file of $EVALRUN_DATA/lcb, unpacked if it is a .gz; "" if it cannot be read.
std::string lcb_file(const std::string& name);

// All 2,990 of the three ..._eval_all.json.gz files; {} if one of them is missing.
std::vector<GradedProgram> graded_programs();

// By question_id: the problems of public_1055.jsonl.gz and their public tests. abc350_c has none
// and is left out.
std::map<std::string, Check> public_checks();

// By question_id: the 80 problems with all of their tests, as the suite loads them.
std::map<std::string, Check> subset_checks();

// Whether EVALRUN_CONFORMANCE=all asks for the tests that take minutes.
bool is_full_conformance();

// Both scorers on the same programs, in the real sandbox.
struct BothOutcomes {
  std::vector<ScoreOutcome> official, strict;  // one a job
};
// Fails the test where there is no sandbox, and wherever one of ours is not a verdict.
BothOutcomes score_both(const std::vector<ScoreJob>& jobs);

// "NAME: REASON" of each job that the scorers judge apart, by reason.h, sorted.
std::vector<std::string> judged_apart(const std::vector<std::string>& names,
                                      const BothOutcomes& outcomes);

// A job whose text is a program already.
ScoreJob program_job(const Check& check, std::string code);

}  // namespace evalrun
