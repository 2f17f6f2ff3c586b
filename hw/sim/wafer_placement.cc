#include "hw/sim/wafer_placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hw/sim/wafer_sides.h"

namespace evalrun::sim {
namespace {

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

struct DecodeSides {
  std::vector<int> sides;  // on which the model fits with so many wafers
  int wafers = 0;          // as given, or the fewest; 0 = it fits on none
};

DecodeSides decode_sides(const WaferSpec& spec, const WaferOptions& options, const Load& load) {
  std::vector<int> sides;
  if (options.decode_side != 0)
    sides = {options.decode_side};
  else
    for (int side = kSideMin; regions_of(spec, side) >= 1; side += 2) sides.push_back(side);
  DecodeSides out{{}, options.wafers};
  for (const int side : sides) {
    const int wafers = wafers_needed(spec, options, load, side);
    if (wafers > 0 && options.wafers == 0 && (out.wafers == 0 || wafers < out.wafers))
      out.wafers = wafers;
  }
  for (const int side : sides) {
    const int wafers = wafers_needed(spec, options, load, side);
    if (wafers > 0 && wafers <= out.wafers) out.sides.push_back(side);
  }
  return out;
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

// Why it does not: a layer is larger than the square, or it takes more wafers than given.
Error no_room(const WaferSpec& spec, const ModelShape& shape, const WaferOptions& options,
              const Load& load) {
  WaferOptions any_number = options;
  any_number.wafers = 0;
  const DecodeSides fewest = decode_sides(spec, any_number, load);
  const int side = options.decode_side;
  if (fewest.wafers == 0)
    return {Error::Kind::input,
            fmt::format(
                "{}: a layer takes {:.1f} MB and {} tokens of its cache {:.1f} MB more; {} "
                "holds {:.1f} MB",
                shape.name, load.layer_bytes / 1e6, options.min_kv_tokens,
                double(options.min_kv_tokens) * load.layer_kv_bytes / 1e6,
                side == 0 ? "a wafer" : fmt::format("a region of {0} x {0} cores", side),
                region_bytes(spec, options, side == 0 ? int(std::sqrt(spec.cores.value)) : side) /
                    1e6)};
  return {Error::Kind::input,
          fmt::format("{}: {:.1f} GB of weights and {} tokens of KV cache need {} wafers; given "
                      "were {}",
                      shape.name, load.slots * load.layer_bytes / 1e9, options.min_kv_tokens,
                      fewest.wafers, options.wafers)};
}

}  // namespace

Result<WaferPlacement> place_on_wafers(const WaferSpec& spec, const ModelShape& shape,
                                       const WaferOptions& options) {
  if (Status checked = check_options(spec, options); !checked)
    return std::unexpected(checked.error());
  const Load load = load_of(shape, options);
  const DecodeSides fit = decode_sides(spec, options, load);
  if (fit.sides.empty()) return std::unexpected(no_room(spec, shape, options, load));
  const WaferSides sides = choose_sides(spec, shape, options, fit.sides, fit.wafers, load.slots);
  WaferPlacement placement;
  placement.wafers = fit.wafers;
  placement.decode_side = sides.decode;
  placement.prefill_side = sides.prefill;
  placement.regions_per_wafer = regions_of(spec, sides.decode);
  placement.layers_per_region =
      int(std::ceil(load.slots / (double(placement.wafers) * placement.regions_per_wafer)));
  const double left = region_bytes(spec, options, sides.decode) -
                      double(placement.layers_per_region) * load.layer_bytes;
  placement.kv_capacity_tokens =
      std::int64_t(left / (double(placement.layers_per_region) * load.layer_kv_bytes));
  const int widest = std::max(sides.decode, sides.prefill);
  placement.stages = int(std::min(double(placement.wafers) * regions_of(spec, widest), load.slots));
  return placement;
}

}  // namespace evalrun::sim
