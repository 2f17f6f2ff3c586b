// The sets of scoring rules. Each has two steps: plan, before anything runs, and judge, after.
// check_scorer.h does what lies between.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "scorers/executor.h"
#include "scorers/pyvalue.h"
#include "scorers/score.h"

namespace evalrun {

// What has to run before a job's verdict is known. Equal runs of one check have equal results.
struct Run {
  enum class Kind { assert_program, call, tests };
  Kind kind = Kind::assert_program;
  std::string code;                 // assert_program: all of it
  std::string arguments = {};       // call: of f
  Prelude prelude = Prelude::none;  // assert_program
  auto operator<=>(const Run&) const = default;
};

// Foretells an assertion on a literal: if `base`, the problem's code with "assert E == E", ends
// well, the run would end well or with an AssertionError, as the literals say.
struct Shortcut {
  Run base;
  bool is_equal = false;
};

struct Plan {
  ScoreOutcome outcome;    // final if there is nothing to run
  std::optional<Run> run;  // the judge completes `outcome` from its result
  std::optional<Shortcut> shortcut = {};
};

// CRUXEval's rules: ExactLiteral and PythonAssert. rules_official.cc
Plan plan_official(const ScoreJob& job);
// Also of LiveCodeBench's code execution, which has a copy of that executor.
void judge_official(const ExecResult& result, ScoreOutcome& outcome);
// The program, and its shortcut if there is one.
Plan plan_assertion(const std::string& code, const std::string& expected, std::string answer,
                    Prelude prelude);
Plan skip(std::string answer, std::string why);

// LiveCodeBench's rules: PythonTests, CallOutput, TestOutput. rules_lcb_official.cc
Plan plan_lcb_official(const ScoreJob& job);
void judge_lcb_official(const TestOutput& check, const ExecResult& result, ScoreOutcome& outcome);
// Runs `program` on the tests and completes `outcome`. lcb_grade.cc
void test_official(const PythonTests& check, std::span<const TestCase> tests,
                   const std::string& program, Executor& executor, ScoreOutcome& outcome);

// Our rules: every check. rules_strict.cc, rules_lcb_strict.cc
Plan plan_strict(const ScoreJob& job);
void judge_strict(const Check& check, const ExecResult& result, ScoreOutcome& outcome);
void test_strict(const PythonTests& check, std::span<const TestCase> tests,
                 const std::string& program, Executor& executor, ScoreOutcome& outcome);

// Hostile text for an explanation: one printable line of at most some 200 characters.
std::string quoted(std::string_view text);

void conclude(ScoreOutcome& outcome, Verdict verdict, std::string explanation);
// Right or wrong by Python's ==; `what` is "the answer" or "f(...)". A broken `expected` is ours.
void conclude_equal(std::string_view what, const PyValue& value, const Result<PyValue>& expected,
                    ScoreOutcome& outcome);

// The verdict on a program that did not end well, as we see it.
Verdict verdict_of_failure(ExecStatus status);

// The third-party module that `result` failed for, if a grader has it and this machine does not
// (or cannot load it): our failure then. LiveCodeBench's environment (its uv.lock) has no
// sortedcontainers; a judge has.
std::optional<std::string> missing_module(const ExecResult& result, ScorerKind kind);

// Values of tests may be large: LiveCodeBench's expected values reach some megabytes.
inline constexpr std::size_t kMaxResultBytes = std::size_t(64) << 20;

}  // namespace evalrun
