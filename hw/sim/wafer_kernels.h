// Cycles of one layer on a square of P x P cores, and the one set of parameters behind them.
//
// How a layer is cut (He et al., "WaferLLM", OSDI 2025, and its published kernels for the WSE-2):
// every core holds the same share of every tensor, so a dimension n becomes ceil(n / P) a core.
// - MeshGEMV, one token: a core multiplies its share as vector operations, one for each input
//   element it holds; then the partial results are added along one axis and sent back (all-reduce
//   by a K-tree: P hops, and K/2 * P^(1/K) stages where a core adds and passes on). A layer makes
//   ten all-reduces: norm, Q+K+V, scores, softmax maximum and sum, values, output, norm, gate+up,
//   down. The head makes two: logits and their maximum.
// - MeshGEMM, many tokens: P steps; in each a core multiplies the tiles it has while the next ones
//   come from cores two hops away. A step costs one software start; that is why efficiency falls
//   with P.
// - Keys and values are spread evenly over the same cores (shift-balanced), so context c becomes
//   ceil(c / P) positions a core.
//
// What WaferLLM does not say is in WaferParameters. Five of its numbers were fitted together by
// least squares on 8 of the paper's 24 points (wafer_validation.cc marks them: 8B and 72B, smallest
// and largest grid), for prefill and decode alike; nothing is set for a model, a size or a phase.
// Said openly: the structure above was settled with all 24 points in view (with one start cost for
// GEMM steps and all-reduces, four fitted numbers were as close, but the 72B did not slow down from
// 420 to 540 cores); only the numbers were fitted on the eight.
// Hop cycles, link width, SIMD width and SRAM width come from the machine's file.
#pragma once

#include <cstdint>

#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

struct WaferParameters {
  // Fitted. Share of min(SIMD width, SRAM width / 6 bytes) that vector multiply-adds reach: bank
  // conflicts, short vectors. Plausible 0.25 to 1.
  double vector_efficiency = 0.38;
  double vector_start_cycles = 3.06;  // fitted: loop and issue of a vector operation; 1 to 10
  // Fitted. A GEMM step: four asynchronous transfers set up, their tasks switched to, and the wait
  // for the slowest neighbour. 100 to 1,000.
  double step_start_cycles = 380;
  // Fitted. An all-reduce: a plain call that sets up its descriptors. 50 to 500.
  double reduce_start_cycles = 181;
  double stage_cycles = 23.4;  // fitted ("beta"): a core takes, adds and passes on; 5 to 50
  int tree_levels = 2;         // K; the paper uses 2
  // Not fitted, assumptions: SRAM a core that weights and cache cannot have (program and buffers, 4
  // to 12 KB), and the part of it that holds the activations of tokens under way (1 to 6 KB).
  double reserved_bytes_per_core = 6144;
  double activation_bytes_per_core = 3072;
  // Not fitted, an assumption: wafer to wafer through a 100 GbE switch. 1 to 10 us.
  double crossing_latency_s = 2e-6;
};

// Cycles on the critical path, by cause.
struct MeshCycles {
  double compute = 0;       // multiply-adds at the rate that SIMD and SRAM allow
  double vector_start = 0;  // starting vector operations
  double software = 0;      // starting all-reduces and GEMM steps
  double hop = 0;           // on the way between routers
  double stage = 0;         // in the cores that add and pass on
  double stream = 0;        // vectors through the links, as far as nothing hides it

  double total() const { return compute + vector_start + software + hop + stage + stream; }
};
MeshCycles operator+(const MeshCycles& a, const MeshCycles& b);
MeshCycles operator*(const MeshCycles& a, double times);

// Sequences alike: each gets so many tokens after those in its cache. side >= 2 everywhere.
struct MeshWork {
  std::int64_t new_tokens = 0;
  std::int64_t context = 0;
  std::int64_t sequences = 1;
};

// 16-bit multiply-adds a core makes in a cycle. One takes 6 bytes of SRAM traffic: two read, one
// written. Weights stored in fewer bits are widened before use, so they come no faster.
double macs_per_cycle(const WaferSpec& spec, const WaferParameters& parameters);

// A layer and the head cut for one square of cores, with the machine's costs: all that cycles
// depend on beside the work, worked out once.
struct MeshSquare {
  int side = 0;
  double hidden = 0, query = 0, key_value = 0, ffn = 0, vocabulary = 0;  // elements a core
  double tokens_at_once = 1;  // whose activations (input, Q, K, V, gate and up) a core can hold
  double cycles_per_mac = 0;  // 1 / macs_per_cycle
  double cycles_per_link_byte = 0;
  double hop_cycles = 0;
  double reduce_stages = 0;  // of one all-reduce
  WaferParameters parameters = {};
};
MeshSquare square_of(const WaferSpec& spec, const WaferParameters& parameters,
                     const ModelShape& shape, int side);

// `count` all-reduces along one axis, one after the other, of `elements` values a core in all.
// Hops: count * P. Stages: count * K/2 * P^(1/K). Stream: a value passes a link for each of the K
// levels and once more on its way back, from both sides.
MeshCycles all_reduce(const WaferSpec& spec, const WaferParameters& parameters, int side,
                      double count, double elements);

// One layer, MeshGEMV: every token of every sequence is a vector of its own; as many as fit at once
// share their all-reduces.
MeshCycles gemv_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work);
MeshCycles gemv_layer(const MeshSquare& square, const MeshWork& work);

// One layer, MeshGEMM: all tokens together in the matrices, each sequence on its own in attention.
// The whole square of scores is computed, as WaferLLM does: causality saves nothing.
MeshCycles gemm_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work);
MeshCycles gemm_layer(const MeshSquare& square, const MeshWork& work);

// What no MeshGEMM layer falls below: the starts and hops of its steps, whatever the work.
double gemm_layer_cycles_min(const MeshSquare& square);

// The output head for `positions` tokens, MeshGEMV.
MeshCycles gemv_head(const WaferSpec& spec, const WaferParameters& parameters,
                     const ModelShape& shape, int side, double positions);
MeshCycles gemv_head(const MeshSquare& square, double positions);

}  // namespace evalrun::sim
