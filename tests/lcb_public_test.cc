// A program that LiveCodeBench's grader calls right passes the public tests of its problem; and
// what passes them though it was called wrong is told. docs/conformance-livecodebench.md
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "scorers/lcb_metadata.h"
#include "tests/lcb_published.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// NumPy and the like: whether they are there, and whole, is this machine's affair.
bool needs_modules(const std::string& code) {
  return code.contains("import numpy") || code.contains("from numpy") || code.contains("sympy") ||
         code.contains("sortedcontainers");
}

class PublicTests : public testing::Test {
 protected:
  void SetUp() override {
    for (GradedProgram& program : graded_programs()) {
      if (!needs_modules(program.code)) programs_.push_back(std::move(program));
    }
    checks_ = public_checks();
    if (programs_.empty() || checks_.empty())
      GTEST_SKIP() << "EVALRUN_DATA is not set, or lacks files of lcb/";
    EXPECT_EQ(checks_.size(), 1054u);
  }

  // The programs with this grade whose problem has public tests, the same text once.
  std::vector<GradedProgram> graded(bool is_right) const {
    std::set<std::pair<std::string, std::string>> seen;
    std::vector<GradedProgram> distinct;
    for (const GradedProgram& program : programs_) {
      if (program.is_right == is_right && checks_.contains(program.question_id) &&
          seen.emplace(program.question_id, program.code).second)
        distinct.push_back(program);
    }
    return distinct;
  }

  BothOutcomes score_public(const std::vector<GradedProgram>& programs) const {
    std::vector<ScoreJob> jobs;
    for (const GradedProgram& program : programs)
      jobs.push_back(program_job(checks_.at(program.question_id), program.code));
    return score_both(jobs);
  }

  std::vector<GradedProgram> programs_;
  std::map<std::string, Check> checks_;
};

std::vector<std::string> names_of(const std::vector<GradedProgram>& programs) {
  std::vector<std::string> names;
  for (const GradedProgram& program : programs) names.push_back(program.name());
  return names;
}

// Names of those that are not right.
std::vector<std::string> not_right(const std::vector<GradedProgram>& programs,
                                   const std::vector<ScoreOutcome>& outcomes) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (outcomes[i].verdict != Verdict::right) names.push_back(programs[i].name());
  }
  return names;
}

TEST_F(PublicTests, WhatWasCalledRightPassesThem) {
  const auto programs = graded(true);
  EXPECT_EQ(programs.size(), 885u);
  const BothOutcomes ours = score_public(programs);
  // Grades of before January 2025, when the grader's stdin was a StringIO: its read() gave what was
  // left, and it could be iterated over. Today's read() gives everything again.
  EXPECT_THAT(not_right(programs, ours.official),
              ElementsAre("o1-mini abc303_d", "o1-mini abc338_d", "o1-mini abc344_b",
                          "o1-mini abc359_d", "o1-mini abc380_c"));
  EXPECT_THAT(not_right(programs, ours.strict), IsEmpty());
}

// Under the official grader open(0) is the real stdin, which is empty: whoever reads it is called
// wrong (these four for taking too long, in the grader of their day).
TEST_F(PublicTests, WhatReadsItsInputByOpen0IsWrongUnderOfficialOnly) {
  std::vector<GradedProgram> programs;
  for (GradedProgram& program : graded(false)) {
    if (program.run == "o1-mini" && program.code.contains("open(0"))
      programs.push_back(std::move(program));
  }
  const BothOutcomes ours = score_public(programs);
  EXPECT_THAT(
      judged_apart(names_of(programs), ours),
      ElementsAre("o1-mini abc315_b: stdin/stdout mock", "o1-mini abc349_a: stdin/stdout mock",
                  "o1-mini abc359_b: stdin/stdout mock", "o1-mini abc365_b: stdin/stdout mock"));
  EXPECT_EQ(programs.size(), 4u);
}

// Called wrong, and right for a judge as far as the public tests go. What was too slow for the
// grader is slow here too, and left out.
TEST_F(PublicTests, WhatTheGraderFailsForItsOwnFaults) {
  if (!is_full_conformance()) GTEST_SKIP() << "set EVALRUN_CONFORMANCE=all to run 1,700 programs";
  std::vector<GradedProgram> programs = graded(false);
  std::erase_if(programs, [](const GradedProgram& p) { return p.error_code == kLcbTimeLimit; });
  const BothOutcomes ours = score_public(programs);
  EXPECT_THAT(
      judged_apart(names_of(programs), ours),
      ElementsAre("o1-mini abc315_f: float tolerance", "o1-mini abc319_c: float tolerance",
                  "o1-mini abc324_f: float tolerance", "o1-mini abc327_e: float tolerance",
                  "o1-mini abc368_f: main guard",  // a thread that the grader does not wait for
                  "o1-mini abc374_d: float tolerance", "o1-mini abc375_b: float tolerance",
                  "o1-mini abc382_c: main guard",  // the same
                  "qwen2.5-7b abc344_b: stdin/stdout mock", "qwen2.5-7b abc375_b: float tolerance",
                  // Digits of pi, of which a double has 15: our tolerance is wrong here.
                  "qwen2.5-7b repair abc314_a: float tolerance"));
}

}  // namespace
}  // namespace evalrun
