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
    if (outcomes[i].verdict != Verdict::right)
      names.push_back(programs[i].name() + ": " + outcomes[i].explanation);
  }
  return names;
}

TEST_F(PublicTests, WhatWasCalledRightPassesThem) {
  const auto programs = graded(true);
  EXPECT_EQ(programs.size(), 892u);
  const BothOutcomes ours = score_public(programs);
  // Graded before the grader had its mock of stdin (pull request 61 of its repository).
  EXPECT_THAT(not_right(programs, ours.official),
              ElementsAre("o1-mini abc344_b: test 1: "
                          "TypeError(\"'GraderStdin' object is not iterable\")"));
  EXPECT_THAT(not_right(programs, ours.strict), IsEmpty());
}

// open(0) is empty under the official grader: whoever uses it is called wrong.
TEST_F(PublicTests, WhatReadsItsInputByOpen0IsWrongUnderOfficialOnly) {
  std::vector<GradedProgram> programs;
  for (GradedProgram& program : graded(false)) {
    if (program.run == "o1-mini" && program.code.contains("open(0"))
      programs.push_back(std::move(program));
  }
  EXPECT_EQ(programs.size(), 4u);
  const BothOutcomes ours = score_public(programs);
  EXPECT_THAT(judged_apart(names_of(programs), ours), IsEmpty());
}

// Called wrong, and right for a judge as far as the public tests go. What was too slow for the
// grader is slow here too, and left out.
TEST_F(PublicTests, WhatTheGraderFailsForItsOwnFaults) {
  std::vector<GradedProgram> programs = graded(false);
  std::erase_if(programs, [](const GradedProgram& p) { return p.error_code == kLcbTimeLimit; });
  const BothOutcomes ours = score_public(programs);
  EXPECT_THAT(judged_apart(names_of(programs), ours), IsEmpty());
}

}  // namespace
}  // namespace evalrun
