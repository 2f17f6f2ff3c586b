// Calls a second of the simulated server, in CPU time: CePO-shaped samples of 27 calls with prompts
// of 300 to 1,500 and completions of 100 to 800 tokens.
#include "hw/sim/server.h"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <memory>
#include <string>

#include "hw/sim/gpu_cost.h"
#include "hw/sim/server_fixture.h"
#include "hw/sim/test_machines.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

constexpr std::int32_t kCallsASample = 27;

CallGraph cepo_run(std::int32_t calls) {
  std::mt19937 random(5);
  RandomGraph made(
      random,
      {.prompt_min = 300, .prompt_max = 1500, .completion_min = 100, .completion_max = 800});
  for (std::int32_t s = 0; s < calls / kCallsASample; ++s) made.add_cepo(s, 3, 3);
  return std::move(made.graph);
}

std::unique_ptr<CostModel> machine(const std::string& name) {
  const ModelShape shape = test_shapes().at("llama3.1-70b");
  const Machine found = test_machines().at(name);
  if (const auto* gpu = std::get_if<GpuSpec>(&found.spec))
    return std::make_unique<GpuCost>(*gpu, shape, GpuOptions{.gpus = 8});
  auto wafers = WaferCost::make(std::get<WaferSpec>(found.spec), shape, {});
  return wafers ? std::make_unique<WaferCost>(std::move(*wafers)) : nullptr;
}

double peak_mb() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

void million_calls(benchmark::State& state, const std::string& name) {
  const CallGraph graph = cepo_run(1'000'000);
  const auto cost = machine(name);
  for (auto _ : state) {
    const auto played = play(graph, *cost, {.concurrency = int(state.range(0))});
    if (!played) return state.SkipWithError(played.error().message.c_str());
    state.counters["utilisation"] = played->utilisation();
    state.counters["calls/s"] = double(graph.size()) / played->end_s;
  }
  state.counters["stages"] = cost->stages();
  state.counters["peak_mb"] = peak_mb();
}

void cepo_run_on_six_machines(benchmark::State& state) {
  const CallGraph graph = cepo_run(25'000);
  for (auto _ : state)
    for (const char* name : {"cs2", "cs3", "a100", "h100", "h200", "b200"}) {
      const auto played = play(graph, *machine(name), {.concurrency = int(state.range(0))});
      if (!played) return state.SkipWithError(played.error().message.c_str());
      benchmark::DoNotOptimize(played->end_s);
    }
}

#define CONCURRENCIES Arg(1)->Arg(64)->Arg(1000)->Unit(benchmark::kMillisecond)
BENCHMARK_CAPTURE(million_calls, h100x8_70b, "h100")->CONCURRENCIES;
BENCHMARK_CAPTURE(million_calls, cs3_70b, "cs3")->CONCURRENCIES;
BENCHMARK(cepo_run_on_six_machines)->CONCURRENCIES;

}  // namespace
}  // namespace evalrun::sim
