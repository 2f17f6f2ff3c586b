#include "scorers/score.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "harness/core/check.h"
#include "scorers/check_scorer.h"

namespace evalrun {
namespace {

// fn(0) ... fn(n - 1) on `workers` threads.
template <typename Fn>
void for_each_index(std::size_t n, int workers, Fn fn) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) fn(i);
  };
  const std::size_t wanted =
      workers > 0 ? std::size_t(workers) : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(wanted, n); ++i) threads.emplace_back(work);
  work();
}

// Tells the caller what is finished. Thread-safe.
class Progress {
 public:
  explicit Progress(const ScoreOptions& options) : options_(options) {}

  void add_job(std::size_t job, const ScoreOutcome& outcome) {
    if (!options_.on_outcome) return;
    const std::lock_guard lock(mutex_);
    options_.on_outcome(job, outcome);
  }

  void add_stats(const ScoreStats& stats) {
    if (options_.stats == nullptr) return;
    const std::lock_guard lock(mutex_);
    options_.stats->programs += stats.programs;
    options_.stats->distinct += stats.distinct;
    options_.stats->runs_saved += stats.runs_saved;
  }

 private:
  const ScoreOptions& options_;
  std::mutex mutex_;  // guards *options_.stats and the calls of on_outcome
};

// Indices of the jobs of each check, in order of the checks' first jobs.
std::vector<std::vector<std::size_t>> group_by_check(std::span<const ScoreJob> jobs) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<const Check*, std::size_t> group_of_check;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CHECK(jobs[i].check != nullptr);
    const auto [found, is_new] = group_of_check.try_emplace(jobs[i].check, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  return groups;
}

}  // namespace

std::vector<ScoreOutcome> score(ScorerKind kind, std::span<const ScoreJob> jobs, Executor* executor,
                                const ScoreOptions& options) {
  if (options.stats != nullptr) *options.stats = {};
  Progress progress(options);
  std::vector<ScoreOutcome> outcomes(jobs.size());
  const auto groups = group_by_check(jobs);
  for_each_index(groups.size(), options.workers, [&](std::size_t g) {
    CheckScorer scorer(kind, *jobs[groups[g][0]].check, executor, options);
    for (const std::size_t i : groups[g]) {
      outcomes[i] = scorer.score(jobs[i]);
      progress.add_job(i, outcomes[i]);
    }
    progress.add_stats(scorer.stats());
  });
  return outcomes;
}

bool needs_sandbox(ScorerKind kind, const Check& check) {
  const bool runs_programs =
      std::holds_alternative<PythonAssert>(check) || std::holds_alternative<PythonTests>(check);
  return runs_programs || (kind == ScorerKind::official && has_official(check));
}

bool has_official(const Check& check) { return !std::holds_alternative<LetterCount>(check); }

std::string_view scorer_version(ScorerKind kind) {
  return kind == ScorerKind::official ? "cruxeval-official/1 lcb-official/1" : "evalrun-strict/2";
}

std::string_view scorer_version(ScorerKind kind, const Check& check) {
  if (kind == ScorerKind::strict || !has_official(check)) {
    return scorer_version(ScorerKind::strict);
  }
  const bool is_crux =
      std::holds_alternative<ExactLiteral>(check) || std::holds_alternative<PythonAssert>(check);
  return is_crux ? "cruxeval-official/1" : "lcb-official/1";
}

}  // namespace evalrun
