#include "hw/sim/train_wafer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace evalrun::sim {
namespace {

constexpr int kSystemsMax = 1'000'000;

// Equal layers, or one of the two vocabulary matrices.
struct Unit {
  double count = 0;
  double parameters = 0;     // of one
  double forward_flops = 0;  // of one, a token
  double kept_bytes = 0;     // of one, a token, for the backward pass
};

double kept_bytes(const ActivationBytes& bytes, Recompute recompute) {
  switch (recompute) {
    case Recompute::none:
      return bytes.row + bytes.split + bytes.scores;
    case Recompute::attention:
      return bytes.row + bytes.split;
    case Recompute::full:
      return bytes.layer_input;
  }
  return 0;
}

double vocabulary_parameters(const ModelShape& shape) {
  return double(shape.vocabulary) * double(shape.hidden);
}

// In the order of the forward pass. The look-up of the embedding computes nothing.
std::array<Unit, 3> units_of(const TrainJob& job, Recompute recompute) {
  const ModelShape& shape = job.shape;
  const double layers = double(shape.layers);
  const double vocabulary = vocabulary_parameters(shape);
  const double kept = kept_bytes(activation_bytes(shape, job.sequence), recompute);
  const double head_flops = 2 * vocabulary;
  const double layer_flops =
      (forward_matrix_flops(shape) - head_flops + forward_attention_flops(shape, job.sequence)) /
      layers;
  return {Unit{shape.has_tied_embedding ? 0.0 : 1.0, vocabulary, 0, 0},
          Unit{layers, double(parameters_per_layer(shape)), layer_flops, kept},
          Unit{1, vocabulary, head_flops, 0}};
}

// What one layer costs besides its forward arithmetic, in units of that.
double backward_ratio(const TrainJob& job, Recompute recompute) {
  if (recompute == Recompute::none) return 2;
  if (recompute == Recompute::full) return 3;
  const double attention = forward_attention_flops(job.shape, job.sequence);
  return 2 + attention / (attention + forward_matrix_flops(job.shape));
}

Status check_options(const WaferSpec& wafer, const WaferTrainOptions& options) {
  const WaferTrainParameters& p = options.parameters;
  if (options.systems < 1 || options.systems > kSystemsMax)
    return usage_error(
        fmt::format("{} systems: must be from 1 to {}", options.systems, kSystemsMax));
  if (!(options.memory_bytes > 0 && std::isfinite(options.memory_bytes)))
    return usage_error("MemoryX needs more than 0 bytes");
  if (!(p.compute_efficiency > 0 && p.compute_efficiency <= 1))
    return usage_error("compute_efficiency must be above 0 and at most 1");
  if (!(p.layers_held >= 0) || !(p.swarm_fan_out > 1) || !(p.swarm_hop_s >= 0) ||
      !(p.swarm_piece_bytes >= 0) || !(p.step_fixed_s >= 0))
    return usage_error("a parameter of weight streaming is negative, or SwarmX does not fan out");
  if (!(p.reserved_bytes_per_core >= 0 &&
        p.reserved_bytes_per_core < wafer.sram_bytes_per_core.value))
    return usage_error("reserved_bytes_per_core must leave some of the core's SRAM");
  return {};
}

// Fills the memory of `out`.
void place(const WaferSpec& wafer, const TrainJob& job, const WaferTrainOptions& options,
           WaferTraining& out) {
  const ModelShape& shape = job.shape;
  const WaferTrainParameters& p = options.parameters;
  const ActivationBytes bytes = activation_bytes(shape, job.sequence);
  const double kept = kept_bytes(bytes, options.recompute);
  // Beside what waits for the backward pass: the layer that is computed, or the logits and their
  // gradients.
  const double working =
      std::max(options.recompute == Recompute::full ? bytes.row + bytes.split : 0.0,
               2 * kWeightBytes * double(shape.vocabulary));
  const double largest =
      std::max(double(parameters_per_layer(shape)), vocabulary_parameters(shape));
  out.state_bytes = kStateBytes * double(parameters(shape));
  out.layer_bytes = p.layers_held * kWeightBytes * largest;
  out.sram_bytes =
      wafer.cores.value * (wafer.sram_bytes_per_core.value - p.reserved_bytes_per_core);
  // Spilling: one layer's on its way out or in, one in use.
  out.activation_token_bytes =
      working + kept * (options.spills_activations ? 2.0 : double(shape.layers));
  const double sequence_bytes = out.activation_token_bytes * double(job.sequence);
  out.sequences_max =
      std::int64_t(std::max(0.0, (out.sram_bytes - out.layer_bytes) / sequence_bytes));
  if (out.state_bytes > options.memory_bytes)
    out.why_not =
        fmt::format("weights, gradients and optimizer take {:.2f} TB of MemoryX's {:.2f} TB",
                    out.state_bytes / 1e12, options.memory_bytes / 1e12);
  else if (out.sequences_max < 1)
    out.why_not = fmt::format(
        "a layer of {:.2f} GB and one sequence of {} tokens with {:.2f} GB exceed the wafer's "
        "{:.2f} "
        "GB of SRAM",
        out.layer_bytes / 1e9, job.sequence, sequence_bytes / 1e9, out.sram_bytes / 1e9);
  out.fits = out.why_not.empty();
}

// Seconds of the streams of one unit in one pass.
struct StreamTime {
  double in_s = 0;
  double out_s = 0;
  double both_s(bool is_full_duplex) const {
    return is_full_duplex ? std::max(in_s, out_s) : in_s + out_s;
  }
};

// Adds `times` layers to where their longest is.
void add(WaferStepParts& parts, double times, double compute_s, double stream_s) {
  (compute_s >= stream_s ? parts.compute_s : parts.stream_s) +=
      times * std::max(compute_s, stream_s);
}

WaferStepParts step_parts(const WaferSpec& wafer, const TrainJob& job,
                          const WaferTrainOptions& options, const WaferTraining& placed,
                          double flops_per_s, double io_bytes_per_s) {
  const WaferTrainParameters& p = options.parameters;
  const double tokens = double(placed.micro_sequences) * double(job.sequence);
  const double repeats = double(placed.micro_batches);
  const double ratio = backward_ratio(job, options.recompute);
  WaferStepParts parts;
  for (const Unit& unit : units_of(job, options.recompute)) {
    const double forward_s = unit.forward_flops * tokens / flops_per_s;
    // The head is not computed twice: nothing after it needs its input.
    const double backward_s = forward_s * (unit.kept_bytes > 0 ? ratio : 2);
    const double weights_s = kWeightBytes * unit.parameters / io_bytes_per_s;
    const double gradients_s = kGradientBytes * unit.parameters / io_bytes_per_s;
    const double spill_s =
        options.spills_activations ? unit.kept_bytes * tokens / io_bytes_per_s : 0;
    const StreamTime forward{weights_s, spill_s};
    const StreamTime backward{weights_s + spill_s, gradients_s};
    const double times = repeats * unit.count;
    add(parts, times, forward_s, forward.both_s(options.is_full_duplex));
    add(parts, times, backward_s, backward.both_s(options.is_full_duplex));
    if (unit.kept_bytes > 0)  // a layer: the one that nothing overlaps with
      parts.edge_s = std::min(forward_s, weights_s) + std::min(backward_s, gradients_s);
  }
  const double levels =
      options.systems > 1 ? std::ceil(std::log(options.systems) / std::log(p.swarm_fan_out) - 1e-9)
                          : 0;
  // Down before the forward and the backward pass, up after it.
  parts.tree_s =
      3 * repeats * levels * (p.swarm_hop_s + p.swarm_piece_bytes / wafer.io_bytes_per_s.value);
  parts.fixed_s = p.step_fixed_s;
  return parts;
}

std::string bound_of(const WaferStepParts& parts) {
  const double stream_s = parts.stream_s + parts.edge_s;
  const double fixed_s = parts.tree_s + parts.fixed_s;
  if (fixed_s > std::max(stream_s, parts.compute_s)) return "fixed";
  return stream_s > parts.compute_s ? "stream" : "compute";
}

constexpr MemoryOption kMemoryOptions[] = {
    {"1.5TB", 1.5e12, "Tom's Hardware, 2024-03"},
    {"12TB", 12e12, "Tom's Hardware, 2024-03"},
    {"55TB", 55e12, "press text on the run with Sandia, AIwire, 2024-12-11"},
    {"1.2PB", 1.2e15, "Tom's Hardware, 2024-03"},
};

}  // namespace

std::span<const MemoryOption> memory_options() { return kMemoryOptions; }

double wafer_peak_flops_per_s(const WaferSpec& wafer) {
  return 2 * wafer.cores.value * wafer.macs_per_core_per_cycle.value * wafer.clock_hz.value;
}

Result<WaferTraining> train_on_wafers(const WaferSpec& wafer, const TrainJob& job,
                                      const WaferTrainOptions& options) {
  if (Status status = check(job); !status) return std::unexpected(status.error());
  if (Status status = check_options(wafer, options); !status)
    return std::unexpected(status.error());
  WaferTraining out;
  place(wafer, job, options, out);
  if (!out.fits) return out;
  const auto per = [](std::int64_t all, std::int64_t each) { return (all + each - 1) / each; };
  const std::int64_t own = per(job.batch_sequences, options.systems);
  out.micro_batches = per(own, out.sequences_max);
  out.micro_sequences = per(own, out.micro_batches);
  const double peak = wafer_peak_flops_per_s(wafer);
  const double flops = peak * options.parameters.compute_efficiency;
  const double io = wafer.io_bytes_per_s.value;
  out.parts = step_parts(wafer, job, options, out, flops, io);
  out.compute_only_s = step_parts(wafer, job, options, out, flops, HUGE_VAL).compute_s;
  out.stream_only_s = step_parts(wafer, job, options, out, HUGE_VAL, io).stream_s;
  out.step_s = out.parts.total_s();
  out.bound = bound_of(out.parts);
  out.tokens_per_s = job.batch_tokens() / out.step_s;
  out.utilisation =
      train_flops_per_token(job.shape, job.sequence) * out.tokens_per_s / (peak * options.systems);
  out.power_w = wafer.power_w.value * options.systems;
  return out;
}

Result<WaferScaling> wafer_scaling(const WaferSpec& wafer, const TrainJob& job,
                                   const WaferTrainOptions& options, int systems) {
  WaferTrainOptions one = options, many = options;
  one.systems = 1;
  many.systems = systems;
  TrainJob larger = job;
  larger.batch_sequences *= std::max(1, std::min(systems, kSystemsMax));
  const auto alone = train_on_wafers(wafer, job, one);
  if (!alone) return std::unexpected(alone.error());
  const auto same = train_on_wafers(wafer, job, many);
  if (!same) return std::unexpected(same.error());
  WaferScaling out{.systems = systems, .at_same_batch = {}, .at_same_batch_each = {}};
  if (alone->fits && same->fits) out.at_same_batch = same->tokens_per_s / alone->tokens_per_s;
  // A batch that grew beyond every limit is no error of the job that was asked for.
  const auto each = train_on_wafers(wafer, larger, many);
  if (each && alone->fits && each->fits)
    out.at_same_batch_each = each->tokens_per_s / alone->tokens_per_s;
  return out;
}

}  // namespace evalrun::sim
