#include "hw/sim/wafer_cost.h"

#include <algorithm>
#include <cmath>
#include <numeric>
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

bool decodes_only(const MeshWork& work) {
  return !work.new_tokens.empty() &&
         std::ranges::all_of(work.new_tokens, [](std::int64_t n) { return n == 1; });
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

MeshCycles WaferCost::prompt_layer(std::int64_t new_tokens, std::int64_t context) const {
  const MeshWork work = {.new_tokens = {&new_tokens, 1}, .context = {&context, 1}};
  const MeshCycles gemm =
      gemm_layer(spec_, options_.parameters, shape_, placement_.prefill_side, work);
  if (options_.prompts_by_gemm_only) return gemm;
  const MeshCycles gemv =
      gemv_layer(spec_, options_.parameters, shape_, placement_.decode_side, work);
  return gemv.total() <= gemm.total() ? gemv : gemm;
}

MeshCycles WaferCost::layer(const MeshWork& work) const {
  if (decodes_only(work))  // the common case, without a copy
    return gemv_layer(spec_, options_.parameters, shape_, placement_.decode_side, work);
  std::vector<std::int64_t> decoding, context;
  MeshCycles sum;
  for (std::size_t i = 0; i < work.new_tokens.size(); ++i) {
    if (work.new_tokens[i] == 1) {
      decoding.push_back(1);
      context.push_back(work.context[i]);
    } else if (work.new_tokens[i] > 1) {
      sum = sum + prompt_layer(work.new_tokens[i], work.context[i]);
    }
  }
  if (decoding.empty()) return sum;
  return sum + gemv_layer(spec_, options_.parameters, shape_, placement_.decode_side,
                          {.new_tokens = decoding, .context = context});
}

WaferBreakdown WaferCost::around(const MeshCycles& layer, double tokens,
                                 double head_positions) const {
  if (tokens == 0) return {};
  const WaferParameters& parameters = options_.parameters;
  const double cycle_s = 1 / (spec_.clock_hz.value * options_.kernel_speedup);
  const MeshCycles layers = layer * (double(shape_.layers) * cycle_s);
  const MeshCycles head =
      gemv_head(spec_, parameters, shape_, placement_.decode_side, head_positions);
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

WaferBreakdown WaferCost::speculated(const MeshWork& work) const {
  const WaferSpeculation& speculation = *options_.speculation;
  const std::int64_t looked_at = speculation.drafted_tokens + 1;
  const std::vector<std::int64_t> round(work.new_tokens.size(), looked_at);
  std::vector<std::int64_t> context(work.context.begin(), work.context.end());
  const double tokens = double(round.size()) * double(looked_at);
  WaferBreakdown sum = around(gemv_layer(spec_, options_.parameters, shape_, placement_.decode_side,
                                         {.new_tokens = round, .context = work.context}),
                              tokens, tokens);
  for (int i = 0; i < speculation.drafted_tokens; ++i) {
    sum = sum + WaferBreakdown{.draft_s = draft_->pass_s(work.new_tokens, context)};
    for (std::int64_t& length : context) ++length;
  }
  return scaled(sum, 1 / expected_tokens(speculation.drafted_tokens, speculation.acceptance));
}

WaferBreakdown WaferCost::breakdown(std::span<const std::int64_t> new_tokens,
                                    std::span<const std::int64_t> context) const {
  CHECK(new_tokens.size() == context.size());
  const MeshWork work = {.new_tokens = new_tokens, .context = context};
  if (draft_ && decodes_only(work)) return speculated(work);
  const double tokens = double(std::accumulate(new_tokens.begin(), new_tokens.end(), 0LL));
  return around(layer(work), tokens, double(new_tokens.size()));
}

double WaferCost::pass_s(std::span<const std::int64_t> new_tokens,
                         std::span<const std::int64_t> context) const {
  return breakdown(new_tokens, context).total_s();
}

double WaferCost::token_s(std::int64_t context) const {
  const std::int64_t one = 1;
  return pass_s({&one, 1}, {&context, 1});
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
  const std::int64_t one = 1;
  const WaferBreakdown parts = cost->breakdown({&one, 1}, {&context, 1});
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
