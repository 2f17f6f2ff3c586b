#include "hw/sim/train_gpu.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace evalrun::sim {
namespace {

// Logits: written in 16 bit, read and widened, read and turned into gradients in 32 bit.
constexpr double kLogitTrafficBytes = 16;
constexpr double kLogitBytes = 6;  // held: 16 and 32 bit
// Backward arithmetic of attention in units of forward: two products become four; fused attention
// computes the scores once more.
constexpr double kBackwardAttention = 2;
constexpr double kBackwardFusedAttention = 2.5;
// An input of a product cast to 8 bit: read in 16 for its largest value ("current scaling"), read
// again, written as it is and transposed.
constexpr double kCastTrafficBytes = 6;
// Of collectives, and of a layer's small kernels: the stock library, as profiled.
constexpr GpuStack kCollectives = kVidurLike;

// Seconds of one layer, or of several, in one direction.
struct LayerTime {
  double matrix_s = 0;
  double attention_s = 0;
  double small_s = 0;
  double tensor_s = 0;
  double total_s() const { return matrix_s + attention_s + small_s + tensor_s; }
};

// All that the functions below look at.
struct Cluster {
  const GpuSpec& gpu;
  const TrainJob& job;
  const GpuLayout& layout;
  const GpuTrainOptions& options;

  double rows() const { return double(layout.micro_sequences) * double(job.sequence); }
  double tensor() const { return layout.tensor; }
  // Vectors of the hidden width are split only by sequence parallel.
  double row_split() const { return layout.is_sequence_parallel ? layout.tensor : 1; }
  double traffic_s(double bytes) const {
    return bytes /
           (gpu.memory_bytes_per_s.value * options.parameters.kernels.elementwise_bandwidth_share);
  }
  double query() const { return double(job.shape.heads * job.shape.head_dim) / tensor(); }
  double kv() const {  // a key head is on one GPU at least
    return double(std::max<std::int64_t>(job.shape.kv_heads, layout.tensor) * job.shape.head_dim) /
           tensor();
  }
  double ffn() const { return double(job.shape.ffn) / tensor(); }
  double hidden() const { return double(job.shape.hidden); }
  double vocabulary() const { return double(job.shape.vocabulary) / tensor(); }
  std::int64_t micro_batches() const {
    const std::int64_t together = std::int64_t(layout.data) * layout.micro_sequences;
    return (job.batch_sequences + together - 1) / together;
  }
};

double matrix(const Cluster& c, double outputs, double inputs) {
  return matrix_s(c.options.parameters.kernels, c.gpu, c.options.bytes_per_weight, c.rows(),
                  outputs, inputs);
}

double attention(const Cluster& c) {
  const GpuParameters& p = c.options.parameters.kernels;
  const double square = c.rows() * double(c.job.sequence);
  const bool is_fused = c.options.stack.score_bytes == 0;
  const double pairs = is_fused ? (square + c.rows()) / 2 : square;
  const double flops = 4 * c.query() * pairs;
  const double heads = c.query() / double(c.job.shape.head_dim);
  return 2 * p.kernel_start_s + flops / (c.gpu.bf16_flops_per_s.value * p.attention_flops_share) +
         c.traffic_s(c.options.stack.score_bytes * heads * pairs);
}

double small(const Cluster& c) {
  const double rows_bytes = 2 * c.options.stack.hidden_vectors * c.hidden() / c.row_split();
  const double split_bytes = 2 * (2 * (c.query() + 2 * c.kv()) + 3 * c.ffn());
  const double cast_bytes = c.options.bytes_per_weight < 2
                                ? kCastTrafficBytes * (2 * c.hidden() + c.query() + c.ffn())
                                : 0;
  return kCollectives.small_kernels_s +
         c.traffic_s(c.rows() * (rows_bytes + split_bytes + cast_bytes));
}

LayerTime forward_layer(const Cluster& c) {
  return {.matrix_s = matrix(c, c.query() + 2 * c.kv(), c.hidden()) +
                      matrix(c, c.hidden(), c.query()) + matrix(c, 2 * c.ffn(), c.hidden()) +
                      matrix(c, c.hidden(), c.ffn()),
          .attention_s = attention(c),
          .small_s = small(c),
          .tensor_s = 2 * (1 - c.options.stack.hidden_tensor_share) *
                      all_reduce_s(c.options.parameters.kernels, c.gpu, kCollectives,
                                   c.layout.tensor, 2 * c.rows() * c.hidden())};
}

// Logits of a micro-batch, forward and backward.
double head(const Cluster& c) {
  return 3 * matrix_s(c.options.parameters.kernels, c.gpu, kWeightBytes, c.rows(), c.vocabulary(),
                      c.hidden()) +
         c.traffic_s(kLogitTrafficBytes * c.rows() * c.vocabulary());
}

// Layers of the slowest stage, and what the head adds to it. Where the layers do not divide, the
// last stage has one less: the head is there.
struct SlowestStage {
  double layers = 0;
  double layers_max = 0;  // of any stage: memory
  double head_s = 0;
};
SlowestStage slowest_stage(const Cluster& c, double layer_s, double head_s) {
  const double base = double(c.job.shape.layers / c.layout.pipeline);
  const double most = c.job.shape.layers % c.layout.pipeline == 0 ? base : base + 1;
  if (most * layer_s > base * layer_s + head_s) return {most, most, 0};
  return {base, most, head_s};
}

// Parameters on the fullest GPU before ZeRO splits them.
double parameters_per_gpu(const Cluster& c, double layers_max) {
  const ModelShape& shape = c.job.shape;
  const double vocabulary = double(shape.vocabulary) * c.hidden();
  const int tables = c.layout.pipeline == 1 && !shape.has_tied_embedding ? 2 : 1;
  return (layers_max * double(parameters_per_layer(shape)) + tables * vocabulary) / c.tensor();
}

GpuMemoryParts memory_of(const Cluster& c, double layers_max) {
  const GpuLayout& layout = c.layout;
  const double owned = parameters_per_gpu(c, layers_max);
  const auto split = [&](int from) { return layout.zero >= from ? double(layout.data) : 1.0; };
  const ActivationBytes bytes = activation_bytes(c.job.shape, c.job.sequence);
  const double scores = c.options.stack.score_bytes > 0 ? bytes.scores / c.tensor() : 0;
  const double inputs = bytes.layer_input / c.row_split();
  const double rows = bytes.row + (c.options.stack.has_dropout ? bytes.masks : 0);
  const double whole = rows / c.row_split() + bytes.split / c.tensor();
  const double kept = layout.recompute == Recompute::full        ? inputs
                      : layout.recompute == Recompute::attention ? whole
                                                                 : whole + scores;
  const double stages = layout.pipeline;
  // The first stage holds a micro-batch for each stage after it; interleaving adds some.
  const double more =
      layout.virtual_stages > 1 ? 1 + (stages - 1) / (stages * layout.virtual_stages) : 1;
  const double under_way = std::min(double(c.micro_batches()), stages * more);
  const double computed = layout.recompute == Recompute::none ? 0 : whole + scores;
  const double logits = layout.pipeline == 1 ? kLogitBytes * c.vocabulary() : 0;
  const double gathered =
      layout.zero >= 3 ? 2 * kWeightBytes * double(parameters_per_layer(c.job.shape)) / c.tensor()
                       : 0;
  return {.weights_bytes = kWeightBytes * owned / split(3),
          .gradients_bytes = kGradientBytes * owned / split(2),
          .optimizer_bytes = kOptimizerBytes * owned / split(1),
          .activations_bytes = kept * layers_max * c.rows() * under_way,
          .working_bytes = std::max(computed, logits) * c.rows() + gathered};
}

double nvlink_bytes_per_s(const Cluster& c) {
  return c.gpu.link_bytes_per_s.value / 2 * c.options.parameters.kernels.link_share;
}
double node_bytes_per_s(const Cluster& c) {
  return c.options.parameters.node_link_bytes_per_s * c.options.parameters.node_link_share;
}

// One vector of the micro-batch forward and one gradient back, for each piece of the model. The
// tensor-parallel GPUs send a share each.
double send_s(const Cluster& c) {
  if (c.layout.pipeline == 1) return 0;
  const bool is_one_domain = c.layout.gpus() <= c.gpu.domain_gpus.value;
  const double bytes = 2 * c.rows() * c.hidden() / c.tensor();
  return 2 * c.layout.virtual_stages * bytes /
         (is_one_domain ? nvlink_bytes_per_s(c) : node_bytes_per_s(c));
}

// Data parallel of one step, before anything hides it. Neighbours in a domain are tensor parallel
// first, then data parallel.
double data_s(const Cluster& c, double owned) {
  const GpuLayout& layout = c.layout;
  if (layout.data == 1) return 0;
  const double micro = double(c.micro_batches());
  const double passes = layout.zero == 3 ? 3 * micro : layout.zero == 2 ? micro + 1 : 2;
  const double bytes = passes * (layout.data - 1) / layout.data * kGradientBytes * owned;
  const double members =
      std::clamp(std::floor(c.gpu.domain_gpus.value / layout.tensor), 1.0, double(layout.data));
  const double nvlink = nvlink_bytes_per_s(c);
  if (members >= layout.data) return bytes / nvlink;
  const double links = c.options.stack.joins_node_links ? members : 1;
  return bytes / std::min(nvlink, links * node_bytes_per_s(c));
}

// What of it is not hidden behind the arithmetic: work_s of the whole step, micro_s of the last
// micro-batch.
double shown(const Cluster& c, double all_s, double work_s, double micro_s) {
  if (c.layout.zero == 3) {
    const double longer = std::max(all_s, work_s);
    const double ratio = std::min(all_s, work_s) / longer;
    const double power = c.options.parameters.data_overlap_power;
    return longer * std::pow(1 + std::pow(ratio, power), 1 / power) - work_s;
  }
  return c.options.stack.hides_transfers ? std::max(0.0, all_s - micro_s) : all_s;
}

GpuStepParts step_parts(const Cluster& c, GpuTraining& out) {
  const LayerTime ahead = forward_layer(c);
  const bool is_fused = c.options.stack.score_bytes == 0;
  const double attention_back = is_fused ? kBackwardFusedAttention : kBackwardAttention;
  double again = 0;
  if (c.layout.recompute == Recompute::full) again = ahead.total_s();
  if (c.layout.recompute == Recompute::attention && !is_fused) again = ahead.attention_s;
  const double layer_s = 3 * (ahead.matrix_s + ahead.small_s) + 2 * ahead.tensor_s +
                         (1 + attention_back) * ahead.attention_s + again;
  const double head_s = head(c);
  const SlowestStage stage = slowest_stage(c, layer_s, head_s);
  out.memory = memory_of(c, stage.layers_max);
  const double micro = double(c.micro_batches());
  const double times = micro * stage.layers;
  GpuStepParts parts;
  parts.matrix_s = times * 3 * ahead.matrix_s;
  parts.attention_s = times * (1 + attention_back) * ahead.attention_s;
  parts.small_s = times * 3 * ahead.small_s;
  parts.head_s = micro * stage.head_s;
  parts.recompute_s = times * again;
  parts.tensor_s = times * 2 * ahead.tensor_s;
  const double sent_s = send_s(c);
  parts.send_s = c.options.stack.hides_transfers ? 0 : micro * sent_s;
  const double mean_stage_s =
      (double(c.job.shape.layers) * layer_s + head_s) / c.layout.pipeline + sent_s;
  parts.bubble_s = (c.layout.pipeline - 1) * mean_stage_s / c.layout.virtual_stages;
  const double owned = parameters_per_gpu(c, stage.layers_max);
  const double work_s = parts.total_s();
  parts.data_s = shown(c, data_s(c, owned), work_s, (work_s - parts.bubble_s) / micro);
  const double updated = owned / (c.layout.zero >= 1 ? c.layout.data : 1);
  parts.optimizer_s = c.traffic_s(c.options.parameters.optimizer_traffic_bytes * updated);
  return parts;
}

std::string bound_of(const GpuStepParts& parts) {
  const double kernels_s =
      parts.matrix_s + parts.attention_s + parts.small_s + parts.head_s + parts.recompute_s;
  std::pair<double, const char*> longest{kernels_s, "compute"};
  for (const auto& [seconds, name] : {std::pair{parts.tensor_s, "tensor parallel"},
                                      {parts.send_s, "pipeline sends"},
                                      {parts.bubble_s, "pipeline bubble"},
                                      {parts.data_s, "data parallel"},
                                      {parts.optimizer_s, "optimizer"}})
    if (seconds > longest.first) longest = {seconds, name};
  return longest.second;
}

Status check_layout(const GpuSpec& gpu, const TrainJob& job, const GpuLayout& layout) {
  for (const int count :
       {layout.tensor, layout.pipeline, layout.data, layout.micro_sequences, layout.virtual_stages})
    if (count < 1 || count > 10'000'000)
      return usage_error(fmt::format("a layout with a count of {}: must be from 1", count));
  if (double(layout.tensor) * layout.pipeline * layout.data > 1e9)
    return usage_error("a layout of more than 1e9 GPUs");
  if (layout.zero < 0 || layout.zero > 3)
    return usage_error(fmt::format("ZeRO {}: must be from 0 to 3", layout.zero));
  if (layout.tensor > gpu.domain_gpus.value)
    return usage_error(fmt::format("tensor parallel over {} GPUs: a domain has {}", layout.tensor,
                                   gpu.domain_gpus.value));
  if (job.shape.heads % layout.tensor != 0)
    return usage_error(fmt::format("tensor parallel over {} GPUs does not divide {} heads",
                                   layout.tensor, job.shape.heads));
  if (std::int64_t(layout.pipeline) * layout.virtual_stages > job.shape.layers)
    return usage_error(fmt::format("{} pipeline stages of {} pieces for {} layers", layout.pipeline,
                                   layout.virtual_stages, job.shape.layers));
  if (std::int64_t(layout.data) * layout.micro_sequences > job.batch_sequences)
    return usage_error(fmt::format("{} pipelines of {} sequences at once, but the batch has {}",
                                   layout.data, layout.micro_sequences, job.batch_sequences));
  return {};
}

}  // namespace

Result<GpuTraining> train_on_gpus(const GpuSpec& gpu, const TrainJob& job, const GpuLayout& layout,
                                  const GpuTrainOptions& options) {
  if (Status status = check(job); !status) return std::unexpected(status.error());
  if (Status status = check_layout(gpu, job, layout); !status)
    return std::unexpected(status.error());
  const Cluster cluster{gpu, job, layout, options};
  GpuTraining out;
  out.layout = layout;
  out.micro_batches = cluster.micro_batches();
  out.parts = step_parts(cluster, out);
  out.memory_limit_bytes = gpu.memory_bytes.value * options.parameters.memory_share;
  out.fits = out.memory.total_bytes() <= out.memory_limit_bytes;
  out.step_s = out.parts.total_s();
  out.bubble = out.parts.bubble_s / out.step_s;
  out.bound = bound_of(out.parts);
  out.tokens_per_s = job.batch_tokens() / out.step_s;
  out.utilisation = train_flops_per_token(job.shape, job.sequence) * out.tokens_per_s /
                    (gpu.bf16_flops_per_s.value * layout.gpus());
  out.power_w = gpu.power_w.value * layout.gpus();
  return out;
}

}  // namespace evalrun::sim
