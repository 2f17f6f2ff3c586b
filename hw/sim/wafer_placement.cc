#include "hw/sim/wafer_placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace evalrun::sim {
namespace {

constexpr int kSideMin = 64;  // smaller squares than that hold no layer of any model we know
constexpr std::int64_t kReferenceTokens = 4096;

// Bytes of the model as the placement sees it.
struct Load {
  double layer_bytes = 0;     // weights of one layer
  double layer_kv_bytes = 0;  // one token's keys and values in one layer
  double slots = 0;           // layers, and layers' room for embedding, head and draft model
};

Load load_of(const ModelShape& shape, const WaferOptions& options) {
  Load load;
  load.layer_bytes = double(parameters_per_layer(shape)) * options.bytes_per_weight;
  load.layer_kv_bytes = double(kv_bytes_per_token(shape)) / double(shape.layers);
  double others = double(parameters(shape) - shape.layers * parameters_per_layer(shape)) *
                  options.bytes_per_weight;
  if (options.speculation)
    others += double(parameters(options.speculation->draft)) * options.bytes_per_weight +
              double(options.min_kv_tokens * kv_bytes_per_token(options.speculation->draft));
  load.slots = double(shape.layers) + std::ceil(others / load.layer_bytes);
  return load;
}

double region_bytes(const WaferSpec& spec, const WaferOptions& options, int side) {
  return double(side) * side *
         std::max(0.0, spec.sram_bytes_per_core.value - options.parameters.reserved_bytes_per_core);
}

int regions_of(const WaferSpec& spec, int side) {
  return int(spec.cores.value / (double(side) * side));
}

// 0: not even one layer with its keys and values fits.
int layers_that_fit(const WaferSpec& spec, const WaferOptions& options, const Load& load,
                    int side) {
  const double needed = load.layer_bytes + double(options.min_kv_tokens) * load.layer_kv_bytes;
  return int(std::min(load.slots, std::floor(region_bytes(spec, options, side) / needed)));
}

// 0: impossible with regions of that side.
int wafers_needed(const WaferSpec& spec, const WaferOptions& options, const Load& load, int side) {
  const int layers = regions_of(spec, side) * layers_that_fit(spec, options, load, side);
  return layers == 0 ? 0 : int(std::ceil(load.slots / layers));
}

double token_cycles(const WaferSpec& spec, const ModelShape& shape, const WaferOptions& options,
                    int side) {
  const MeshWork work = {.new_tokens = 1, .context = kReferenceTokens};
  return double(shape.layers) * gemv_layer(spec, options.parameters, shape, side, work).total() +
         gemv_head(spec, options.parameters, shape, side, 1).total();
}

int choose_prefill_side(const WaferSpec& spec, const ModelShape& shape,
                        const WaferOptions& options) {
  const MeshWork work = {.new_tokens = kReferenceTokens};
  int best = 0;
  double best_cycles = 0;
  for (int side = kSideMin; regions_of(spec, side) >= 1; ++side) {
    const double cycles = gemm_layer(spec, options.parameters, shape, side, work).total();
    if (best == 0 || cycles < best_cycles) best = side, best_cycles = cycles;
  }
  return best;
}

int choose_decode_side(const WaferSpec& spec, const ModelShape& shape, const WaferOptions& options,
                       const Load& load) {
  int best = 0, fewest = 0;
  double best_cycles = 0;
  for (int side = kSideMin; regions_of(spec, side) >= 1; ++side) {
    int wafers = wafers_needed(spec, options, load, side);
    if (wafers == 0) continue;
    if (options.wafers > 0 && wafers <= options.wafers) wafers = options.wafers;
    if (best != 0 && wafers > fewest) continue;
    const double cycles = token_cycles(spec, shape, options, side);
    if (best == 0 || wafers < fewest || cycles < best_cycles)
      best = side, fewest = wafers, best_cycles = cycles;
  }
  return best;
}

Status check_options(const WaferSpec& spec, const WaferOptions& options) {
  if (spec.cores.value < kSideMin * kSideMin)
    return input_error(fmt::format("cores: {} is less than {} x {}: give a wafer's number",
                                   spec.cores.value, kSideMin, kSideMin));
  for (const int side : {options.decode_side, options.prefill_side})
    if (side != 0 && (side < 2 || regions_of(spec, side) < 1))
      return input_error(
          fmt::format("a grid of {0} x {0} cores: the wafer has {1:.0f}: give 2 to {2}", side,
                      spec.cores.value, int(std::sqrt(spec.cores.value))));
  if (!(options.bytes_per_weight > 0) || options.wafers < 0 || options.min_kv_tokens < 0 ||
      !(options.kernel_speedup > 0) || !(options.service_s_per_wafer >= 0))
    return input_error("bytes per weight and kernel speedup must be above 0, the rest not below");
  const auto& speculation = options.speculation;
  if (speculation && (speculation->drafted_tokens < 1 || !(speculation->acceptance >= 0) ||
                      !(speculation->acceptance <= 1)))
    return input_error("speculation: draft at least one token, acceptance from 0 to 1");
  return {};
}

}  // namespace

Result<WaferPlacement> place_on_wafers(const WaferSpec& spec, const ModelShape& shape,
                                       const WaferOptions& options) {
  if (Status checked = check_options(spec, options); !checked)
    return std::unexpected(checked.error());
  const Load load = load_of(shape, options);
  WaferPlacement placement;
  placement.decode_side = options.decode_side != 0 ? options.decode_side
                                                   : choose_decode_side(spec, shape, options, load);
  const int side = placement.decode_side;
  const int needed = side == 0 ? 0 : wafers_needed(spec, options, load, side);
  if (needed == 0)
    return input_error(fmt::format(
        "{}: a layer takes {:.1f} MB and {} tokens of its cache {:.1f} MB more; {} holds {:.1f} MB",
        shape.name, load.layer_bytes / 1e6, options.min_kv_tokens,
        double(options.min_kv_tokens) * load.layer_kv_bytes / 1e6,
        side == 0 ? "a wafer" : fmt::format("a region of {0} x {0} cores", side),
        region_bytes(spec, options, side == 0 ? int(std::sqrt(spec.cores.value)) : side) / 1e6));
  if (options.wafers != 0 && needed > options.wafers)
    return input_error(fmt::format(
        "{}: {:.1f} GB of weights need {} wafers with regions of {} x {} cores; given were {}",
        shape.name, load.slots * load.layer_bytes / 1e9, needed, side, side, options.wafers));
  placement.wafers = options.wafers != 0 ? options.wafers : needed;
  placement.prefill_side =
      options.prefill_side != 0 ? options.prefill_side : choose_prefill_side(spec, shape, options);
  placement.regions_per_wafer = regions_of(spec, side);
  placement.layers_per_region =
      int(std::ceil(load.slots / (double(placement.wafers) * placement.regions_per_wafer)));
  const double left =
      region_bytes(spec, options, side) - double(placement.layers_per_region) * load.layer_bytes;
  placement.kv_capacity_tokens =
      std::int64_t(left / (double(placement.layers_per_region) * load.layer_kv_bytes));
  const int widest = std::max(side, placement.prefill_side);
  placement.stages = int(std::min(double(placement.wafers) * regions_of(spec, widest), load.slots));
  return placement;
}

}  // namespace evalrun::sim
