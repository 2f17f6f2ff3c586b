// LiveCodeBench's checks under both scorers, over a fake executor.
#include <atomic>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scorers/fake_executor.h"
#include "scorers/score.h"

namespace evalrun {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr auto kOfficial = ScorerKind::official;
constexpr auto kStrict = ScorerKind::strict;
constexpr auto kOk = ExecStatus::ok;

PythonTests tests_of(std::string entry_point, std::vector<TestCase> cases) {
  PythonTests tests;
  tests.entry_point = std::move(entry_point);
  tests.load_tests = [cases]() -> Result<std::vector<TestCase>> { return cases; };
  return tests;
}

const Check kProgram = tests_of("", {{"1\n", "2\n"}, {"3\n", "4\n"}});
const Check kMethod = tests_of("solve", {{"[1]\n\"a\"", "[2, 3]"}, {"[]\n\"b\"", "0.5"}});

ScoreOutcome score_one(ScorerKind kind, const Check& check, std::string text, Executor* executor,
                       bool extracted = true) {
  const ScoreJob job{&check, std::move(text), PromptForm::direct, extracted};
  return score(kind, {&job, 1}, executor)[0];
}

// The outcome of the program "p", whose tests end as given.
ScoreOutcome graded(ScorerKind kind, const Check& check, std::vector<ExecResult> results) {
  FakeExecutor executor;
  executor.test_results["p"] = std::move(results);
  return score_one(kind, check, "p", &executor);
}

ExecResult failed(ExecStatus status, std::string detail, bool before_tests = false) {
  ExecResult result = exec_result(status, "", std::move(detail));
  result.before_tests = before_tests;
  return result;
}

TEST(OfficialProgramTests, RightWhenEveryTestIs) {
  FakeExecutor executor;
  executor.test_results["p"] = {exec_result(kOk, "2"), exec_result(kOk, " 4.0 \n\n")};
  executor.test_results["p"][0].cpu_us = 250'000;
  executor.test_results["p"][1].cpu_us = 500'000;
  const ScoreOutcome outcome = score_one(kOfficial, kProgram, "```\np\n```", &executor, false);
  EXPECT_EQ(outcome.verdict, Verdict::right);
  EXPECT_EQ(outcome.extracted, "p");
  EXPECT_EQ(outcome.explanation, "");
  EXPECT_EQ(outcome.details, R"j({"results":[true,true],"metadata":{"execution time":0.75}})j");
  ASSERT_EQ(executor.tested.size(), 1u);
  EXPECT_TRUE(executor.tested[0].official);
  EXPECT_EQ(executor.tested[0].entry_point, "");
  EXPECT_THAT(executor.inputs_seen, ElementsAre("1\n", "3\n"));
}

TEST(OfficialProgramTests, StopsAtTheFirstFailure) {
  const ScoreOutcome outcome =
      graded(kOfficial, kProgram, {exec_result(kOk, "2"), exec_result(kOk, "5")});
  EXPECT_EQ(outcome.verdict, Verdict::wrong);
  EXPECT_EQ(outcome.explanation, "test 2: Wrong answer at output_line_idx=0: 5 != 4");
  EXPECT_EQ(outcome.details,
            R"j({"results":[true,-2],"metadata":{"output":"5","inputs":"3\n","expected":"4\n",)j"
            R"j("error_code":-2,"error_message":"Wrong answer at output_line_idx=0: 5 != 4"}})j");
  const ScoreOutcome first = graded(kOfficial, kProgram, {exec_result(kOk, ""), exec_result(kOk)});
  EXPECT_THAT(first.details, StartsWith(R"j({"results":[-2],)j"));
}

TEST(OfficialProgramTests, EveryBadEnd) {
  struct {
    ExecResult result;
    Verdict verdict;
    std::string details;
  } const expected[] = {
      {failed(ExecStatus::raised, "KeyError(1)"), Verdict::program_error,
       R"j({"results":[true,-4],"metadata":{"error":"KeyError(1)","error_code":-4,)j"
       R"j("error_message":"Runtime Error","inputs":"3\n","expected":"4\n"}})j"},
      {failed(ExecStatus::time_limit, "TimeoutException()"), Verdict::time_limit,
       R"j({"results":[true,-3],"metadata":{"error":"TimeoutException()","error_code":-3,)j"
       R"j("error_message":"Time Limit Exceeded","inputs":"3\n","expected":"4\n"}})j"},
      {failed(ExecStatus::time_limit, "wall time"), Verdict::time_limit,  // it slept
       R"j({"results":[true,-3],"metadata":{"error":"TimeoutException()","error_code":-3,)j"
       R"j("error_message":"Time Limit Exceeded","inputs":"3\n","expected":"4\n"}})j"},
      // The grader goes by the word alone, so a program can call itself too slow.
      {failed(ExecStatus::raised, "ValueError('TimeOutExceptional')"), Verdict::time_limit,
       R"j({"results":[true,-3],"metadata":{"error":"ValueError('TimeOutExceptional')",)j"
       R"j("error_code":-3,"error_message":"Time Limit Exceeded","inputs":"3\n",)j"
       R"j("expected":"4\n"}})j"},
      {failed(ExecStatus::memory_limit, "MemoryError"), Verdict::memory_limit,
       R"j({"results":[true,-4],"metadata":{"error":"MemoryError()","error_code":-4,)j"
       R"j("error_message":"Runtime Error","inputs":"3\n","expected":"4\n"}})j"}};
  for (const auto& [result, verdict, details] : expected) {
    const ScoreOutcome outcome = graded(kOfficial, kProgram, {exec_result(kOk, "2"), result});
    EXPECT_EQ(outcome.verdict, verdict) << result.detail;
    EXPECT_EQ(outcome.details, details);
    EXPECT_THAT(outcome.explanation, StartsWith("test 2: ")) << result.detail;
  }
}

// What ends the grader's process leaves [-2] and error code -5, however many tests had passed.
TEST(OfficialProgramTests, NoResult) {
  const std::pair<ExecResult, Verdict> expected[] = {
      {failed(ExecStatus::exited, "exit 0: ended before its program did"), Verdict::program_error},
      {failed(ExecStatus::crashed, "SIGSEGV"), Verdict::crashed},
      {failed(ExecStatus::time_limit, "CPU time"), Verdict::time_limit},
      {failed(ExecStatus::memory_limit, "killed"), Verdict::memory_limit},
      {failed(ExecStatus::output_limit, "stdout"), Verdict::output_limit}};
  for (const auto& [result, verdict] : expected) {
    const ScoreOutcome outcome = graded(kOfficial, kProgram, {exec_result(kOk, "2"), result});
    EXPECT_EQ(outcome.verdict, verdict) << result.detail;
    EXPECT_EQ(outcome.details,
              R"j({"results":[-2],"metadata":{"error":"IndexError('list index out of range')",)j"
              R"j("error_code":-5,"error_message":"TestRunnerError"}})j")
        << result.detail;
  }
}

TEST(OfficialProgramTests, WhatCannotBeTested) {
  const std::string message =
      "expected an indented block after function definition on line 38 (<string>, line 38)";
  const ScoreOutcome outcome =
      graded(kOfficial, kProgram, {failed(ExecStatus::raised, message, true)});
  EXPECT_EQ(outcome.verdict, Verdict::program_error);
  EXPECT_EQ(outcome.details, R"j({"results":[-4],"metadata":{"error_code":-4,"error_message":)j"
                             R"j("Error during testing: )j" +
                                 message + R"j("}})j");
  const ScoreOutcome slow = graded(kOfficial, kProgram, {failed(ExecStatus::time_limit, "", true)});
  EXPECT_EQ(slow.verdict, Verdict::time_limit);
  EXPECT_THAT(slow.details, StartsWith(R"j({"results":[-4],)j"));
}

TEST(OfficialProgramTests, ASignalingNanIsTheGradersOwnFailure) {
  const Check check = tests_of("", {{"", "1"}, {"", "1"}});
  const ScoreOutcome outcome =
      graded(kOfficial, check, {exec_result(kOk, "1"), exec_result(kOk, "sNaN")});
  EXPECT_EQ(outcome.verdict, Verdict::program_error);
  EXPECT_EQ(outcome.details, R"j({"results":[-4],"metadata":{"error_code":-4,"error_message":)j"
                             R"j("Error during testing: [<class 'decimal.InvalidOperation'>]"}})j");
}

TEST(OfficialMethodTests, ValuesAndTheirWords) {
  EXPECT_EQ(
      graded(kOfficial, kMethod, {exec_result(kOk, "(2, 3)"), exec_result(kOk, "0.5")}).details,
      R"j({"results":[true,true],"metadata":{"execution time":0.0}})j");
  const ScoreOutcome outcome = graded(kOfficial, kMethod, {exec_result(kOk, "(2, [3])")});
  EXPECT_EQ(outcome.verdict, Verdict::wrong);
  EXPECT_EQ(outcome.details,
            R"j({"results":[false],"metadata":{"output":"[2, [3]]","inputs":"[[1], 'a']",)j"
            R"j("expected":"[2, 3]","error_code":-2,"error_message":"Wrong Answer"}})j");
  // No tolerance; and what is no literal, whatever its __eq__ would say, is equal to nothing.
  EXPECT_THAT(
      graded(kOfficial, kMethod, {exec_result(kOk, "[2, 3]"), exec_result(kOk, "0.5000001")})
          .details,
      StartsWith(R"j({"results":[true,false],)j"));
  EXPECT_EQ(graded(kOfficial, kMethod, {exec_result(kOk, "<Always object>")}).verdict,
            Verdict::wrong);
}

// SystemExit is no Exception: it ends the grader's process when a method raises it.
TEST(OfficialMethodTests, SystemExitIsNoResultThereButAnEndOfWholePrograms) {
  const ExecResult exited = failed(ExecStatus::exited, "exit 1: SystemExit");
  EXPECT_THAT(graded(kOfficial, kMethod, {exited}).details, HasSubstr(R"j("error_code":-5)j"));
  EXPECT_THAT(graded(kOfficial, kProgram, {exited}).details, StartsWith(R"j({"results":[-2],)j"));
  EXPECT_THAT(graded(kOfficial, kProgram, {exited}).details, HasSubstr("Wrong answer at"));
}

TEST(StrictPrograms, ComparedAsAJudgeDoes) {
  FakeExecutor executor;
  executor.test_results["p\n"] = {exec_result(kOk, "2\n"), exec_result(kOk, "4.0")};
  const ScoreOutcome outcome = score_one(kStrict, kProgram, "```python\np\n```", &executor, false);
  EXPECT_EQ(outcome.verdict, Verdict::right);
  EXPECT_EQ(outcome.details, "");
  EXPECT_FALSE(executor.tested.at(0).official);
  const ScoreOutcome wrong =
      graded(kStrict, kProgram, {exec_result(kOk, "2"), exec_result(kOk, "5")});
  EXPECT_EQ(wrong.verdict, Verdict::wrong);
  EXPECT_EQ(wrong.explanation, "test 2: line 1: word 1 is 5, expected 4");
  const std::vector<ExecResult> near = {exec_result(kOk, "[2, (3)]"), exec_result(kOk, "0.500009")};
  EXPECT_EQ(graded(kStrict, kMethod, near).verdict, Verdict::right);
  const ScoreOutcome far = graded(kStrict, kMethod, {exec_result(kOk, "[2, 4]")});
  EXPECT_EQ(far.explanation, "test 1: the result is [2, 4], expected [2, 3]");
}

TEST(StrictPrograms, EveryBadEndHasItsVerdict) {
  const std::pair<ExecStatus, Verdict> expected[] = {
      {ExecStatus::raised, Verdict::program_error},
      {ExecStatus::exited, Verdict::program_error},
      {ExecStatus::crashed, Verdict::crashed},
      {ExecStatus::time_limit, Verdict::time_limit},
      {ExecStatus::memory_limit, Verdict::memory_limit},
      {ExecStatus::output_limit, Verdict::output_limit},
      {ExecStatus::infra_error, Verdict::infra_error}};
  for (const auto& [status, verdict] : expected) {
    const ScoreOutcome outcome =
        graded(kStrict, kProgram, {exec_result(kOk, "2"), failed(status, "why")});
    EXPECT_EQ(outcome.verdict, verdict);
    EXPECT_EQ(outcome.explanation, "test 2: why");
  }
}

TEST(StrictPrograms, NoProgramAndKnownFaults) {
  FakeExecutor executor;
  const ScoreOutcome none = score_one(kStrict, kProgram, "I do not know.", &executor, false);
  EXPECT_EQ(none.verdict, Verdict::no_answer);
  EXPECT_EQ(none.explanation, "no program found");
  EXPECT_TRUE(executor.tested.empty());
  PythonTests faulty = tests_of("", {{"", "a"}});
  faulty.erratum = "several right answers";
  EXPECT_EQ(
      graded(kStrict, Check(faulty), {exec_result(kOk, "b")}).explanation,
      "test 1: line 1: word 1 is b, expected a (known of these tests: several right answers)");
}

TEST(ProgramTests, OurFailuresAreNeverTheModels) {
  const std::string numpy_is_broken = "Importing the numpy C-extensions failed. This error ...";
  for (const ScorerKind kind : {kOfficial, kStrict}) {
    PythonTests unreadable;
    unreadable.load_tests = []() -> Result<std::vector<TestCase>> { return input_error("gone"); };
    const std::pair<Check, std::vector<ExecResult>> cases[] = {
        {unreadable, {exec_result(kOk)}},
        {tests_of("", {}), {}},                                  // no tests
        {kProgram, {exec_result(kOk, "2")}},                     // a test was left out
        {tests_of("f", {{"1", "{"}}), {exec_result(kOk, "1")}},  // a broken test
        {kProgram, {failed(ExecStatus::infra_error, "no fork")}},
        {kProgram,
         {failed(ExecStatus::raised, "ModuleNotFoundError(\"No module named 'numpy'\")")}},
        // NumPy's words where a library that it is linked with is missing.
        {kProgram, {failed(ExecStatus::raised, "ImportError: " + numpy_is_broken)}},
        {kProgram, {failed(ExecStatus::raised, numpy_is_broken, true)}},
        {kProgram, {failed(ExecStatus::raised, "No module named 'scipy.stats'", true)}}};
    for (const auto& [check, results] : cases) {
      const ScoreOutcome outcome = graded(kind, check, results);
      EXPECT_EQ(outcome.verdict, Verdict::infra_error) << outcome.explanation;
      EXPECT_NE(outcome.explanation, "");
      EXPECT_EQ(outcome.details, "");
    }
    EXPECT_EQ(score_one(kind, kProgram, "p", nullptr).verdict, Verdict::infra_error);
  }
}

// The official graders have no sortedcontainers either; judges do.
TEST(ProgramTests, MissingModules) {
  const std::string message = "ModuleNotFoundError: No module named 'sortedcontainers'";
  EXPECT_EQ(graded(kOfficial, kProgram, {failed(ExecStatus::raised, message)}).verdict,
            Verdict::program_error);
  const ScoreOutcome strict = graded(kStrict, kProgram, {failed(ExecStatus::raised, message)});
  EXPECT_EQ(strict.verdict, Verdict::infra_error);
  EXPECT_EQ(strict.explanation, "test 1: module sortedcontainers is not installed here");
  const std::string unknown = "ModuleNotFoundError: No module named 'nonsense'";
  EXPECT_EQ(graded(kStrict, kProgram, {failed(ExecStatus::raised, unknown)}).verdict,
            Verdict::program_error);
}

TEST(ProgramTests, TestsAreLoadedOnceAndEqualProgramsRunOnce) {
  auto loads = std::make_shared<std::atomic<int>>(0);
  std::vector<Check> checks;
  for (int i = 0; i < 3; ++i) {
    PythonTests tests;
    tests.load_tests = [loads]() -> Result<std::vector<TestCase>> {
      ++*loads;
      return std::vector<TestCase>{{"", "1"}};
    };
    checks.push_back(tests);
  }
  std::vector<ScoreJob> jobs;
  for (int i = 0; i < 30; ++i) {
    const char* program = i % 2 == 0 ? "good" : "bad";
    jobs.push_back({&checks[std::size_t(i % 3)], program, PromptForm::direct, true});
  }
  FakeExecutor executor;
  executor.test_results["good"] = {exec_result(kOk, "1")};
  executor.test_results["bad"] = {exec_result(kOk, "2")};
  ScoreStats stats;
  ScoreOptions options;
  options.workers = 4;
  options.stats = &stats;
  const auto outcomes = score(kOfficial, jobs, &executor, options);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(outcomes[i].verdict, i % 2 == 0 ? Verdict::right : Verdict::wrong);
  }
  EXPECT_EQ(*loads, 3);
  EXPECT_EQ(executor.tested.size(), 6u);
  EXPECT_EQ(stats.programs, 30u);
  EXPECT_EQ(stats.distinct, 6u);
  EXPECT_EQ(stats.runs_saved, 24u);
}

const Check kCall = CallOutput{"def add(a):\n    return a + 1", "add(a = 3)", "4"};

TEST(OfficialCallOutput, RunsTheAssertionWithTheImports) {
  FakeExecutor executor;
  const std::string program = "def add(a):\n    return a + 1\nassert 4 == ";
  executor.results[program + "4"] = exec_result(kOk);
  executor.results[program + "2 + 2"] = exec_result(kOk);
  EXPECT_EQ(score_one(kOfficial, kCall, "2 + 2", &executor).verdict, Verdict::right);
  EXPECT_THAT(executor.asked, ElementsAre("lcb assert: " + program + "2 + 2"));
  EXPECT_EQ(score_one(kOfficial, kCall, "4 [/ANSWER]", &executor, false).verdict, Verdict::right);
  EXPECT_EQ(score_one(kOfficial, kCall, "5", &executor).verdict, Verdict::wrong);
  const ScoreOutcome echo = score_one(kOfficial, kCall, "1 + add(a = 3)", &executor);
  EXPECT_TRUE(echo.skipped);
  EXPECT_EQ(echo.verdict, Verdict::wrong);
  EXPECT_FALSE(score_one(kOfficial, kCall, "add(a=3)", &executor).skipped);
}

TEST(StrictCallOutput, ComparesLiterals) {
  const auto verdict = [](std::string text) {
    return score_one(kStrict, kCall, std::move(text), nullptr, false).verdict;
  };
  EXPECT_EQ(verdict("[ANSWER]assert add(a = 3) == 4[/ANSWER]"), Verdict::right);
  EXPECT_EQ(verdict("so add(a = 3) == 4.0, as seen"), Verdict::right);
  EXPECT_EQ(verdict("[ANSWER]5[/ANSWER]"), Verdict::wrong);
  EXPECT_EQ(verdict("[ANSWER]add(a = 3)[/ANSWER]"), Verdict::no_answer);
}

const Check kTestOutput = TestOutput{"[1, 2]"};

TEST(OfficialTestOutput, PlainLiteralsNeedNoSandbox) {
  const std::pair<std::string, Verdict> expected[] = {
      {"assert f(\"a == b\", x=[1]) == [1, 2]", Verdict::right},
      {"  assert f(1)==[1.0, 2]  ", Verdict::right},
      {"[1, 2]", Verdict::right},
      {"assert f(1) == (1, 2)", Verdict::wrong},  // a tuple is no list
      {"assert f(1) == [2, 1]", Verdict::wrong},
      {"'[1, 2]'", Verdict::wrong}};
  for (const auto& [text, verdict] : expected) {
    EXPECT_EQ(score_one(kOfficial, kTestOutput, text, nullptr).verdict, verdict) << text;
  }
}

// These mean something else to Python, or may: the sandbox decides.
TEST(OfficialTestOutput, EverythingElseIsEvaluatedInTheSandbox) {
  for (const std::string text :
       {"assert f(1) == [1, 2], 'message'", "assert not(1) == [1, 2]", "assert f(x) == [1, 2]",
        "assert (f(1) == [1, 2])", "assert f(1) == [1, 2] == [1, 2]", "assert f(1) == [1] + [2]",
        "x\nassert f(1) == [1, 2]", "list(range(1, 3))", "", "assert 1(2) == [1, 2]",
        "assert f(1) == [1, 2] # so", "assertf(1) == [1, 2]"}) {
    FakeExecutor executor;
    executor.default_result = exec_result(kOk, "[1, 2]");
    EXPECT_EQ(score_one(kOfficial, kTestOutput, text, &executor).verdict, Verdict::right) << text;
    ASSERT_EQ(executor.asked.size(), 1u) << text;
    EXPECT_THAT(executor.asked[0], StartsWith("call: import ast\n"));
    EXPECT_EQ(score_one(kOfficial, kTestOutput, text, nullptr).verdict, Verdict::infra_error);
  }
}

// The text goes in as a string literal: it cannot leave its place.
TEST(OfficialTestOutput, TheTextIsAnArgument) {
  FakeExecutor executor;
  (void)score_one(kOfficial, kTestOutput, "'+\") or exit('\\", &executor);
  ASSERT_EQ(executor.asked.size(), 1u);
  EXPECT_TRUE(executor.asked[0].ends_with(R"j(|'\'+") or exit(\'\\')j")) << executor.asked[0];
}

TEST(OfficialTestOutput, EveryEndOfARun) {
  const std::pair<ExecResult, Verdict> expected[] = {
      {exec_result(kOk, "[1, 3]"), Verdict::wrong},
      {exec_result(kOk, "<Always object>"), Verdict::wrong},
      {exec_result(ExecStatus::raised, "", "NameError: x"), Verdict::wrong},
      {exec_result(ExecStatus::exited, "", "SystemExit"), Verdict::wrong},
      {exec_result(ExecStatus::time_limit), Verdict::time_limit},
      {exec_result(ExecStatus::infra_error), Verdict::infra_error}};
  for (const auto& [result, verdict] : expected) {
    FakeExecutor executor;
    executor.default_result = result;
    EXPECT_EQ(score_one(kOfficial, kTestOutput, "x", &executor).verdict, verdict);
  }
  const Check broken = TestOutput{"[1"};
  EXPECT_EQ(score_one(kOfficial, broken, "1", nullptr).verdict, Verdict::infra_error);
}

TEST(StrictTestOutput, ComparesLiterals) {
  const auto verdict = [](std::string text) {
    return score_one(kStrict, kTestOutput, std::move(text), nullptr, false).verdict;
  };
  EXPECT_EQ(verdict("assert f(x) == [1, 2], 'message'"), Verdict::right);
  EXPECT_EQ(verdict("```python\nassert f(1) == [1, 2]\n```"), Verdict::right);
  EXPECT_EQ(verdict("assert f(1) == [2, 1]"), Verdict::wrong);
  EXPECT_EQ(verdict("assert f(1) == [1] + [2]"), Verdict::no_answer);
  EXPECT_EQ(verdict("who knows"), Verdict::no_answer);
}

TEST(LcbScore, WhatNeedsTheSandboxAndVersions) {
  for (const Check* check : {&kProgram, &kMethod, &kCall, &kTestOutput}) {
    EXPECT_TRUE(has_official(*check));
    EXPECT_TRUE(needs_sandbox(kOfficial, *check));
    EXPECT_EQ(scorer_version(kOfficial, *check), "lcb-official/1");
    EXPECT_THAT(std::string(scorer_version(kOfficial)), HasSubstr("lcb-official/1"));
  }
  EXPECT_TRUE(needs_sandbox(kStrict, kProgram));
  EXPECT_FALSE(needs_sandbox(kStrict, kCall));
  EXPECT_FALSE(needs_sandbox(kStrict, kTestOutput));
}

}  // namespace
}  // namespace evalrun
