// Seconds of one GPU kernel: a roofline whose two roofs are shares of the machine's peaks, plus
// what a kernel costs however small it is. Pure functions of numbers; any thread.
//
// One set of parameters serves every GPU, model and precision. Each has a physical meaning and the
// range it may plausibly have; gpu_validation.h says which published points they were chosen by.
#pragma once

#include "hw/sim/machine.h"

namespace evalrun::sim {

struct GpuParameters {
  // Memory: the share of the peak that streaming a big matrix reaches. 0.80 to 0.95: refresh,
  // row misses and turn-around are lost; 0.92 was measured on a GB200.
  double bandwidth_share = 0.835;
  // A matrix kernel's launch, ramp-up and drain, which no bandwidth shortens. 2 to 5 us.
  double kernel_start_s = 4.0e-6;
  // Tensor cores: the share of the dense 16-bit peak that a very large product reaches under the
  // power limit. 0.65 to 0.80.
  double flops_share = 0.715;
  // What is left of that share with each halving of the precision: operands cost more of the
  // power, scales are applied, the rest of the kernel does not get faster. 0.75 to 1.0; a GB200
  // sustains 0.55 of its 8-bit peak.
  double flops_share_per_halving = 0.78;
  // Outputs of a large product lost to a last wave of tiles that is not full: half a wave, which is
  // 132 processors x 128 x 128 tiles / 2 = 1.1e6; less with small tiles and split sums. 0 to 1.1e6.
  double wave_outputs = 0.3e6;
  // How well memory and arithmetic overlap in one kernel: the p of a p-norm. 1 is not at all,
  // infinity perfectly. 2 to 6; Vidur at 256 tokens, where both roofs meet at 0.65, gives 2.5 to 4.
  double overlap_power = 3.5;
  // Reading the KV cache by pages, of the memory's peak. 0.6 to 0.95.
  double kv_bandwidth_share = 0.90;
  // Scores and values of a prompt, of the dense 16-bit peak. 0.4 to 0.75.
  double attention_flops_share = 0.62;
  // Norms, activation, rotation: kernels that only pass data through, of the memory's peak. 0.4 to
  // 0.9.
  double elementwise_bandwidth_share = 0.78;
  // A large all-reduce, of the links' one-way peak. 0.6 to 0.9.
  double link_share = 0.75;
};

// The serving software: what its kernels cost beside the arithmetic.
struct GpuStack {
  const char* name = "";
  double small_kernels_s = 0;     // of one layer, one token: norms, rotation, activation, adds
  double all_reduce_start_s = 0;  // one all-reduce of no bytes between two GPUs
  double all_reduce_hop_s = 0;    // more for each GPU beyond two
};

// Unfused kernels and the stock collective library, as Vidur profiled them. Norm 6 + 6, rotation 3,
// activation 2, add 1.5 + 1.5 us; all-reduce of two GPUs 7 us, of eight
// 27 to 37 (H100) and 61 to 63 (A100).
inline constexpr GpuStack kVidurLike{"vidur_like", 20e-6, 7e-6, 5.5e-6};
// Norm, residual and quantisation in one kernel, activation and quantisation in another, and the
// library's own all-reduce, about 10 us at eight GPUs. The layer's 9 us: calibrated, 3 to 4
// kernels.
inline constexpr GpuStack kTensorRt{"tensorrt", 9e-6, 6e-6, 0.7e-6};
// Graphs of mostly unfused kernels. All-reduce of 18 us at eight GPUs, calibrated between the best
// kernel for 8 x A100 (5.0 us) and the stock library there (20.6 us). The layer's 15 us:
// calibrated, 5 to 6 kernels.
inline constexpr GpuStack kSglang{"sglang", 15e-6, 8e-6, 1.7e-6};

// Dense peak of products whose weights have so many bytes a value; a machine without that precision
// computes in the next wider it has.
double peak_flops_per_s(const GpuSpec& gpu, double bytes_per_weight);

// Bytes one weight takes in memory: 4-bit weights carry an 8-bit scale for each 16 of them.
double stored_bytes_per_weight(double bytes_per_weight);

// C[rows, outputs] = A[rows, inputs] * W[inputs, outputs] on one GPU. Activations come in the
// weights' precision and leave with 2 bytes.
double matrix_s(const GpuParameters& p, const GpuSpec& gpu, double bytes_per_weight, double rows,
                double outputs, double inputs);

// Sum of `bytes` over `gpus` GPUs, left on each: 2 (g - 1) / g of the bytes cross each GPU's links
// each way. 0 for one GPU.
double all_reduce_s(const GpuParameters& p, const GpuSpec& gpu, const GpuStack& stack, int gpus,
                    double bytes);

}  // namespace evalrun::sim
