#include "hw/sim/wafer_kernels.h"

#include <algorithm>
#include <cmath>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr double kValueBytes = 2;  // activations, keys and values are 16 bits wide
constexpr double kMacBytes = 3 * kValueBytes;
constexpr int kGemvReductions = 10;     // a layer's, see the header
constexpr int kGemmProducts = 9;        // Q, K, V, scores, values, output, gate, up, down
constexpr int kGemmReductions = 4;      // of the norms and the softmax; GEMM steps do the rest
constexpr int kElementwiseStarts = 24;  // norms 6, rotation 12, softmax 4, gate 2

double share(std::int64_t n, int side) { return double((n + side - 1) / side); }

// Norms, rotation, gate and residuals touch so many values a core for one row of tokens.
double elementwise(const MeshSquare& s) {
  return 8 * s.hidden + 3 * (s.query + s.key_value) + 3 * s.ffn;
}

MeshCycles vectors(const MeshSquare& s, double macs, double starts) {
  return {.compute = macs * s.cycles_per_mac,
          .vector_start = starts * s.parameters.vector_start_cycles};
}

// `count` all-reduces of `elements` values a core in all, see the header.
MeshCycles reductions(const MeshSquare& s, double count, double elements) {
  const double passes = 2 * (s.parameters.tree_levels + 1.0);  // both sides; K up, one down
  return {.software = count * s.parameters.reduce_start_cycles,
          .hop = count * s.side * s.hop_cycles,
          .stage = count * s.reduce_stages * s.parameters.stage_cycles,
          .stream = elements * passes * kValueBytes * s.cycles_per_link_byte};
}

// P steps of M x K by K x N tiles: K * N vector operations of length M, while the next tiles come.
MeshCycles gemm(const MeshSquare& s, double m, double k, double n) {
  MeshCycles step = vectors(s, m * k * n, k * n);
  const double tiles = (m * k + k * n) * kValueBytes * s.cycles_per_link_byte;
  step.stream = std::max(0.0, tiles - step.total());
  step.software = s.parameters.step_start_cycles;
  step.hop = 2 * s.hop_cycles;
  return step * s.side;
}

}  // namespace

MeshCycles operator+(const MeshCycles& a, const MeshCycles& b) {
  return {.compute = a.compute + b.compute,
          .vector_start = a.vector_start + b.vector_start,
          .software = a.software + b.software,
          .hop = a.hop + b.hop,
          .stage = a.stage + b.stage,
          .stream = a.stream + b.stream};
}

MeshCycles operator*(const MeshCycles& a, double times) {
  return {.compute = a.compute * times,
          .vector_start = a.vector_start * times,
          .software = a.software * times,
          .hop = a.hop * times,
          .stage = a.stage * times,
          .stream = a.stream * times};
}

double macs_per_cycle(const WaferSpec& spec, const WaferParameters& parameters) {
  return parameters.vector_efficiency *
         std::min(spec.macs_per_core_per_cycle.value,
                  spec.sram_bytes_per_core_per_cycle.value / kMacBytes);
}

namespace {

// A machine on a square without a model.
MeshSquare bare_square(const WaferSpec& spec, const WaferParameters& parameters, int side) {
  CHECK(side >= 2);
  const double levels = parameters.tree_levels;
  return {.side = side,
          .cycles_per_mac = 1 / macs_per_cycle(spec, parameters),
          .cycles_per_link_byte = 1 / spec.link_bytes_per_cycle.value,
          .hop_cycles = spec.hop_cycles.value,
          .reduce_stages = levels / 2 * std::pow(double(side), 1 / levels),
          .parameters = parameters};
}

}  // namespace

MeshSquare square_of(const WaferSpec& spec, const WaferParameters& parameters,
                     const ModelShape& shape, int side) {
  MeshSquare square = bare_square(spec, parameters, side);
  square.hidden = share(shape.hidden, side);
  square.query = share(shape.heads * shape.head_dim, side);
  square.key_value = share(shape.kv_heads * shape.head_dim, side);
  square.ffn = share(shape.ffn, side);
  square.vocabulary = share(shape.vocabulary, side);
  const double token_bytes =
      kValueBytes * (square.hidden + square.query + 2 * square.key_value + 2 * square.ffn);
  square.tokens_at_once = std::max(1, int(parameters.activation_bytes_per_core / token_bytes));
  return square;
}

MeshCycles all_reduce(const WaferSpec& spec, const WaferParameters& parameters, int side,
                      double count, double elements) {
  return reductions(bare_square(spec, parameters, side), count, elements);
}

MeshCycles gemv_layer(const MeshSquare& s, const MeshWork& work) {
  const double tokens = double(work.new_tokens * work.sequences);
  const double rounds = std::ceil(tokens / s.tokens_at_once);
  // Cached ones a core looks at, summed over all new tokens.
  const double positions = tokens * share(work.context + work.new_tokens, s.side);
  // Vector operations start once for each element of the input, and are as long as the output.
  const double projections = s.hidden * (s.query + 2 * s.key_value) + s.query * s.hidden;
  const double feed_forward = 3 * s.hidden * s.ffn;
  const double macs = tokens * (projections + feed_forward + elementwise(s)) +
                      2 * s.query * positions + 4 * positions;
  const double starts = tokens * (3 * s.hidden + s.query + 2 * s.hidden + s.ffn) +
                        tokens * s.query + positions + rounds * kElementwiseStarts;
  const double reduced =
      tokens * (s.query + 2 * s.key_value + s.query + s.hidden + 2 * s.ffn + s.hidden + 4) +
      positions;
  return vectors(s, macs, starts) + reductions(s, rounds * kGemvReductions, reduced);
}

MeshCycles gemm_layer(const MeshSquare& s, const MeshWork& work) {
  const double rows = share(work.new_tokens * work.sequences, s.side);
  const MeshCycles matrices = gemm(s, rows, s.hidden, s.query) +
                              gemm(s, rows, s.hidden, s.key_value) * 2 +
                              gemm(s, rows, s.query, s.hidden) +
                              gemm(s, rows, s.hidden, s.ffn) * 2 + gemm(s, rows, s.ffn, s.hidden);
  const double sequences = double(work.sequences);
  const double m = share(work.new_tokens, s.side);
  const double positions = share(work.context + work.new_tokens, s.side);
  const double scores = sequences * m * positions;  // a core's
  const MeshCycles attention =
      (gemm(s, m, s.query, positions) + gemm(s, m, positions, s.query)) * sequences;
  return matrices + attention +
         vectors(s, rows * elementwise(s) + 4 * scores, rows * kElementwiseStarts) +
         reductions(s, kGemmReductions, kGemmReductions * rows);
}

double gemm_layer_cycles_min(const MeshSquare& s) {
  return kGemmProducts * double(s.side) * (s.parameters.step_start_cycles + 2 * s.hop_cycles);
}

MeshCycles gemv_head(const MeshSquare& s, double positions) {
  return vectors(s, positions * s.hidden * s.vocabulary, positions * s.hidden) +
         reductions(s, 2, positions * (s.vocabulary + 1));
}

MeshCycles gemv_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work) {
  return gemv_layer(square_of(spec, parameters, shape, side), work);
}

MeshCycles gemm_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work) {
  return gemm_layer(square_of(spec, parameters, shape, side), work);
}

MeshCycles gemv_head(const WaferSpec& spec, const WaferParameters& parameters,
                     const ModelShape& shape, int side, double positions) {
  return gemv_head(square_of(spec, parameters, shape, side), positions);
}

}  // namespace evalrun::sim
