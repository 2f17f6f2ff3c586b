// Weight streaming: the model is in MemoryX, a wafer sees one layer at a time.
//
// A step (Cerebras' description of its weight streaming; equations ours): for each micro-batch
//   forward   a layer's weights come in through SwarmX, which hands every system the same bytes
//   backward  they come again in reverse order; the gradients go out and are added on the way
// and MemoryX updates the weights while the last gradients arrive. Every layer takes the whole
// wafer; systems are data parallel only. A layer takes the longest of its compute and its streams,
// since the next layer's weights come while this one computes; the first weights and the last
// gradients overlap with nothing. With P parameters of 2 bytes, one micro-batch cannot be faster
// than 4 P / io (in and out at once, "full duplex") or 6 P / io (one link for both).
//
// Activations stay on the wafer (as documented), so its SRAM limits the tokens of a micro-batch,
// and every further micro-batch streams the weights again (our reading: nothing else is left).
// `spills_activations` is an alternative that nobody documented: what waits for the backward pass
// goes out through the same link and comes back.
//
// Not modelled: embeddings' sparse gradients, compiling and loading, checkpoints, failures, the
// optimizer's own time (hidden if MemoryX is fast enough), power of MemoryX and SwarmX,
// unstructured sparsity. Immutable results; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/train.h"

namespace evalrun::sim {

struct MemoryOption {
  const char* name;
  double bytes;
  const char* source;
};
// 1.5 TB, 12 TB, 55 TB and 1.2 PB, as published.
std::span<const MemoryOption> memory_options();

// ONE set for every wafer, model and batch.
struct WaferTrainParameters {
  // Share of cores * multiply-adds * clock that the products of training reach. An assumption, as
  // nobody published one: 0.09 is what WaferLLM's prefill of an 8B reaches on 720 x 720 cores
  // (table 3), 0.70 what it says its MeshGEMM does alone. Plausible 0.1 to 0.7.
  double compute_efficiency = 0.40;
  // Layers whose weights are on the wafer at once. 1 as documented; 0 would be weights that are
  // used as they come, 2 a second buffer. 0 to 2.
  double layers_held = 1;
  // SRAM a core that is program and buffers, as in WaferParameters. 4 to 12 KB.
  double reserved_bytes_per_core = 6144;
  // SwarmX is a tree; each level adds, or copies, and passes on a piece at a time. Assumptions:
  // 2 to 16 links down, 1 to 20 us and 64 KB to 4 MB a piece.
  double swarm_fan_out = 4;
  double swarm_hop_s = 5e-6;
  double swarm_piece_bytes = 1e6;
  // Of every step, whatever the model: the barrier, the loss, the learning rate, the next batch.
  // Assumption, 0.05 to 2 s.
  double step_fixed_s = 0.3;
};

struct WaferTrainOptions {
  int systems = 1;
  double memory_bytes = 55e12;  // of MemoryX
  bool is_full_duplex = true;   // both ways of io_bytes_per_s at once
  bool spills_activations = false;
  Recompute recompute = Recompute::full;  // on the wafer, before a layer's backward pass
  WaferTrainParameters parameters = {};
};

// Seconds of one step; they add up to total_s(). A layer's time is counted where its longest is.
struct WaferStepParts {
  double compute_s = 0;  // layers whose arithmetic takes longest
  double stream_s = 0;   // layers whose weights, gradients or spilled activations do
  double edge_s = 0;     // first weights in and last gradients out: nothing overlaps with them
  double tree_s = 0;     // filling SwarmX's levels
  double fixed_s = 0;

  double total_s() const { return compute_s + stream_s + edge_s + tree_s + fixed_s; }
};

struct WaferTraining {
  // Memory. `fits` when both do; otherwise `why_not` says it with the numbers and the rest is 0.
  bool fits = false;
  std::string why_not;
  double state_bytes = 0;             // needed in MemoryX
  double layer_bytes = 0;             // weights of the largest layer, of layers_held
  double sram_bytes = 0;              // of one wafer, without what is reserved
  double activation_token_bytes = 0;  // on the wafer, of one token of a micro-batch
  std::int64_t sequences_max = 0;     // of a micro-batch on one wafer
  // Time of one step.
  std::int64_t micro_batches = 0;    // of the busiest system
  std::int64_t micro_sequences = 0;  // in each, on one system
  WaferStepParts parts;
  double step_s = 0;
  std::string bound;          // "compute", "stream", "fixed"
  double compute_only_s = 0;  // had the streams been free
  double stream_only_s = 0;   // had the arithmetic been free
  double utilisation = 0;     // model flops of dense peak
  double tokens_per_s = 0;
  double power_w = 0;  // of the wafers alone
};

// Dense 16-bit peak of one wafer, flops/s.
double wafer_peak_flops_per_s(const WaferSpec& wafer);

// Error (usage): systems or memory not positive, a parameter out of its meaning, or check(job).
// A model that does not fit is a result.
Result<WaferTraining> train_on_wafers(const WaferSpec& wafer, const TrainJob& job,
                                      const WaferTrainOptions& options);

// Speed-up of n systems over one: tokens/s of both, at the same batch of all systems together, and
// at the same batch of each system (n times the batch). nullopt: one of the two does not fit.
struct WaferScaling {
  int systems = 0;
  std::optional<double> at_same_batch;
  std::optional<double> at_same_batch_each;
};
Result<WaferScaling> wafer_scaling(const WaferSpec& wafer, const TrainJob& job,
                                   const WaferTrainOptions& options, int systems);

}  // namespace evalrun::sim
