// Judges all answers to one question, so that what is costly happens once: loading its tests,
// running equal programs.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scorers/rules.h"
#include "scorers/score.h"

namespace evalrun {

class CheckScorer {
 public:
  // `check` and `executor` (null: no sandbox) must outlive it.
  CheckScorer(ScorerKind kind, const Check& check, Executor* executor, const ScoreOptions& options);

  ScoreOutcome score(const ScoreJob& job);  // job.check is the check
  ScoreStats stats() const;

 private:
  const ExecResult& run(const Run& run);
  // What running the plan's program says, foretold where it can be.
  ExecResult result_of(const Plan& plan);
  void judge(const ExecResult& result, ScoreOutcome& outcome) const;
  void test(const PythonTests& check, const std::string& program, ScoreOutcome& outcome);

  const bool is_official_;
  const Check& check_;
  Executor* const executor_;
  const bool foretells_;
  std::optional<Result<std::vector<TestCase>>> tests_;  // once loaded
  std::map<Run, ExecResult> results_;                   // of what was run
  std::map<std::string, ScoreOutcome> tested_;          // by program
  std::map<Run, std::size_t> asked_;                    // answers that needed the program
};

}  // namespace evalrun
