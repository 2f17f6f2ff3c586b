#include "harness/score_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/progress.h"
#include "scorers/sandbox/sandbox_executor.h"
#include "scorers/score.h"

namespace evalrun {
namespace {

constexpr ScorerKind kScorers[] = {ScorerKind::official, ScorerKind::strict};

// Samples by id, by suite.
using SampleIndex =
    std::unordered_map<std::string_view, std::unordered_map<std::string_view, const Sample*>>;

SampleIndex index_samples(const std::vector<Suite>& suites) {
  SampleIndex index;
  for (const Suite& suite : suites)
    for (const Sample& sample : suite.samples) index[suite.name][sample.id] = &sample;
  return index;
}

// The check of what was answered, or nullptr: the suites do not have it.
const Check* check_of(const SampleIndex& index, const SampleRecord& answer) {
  const auto suite = index.find(answer.suite);
  if (suite == index.end()) return nullptr;
  const auto sample = suite->second.find(answer.sample);
  return sample == suite->second.end() ? nullptr : &sample->second->check;
}

ScoreRecord record_for(const SampleRecord& answer, ScorerKind scorer) {
  ScoreRecord record;
  record.suite = answer.suite;
  record.sample = answer.sample;
  record.epoch = answer.epoch;
  record.strategy = answer.strategy;
  record.scorer = scorer;
  record.verdict = Verdict::model_error;
  record.explanation = answer.model_error;
  return record;
}

void take_outcome(ScoreRecord& record, ScoreOutcome outcome) {
  record.verdict = outcome.verdict;
  record.skipped = outcome.skipped;
  record.extracted = std::move(outcome.extracted);
  record.explanation = std::move(outcome.explanation);
  record.details = std::move(outcome.details);
}

// All answers under one scorer. Answers that the target failed to give are not judged.
std::vector<ScoreRecord> score_with(ScorerKind scorer, const SampleIndex& index,
                                    const std::vector<SampleRecord>& samples, Executor* executor,
                                    int workers) {
  std::vector<ScoreRecord> records;
  std::vector<ScoreJob> jobs;
  std::vector<std::size_t> record_of_job;
  for (const SampleRecord& answer : samples) {
    const Check* check = check_of(index, answer);
    if (check == nullptr) continue;
    if (scorer == ScorerKind::official && !has_official(*check)) continue;
    records.push_back(record_for(answer, scorer));
    if (!answer.model_error.empty()) continue;
    jobs.push_back({check, answer.answer.text, answer.answer.form});
    record_of_job.push_back(records.size() - 1);
  }
  Progress progress("answers scored, " + std::string(name(scorer)), std::int64_t(jobs.size()),
                    stderr_is_terminal());
  ScoreOptions options;
  options.workers = workers;
  options.on_outcome = [&](std::size_t, const ScoreOutcome&) { progress.add_done(); };
  ScoreStats stats;
  options.stats = &stats;
  std::vector<ScoreOutcome> outcomes = score(scorer, jobs, executor, options);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    take_outcome(records[record_of_job[i]], std::move(outcomes[i]));
  if (stats.runs_saved > 0) progress.say(stats_words(scorer, stats));
  return records;
}

}  // namespace

Result<std::unique_ptr<Executor>> open_executor(const std::vector<Suite>& suites,
                                                const Settings& settings) {
  const bool needed = std::any_of(suites.begin(), suites.end(), [](const Suite& suite) {
    return std::any_of(suite.samples.begin(), suite.samples.end(), [](const Sample& sample) {
      return needs_sandbox(ScorerKind::official, sample.check) ||
             needs_sandbox(ScorerKind::strict, sample.check);
    });
  });
  if (!needed) return nullptr;
  SandboxOptions options;
  options.workers = settings.score_workers;
  options.unsafe = settings.unsafe_no_sandbox;
  auto executor = SandboxExecutor::open(options);
  if (!executor) return std::unexpected(executor.error());
  return std::unique_ptr<Executor>(std::move(*executor));
}

std::string stats_words(ScorerKind scorer, const ScoreStats& stats) {
  return fmt::format("{}: {} answers needed a program, {} different ones; {} runs were saved",
                     name(scorer), stats.programs, stats.distinct, stats.runs_saved);
}

std::vector<ScoreRecord> score_samples(const std::vector<Suite>& suites,
                                       const std::vector<SampleRecord>& samples, Executor* executor,
                                       int workers) {
  const SampleIndex index = index_samples(suites);
  std::vector<ScoreRecord> all;
  for (ScorerKind scorer : kScorers) {
    auto records = score_with(scorer, index, samples, executor, workers);
    std::move(records.begin(), records.end(), std::back_inserter(all));
  }
  return all;
}

Status score_run(RunFolder& folder, const std::vector<Suite>& suites, Executor* executor,
                 int workers) {
  auto samples = folder.samples();
  if (!samples) return std::unexpected(samples.error());
  const auto scores = score_samples(suites, latest_samples(std::move(*samples)), executor, workers);
  return folder.replace_scores(scores);
}

}  // namespace evalrun
