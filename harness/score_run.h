// Pass 2: judge. From answers to verdicts, under both scorers; never asks a model.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "harness/core/result.h"
#include "harness/settings.h"
#include "results/store.h"
#include "scorers/executor.h"
#include "scorers/score.h"
#include "tasks/suite.h"

namespace evalrun {

// Opens the sandbox when some sample of `suites` needs it under some scorer; else null. Called
// before the first model call, so that a machine that cannot score spends nothing.
Result<std::unique_ptr<Executor>> open_executor(const std::vector<Suite>& suites,
                                                const Settings& settings);

// One record a sample and scorer (official only where there is one), in the order of `samples`.
// Answers of samples that `suites` does not hold are left out.
std::vector<ScoreRecord> score_samples(const std::vector<Suite>& suites,
                                       const std::vector<SampleRecord>& samples, Executor* executor,
                                       int workers);

// "official: 8000 answers needed a program, 2650 different ones; 5350 runs were saved".
std::string stats_words(ScorerKind scorer, const ScoreStats& stats);

// Scores what samples.jsonl holds and replaces scores.jsonl.
Status score_run(RunFolder& folder, const std::vector<Suite>& suites, Executor* executor,
                 int workers);

}  // namespace evalrun
