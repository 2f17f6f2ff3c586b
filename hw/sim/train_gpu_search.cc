#include "hw/sim/train_gpu_search.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace evalrun::sim {
namespace {

constexpr int kGpusMax = 1'000'000;
constexpr int kLeastMax = 100'000;
constexpr int kTensorMax = 72;  // the largest domain there is
constexpr int kNode = 8;

// Fits before not; then by time, or by memory.
bool is_better(const GpuTraining& a, const std::optional<GpuTraining>& b) {
  if (!b) return true;
  if (a.fits != b->fits) return a.fits;
  return a.fits ? a.step_s < b->step_s : a.memory.total_bytes() < b->memory.total_bytes();
}

bool divides(std::int64_t part, std::int64_t whole) { return whole % part == 0; }

// Interleaving needs micro-batches in multiples of the stages, and whole pieces.
bool can_interleave(const TrainJob& job, const GpuLayout& layout) {
  if (layout.virtual_stages == 1) return true;
  const std::int64_t together = std::int64_t(layout.data) * layout.micro_sequences;
  return layout.pipeline > 1 && divides(together, job.batch_sequences) &&
         divides(layout.pipeline, job.batch_sequences / together) &&
         divides(std::int64_t(layout.pipeline) * layout.virtual_stages, job.shape.layers);
}

// Everything that is free once tensor, pipeline and data parallel are chosen.
void try_rest(const GpuSpec& gpu, const TrainJob& job, const GpuTrainOptions& options,
              GpuLayout layout, std::optional<GpuTraining>& best) {
  const int zero_max = layout.data == 1 ? 0 : layout.pipeline == 1 ? 3 : 1;
  for (layout.zero = 0; layout.zero <= zero_max; ++layout.zero)
    for (const int micro : {1, 2, 4, 8})
      for (const int pieces : {1, 2, 4})
        for (const Recompute recompute : {Recompute::none, Recompute::full}) {
          layout.micro_sequences = micro;
          layout.virtual_stages = pieces;
          layout.recompute = recompute;
          if (std::int64_t(layout.data) * micro > job.batch_sequences ||
              !can_interleave(job, layout))
            continue;
          const auto step = train_on_gpus(gpu, job, layout, options);
          if (step && is_better(*step, best)) best = *step;
        }
}

std::optional<GpuTraining> search(const GpuSpec& gpu, const TrainJob& job, int gpus,
                                  const GpuTrainOptions& options) {
  std::optional<GpuTraining> best;
  const int tensor_max = int(std::min(gpu.domain_gpus.value, double(kTensorMax)));
  for (int tensor = 1; tensor <= std::min(tensor_max, gpus); ++tensor) {
    if (!divides(tensor, gpus) || !divides(tensor, job.shape.heads)) continue;
    const int groups = gpus / tensor;
    for (int pipeline = 1; pipeline <= std::min<std::int64_t>(groups, job.shape.layers); ++pipeline)
      if (divides(pipeline, groups))
        try_rest(gpu, job, options,
                 {.tensor = tensor, .pipeline = pipeline, .data = groups / pipeline}, best);
  }
  return best;
}

}  // namespace

Result<GpuTraining> best_layout(const GpuSpec& gpu, const TrainJob& job, int gpus,
                                const GpuTrainOptions& options) {
  if (Status status = check(job); !status) return std::unexpected(status.error());
  if (gpus < 1 || gpus > kGpusMax)
    return usage_error(fmt::format("{} GPUs: must be from 1 to {}", gpus, kGpusMax));
  const auto best = search(gpu, job, gpus, options);
  if (!best)
    return usage_error(
        fmt::format("{} GPUs cannot share {} sequences of {} layers with {} heads: take another "
                    "number, or a larger batch",
                    gpus, job.batch_sequences, job.shape.layers, job.shape.heads));
  return *best;
}

Result<GpuTraining> least_gpus(const GpuSpec& gpu, const TrainJob& job,
                               const GpuTrainOptions& options) {
  if (Status status = check(job); !status) return std::unexpected(status.error());
  // Weights, gradients and optimizer must be somewhere, however they are split.
  const double limit = gpu.memory_bytes.value * options.parameters.memory_share;
  const double floor = std::ceil(kStateBytes * double(parameters(job.shape)) / limit);
  if (floor <= kLeastMax)
    for (int gpus = 1; gpus <= kLeastMax; gpus += gpus < kNode ? gpus : kNode) {
      if (gpus < floor) continue;
      const auto best = search(gpu, job, gpus, options);
      if (best && best->fits) return *best;
    }
  return usage_error(fmt::format("no {} GPUs hold {:.3g} parameters with a batch of {} sequences",
                                 kLeastMax, double(parameters(job.shape)), job.batch_sequences));
}

double gpus_for_bytes(const GpuSpec& gpu, double bytes) {
  return std::ceil(bytes / gpu.memory_bytes.value);
}

}  // namespace evalrun::sim
