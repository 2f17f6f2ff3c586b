#include "scorers/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scorers/fake_executor.h"

namespace evalrun {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kOfficial = ScorerKind::official;
constexpr auto kStrict = ScorerKind::strict;

const std::string kCode = "def f(n):\n    return n + 1";
const Check kOutput = ExactLiteral{kCode, "3", "4"};
const Check kInput = PythonAssert{kCode, "3", "4"};
const Check kLetters = LetterCount{"strawberry", 'r', 3};

ScoreOutcome score_one(ScorerKind kind, const Check& check, std::string text, Executor* executor,
                       bool extracted = true) {
  const ScoreJob job{&check, std::move(text), PromptForm::direct, extracted};
  return score(kind, {&job, 1}, executor)[0];
}

TEST(OfficialScore, RunsTheSplicedProgram) {
  FakeExecutor executor;
  executor.results[kCode + "\nassert 4 == 4"] = exec_result(ExecStatus::ok);
  EXPECT_EQ(score_one(kOfficial, kOutput, "4", &executor).verdict, Verdict::right);
  EXPECT_EQ(score_one(kOfficial, kOutput, "assert f(2) == 4", &executor, false).verdict,
            Verdict::right);
  const ScoreOutcome wrong = score_one(kOfficial, kOutput, "5", &executor);
  EXPECT_EQ(wrong.verdict, Verdict::wrong);
  EXPECT_EQ(wrong.explanation, "AssertionError");
  EXPECT_EQ(wrong.extracted, "5");
  EXPECT_FALSE(wrong.skipped);
}

TEST(OfficialScore, SkipsEchoesAndAnswersWithoutACall) {
  FakeExecutor executor;
  for (const auto& [check, text] : std::vector<std::pair<const Check*, std::string>>{
           {&kOutput, "f(3)"}, {&kOutput, "x + f(3)"}, {&kInput, "3"}, {&kInput, ""}}) {
    const ScoreOutcome outcome = score_one(kOfficial, *check, text, &executor);
    EXPECT_TRUE(outcome.skipped) << text;
    EXPECT_EQ(outcome.verdict, Verdict::wrong) << text;
  }
  EXPECT_TRUE(executor.asked.empty());
  EXPECT_FALSE(score_one(kOfficial, kOutput, "f( 3)", &executor).skipped);
  EXPECT_FALSE(score_one(kOfficial, kInput, "0 or 'f('", &executor).skipped);
}

TEST(OfficialScore, NoFailureIsRightAndOursIsOurs) {
  const std::pair<ExecStatus, Verdict> expected[] = {
      {ExecStatus::ok, Verdict::right},
      {ExecStatus::raised, Verdict::wrong},
      {ExecStatus::exited, Verdict::wrong},
      {ExecStatus::crashed, Verdict::crashed},
      {ExecStatus::time_limit, Verdict::time_limit},
      {ExecStatus::memory_limit, Verdict::memory_limit},
      {ExecStatus::output_limit, Verdict::output_limit},
      {ExecStatus::infra_error, Verdict::infra_error}};
  for (const auto& [status, verdict] : expected) {
    FakeExecutor executor;
    executor.default_result = exec_result(status, "", "why");
    EXPECT_EQ(score_one(kOfficial, kOutput, "2 + 2", &executor).verdict, verdict);
  }
  EXPECT_EQ(score_one(kOfficial, kOutput, "1", nullptr).verdict, Verdict::infra_error);
}

TEST(StrictScoreOutput, ComparesLiteralsAndRunsNothing) {
  const auto verdict = [](std::string expected, std::string text) {
    const Check check = ExactLiteral{kCode, "3", std::move(expected)};
    return score_one(kStrict, check, std::move(text), nullptr).verdict;
  };
  EXPECT_EQ(verdict("'a'", "\"a\""), Verdict::right);
  EXPECT_EQ(verdict("{1: 2, 3: 4}", "{3:4,1:2}"), Verdict::right);
  EXPECT_EQ(verdict("True", "1"), Verdict::right);
  EXPECT_EQ(verdict("[1]", "(1,)"), Verdict::wrong);
  EXPECT_EQ(verdict("'a'", "a"), Verdict::no_answer);
  EXPECT_EQ(verdict("4", ""), Verdict::no_answer);
  EXPECT_EQ(verdict("f(", "4"), Verdict::infra_error);  // a broken suite is not the model's fault
}

TEST(StrictScoreOutput, ExplainsInOnePrintableLine) {
  const ScoreOutcome outcome =
      score_one(kStrict, kOutput, "'''\n\x1b[2J" + std::string(1000, 'x') + "'''", nullptr);
  EXPECT_EQ(outcome.verdict, Verdict::wrong);
  EXPECT_THAT(outcome.explanation, HasSubstr("the answer is '\\n\\x1b[2Jxxx"));
  EXPECT_THAT(outcome.explanation, HasSubstr("..., expected 4"));
  EXPECT_LT(outcome.explanation.size(), 300u);
  FakeExecutor executor;
  executor.default_result =
      exec_result(ExecStatus::raised, "", "ValueError: \x1b[2J\n" + std::string(999, 'y'));
  const ScoreOutcome raised = score_one(kOfficial, kOutput, "1", &executor);
  EXPECT_THAT(raised.explanation, HasSubstr("ValueError: \\x1b[2J\\nyyy"));
  EXPECT_LT(raised.explanation.size(), 300u);
}

TEST(StrictScoreInput, RunsOnlyReprintedLiterals) {
  FakeExecutor executor;
  executor.results[kCode + "|3, x=[1]"] = exec_result(ExecStatus::ok, "4.0");
  EXPECT_EQ(score_one(kStrict, kInput, "f( 0b11 ,x = [ 1 ] )", &executor).verdict, Verdict::right);
  EXPECT_THAT(executor.asked, ElementsAre("call: " + kCode + "|3, x=[1]"));
  EXPECT_EQ(score_one(kStrict, kInput, "f(open('x'))", &executor).verdict, Verdict::no_answer);
  EXPECT_EQ(score_one(kStrict, kInput, "3", &executor).verdict, Verdict::no_answer);
  EXPECT_EQ(executor.asked.size(), 1u);
}

TEST(StrictScoreInput, TheSuitesOwnArgumentsNeedNotBeLiterals) {
  const Check check = PythonAssert{"def f(g):\n    return g(1)", "lambda x: x", "1"};
  FakeExecutor executor;
  executor.default_result = exec_result(ExecStatus::ok, "1");
  EXPECT_EQ(score_one(kStrict, check, "f(lambda x: x)", &executor).verdict, Verdict::right);
  EXPECT_EQ(score_one(kStrict, check, "f(lambda y: y)", &executor).verdict, Verdict::no_answer);
}

TEST(StrictScoreInput, EveryEndOfARun) {
  const std::tuple<ExecResult, Verdict, std::string> expected[] = {
      {exec_result(ExecStatus::ok, "4"), Verdict::right, ""},
      {exec_result(ExecStatus::ok, "5"), Verdict::wrong, "f(...) is 5, expected 4"},
      {exec_result(ExecStatus::ok, "<range object>"), Verdict::wrong, "no literal: <range object>"},
      {exec_result(ExecStatus::ok, "nan"), Verdict::wrong, "no literal: nan"},
      {exec_result(ExecStatus::raised, "", "TypeError: x"), Verdict::program_error, "TypeError: x"},
      {exec_result(ExecStatus::exited, "", "exit"), Verdict::program_error, "exit"},
      {exec_result(ExecStatus::crashed, "", "SIGSEGV"), Verdict::crashed, "SIGSEGV"},
      {exec_result(ExecStatus::time_limit, "", "3 s"), Verdict::time_limit, "3 s"},
      {exec_result(ExecStatus::memory_limit, "", "1 GiB"), Verdict::memory_limit, "1 GiB"},
      {exec_result(ExecStatus::output_limit, "", "stdout"), Verdict::output_limit, "stdout"},
      {exec_result(ExecStatus::infra_error, "", "no fork"), Verdict::infra_error, "no fork"}};
  for (const auto& [result, verdict, explanation] : expected) {
    FakeExecutor executor;
    executor.default_result = result;
    const ScoreOutcome outcome = score_one(kStrict, kInput, "f(3)", &executor);
    EXPECT_EQ(outcome.verdict, verdict) << result.value << result.detail;
    EXPECT_THAT(outcome.explanation, HasSubstr(explanation));
  }
  EXPECT_EQ(score_one(kStrict, kInput, "f(3)", nullptr).verdict, Verdict::infra_error);
}

TEST(LettersScore, BothScorersUseOurRules) {
  for (const ScorerKind kind : {kOfficial, kStrict}) {
    EXPECT_EQ(score_one(kind, kLetters, "Answer: 3", nullptr, false).verdict, Verdict::right);
    EXPECT_EQ(score_one(kind, kLetters, "Answer: two", nullptr, false).verdict, Verdict::wrong);
    EXPECT_EQ(score_one(kind, kLetters, "who knows", nullptr, false).verdict, Verdict::no_answer);
    EXPECT_EQ(score_one(kind, kLetters, std::string(99, '9'), nullptr).verdict, Verdict::wrong);
  }
  EXPECT_FALSE(has_official(kLetters));
  EXPECT_FALSE(needs_sandbox(kOfficial, kLetters));
}

TEST(Score, WhatNeedsTheSandbox) {
  EXPECT_TRUE(needs_sandbox(kOfficial, kOutput));
  EXPECT_TRUE(needs_sandbox(kOfficial, kInput));
  EXPECT_FALSE(needs_sandbox(kStrict, kOutput));
  EXPECT_TRUE(needs_sandbox(kStrict, kInput));
}

TEST(Score, EqualProgramsRunOnceAndOutcomesKeepTheirPlaces) {
  std::vector<ScoreJob> jobs;
  for (int i = 0; i < 300; ++i) {
    jobs.push_back({&kOutput, std::to_string(i % 7), PromptForm::direct, true});
  }
  for (const int workers : {1, 8}) {
    FakeExecutor executor;
    executor.results[kCode + "\nassert 4 == 4"] = exec_result(ExecStatus::ok);
    std::map<std::size_t, Verdict> told;
    const ScoreOptions options{workers, [&](std::size_t job, const ScoreOutcome& outcome) {
                                 EXPECT_TRUE(told.emplace(job, outcome.verdict).second);
                               }};
    const auto outcomes = score(kOfficial, jobs, &executor, options);
    ASSERT_EQ(outcomes.size(), 300u);
    for (int i = 0; i < 300; ++i) {
      EXPECT_EQ(outcomes[i].verdict, i % 7 == 4 ? Verdict::right : Verdict::wrong);
      EXPECT_EQ(outcomes[i].extracted, std::to_string(i % 7));
    }
    EXPECT_EQ(executor.asked.size(), 1u);  // the others are plain literals
    ASSERT_EQ(told.size(), 300u);
    for (const auto& [job, verdict] : told) EXPECT_EQ(verdict, outcomes[job].verdict);
  }
  EXPECT_TRUE(score(kStrict, {}, nullptr).empty());
}

// `assert 4 == 4` ends well, so that plain literals need no run; what is none is run.
TEST(Score, PlainLiteralsAreForetold) {
  const std::vector<std::string> texts = {"4", "4.0", "5", "'x'", "4, 5", "2 + 2", "5"};
  std::vector<ScoreJob> jobs;
  for (const std::string& text : texts) jobs.push_back({&kOutput, text, PromptForm::direct, true});
  FakeExecutor executor;
  for (const char* right : {"4", "4, 5", "2 + 2"}) {
    executor.results[kCode + "\nassert 4 == " + right] = exec_result(ExecStatus::ok);
  }
  ScoreStats stats;
  const auto outcomes =
      score(kOfficial, jobs, &executor, {.workers = 1, .on_outcome = {}, .stats = &stats});
  std::vector<Verdict> verdicts;
  for (const ScoreOutcome& outcome : outcomes) verdicts.push_back(outcome.verdict);
  constexpr auto kRight = Verdict::right, kWrong = Verdict::wrong;
  EXPECT_THAT(verdicts, ElementsAre(kRight, kRight, kWrong, kWrong, kRight, kRight, kWrong));
  EXPECT_EQ(outcomes[2].explanation, "AssertionError");
  EXPECT_EQ(executor.asked.size(), 3u);
  EXPECT_EQ(stats.programs, 7u);
  EXPECT_EQ(stats.distinct, 6u);
  EXPECT_EQ(stats.runs_saved, 4u);
}

// If the problem's own code does not end well, nothing can be foretold.
TEST(Score, NothingIsForetoldOfCodeThatFails) {
  FakeExecutor executor;
  executor.default_result = exec_result(ExecStatus::time_limit, "", "3 s");
  EXPECT_EQ(score_one(kOfficial, kOutput, "5", &executor).verdict, Verdict::time_limit);
  EXPECT_EQ(executor.asked.size(), 2u);
}

}  // namespace
}  // namespace evalrun
