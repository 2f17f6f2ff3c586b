// Hostile programs as answers: whatever they do, neither scorer calls one right, and none of it is
// taken for a failure of ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "harness/core/text.h"
#include "scorers/sandbox/sandbox_executor.h"
#include "scorers/score.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;

// What several of the programs look for and must not find.
constexpr const char* kSecret = "the 4711-answer";

Check one_test(bool is_call) {
  const TestCase test = is_call ? TestCase{"7", '"' + std::string(kSecret) + '"'}
                                : TestCase{"7\n", std::string(kSecret) + "\n"};
  PythonTests check;
  check.entry_point = is_call ? "solve" : "";
  check.load_tests = [test] { return Result<std::vector<TestCase>>({test}); };
  return check;
}

class HostileAnswers : public testing::TestWithParam<ScorerKind> {
 protected:
  void SetUp() override {
    const fs::path folder =
        fs::path(EVALRUN_SOURCE_DIR) / "scorers" / "sandbox" / "testcases" / "contest";
    for (const auto& file : fs::directory_iterator(folder)) {
      names_.push_back(file.path().stem());
      programs_.push_back(read_file(file.path().string()).value());
    }
    auto executor = SandboxExecutor::open({});
    ASSERT_TRUE(executor) << executor.error().message;
    executor_ = *std::move(executor);
  }

  std::vector<std::string> names_, programs_;
  std::unique_ptr<Executor> executor_;
};

TEST_P(HostileAnswers, NoneIsRightAndNoneIsOurFailure) {
  ASSERT_GT(programs_.size(), 30u);
  std::vector<Check> checks;  // of its own for each: those of one check run one after the other
  for (const std::string& program : programs_)
    checks.push_back(one_test(program.contains("class Solution")));
  std::vector<ScoreJob> jobs;
  for (std::size_t i = 0; i < programs_.size(); ++i)
    jobs.push_back({&checks[i], programs_[i], PromptForm::direct, /*extracted=*/true});
  const auto outcomes = score(GetParam(), jobs, executor_.get());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_NE(outcomes[i].verdict, Verdict::right) << names_[i];
    EXPECT_NE(outcomes[i].verdict, Verdict::infra_error) << names_[i] << outcomes[i].explanation;
  }
}

// The same sandbox still tells right from wrong after each of them.
TEST_P(HostileAnswers, AnHonestProgramIsRightAfterwards) {
  const Check method = one_test(true), program = one_test(false);
  const std::string value = "'" + std::string(kSecret) + "'";
  const std::string honest = "print(" + value + ")";
  const std::string honest_method =
      "class Solution:\n    def solve(self, n):\n        return " + value;
  for (const char* hostile : {"always_equal", "forge_protocol", "own_verdict", "leave_files"}) {
    const auto found = std::ranges::find(names_, hostile);
    ASSERT_NE(found, names_.end()) << hostile;
    const std::string& code = programs_[std::size_t(found - names_.begin())];
    const bool is_call = code.contains("class Solution");
    const Check& check = is_call ? method : program;
    const ScoreJob jobs[] = {{&check, code, PromptForm::direct, true},
                             {&check, is_call ? honest_method : honest, PromptForm::direct, true}};
    const auto outcomes = score(GetParam(), jobs, executor_.get());
    EXPECT_NE(outcomes[0].verdict, Verdict::right) << hostile;
    EXPECT_EQ(outcomes[1].verdict, Verdict::right) << hostile << ": " << outcomes[1].explanation;
  }
}

INSTANTIATE_TEST_SUITE_P(Each, HostileAnswers,
                         testing::Values(ScorerKind::official, ScorerKind::strict),
                         [](const auto& info) { return std::string(name(info.param)); });

}  // namespace
}  // namespace evalrun
