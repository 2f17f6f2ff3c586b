// What the store and the report cost beside a run: they should never be what a run waits for.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "harness/core/check.h"
#include "harness/core/test_folder.h"
#include "results/record_json.h"
#include "results/report.h"
#include "results/store.h"

namespace evalrun {
namespace {

constexpr const char* kManifestText = R"({"format":"evalrun-run/1"})";
constexpr int kCalls = 10'000;

CallRecord some_call(int i) {
  CallRecord call;
  call.key = {"crux-o", "sample_" + std::to_string(i), 0, "cepo", "candidate=1/plan=4/execute"};
  call.request_sha256 = std::string(64, 'a');
  call.completion.usage = {512, 0, 300, 0};
  call.completion.scheduled_us = 1'000'000 + i;
  call.completion.done_us = 2'000'000 + i;
  while (call.completion.text.size() < 1200)
    call.completion.text += "First, \"f\" is called with the list [1, 2].\n";
  return call;
}

std::int64_t line_bytes() { return std::int64_t(to_json_line(some_call(0)).size()) + 1; }

// What a streamed answer adds: thinking, and the gaps between its tokens.
CallRecord streamed_call() {
  CallRecord call = some_call(1);
  call.completion.reasoning = call.completion.text;
  for (int bucket = 200; bucket < 230; ++bucket) call.completion.gaps[bucket] = bucket;
  call.completion.server = {120, 3'000, 250'000, 253'120};
  return call;
}

void BM_CallLine(benchmark::State& state) {
  const CallRecord call = some_call(1);
  for (auto _ : state) benchmark::DoNotOptimize(to_json_line(call).size());
  state.SetBytesProcessed(state.iterations() * line_bytes());
}
BENCHMARK(BM_CallLine);

void BM_StreamedCallLine(benchmark::State& state) {
  const CallRecord call = streamed_call();
  for (auto _ : state) benchmark::DoNotOptimize(to_json_line(call).size());
  state.SetBytesProcessed(state.iterations() * std::int64_t(to_json_line(call).size()));
}
BENCHMARK(BM_StreamedCallLine);

void BM_AppendCalls(benchmark::State& state) {
  const CallRecord call = some_call(1);
  for (auto _ : state) {
    const TestFolder temp;
    const auto folder = RunFolder::create(temp.path("run"), kManifestText);
    for (int i = 0; i < kCalls; ++i) CHECK((*folder)->append(call).has_value());
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
  state.SetBytesProcessed(state.iterations() * kCalls * line_bytes());
}
BENCHMARK(BM_AppendCalls)->Unit(benchmark::kMillisecond);

void BM_ReadCalls(benchmark::State& state) {
  const TestFolder temp;
  const auto folder = RunFolder::create(temp.path("run"), kManifestText);
  for (int i = 0; i < kCalls; ++i) CHECK((*folder)->append(some_call(i)).has_value());
  for (auto _ : state) benchmark::DoNotOptimize((*folder)->calls().value().size());
  state.SetItemsProcessed(state.iterations() * kCalls);
  state.SetBytesProcessed(state.iterations() * kCalls * line_bytes());
}
BENCHMARK(BM_ReadCalls)->Unit(benchmark::kMillisecond);

void BM_ReadSamples(benchmark::State& state) {
  const TestFolder temp;
  const auto folder = RunFolder::create(temp.path("run"), kManifestText);
  const StepUse step{"answer", "answer", {500, 0, 100, 0}, Finish::stop, false};
  for (int i = 0; i < kCalls; ++i)
    CHECK((*folder)->append(SampleRecord{"letters",
                                         "letters_" + std::to_string(i),
                                         0,
                                         "baseline",
                                         {"3", PromptForm::direct, {step}},
                                         ""}));
  for (auto _ : state) benchmark::DoNotOptimize((*folder)->samples().value().size());
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK(BM_ReadSamples)->Unit(benchmark::kMillisecond);

void BM_ReadScores(benchmark::State& state) {
  const TestFolder temp;
  const auto folder = RunFolder::create(temp.path("run"), kManifestText);
  std::vector<ScoreRecord> scores;
  for (int i = 0; i < kCalls; ++i)
    scores.push_back({"letters", "letters_" + std::to_string(i), 0, "baseline", ScorerKind::strict,
                      Verdict::wrong, false, "3", "the answer is not 4"});
  CHECK((*folder)->replace_scores(scores));
  for (auto _ : state) benchmark::DoNotOptimize((*folder)->scores().value().size());
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK(BM_ReadScores)->Unit(benchmark::kMillisecond);

// CRUXEval, both modes, two strategies: 3,200 answers of four steps, two scorers.
void BM_BuildReport(benchmark::State& state) {
  RunInfo run;
  run.strategies = {"baseline", "cepo"};
  std::vector<CallRecord> calls;
  std::vector<SampleRecord> samples;
  std::vector<ScoreRecord> scores;
  for (const char* suite : {"crux-o", "crux-i"}) {
    run.suites.push_back({suite, "", "", "", true, {}});
    for (int i = 0; i < 800; ++i) {
      const std::string id = "sample_" + std::to_string(i);
      run.suites.back().samples.push_back(id);
      for (const std::string& strategy : run.strategies) {
        CallRecord call = some_call(i);
        call.key = {suite, id, 0, strategy, "answer"};
        calls.insert(calls.end(), 4, call);
        const StepUse step{"answer", "answer", {500, 0, 100, 0}, Finish::stop, false};
        samples.push_back({suite, id, 0, strategy, {"1", {}, {step, step, step, step}}, ""});
        const Verdict verdict =
            (i * (strategy == "cepo" ? 5 : 3)) % 7 < 3 ? Verdict::right : Verdict::wrong;
        for (const ScorerKind scorer : {ScorerKind::official, ScorerKind::strict})
          scores.push_back({suite, id, 0, strategy, scorer, verdict, false, "1", ""});
      }
    }
  }
  const ReportInput input{run, calls, samples, scores, {}};
  for (auto _ : state) benchmark::DoNotOptimize(report_text(build_report(input), {}).size());
}
BENCHMARK(BM_BuildReport)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
