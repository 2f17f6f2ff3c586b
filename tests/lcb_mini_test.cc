// The problems of our own, with programs whose fate is known: strict sees what each is, official
// says what LiveCodeBench's grader was seen to say of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "tasks/lcb.h"
#include "tests/lcb_published.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::ElementsAre;

// What becomes of a wrong program (tasks/lcb_mini/README.md), as a verdict.
Verdict verdict_of(const std::string& why) {
  const std::map<std::string, Verdict> verdicts = {{"", Verdict::right},
                                                   {"wrong answer", Verdict::wrong},
                                                   {"time limit", Verdict::time_limit},
                                                   {"memory limit", Verdict::memory_limit},
                                                   {"output limit", Verdict::output_limit},
                                                   {"crash", Verdict::crashed},
                                                   {"runtime error", Verdict::program_error}};
  return verdicts.at(why);
}

struct MiniProgram {
  std::string name;  // "mini_003 wrong 1"
  std::string code;
  std::string why;  // "" = it is right
  bool official = false;
};

class LcbMini : public testing::Test {
 protected:
  void SetUp() override {
    const auto suite = load_lcb_mini({});
    ASSERT_TRUE(suite) << suite.error().message;
    for (const Sample& sample : suite->samples) checks_[sample.id] = sample.check;
    const auto text = read_file(EVALRUN_SOURCE_DIR "/tasks/lcb_mini/solutions.jsonl");
    ASSERT_TRUE(text) << text.error().message;
    for (const std::string_view line : split(*text, '\n'))
      if (!line.empty()) add_programs(json::parse(line));
    ASSERT_EQ(programs_.size(), is_full_conformance() ? 149u : 137u);
  }

  void add_programs(const json& row) {
    for (const char* kind : {"right", "wrong"}) {
      int number = 0;
      for (const json& program : row[kind]) {
        const std::string id = row["question_id"], why = program.value("why", "");
        ++number;
        if (why == "time limit" && slow_++ > 0 && !is_full_conformance()) continue;
        programs_.push_back({id + " " + kind + " " + std::to_string(number), program["program"],
                             why, program["official"]});
        jobs_.push_back(program_job(checks_.at(id), programs_.back().code));
      }
    }
  }

  std::map<std::string, Check> checks_;
  std::vector<MiniProgram> programs_;
  std::vector<ScoreJob> jobs_;  // one a program
  int slow_ = 0;  // of 13 programs that take their 6 s under each scorer, one is run by default
};

TEST_F(LcbMini, EveryProgramGetsItsVerdict) {
  const BothOutcomes ours = score_both(jobs_);
  ASSERT_EQ(ours.strict.size(), programs_.size());
  std::vector<std::string> deceive_the_grader;  // and not us
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    const MiniProgram& program = programs_[i];
    EXPECT_EQ(name(ours.strict[i].verdict), name(verdict_of(program.why)))
        << program.name << ": " << ours.strict[i].explanation;
    const bool is_right = ours.official[i].verdict == Verdict::right;
    if (program.official && !program.why.empty() && !is_right) {
      deceive_the_grader.push_back(program.name);
    } else {
      EXPECT_EQ(is_right, program.official)
          << program.name << " under official: " << ours.official[i].explanation;
    }
  }
  // An object that equals everything, and a walk to the grader's expected outputs: the published
  // grader calls both right. Here no expected output is in reach (scorers/score.h).
  EXPECT_THAT(deceive_the_grader, ElementsAre("mini_001 wrong 2", "mini_004 wrong 2"));
}

}  // namespace
}  // namespace evalrun
