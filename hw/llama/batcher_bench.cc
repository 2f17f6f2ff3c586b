// Tokens a second of a whole engine with a model of the embedded one's size and storage.
#include "hw/llama/batcher.h"

#include <benchmark/benchmark.h>

#include <latch>

#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

const LlamaModel& model() {
  static const std::string bytes = testing::random_llama(
      NumberType::f16,
      {.width = 128, .layers = 5, .heads = 4, .kv_heads = 2, .hidden = 288, .context = 2048});
  static const LlamaModel loaded = *load_llama(testing::as_bytes(bytes), "bench");
  return loaded;
}

// `batch` calls at once, each of `prompt` tokens in and `answer` tokens out.
void run(benchmark::State& state, std::size_t batch, std::size_t prompt, std::size_t answer) {
  Batcher batcher(model(), {.threads = 0,
                            .max_batch = batch,
                            .context = 2048,
                            .kv_blocks = batch * KvCache::blocks_for(2048),
                            .share_prefixes = false});
  for (auto _ : state) {
    std::latch done{std::ptrdiff_t(batch)};
    for (std::size_t i = 0; i < batch; ++i) {
      Generate g;
      g.prompt.assign(prompt, int(5 + i));
      g.max_tokens = answer;
      g.sampling = {.temperature = 1, .top_p = 1, .seed = i};
      batcher.submit(std::move(g), [&done](Generated) { done.count_down(); });
    }
    done.wait();
  }
  state.counters["tokens/s"] =
      benchmark::Counter(double(batcher.stats().rows), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run, decode_alone, 1, 1, 200)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(run, decode_batch_16, 16, 1, 200)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(run, prefill, 1, 1024, 1)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(run, cepo_like, 16, 200, 100)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace evalrun
