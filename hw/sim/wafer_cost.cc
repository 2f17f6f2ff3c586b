#include "hw/sim/wafer_cost.h"

#include <cmath>
#include <utility>
#include <vector>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr double kValueBytes = 2;  // of activations, on the wafer and between wafers

WaferBreakdown operator+(WaferBreakdown a, const WaferBreakdown& b) {
  a.compute_s += b.compute_s, a.vector_start_s += b.vector_start_s, a.software_s += b.software_s;
  a.hop_s += b.hop_s, a.stage_s += b.stage_s, a.stream_s += b.stream_s, a.head_s += b.head_s;
  a.crossing_s += b.crossing_s, a.service_s += b.service_s, a.draft_s += b.draft_s;
  return a;
}

WaferBreakdown scaled(WaferBreakdown a, double times) {
  for (double* part : {&a.compute_s, &a.vector_start_s, &a.software_s, &a.hop_s, &a.stage_s,
                       &a.stream_s, &a.head_s, &a.crossing_s, &a.service_s, &a.draft_s})
    *part *= times;
  return a;
}

// The decoding ones, all at their mean length.
MeshWork decoding_of(const Batch& batch) {
  const std::int64_t mean = (batch.context + batch.decoding - 1) / batch.decoding;
  return {.new_tokens = 1, .context = mean, .sequences = batch.decoding};
}

}  // namespace

Result<WaferCost> WaferCost::make(const WaferSpec& spec, const ModelShape& shape,
                                  const WaferOptions& options) {
  Result<WaferPlacement> placement = place_on_wafers(spec, shape, options);
  if (!placement) return std::unexpected(placement.error());
  WaferCost cost(spec, shape, options, *placement);
  if (!options.speculation) return cost;
  WaferOptions drafting = options;
  drafting.speculation.reset();
  drafting.wafers = drafting.decode_side = drafting.prefill_side = 0;
  drafting.service_s_per_wafer = 0;  // drafting needs no host
  Result<WaferCost> draft = make(spec, options.speculation->draft, drafting);
  if (!draft) return std::unexpected(draft.error());
  cost.draft_ = std::make_shared<const WaferCost>(std::move(*draft));
  return cost;
}

MeshCycles WaferCost::prompt_layer(const PromptChunk& prompt) const {
  const MeshWork work = {.new_tokens = prompt.tokens, .context = prompt.context};
  if (options_.prompts_by_gemm_only) return gemm_layer(prefill_square_, work);
  const MeshCycles gemv = gemv_layer(decode_square_, work);
  if (gemv.total() <= gemm_layer_cycles_min(prefill_square_)) return gemv;
  const MeshCycles gemm = gemm_layer(prefill_square_, work);
  return gemv.total() <= gemm.total() ? gemv : gemm;
}

MeshCycles WaferCost::layer(const Batch& batch) const {
  MeshCycles sum;
  for (const PromptChunk& prompt : batch.prompts) sum = sum + prompt_layer(prompt);
  if (batch.decoding == 0) return sum;
  return sum + gemv_layer(decode_square_, decoding_of(batch));
}

WaferBreakdown WaferCost::around(const MeshCycles& layer, double tokens,
                                 double head_positions) const {
  if (tokens == 0) return {};
  const WaferParameters& parameters = options_.parameters;
  const double cycle_s = 1 / (spec_.clock_hz.value * options_.kernel_speedup);
  const MeshCycles layers = layer * (double(shape_.layers) * cycle_s);
  const MeshCycles head = gemv_head(decode_square_, head_positions);
  const double moved_bytes = tokens * double(shape_.hidden) * kValueBytes;
  const int crossings = placement_.wafers - 1;
  const double back_s = crossings > 0 ? parameters.crossing_latency_s : 0;
  return {.compute_s = layers.compute,
          .vector_start_s = layers.vector_start,
          .software_s = layers.software,
          .hop_s = layers.hop,
          .stage_s = layers.stage,
          .stream_s = layers.stream,
          .head_s = head.total() * cycle_s,
          .crossing_s = crossings * (moved_bytes / spec_.io_bytes_per_s.value +
                                     parameters.crossing_latency_s) +
                        back_s,
          .service_s = placement_.wafers * options_.service_s_per_wafer};
}

WaferBreakdown WaferCost::speculated(const Batch& batch) const {
  const WaferSpeculation& speculation = *options_.speculation;
  MeshWork round = decoding_of(batch);
  round.new_tokens = speculation.drafted_tokens + 1;
  const double tokens = double(round.new_tokens * round.sequences);
  WaferBreakdown sum = around(gemv_layer(decode_square_, round), tokens, tokens);
  Batch drafted = batch;
  for (int i = 0; i < speculation.drafted_tokens; ++i) {
    sum = sum + WaferBreakdown{.draft_s = draft_->pass_s(drafted)};
    drafted.context += drafted.decoding;
  }
  return scaled(sum, 1 / expected_tokens(speculation.drafted_tokens, speculation.acceptance));
}

WaferBreakdown WaferCost::breakdown(const Batch& batch) const {
  if (draft_ && batch.decoding > 0 && batch.prompts.empty()) return speculated(batch);
  std::int64_t tokens = batch.decoding;
  for (const PromptChunk& prompt : batch.prompts) tokens += prompt.tokens;
  return around(layer(batch), double(tokens),
                double(batch.decoding) + double(batch.prompts.size()));
}

double WaferCost::token_s(std::int64_t context) const {
  return pass_s({.decoding = 1, .context = context});
}

double expected_tokens(int drafted_tokens, double acceptance) {
  double sum = 1, kept = 1;  // the closed form, summed: it has no gap at 1
  for (int i = 0; i < drafted_tokens; ++i) sum += kept *= acceptance;
  return sum;
}

double kernel_speedup_needed(const WaferSpec& spec, const ModelShape& shape,
                             const WaferOptions& options, std::int64_t context,
                             double tokens_per_s) {
  const Result<WaferCost> cost = WaferCost::make(spec, shape, options);
  if (!cost || !(tokens_per_s > 0)) return 0;
  const WaferBreakdown parts = cost->breakdown({.decoding = 1, .context = context});
  const double kernels_s = (parts.total_s() - parts.crossing_s - parts.service_s);
  const double left_s = 1 / tokens_per_s - parts.crossing_s - parts.service_s;
  return left_s <= 0 ? 0 : options.kernel_speedup * kernels_s / left_s;
}

std::optional<double> acceptance_needed(const WaferSpec& spec, const ModelShape& shape,
                                        WaferOptions options, std::int64_t context,
                                        double tokens_per_s) {
  if (!options.speculation || !(tokens_per_s > 0)) return std::nullopt;
  options.speculation->acceptance = 0;
  const Result<WaferCost> cost = WaferCost::make(spec, shape, options);
  if (!cost) return std::nullopt;
  const int drafted = options.speculation->drafted_tokens;
  const double tokens = cost->token_s(context) * tokens_per_s;  // a round must yield so many
  if (tokens <= 1) return 0.0;
  if (tokens > drafted + 1) return std::nullopt;
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (expected_tokens(drafted, middle) < tokens ? low : high) = middle;
  }
  return high;
}

}  // namespace evalrun::sim
