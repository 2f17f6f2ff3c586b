// Turns LiveCodeBench's rows into prompts in one style. The texts are prompts/PROFILE/lcb.*.txt.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/core/prompt_set.h"
#include "harness/core/result.h"
#include "harness/core/types.h"
#include "tasks/lcb_problem.h"
#include "tasks/lcb_repair.h"
#include "tasks/lcb_style.h"
#include "tasks/suite.h"

namespace evalrun {

enum class LcbScenario { code, exec, testgen, repair };

// A Sample's two prompt forms and its bare task. `direct` has the structure of the official prompt,
// `cot` asks for the thinking in writing before it.
struct LcbAsked {
  Prompt direct;
  Prompt cot;
  std::string question;
};

// Immutable, so thread-safe. The functions CHECK that they belong to the scenario.
class LcbPrompts {
 public:
  // Errors: an unknown style; a style the scenario cannot be asked in (generic-base repairs
  // nothing: a base model continues text, and the official code has no such prompt); those of
  // PromptSet.
  static Result<LcbPrompts> load(const SuiteOptions& options, LcbScenario scenario);

  LcbAsked code(const LcbProblem& problem) const;
  // [ANSWER] assert CALL == VALUE [/ANSWER]. A system message only in styles that have one of its
  // own, as in the official code.
  LcbAsked exec(const LcbExecRow& row) const;
  // Completes `assert f(ARGUMENTS) == ??`.
  LcbAsked testgen(const LcbTestgenRow& row) const;
  // An attempt that was not right. As in the official prompt the format asked for is always that of
  // a program from stdin, and starter code is not shown again.
  LcbAsked repair(const LcbProblem& problem, const LcbAttempt& attempt) const;

  // What the answer is enclosed in, for the Check: `none` only for code in a one-shot style.
  CodeFence fence() const;
  const std::string& sha256() const { return texts_.sha256(); }

 private:
  LcbPrompts(LcbScenario scenario, const LcbStyle& style, PromptSet texts)
      : scenario_(scenario), style_(&style), texts_(std::move(texts)) {}

  std::string fill(
      std::string_view name,
      std::initializer_list<std::pair<std::string_view, std::string_view>> values) const;
  std::string verdict(const LcbFailure& failure) const;
  Prompt compose(std::string_view system_name, std::string turn) const;

  LcbScenario scenario_;
  const LcbStyle* style_;  // of lcb_prompt_styles(), which lives as long as the program
  PromptSet texts_;
};

// Every prompt name of every scenario and style.
std::span<const std::string_view> lcb_prompt_names();

}  // namespace evalrun
