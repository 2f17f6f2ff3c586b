// Training of a dense Llama-style model: what is trained, and how much arithmetic and memory that
// takes on any machine. Start reading here, then
//   train_wafer.h       weight streaming on wafers (MemoryX, SwarmX, CS-2 and CS-3)
//   train_gpu.h         a cluster of GPUs: tensor, pipeline and data parallel, ZeRO
//   train_gpu_search.h  the best layout of so many GPUs, and how many a model needs
//   train_validation.h  both beside what was published
// Pure functions of numbers; any thread. Seconds, bytes, tokens, flops (a multiply-add is two).
#pragma once

#include <cstdint>
#include <string>

#include "harness/core/result.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

struct TrainJob {
  ModelShape shape;
  std::int64_t sequence = 2048;  // tokens of one sequence
  // Sequences of one optimizer step, all systems together. 512 of 2048: the million tokens a step
  // that is usual for models of this size.
  std::int64_t batch_sequences = 512;

  double batch_tokens() const { return double(batch_sequences) * double(sequence); }
};

// Error (input): a size that is not positive or so large that a number would overflow, said with
// the limit.
Status check(const TrainJob& job);

// A Llama-like shape of about so many parameters, embeddings included (within 0.5 %).
// The rule: 128 wide for each layer (GPT-3 175B: 96 layers of 12,288; Llama 3.1 405B: 126 of
// 16,384) until 128 layers; from there on only wider (Megatron-LM's 1.008T: 128 of 25,600). Heads
// of 128, in eights, eight of them for keys and values, a vocabulary of 128,256, untied; the
// feed-forward width takes what is left. Error (usage): outside 1e9 to 1e15.
Result<ModelShape> shape_for_parameters(double parameters);

// Arithmetic of one token, forward. Attention's is causal: half of the square of scores; 4 *
// head_dim * heads flops a pair of query and key.
double forward_matrix_flops(const ModelShape& shape);  // 2 a multiply-add, the output head too
double forward_attention_flops(const ModelShape& shape, std::int64_t sequence);
// Forward and twice that backward, nothing recomputed: what "model flops utilisation" counts.
// About 6 a parameter.
double train_flops_per_token(const ModelShape& shape, std::int64_t sequence);

// What a step leaves in memory for the backward pass.
enum class Recompute {
  none,       // every input of a product is kept
  attention,  // "selective": scores are computed again (fused attention always does)
  full,       // only a layer's input is kept, its forward pass is run again
};
const char* name_of(Recompute recompute);

// Bytes of one token's activations in one layer, 16-bit values, kept for the backward pass
// (Korthikanti et al. 2022, equation 1, for any shape; their 4h-wide layer of two matrices has
// 34 h and 5 bytes a score).
struct ActivationBytes {
  double layer_input = 0;  // the vector between two layers
  double row = 0;     // of norms, and what enters the products: split by sequence parallel only
  double masks = 0;   // of dropout, where there is one: as row
  double split = 0;   // heads and feed-forward: split by tensor parallel
  double scores = 0;  // of attention that is not fused
};
ActivationBytes activation_bytes(const ModelShape& shape, std::int64_t sequence);

// Mixed-precision Adam (Rajbhandari et al. 2020, ZeRO, section 3.1): 16-bit weight and gradient,
// 32-bit master weight, mean and variance. 16 bytes a parameter in all; 18 with a 32-bit gradient.
inline constexpr double kWeightBytes = 2;
inline constexpr double kGradientBytes = 2;
inline constexpr double kOptimizerBytes = 12;
inline constexpr double kStateBytes = kWeightBytes + kGradientBytes + kOptimizerBytes;

}  // namespace evalrun::sim
