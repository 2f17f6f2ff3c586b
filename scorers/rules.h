// The two sets of scoring rules, each in two steps: plan, before anything runs, and judge, after.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "scorers/executor.h"
#include "scorers/score.h"

namespace evalrun {

// What has to run before a job's verdict is known. Equal runs have equal results.
struct Run {
  enum class Kind { assert_program, call };
  Kind kind = Kind::assert_program;
  std::string code;       // assert_program: all of it
  std::string arguments;  // call: of f
  auto operator<=>(const Run&) const = default;
};

struct Plan {
  ScoreOutcome outcome;    // final if there is nothing to run
  std::optional<Run> run;  // the judge completes `outcome` from its result
};

Plan plan_official(const ScoreJob& job);  // CRUXEval's checks only
Plan plan_strict(const ScoreJob& job);

// Hostile text for an explanation: one printable line of at most some 200 characters.
std::string quoted(std::string_view text);

void judge_official(const ExecResult& result, ScoreOutcome& outcome);
void judge_strict(const Check& check, const ExecResult& result, ScoreOutcome& outcome);

}  // namespace evalrun
