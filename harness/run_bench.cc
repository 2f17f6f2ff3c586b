// What evalrun itself costs a sample: generate, score and report with a model that answers at once.
// Before believing a time of a real model, know this one.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>

#include "harness/core/check.h"
#include "harness/core/test_folder.h"
#include "harness/execute.h"
#include "harness/folder_journal.h"
#include "harness/plan.h"
#include "harness/report_run.h"
#include "harness/score_run.h"
#include "runners/scripted.h"

namespace evalrun {
namespace {

Settings letters_settings() {
  Settings settings;
  settings.suites = {"letters"};
  settings.strategies = {"baseline"};
  settings.letters_count = 800;
  settings.prompt_profile = "full";
  return settings;
}

double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

void BM_GenerateScoreReport(benchmark::State& state) {
  const TestFolder folder;
  Target target;
  target.model_name = "scripted";
  const auto plan = make_plan(letters_settings(), target);
  CHECK(plan.has_value());
  Manifest manifest;
  manifest.run = plan->info;
  manifest.effective_json = settings_json(plan->settings);
  int runs = 0;
  for (auto _ : state) {
    const auto dir =
        RunFolder::create(folder.path(std::to_string(runs++)), manifest_json(manifest));
    CHECK(dir.has_value());
    ScriptedModel model([](const Request&) {
      Completion completion;
      completion.text = "Answer: 3";
      return completion;
    });
    FolderJournal journal(**dir, {});
    Progress progress("answers", std::int64_t(plan->items.size()), false);
    GenerateJob job;
    job.items = plan->items;
    job.settings = &plan->strategy_settings;
    job.context.model = &model;
    job.context.journal = &journal;
    job.context.run_seed = 1;
    job.workers = 2;
    const auto emit = [&](const SampleRecord& record) { return (*dir)->append(record); };
    CHECK(generate(job, emit, progress));
    CHECK(score_run(**dir, plan->suites, nullptr, 2));
    CHECK(report_of(**dir)->complete);
  }
  state.counters["cpu_a_sample"] =
      benchmark::Counter(double(plan->items.size()), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(BM_GenerateScoreReport)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
