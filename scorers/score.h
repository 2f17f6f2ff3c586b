// Answers to verdicts.
//
//   official  what the suite's own scorer says, bug for bug (CRUXEval: facebookresearch/cruxeval at
//             190faf1; LiveCodeBench at 28fef95). CRUXEval splices the answer into a program; right
//             = the program ends well. LiveCodeBench runs programs on tests, in one process with
//             the tests; here the expected outputs never enter a program, so that what cheats that
//             grader (an object whose __eq__ is always True, a walk to the grader's variables) is
//             NOT right under our official.
//   strict    ours. A value must be a literal, or a call with literal arguments; it is read by our
//             parser and compared as Python would. A program must pass each test in a process that
//             holds nothing else, and end well.
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
  // (LiveCodeBench's code execution: if another one is not dropped). It repeats the question's
  // call, or holds no call. The verdict is wrong then.
  bool skipped = false;
  std::string extracted;     // what was compared, or run
  std::string explanation;   // one line; "" when right
  std::string details = {};  // see ScoreRecord
};

// What running each distinct program once saved.
struct ScoreStats {
  std::size_t programs = 0;    // answers whose verdict needed a program
  std::size_t distinct = 0;    // different ones among them, a question at a time
  std::size_t runs_saved = 0;  // programs - runs
};

struct ScoreOptions {
  int workers = 0;  // threads; 0 = one a CPU
  // Told each outcome as it comes, in any order; called by one thread at a time.
  std::function<void(std::size_t job, const ScoreOutcome& outcome)> on_outcome;
  // official crux-o, crux-i and lcb-exec: an answer that is a plain literal is not run, once the
  // question's own code was seen to end well. Changes no outcome.
  bool foretell_literals = true;
  ScoreStats* stats = nullptr;  // filled in if not null
};

// One outcome a job, by index; they do not depend on `workers`. Jobs with the same `check` (by
// address) are judged one after the other by one worker, which holds the tests of that check only;
// equal programs of it run once. What needs the sandbox is an infra_error when `executor` is null.
std::vector<ScoreOutcome> score(ScorerKind kind, std::span<const ScoreJob> jobs, Executor* executor,
                                const ScoreOptions& options = {});

// Whether a verdict may need it.
bool needs_sandbox(ScorerKind kind, const Check& check);

// false: the suite has no published scorer, and `official` scores by our rules too.
bool has_official(const Check& check);

// Changes whenever the rules do; scores of different versions are not comparable. The first form
// names the versions for all kinds of checks.
std::string_view scorer_version(ScorerKind kind);
std::string_view scorer_version(ScorerKind kind, const Check& check);

}  // namespace evalrun
