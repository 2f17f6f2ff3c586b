#include "harness/execute.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

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

Status generate_missing(const RunPlan& plan, Target& target, RunFolder& folder) {
  const auto kept = keep_answered(plan, folder);
  if (!kept) return std::unexpected(kept.error());
  auto calls = folder.calls();
  if (!calls) return std::unexpected(calls.error());
  FolderJournal journal(folder, latest_calls(std::move(*calls)));
  Progress progress("answers", std::int64_t(plan.items.size()), stderr_is_terminal());
  progress.add_done(std::int64_t(*kept));
  ShowObserver observer(parse_show_level(plan.settings.show), progress);
  GenerateJob job;
  job.items = std::span(plan.items).subspan(*kept);
  job.settings = &plan.strategy_settings;
  job.context = {target.model.get(), &journal, &observer, plan.settings.seed};
  job.workers = plan.settings.max_samples > 0 ? plan.settings.max_samples : target.default_samples;
  return generate(
      job, [&](const SampleRecord& record) { return folder.append(record); }, progress);
}

}  // namespace

Result<int> execute(const RunPlan& plan, Target& target, RunFolder& folder, Executor* executor) {
  if (Status s = generate_missing(plan, target, folder); !s) {
    fmt::print(stderr, "evalrun: stopped; what was answered is kept: evalrun resume {}\n",
               folder.dir());
    return std::unexpected(s.error());
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
