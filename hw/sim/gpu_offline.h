// An offline throughput benchmark on a GpuCost: N equal requests are all there at the start, and
// the time to the last token counts, the filling and the draining too. This is how the published
// TensorRT-LLM grid was measured (trtllm-bench throughput, performance/perf-overview.md, v1.0).
//
// The scheduler is that benchmark's default: a request enters when the KV cache can hold its whole
// input and output (it is never put out again), a slot is free and its whole prompt fits into the
// pass beside one token of each running sequence (prompts are not cut). Passes without a prompt run
// as recorded graphs of certain batch sizes, padded to the next.
// Pure; any thread. Costs a step per entry or leaving of requests, not per pass.
#pragma once

#include <cstdint>
#include <span>

#include "hw/sim/gpu_cost.h"

namespace evalrun::sim {

struct OfflinePlan {
  std::int64_t requests = 0;
  std::int64_t input_tokens = 0;   // of each request
  std::int64_t output_tokens = 0;  // of each request, >= 1; the first comes with its prompt's pass
};

struct OfflineLimits {
  std::int64_t batch_max = 0;                   // sequences at a time
  std::int64_t pass_tokens_max = 0;             // new tokens of one pass
  std::span<const std::int64_t> graph_batches;  // ascending; empty: no padding
};

struct OfflineResult {
  double seconds = 0;
  double output_tokens_per_s = 0;
  double prompt_pass_s = 0;        // of `seconds`: passes that hold a prompt
  std::int64_t sequences_max = 0;  // at a time
  std::int64_t passes = 0;
};

// The batch sizes of that benchmark's page: 1, 2, 4 ... 256, 384, 512, 1024 ... 8192.
std::span<const std::int64_t> trtllm_graph_batches();

// The limits trtllm-bench sets itself (tensorrt_llm/bench/build/tuning.py): as many sequences as
// the cache holds whole, at most 4096, rounded up; tokens in proportion, at least 2048 and at least
// one prompt beside the batch.
OfflineLimits trtllm_limits(std::int64_t kv_capacity_tokens, const OfflinePlan& plan);

// All zero when not one request fits into the KV cache.
OfflineResult offline_run(const GpuCost& cost, const OfflinePlan& plan,
                          const OfflineLimits& limits);

}  // namespace evalrun::sim
