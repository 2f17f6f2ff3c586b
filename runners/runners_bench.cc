// What a sample costs us when the model costs nothing: threads, hashes, templates, the ledger.
#include <benchmark/benchmark.h>

#include "runners/strategies/cepo.h"
#include "runners/testing.h"

namespace evalrun {
namespace {

using testing::hashed_reply;
using testing::make_sample;
using testing::sample_key;
using testing::short_prompts;

// 27 calls; the texts are `range` bytes each.
void BM_CepoSample(benchmark::State& state) {
  const std::string filler(std::size_t(state.range(0)), 'x');
  const Sample sample = make_sample();
  const CepoPrompts prompts = short_prompts();
  for (auto _ : state) {
    ScriptedModel model([&](const Request& request) {
      Completion completion = hashed_reply(request);
      completion.text += filler;
      return completion;
    });
    Caller caller({.model = &model, .run_seed = 1}, sample_key("cepo"));
    benchmark::DoNotOptimize(cepo(sample, caller, {}, prompts));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_CepoSample)->Arg(100)->Arg(8192)->MeasureProcessCPUTime()->UseRealTime();

void BM_RequestSha256(benchmark::State& state) {
  Request request;
  request.messages = {{Role::user, std::string(std::size_t(state.range(0)), 'x')}};
  for (auto _ : state) benchmark::DoNotOptimize(request_sha256(request));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_RequestSha256)->Arg(1000)->Arg(30000);

}  // namespace
}  // namespace evalrun
