#include "scorers/score.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "harness/core/check.h"
#include "scorers/rules.h"

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

// Counts finished jobs and tells the caller. Thread-safe.
class Progress {
 public:
  Progress(const ScoreOptions& options, std::size_t total) : options_(options), total_(total) {}

  void add(std::size_t jobs) {
    if (!options_.progress || jobs == 0) return;
    const std::lock_guard lock(mutex_);
    done_ += jobs;
    options_.progress(done_, total_);
  }

 private:
  const ScoreOptions& options_;
  const std::size_t total_;
  std::mutex mutex_;
  std::size_t done_ = 0;  // guarded by mutex_
};

// By our rules too, where the suite has none of its own.
bool is_official(ScorerKind kind, const Check& check) {
  return kind == ScorerKind::official && has_official(check);
}

ExecResult execute(const Run& run, Executor* executor) {
  if (executor == nullptr) return {ExecStatus::infra_error, "", "no sandbox to run the program in"};
  return run.kind == Run::Kind::call ? executor->call(run.code, run.arguments)
                                     : executor->run_assert(run.code, Prelude::none);
}

}  // namespace

std::vector<ScoreOutcome> score(ScorerKind kind, std::span<const ScoreJob> jobs, Executor* executor,
                                const ScoreOptions& options) {
  Progress progress(options, jobs.size());
  std::vector<Plan> plans(jobs.size());
  for_each_index(jobs.size(), options.workers, [&](std::size_t i) {
    CHECK(jobs[i].check != nullptr);
    plans[i] = is_official(kind, *jobs[i].check) ? plan_official(jobs[i]) : plan_strict(jobs[i]);
    progress.add(plans[i].run ? 0 : 1);
  });

  std::map<Run, std::vector<std::size_t>> jobs_of_run;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].run) jobs_of_run[*plans[i].run].push_back(i);
  }
  const std::vector<std::pair<Run, std::vector<std::size_t>>> runs(jobs_of_run.begin(),
                                                                   jobs_of_run.end());
  for_each_index(runs.size(), options.workers, [&](std::size_t r) {
    const auto& [run, members] = runs[r];
    const ExecResult result = execute(run, executor);
    for (const std::size_t i : members) {
      if (is_official(kind, *jobs[i].check)) {
        judge_official(result, plans[i].outcome);
      } else {
        judge_strict(*jobs[i].check, result, plans[i].outcome);
      }
    }
    progress.add(members.size());
  });

  std::vector<ScoreOutcome> outcomes;
  for (Plan& plan : plans) outcomes.push_back(std::move(plan.outcome));
  return outcomes;
}

bool needs_sandbox(ScorerKind kind, const Check& check) {
  return is_official(kind, check) || std::holds_alternative<PythonAssert>(check);
}

bool has_official(const Check& check) { return !std::holds_alternative<LetterCount>(check); }

std::string_view scorer_version(ScorerKind kind) {
  return kind == ScorerKind::official ? "cruxeval-official/1" : "evalrun-strict/1";
}

}  // namespace evalrun
