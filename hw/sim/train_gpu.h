// One training step of a dense model on a cluster of GPUs: tensor parallel (tp) inside an NVLink
// domain, pipeline parallel (pp) over layers, data parallel (dp) with ZeRO 0 to 3.
//
// Time of the slowest pipeline stage for a micro-batch: its layers forward, backward (twice the
// arithmetic), forward again where all is recomputed; two all-reduces a layer and pass over the tp
// GPUs; the output head on the last stage; sending to the next stage. Kernels as in gpu_kernels.h,
// with the parameters that inference was calibrated with. Then, 1F1B (Narayanan et al. 2021):
//   step = m * slowest stage + (pp - 1) / v * stage + data parallel that nothing hides + optimizer
// so the bubble is (pp - 1) / (v m) of the work, (pp - 1) / (m + pp - 1) of the time for v = 1.
//
// Data parallel, bytes of each GPU (Rajbhandari et al. 2020, section 7): ZeRO 0 to 2 twice the
// gradients a step; ZeRO 3 three times the weights EVERY micro-batch, hidden behind the arithmetic
// as far as that takes longer.
//
// Not modelled: context and expert parallel, stragglers, failures, checkpoints, data loading, clock
// throttling under load beyond flops_share. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "harness/core/result.h"
#include "hw/sim/gpu_kernels.h"
#include "hw/sim/machine.h"
#include "hw/sim/train.h"

namespace evalrun::sim {

// The training software: which kernels and collectives it has. Nothing in here was fitted.
struct TrainStack {
  const char* name = "";
  // Attention that writes its scores: bytes of memory traffic a pair and head, forward, the whole
  // square. 0: fused attention, which computes only the causal half.
  double score_bytes = 0;
  // Vectors of the hidden width that norms, residuals and dropout read and write a layer, forward.
  double hidden_vectors = 0;
  bool has_dropout = false;
  // Gradients, and vectors to the next pipeline stage, travel behind the arithmetic.
  bool hides_transfers = false;
  // Share of the tensor-parallel collectives that run behind the product they belong to: with four
  // pieces a product, all but one. 0 without such kernels; 0.5 to 0.9.
  double hidden_tensor_share = 0;
  // A collective over several nodes uses the links of all its GPUs in a node, not of one.
  bool joins_node_links = false;
};
// Megatron-LM of 2021. Scores: product written (2), scale + mask + softmax read and written (4),
// dropout read and written with its mask (5), read by the product with the values (2). Vectors: two
// norms 4, two times bias + dropout + residual 8.
inline constexpr TrainStack kMegatron2021{"megatron2021", 13, 12, true, false, 0, true};
// DeepSpeed's ZeRO-3 as compared there: one link of a node at a time.
inline constexpr TrainStack kDeepSpeed2021{"deepspeed2021", 13, 12, true, false, 0, false};
// 2024: fused attention, norms fused with residuals, asynchronous transfers, plain tensor parallel.
inline constexpr TrainStack kFused{"fused", 0, 8, false, true, 0, true};
// Megatron Bridge of 2025: as before, and products cut in pieces with their collectives between.
inline constexpr TrainStack kBridge{"bridge", 0, 8, false, true, 0.75, true};

struct GpuTrainParameters {
  GpuParameters kernels = {};  // shared with inference, not touched for training
  // Link of one GPU to other nodes, one way. 400 Gb/s, as the cards of H100 and B200 servers; 200
  // Gb/s with A100.
  double node_link_bytes_per_s = 50e9;
  // Share of it that large collectives reach. Calibrated (train_validation.h); 0.5 to 0.9.
  double node_link_share = 0.63;
  // How well ZeRO 3's transfers and the arithmetic overlap: the p of a p-norm, 1 not at all,
  // infinity perfectly. Calibrated; 1.5 to 6.
  double data_overlap_power = 2.5;
  double memory_share =
      0.92;  // of a GPU's memory: the rest is context, buffers, fragments. 0.85-0.95
  double optimizer_traffic_bytes = 30;  // a parameter: 12 + 4 read, 12 + 2 written
};

struct GpuLayout {
  int tensor = 1;
  int pipeline = 1;
  int data = 1;
  int zero = 1;             // 0 none, 1 optimizer, 2 gradients too, 3 weights too
  int micro_sequences = 1;  // of a micro-batch on one pipeline
  int virtual_stages = 1;   // interleaved: pieces of the model a GPU has
  Recompute recompute = Recompute::full;
  bool is_sequence_parallel = true;  // norms and residuals split over tp as well

  int gpus() const { return tensor * pipeline * data; }
};

struct GpuTrainOptions {
  double bytes_per_weight = 2;  // of products: 2, or 1 where weights and inputs are cast to 8 bit
  TrainStack stack = kBridge;
  GpuTrainParameters parameters = {};
};

// Bytes on the fullest GPU; they add up to total_bytes().
struct GpuMemoryParts {
  double weights_bytes = 0;
  double gradients_bytes = 0;
  double optimizer_bytes = 0;
  double activations_bytes = 0;  // kept for the backward pass, all micro-batches under way
  double working_bytes = 0;      // one layer being (re)computed; logits; ZeRO 3's gathered layers

  double total_bytes() const {
    return weights_bytes + gradients_bytes + optimizer_bytes + activations_bytes + working_bytes;
  }
};

// Seconds of one step on the slowest stage; they add up to total_s().
struct GpuStepParts {
  double matrix_s = 0;     // products of the layers
  double attention_s = 0;  // scores and values
  double small_s = 0;      // norms, activation, residuals, casts
  double head_s = 0;       // output head, as far as it makes its stage the slowest
  double recompute_s = 0;  // the second forward pass, all its causes
  double tensor_s = 0;     // all-reduces over tp
  double send_s = 0;       // stage to stage
  double bubble_s = 0;     // waiting for the pipeline to fill and drain
  double data_s = 0;       // gradients and weights over dp, as far as not hidden
  double optimizer_s = 0;

  double total_s() const {
    return matrix_s + attention_s + small_s + head_s + recompute_s + tensor_s + send_s + bubble_s +
           data_s + optimizer_s;
  }
};

struct GpuTraining {
  GpuLayout layout;
  bool fits = false;  // memory_bytes <= memory_limit_bytes
  GpuMemoryParts memory;
  double memory_limit_bytes = 0;
  std::int64_t micro_batches = 0;
  double bubble = 0;  // of the step's time
  GpuStepParts parts;
  double step_s = 0;
  std::string bound;       // the largest part, "compute" for all kernels together
  double utilisation = 0;  // model flops (train_flops_per_token) of dense 16-bit peak
  double tokens_per_s = 0;
  double power_w = 0;  // of the GPUs alone
};

// Error (usage): a layout that cannot be (tp over the domain or not dividing the heads, more stages
// than layers, more pipelines than sequences, a count below 1, ZeRO over 3), or check(job).
// Not fitting is a result.
Result<GpuTraining> train_on_gpus(const GpuSpec& gpu, const TrainJob& job, const GpuLayout& layout,
                                  const GpuTrainOptions& options);

}  // namespace evalrun::sim
