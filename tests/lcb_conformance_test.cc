// LiveCodeBench's grader against ours on real problems and real programs, in the real sandbox. What
// differs is explained, case by case, in docs/conformance-livecodebench.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/lcb_published.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

// Two models on 80 problems with all of their tests, and what the official grader says of each
// test, rerun on a machine with two cores.
class GradedSubset : public testing::Test {
 protected:
  void SetUp() override {
    const std::string verdicts = lcb_file("official_verdicts_subset.json");
    checks_ = subset_checks();
    const auto programs = graded_programs();
    if (verdicts.empty() || checks_.empty() || programs.empty())
      GTEST_SKIP() << "EVALRUN_DATA is not set, or lacks files of lcb/";
    std::map<std::string, std::string> codes;
    for (const GradedProgram& program : programs) codes[program.name()] = program.code;
    graded_ = json::parse(verdicts);
    for (const json& row : graded_) {
      const std::string id = row["id"];
      names_.push_back(row["model"].get<std::string>() + " " + id);
      jobs_.push_back(program_job(checks_.at(id), codes.at(names_.back())));
    }
    ASSERT_EQ(jobs_.size(), 160u);
  }

  std::map<std::string, Check> checks_;
  json graded_;  // model, id, official, got, meta
  std::vector<std::string> names_;
  std::vector<ScoreJob> jobs_;
};

// The metadata without what the clock says.
json without_time(json metadata) {
  metadata.erase("execution time");
  return metadata;
}

TEST_F(GradedSubset, OfficialGivesEveryResultAndStrictDiffersAsExplained) {
  const BothOutcomes ours = score_both(jobs_);
  ASSERT_EQ(ours.official.size(), 160u);
  std::vector<std::string> other_results, other_metadata;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    const ScoreOutcome& outcome = ours.official[i];
    const json details = json::parse(outcome.details, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(details.is_object()) << names_[i] << ": " << outcome.explanation;
    EXPECT_EQ(outcome.verdict == Verdict::right, graded_[i]["official"].get<bool>()) << names_[i];
    if (details["results"] != graded_[i]["got"]) other_results.push_back(names_[i]);
    if (without_time(details["metadata"]) != without_time(graded_[i]["meta"]))
      other_metadata.push_back(names_[i]);
  }
  EXPECT_THAT(other_results, IsEmpty());
  // This program changes its argument; the grader prints the argument as it is then, we as it was.
  EXPECT_THAT(other_metadata, ElementsAre("qwen2.5-7b 3291"));
  EXPECT_THAT(judged_apart(names_, ours), IsEmpty());
}

}  // namespace
}  // namespace evalrun
