// Which layout of so many GPUs is fastest, and how many GPUs a model needs at least. Tries every
// tensor and pipeline parallel that divides the GPUs, ZeRO (2 and 3 without a pipeline only),
// micro- batches of 1 to 8 sequences, interleaving of 1 to 4 pieces, recomputation of nothing or
// all. Deterministic: of two equally fast ones the first tried. Any thread.
#pragma once

#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/train.h"
#include "hw/sim/train_gpu.h"

namespace evalrun::sim {

// The fastest that fits; if none does, the one that needs the least memory, with fits false.
// Error (usage): as train_on_gpus; gpus not from 1 to 1e6, or a number that cannot be split so that
// every pipeline gets a sequence of the batch.
Result<GpuTraining> best_layout(const GpuSpec& gpu, const TrainJob& job, int gpus,
                                const GpuTrainOptions& options);

// The fewest GPUs that hold it, of 1, 2, 4 and the multiples of 8, with the layout that is the
// fastest there. Error (usage): as above; none up to 1e5.
Result<GpuTraining> least_gpus(const GpuSpec& gpu, const TrainJob& job,
                               const GpuTrainOptions& options);

// As people count memory claims: state bytes over the memory of one GPU, rounded up. Activations
// and the losses of splitting are not in it.
double gpus_for_bytes(const GpuSpec& gpu, double bytes);

}  // namespace evalrun::sim
