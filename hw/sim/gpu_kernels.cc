#include "hw/sim/gpu_kernels.h"

#include <algorithm>
#include <cmath>

namespace evalrun::sim {
namespace {

// Up to which size a weight counts as of a precision: the scales of a format may be in it.
constexpr double kFp4BytesMax = 0.75;
constexpr double kFp8BytesMax = 1.5;
constexpr double kFp4ScaleBytes = 1.0 / 16;

// Halvings of the precision in which the machine computes, from 16 bit.
int halvings(const GpuSpec& gpu, double bytes_per_weight) {
  if (bytes_per_weight <= kFp4BytesMax && gpu.fp4_flops_per_s.value > 0) return 2;
  if (bytes_per_weight <= kFp8BytesMax && gpu.fp8_flops_per_s.value > 0) return 1;
  return 0;
}

}  // namespace

double peak_flops_per_s(const GpuSpec& gpu, double bytes_per_weight) {
  switch (halvings(gpu, bytes_per_weight)) {
    case 2:
      return gpu.fp4_flops_per_s.value;
    case 1:
      return gpu.fp8_flops_per_s.value;
    default:
      return gpu.bf16_flops_per_s.value;
  }
}

double stored_bytes_per_weight(double bytes_per_weight) {
  return bytes_per_weight <= 0.5 ? bytes_per_weight + kFp4ScaleBytes : bytes_per_weight;
}

double matrix_s(const GpuParameters& p, const GpuSpec& gpu, double bytes_per_weight, double rows,
                double outputs, double inputs) {
  if (rows <= 0) return 0;
  const double stored = stored_bytes_per_weight(bytes_per_weight);
  const double bytes = stored * outputs * inputs + stored * rows * inputs + 2 * rows * outputs;
  const double memory_s = bytes / (gpu.memory_bytes_per_s.value * p.bandwidth_share);
  const double share =
      p.flops_share * std::pow(p.flops_share_per_halving, halvings(gpu, bytes_per_weight));
  // A product smaller than a wave takes smaller tiles or split sums: it loses its own size at most.
  const double lost = p.wave_outputs / (1 + p.wave_outputs / (rows * outputs));
  const double flops = 2 * (rows * outputs + lost) * inputs;
  const double compute_s = flops / (peak_flops_per_s(gpu, bytes_per_weight) * share);
  // The larger is taken out of the power, so that no size underflows.
  const double longer = std::max(memory_s, compute_s);
  const double ratio = std::min(memory_s, compute_s) / longer;
  return p.kernel_start_s +
         longer * std::pow(1 + std::pow(ratio, p.overlap_power), 1 / p.overlap_power);
}

double all_reduce_s(const GpuParameters& p, const GpuSpec& gpu, const GpuStack& stack, int gpus,
                    double bytes) {
  if (gpus < 2) return 0;
  const double one_way_bytes_per_s = gpu.link_bytes_per_s.value / 2 * p.link_share;
  const double crossing_bytes = bytes * 2 * (gpus - 1) / gpus;
  return stack.all_reduce_start_s + stack.all_reduce_hop_s * (gpus - 2) +
         crossing_bytes / one_way_bytes_per_s;
}

}  // namespace evalrun::sim
