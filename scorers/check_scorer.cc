#include "scorers/check_scorer.h"

#include <utility>

#include "harness/core/check.h"

namespace evalrun {
namespace {

ExecResult make_result(ExecStatus status, std::string detail) {
  ExecResult result;
  result.status = status;
  result.detail = std::move(detail);
  return result;
}

const ExecResult& no_sandbox() {
  static const ExecResult result =
      make_result(ExecStatus::infra_error, "no sandbox to run the program in");
  return result;
}

bool is_lcb(const Check& check) {
  return std::holds_alternative<PythonTests>(check) || std::holds_alternative<CallOutput>(check) ||
         std::holds_alternative<TestOutput>(check);
}

}  // namespace

CheckScorer::CheckScorer(ScorerKind kind, const Check& check, Executor* executor,
                         const ScoreOptions& options)
    : is_official_(kind == ScorerKind::official && has_official(check)),
      check_(check),
      executor_(executor),
      foretells_(options.foretell_literals) {}

const ExecResult& CheckScorer::run(const Run& run) {
  if (executor_ == nullptr) return no_sandbox();
  const auto [found, is_new] = results_.try_emplace(run);
  if (is_new) {
    found->second = run.kind == Run::Kind::call ? executor_->call(run.code, run.arguments)
                                                : executor_->run_assert(run.code, run.prelude);
  }
  return found->second;
}

ExecResult CheckScorer::result_of(const Plan& plan) {
  if (foretells_ && plan.shortcut && run(plan.shortcut->base).status == ExecStatus::ok) {
    if (plan.shortcut->is_equal) return make_result(ExecStatus::ok, "");
    return make_result(ExecStatus::raised, "AssertionError");
  }
  return run(*plan.run);
}

void CheckScorer::judge(const ExecResult& result, ScoreOutcome& outcome) const {
  if (!is_official_) return judge_strict(check_, result, outcome);
  if (const auto* test_output = std::get_if<TestOutput>(&check_)) {
    return judge_lcb_official(*test_output, result, outcome);
  }
  judge_official(result, outcome);
}

void CheckScorer::test(const PythonTests& check, const std::string& program,
                       ScoreOutcome& outcome) {
  if (executor_ == nullptr) {
    return conclude(outcome, Verdict::infra_error, no_sandbox().detail);
  }
  if (!tests_) tests_ = check.load_tests();
  if (!*tests_) return conclude(outcome, Verdict::infra_error, tests_->error().message);
  const auto [found, is_new] = tested_.try_emplace(program, outcome);
  if (is_new) {
    if (is_official_) {
      test_official(check, **tests_, program, *executor_, found->second);
    } else {
      test_strict(check, **tests_, program, *executor_, found->second);
    }
  }
  outcome = found->second;
}

ScoreOutcome CheckScorer::score(const ScoreJob& job) {
  CHECK(job.check == &check_);
  Plan plan = !is_official_    ? plan_strict(job)
              : is_lcb(check_) ? plan_lcb_official(job)
                               : plan_official(job);
  if (!plan.run) return std::move(plan.outcome);
  ++asked_[*plan.run];
  if (const auto* tests = std::get_if<PythonTests>(&check_)) {
    test(*tests, plan.run->code, plan.outcome);
  } else {
    judge(result_of(plan), plan.outcome);
  }
  return std::move(plan.outcome);
}

ScoreStats CheckScorer::stats() const {
  ScoreStats stats;
  for (const auto& [run, answers] : asked_) stats.programs += answers;
  stats.distinct = asked_.size();
  const std::size_t runs = results_.size() + tested_.size();
  stats.runs_saved = stats.programs > runs ? stats.programs - runs : 0;
  return stats;
}

}  // namespace evalrun
