#include "harness/execute.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <span>

#include "harness/core/text.h"
#include "harness/folder_journal.h"
#include "harness/report_run.h"
#include "harness/score_run.h"
#include "harness/show_observer.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

bool is_answer_to(const SampleRecord& record, const WorkItem& item) {
  return record.model_error.empty() && record.suite == item.sample->suite &&
         record.sample == item.sample->id && record.epoch == item.epoch &&
         record.strategy == item.strategy->name;
}

// How many leading lines of samples.jsonl answer the leading items. What follows (from the first
// failed sample on) is cut off and made again from the journal, so that the file ends as an
// undisturbed run's would.
Result<std::size_t> keep_answered(const RunPlan& plan, RunFolder& folder) {
  const auto samples = folder.samples();
  if (!samples) return std::unexpected(samples.error());
  std::size_t kept = 0;
  while (kept < samples->size() && kept < plan.items.size() &&
         is_answer_to((*samples)[kept], plan.items[kept]))
    ++kept;
  if (kept < samples->size())
    if (Status s = folder.cut_samples(kept); !s) return std::unexpected(s.error());
  return kept;
}

Usage spent_by(std::span<const CallRecord> calls) {
  Usage spent;
  for (const CallRecord& call : calls)
    if (!call.completion.from_cache) spent += call.completion.usage;
  return spent;
}

Result<std::unique_ptr<Budget>> open_budget(const RunPlan& plan, const Target& target,
                                            std::span<const CallRecord> calls) {
  const BudgetCaps caps{plan.settings.max_cost_usd, std::int64_t(plan.settings.max_total_tokens)};
  if (caps.cost_usd <= 0 && caps.tokens <= 0) return nullptr;
  if (caps.cost_usd > 0 && !target.price)
    return usage_error(
        fmt::format("--max-cost: no price is known for model \"{}\"; give one with "
                    "--prices FILE, or cap tokens with --max-total-tokens",
                    to_printable(target.model_name, true)));
  return std::make_unique<Budget>(caps, target.price, spent_by(calls));
}

int workers_for(const RunPlan& plan, const Target& target) {
  if (plan.settings.max_samples > 0) return plan.settings.max_samples;
  // Whoever arrives must find a thread, or the loop would not be open.
  constexpr int kOpenLoopWorkers = 4096;
  const bool is_open = plan.settings.request_rate > 0 && target.simulated.empty();
  return is_open ? kOpenLoopWorkers : target.default_samples;
}

Result<std::string> generate_missing(const RunPlan& plan, Target& target, RunFolder& folder) {
  const auto kept = keep_answered(plan, folder);
  if (!kept) return std::unexpected(kept.error());
  auto calls = folder.calls();
  if (!calls) return std::unexpected(calls.error());
  const auto budget = open_budget(plan, target, *calls);
  if (!budget) return std::unexpected(budget.error());
  FolderJournal journal(folder, latest_calls(std::move(*calls)));
  Progress progress("answers", std::int64_t(plan.items.size()), stderr_is_terminal());
  progress.add_done(std::int64_t(*kept));
  ShowObserver observer(parse_show_level(plan.settings.show), progress);
  GenerateJob job;
  job.items = std::span(plan.items).subspan(*kept);
  job.settings = &plan.strategy_settings;
  job.context = {target.model.get(), &journal, &observer, budget->get(), plan.settings.seed};
  job.workers = workers_for(plan, target);
  // Who arrives at a simulated machine does so in its time, not in ours.
  job.request_rate = target.simulated.empty() ? plan.settings.request_rate : 0;
  return generate(
      job, [&](const SampleRecord& record) { return folder.append(record); }, progress);
}

}  // namespace

Result<int> execute(const RunPlan& plan, Target& target, RunFolder& folder, Executor* executor) {
  const auto stopped = generate_missing(plan, target, folder);
  if (!stopped || !stopped->empty())
    fmt::print(stderr, "evalrun: stopped; what was answered is kept: evalrun resume {}\n",
               folder.dir());
  if (!stopped) return std::unexpected(stopped.error());
  if (!stopped->empty()) {
    const auto samples = folder.samples();
    if (samples && samples->empty()) return target_error(*stopped);  // nothing to report on
    fmt::print(stderr, "evalrun: {}\n", *stopped);
  }
  if (Status s = score_run(folder, plan.suites, executor, plan.settings.score_workers); !s)
    return std::unexpected(s.error());
  const auto report = report_of(folder);
  if (!report) return std::unexpected(report.error());
  print_report(*report);
  fmt::print("\nrun folder: {}\n", folder.dir());
  return report->complete ? kExitComplete : kExitIncomplete;
}

}  // namespace evalrun
