// Multiply-adds a second by storage type and batch, for a matrix that fits a cache and one that
// does not.
#include "hw/cpu/kernels.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace evalrun {
namespace {

void matmul(benchmark::State& state, NumberType type) {
  const auto size = std::size_t(state.range(0)), count = std::size_t(state.range(1));
  std::vector<std::byte> bytes(size * *row_bytes(type, size));
  const Matrix w{type, size, size, bytes.data(), *row_bytes(type, size)};
  std::vector<float> x(count * size, 0.5f), out(count * size);
  for (auto _ : state) {
    kernels().matmul(w, 0, size, x.data(), count, out.data(), size);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["FLOP/s"] = benchmark::Counter(double(2 * size * size * count),
                                                benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(matmul, f32, NumberType::f32)->ArgsProduct({{128, 2048}, {1, 16}});
BENCHMARK_CAPTURE(matmul, f16, NumberType::f16)->ArgsProduct({{128, 2048}, {1, 16}});
BENCHMARK_CAPTURE(matmul, q8_0, NumberType::q8_0)->ArgsProduct({{128, 2048}, {1, 16}});

void softmax(benchmark::State& state) {
  std::vector<float> x(std::size_t(state.range(0)), 0.1f);
  for (auto _ : state) {
    kernels().softmax(x.data(), x.size());
    benchmark::DoNotOptimize(x.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(softmax)->Arg(256);

}  // namespace
}  // namespace evalrun
