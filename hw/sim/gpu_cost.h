// GpuCost: a dense Llama-style model on one to a few GPUs that split every matrix between them
// (tensor parallel), the software running one pass after the other.
//
// A layer: qkv, attention, out, all-reduce, gate + up, down, all-reduce, and the small kernels
// between them, one after the other. Then the output head, for the last token of each sequence, and
// the software's own time. Prompts and single tokens in one pass share the matrices and add up in
// attention: that is what a decoding sequence loses to a prompt beside it.
//
// Left out: the embedding look-up, the gathering of the logits, sampling (in pass_overhead_s).
// Constant after construction: any thread.
#pragma once

#include <cstdint>
#include <span>

#include "hw/sim/cost.h"
#include "hw/sim/gpu_kernels.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

// The software's own time of a pass: calibrated, the first on the marked columns of the grid, the
// second on the marked single streams (gpu_validation.h). 0.3 to 3 ms.
inline constexpr double kTrtPassOverheadS = 0.9e-3;
inline constexpr double kSglangPassOverheadS = 0.9e-3;
// Weights and KV, of all memory: calibrated on the same columns. The page gives the cache 0.90 to
// 0.95 of what weights and buffers leave. 0.85 to 0.95.
inline constexpr double kTrtMemoryShare = 0.94;

struct GpuOptions {
  int gpus = 1;                 // each has 1/gpus of every matrix and of the KV heads
  double bytes_per_weight = 2;  // of the layers: 2, 1 or 0.5; embedding and head always have 2
  double bytes_per_kv_value = 2;
  double memory_share = 0.90;  // of each GPU's memory, for weights and KV; the rest is buffers
  double pass_overhead_s = kTrtPassOverheadS;  // scheduling and sampling that no GPU time hides
  GpuStack stack = kTensorRt;
  GpuParameters parameters = {};
};

// All that the time of a pass depends on, summed over its sequences.
struct GpuPassWork {
  double tokens = 0;       // new ones: rows of the layers' matrices
  double sequences = 0;    // rows of the output head
  double kv_tokens = 0;    // read by attention: the cached ones and the new ones, once each
  double score_pairs = 0;  // of sequences with several new tokens: (query, key at or before it)
};

// Seconds of a pass by part; each of all layers together.
struct GpuPassParts {
  double qkv_s = 0;
  double attention_s = 0;
  double out_s = 0;
  double gate_up_s = 0;
  double down_s = 0;
  double small_s = 0;
  double all_reduce_s = 0;
  double head_s = 0;
  double overhead_s = 0;

  double total_s() const {
    return qkv_s + attention_s + out_s + gate_up_s + down_s + small_s + all_reduce_s + head_s +
           overhead_s;
  }
};

class GpuCost : public CostModel {
 public:
  // gpus >= 1 and at most the machine's domain; every size positive (CHECK). Whether the model fits
  // is asked by kv_capacity_tokens().
  GpuCost(const GpuSpec& gpu, const ModelShape& shape, const GpuOptions& options);

  using CostModel::pass_s;
  double pass_s(const Batch& batch) const override;
  int stages() const override { return 1; }
  std::int64_t kv_capacity_tokens() const override;  // 0: the weights do not fit, or just so
  double power_w() const override;
  double price_usd() const override;

  static GpuPassWork work_of(const Batch& batch);
  GpuPassParts parts(const GpuPassWork& work) const;

  double weight_bytes() const;        // all GPUs together
  double kv_bytes_per_token() const;  // all GPUs together; a KV head is on one GPU at least

 private:
  double matrix_s(double rows, double outputs, double inputs, double bytes_per_weight) const;
  double attention_s(const GpuPassWork& work) const;
  double small_s(double tokens) const;

  const GpuSpec gpu_;
  const ModelShape shape_;
  const GpuOptions options_;
};

}  // namespace evalrun::sim
