// Programs per second: the pool against the cost of one fork.
#include <benchmark/benchmark.h>

#include <thread>

#include "harness/core/check.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {
namespace {

// One sandbox with a worker a CPU for all benchmarks; made on first use.
Sandbox& sandbox() {
  static const std::unique_ptr<Sandbox> kSandbox = [] {
    auto opened = Sandbox::open(SandboxOptions{});
    CHECK(opened.has_value());
    return *std::move(opened);
  }();
  return *kSandbox;
}

void run_all(benchmark::State& state, const Program& program) {
  for ([[maybe_unused]] auto _ : state) {
    CHECK(sandbox().run(program, Limits{}).status == RunStatus::ok);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_OfficialAssert(benchmark::State& state) {
  run_all(state,
          {ProgramKind::official_assert, "def f(x):\n    return x + 1\nassert f(1) == 2", ""});
}
void BM_Call(benchmark::State& state) {
  run_all(state, {ProgramKind::call, "def f(x):\n    return x + 1", "1"});
}
const int kCpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
BENCHMARK(BM_OfficialAssert)->Threads(1)->Threads(kCpus)->UseRealTime();
BENCHMARK(BM_Call)->Threads(1)->Threads(kCpus)->UseRealTime();

void BM_OpenAndClose(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state)
    CHECK(Sandbox::open({.workers = 1, .python = "", .unsafe = false}).has_value());
}
BENCHMARK(BM_OpenAndClose)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
