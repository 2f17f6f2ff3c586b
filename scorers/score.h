// Answers to verdicts.
//
//   official  what the suite's own scorer says, bug for bug (CRUXEval: facebookresearch/cruxeval at
//             190faf1). The answer is spliced into a program; right = the program ends well.
//   strict    ours. The answer must be a literal, or a call with literal arguments; it is read by
//   our
//             parser and compared as Python would; no text of the model is ever run.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/types.h"
#include "scorers/executor.h"

namespace evalrun {

struct ScoreJob {
  const Check* check = nullptr;
  std::string text;                      // what the model said; valid UTF-8
  PromptForm form = PromptForm::direct;  // how it was asked
  bool extracted = false;  // `text` is an extracted answer already (a generations file)
};

struct ScoreOutcome {
  Verdict verdict = Verdict::wrong;
  // official only: the evaluator drops this generation from n if another one of the sample is right
  // (the answer repeats the question's call, or holds no call). The verdict is wrong then.
  bool skipped = false;
  std::string extracted;    // what was compared, or run
  std::string explanation;  // one line; "" when right
  std::string details = {};      // see ScoreRecord
};

struct ScoreOptions {
  int workers = 0;                                                    // threads; 0 = one a CPU
  std::function<void(std::size_t done, std::size_t total)> progress;  // called by one at a time
};

// One outcome a job, by index; they do not depend on `workers`. Equal programs are run once. What
// needs the sandbox is an infra_error when `executor` is null.
std::vector<ScoreOutcome> score(ScorerKind kind, std::span<const ScoreJob> jobs, Executor* executor,
                                const ScoreOptions& options = {});

bool needs_sandbox(ScorerKind kind, const Check& check);

// false: the suite has no published scorer, and `official` scores by our rules too.
bool has_official(const Check& check);

// Changes whenever the rules do; scores of different versions are not comparable.
std::string_view scorer_version(ScorerKind kind);

}  // namespace evalrun
