#include "hw/sim/gpu_cost.h"

#include <algorithm>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr double kHeadBytesPerWeight = 2;  // quantised checkpoints leave the output head alone

double query_width(const ModelShape& shape) { return double(shape.heads * shape.head_dim); }

// KV heads over all GPUs: a head cannot be split, so more GPUs than heads hold copies.
double kv_heads_held(const ModelShape& shape, int gpus) {
  return double((shape.kv_heads + gpus - 1) / gpus * gpus);
}

}  // namespace

GpuCost::GpuCost(const GpuSpec& gpu, const ModelShape& shape, const GpuOptions& options)
    : gpu_(gpu), shape_(shape), options_(options) {
  CHECK(options.gpus >= 1 && options.gpus <= gpu.domain_gpus.value);
  CHECK(gpu.memory_bytes_per_s.value > 0 && gpu.bf16_flops_per_s.value > 0);
  CHECK(options.gpus == 1 || gpu.link_bytes_per_s.value > 0);
  CHECK(options.bytes_per_weight > 0 && options.bytes_per_kv_value > 0);
  CHECK(options.memory_share > 0 && options.memory_share <= 1 && options.pass_overhead_s >= 0);
  CHECK(shape.layers > 0 && shape.hidden > 0 && shape.heads > 0 && shape.kv_heads > 0);
  CHECK(shape.head_dim > 0 && shape.ffn > 0 && shape.vocabulary > 0);
}

double GpuCost::pass_s(const Batch& batch) const { return parts(work_of(batch)).total_s(); }

GpuPassWork GpuCost::work_of(const Batch& batch) {
  const double decoding = double(batch.decoding);
  GpuPassWork work{.tokens = decoding,
                   .sequences = decoding,
                   .kv_tokens = double(batch.context) + decoding,
                   .score_pairs = 0};
  for (const PromptChunk& prompt : batch.prompts) {
    const double fresh = double(prompt.tokens);
    const double cached = double(prompt.context);
    work.tokens += fresh;
    work.sequences += 1;
    work.kv_tokens += cached + fresh;
    // One token's scores hide behind reading its cache.
    if (fresh > 1) work.score_pairs += fresh * (cached + (fresh + 1) / 2);
  }
  return work;
}

GpuPassParts GpuCost::parts(const GpuPassWork& work) const {
  GpuPassParts parts;
  if (work.tokens <= 0) return parts;
  const double layers = double(shape_.layers);
  const double hidden = double(shape_.hidden);
  const double share = 1.0 / options_.gpus;
  const double ffn = double(shape_.ffn) * share;
  const double query = query_width(shape_) * share;
  const double kv = kv_heads_held(shape_, options_.gpus) * double(shape_.head_dim) * share;
  const double bytes = options_.bytes_per_weight;
  parts.qkv_s = layers * matrix_s(work.tokens, query + 2 * kv, hidden, bytes);
  parts.attention_s = layers * attention_s(work);
  parts.out_s = layers * matrix_s(work.tokens, hidden, query, bytes);
  parts.gate_up_s = layers * matrix_s(work.tokens, 2 * ffn, hidden, bytes);
  parts.down_s = layers * matrix_s(work.tokens, hidden, ffn, bytes);
  parts.small_s = layers * small_s(work.tokens);
  // After out and after down, of each token's hidden vector in 16 bit.
  parts.all_reduce_s = layers * 2 *
                       sim::all_reduce_s(options_.parameters, gpu_, options_.stack, options_.gpus,
                                         2 * work.tokens * hidden);
  parts.head_s =
      matrix_s(work.sequences, double(shape_.vocabulary) * share, hidden, kHeadBytesPerWeight);
  parts.overhead_s = options_.pass_overhead_s;
  return parts;
}

double GpuCost::matrix_s(double rows, double outputs, double inputs,
                         double bytes_per_weight) const {
  return sim::matrix_s(options_.parameters, gpu_, bytes_per_weight, rows, outputs, inputs);
}

// One layer on one GPU: the cache is read once a sequence, and a prompt's scores and values are two
// products of 2 x head_dim flops a pair and head. Grouped heads share what is read.
double GpuCost::attention_s(const GpuPassWork& work) const {
  const GpuParameters& p = options_.parameters;
  const double kv_bytes =
      work.kv_tokens * kv_bytes_per_token() / double(shape_.layers) / options_.gpus;
  const double flops = 4 * query_width(shape_) / options_.gpus * work.score_pairs;
  return p.kernel_start_s + kv_bytes / (gpu_.memory_bytes_per_s.value * p.kv_bandwidth_share) +
         flops / (gpu_.bf16_flops_per_s.value * p.attention_flops_share);
}

// One layer on one GPU. Bytes a token with 16-bit values: two norms with their residual sum read
// two vectors and write two; the rotation reads and writes queries and keys; the gated activation
// reads two and writes one. Norms are not split over GPUs.
double GpuCost::small_s(double tokens) const {
  const GpuParameters& p = options_.parameters;
  const double norm_values = 2 * 4 * double(shape_.hidden);
  const double kv = kv_heads_held(shape_, options_.gpus) * double(shape_.head_dim);
  const double split_values = 2 * (query_width(shape_) + 2 * kv) + 3 * double(shape_.ffn);
  const double bytes = 2 * tokens * (norm_values + split_values / options_.gpus);
  return options_.stack.small_kernels_s +
         bytes / (gpu_.memory_bytes_per_s.value * p.elementwise_bandwidth_share);
}

double GpuCost::weight_bytes() const {
  const double layer_weights = double(shape_.layers * parameters_per_layer(shape_));
  const double other_weights = double(parameters(shape_)) - layer_weights;
  return layer_weights * stored_bytes_per_weight(options_.bytes_per_weight) +
         other_weights * kHeadBytesPerWeight;
}

double GpuCost::kv_bytes_per_token() const {
  return 2 * double(shape_.layers) * kv_heads_held(shape_, options_.gpus) *
         double(shape_.head_dim) * options_.bytes_per_kv_value;
}

std::int64_t GpuCost::kv_capacity_tokens() const {
  const double usable = gpu_.memory_bytes.value * options_.gpus * options_.memory_share;
  return std::int64_t(std::max(0.0, usable - weight_bytes()) / kv_bytes_per_token());
}

double GpuCost::power_w() const { return gpu_.power_w.value * options_.gpus; }
double GpuCost::price_usd() const { return gpu_.price_usd.value * options_.gpus; }

}  // namespace evalrun::sim
