#include "hw/sim/wafer_kernels.h"

#include <algorithm>
#include <cmath>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr double kValueBytes = 2;  // activations, keys and values are 16 bits wide
constexpr double kMacBytes = 3 * kValueBytes;
constexpr int kGemvReductions = 10;     // a layer's, see the header
constexpr int kGemmReductions = 4;      // of the norms and the softmax; GEMM steps do the rest
constexpr int kElementwiseStarts = 24;  // norms 6, rotation 12, softmax 4, gate 2

// What one core holds of each dimension.
struct Shares {
  double hidden = 0, query = 0, key_value = 0, ffn = 0;
};

double share(std::int64_t n, int side) { return double((n + side - 1) / side); }

Shares shares_of(const ModelShape& shape, int side) {
  CHECK(side >= 2);
  return {.hidden = share(shape.hidden, side),
          .query = share(shape.heads * shape.head_dim, side),
          .key_value = share(shape.kv_heads * shape.head_dim, side),
          .ffn = share(shape.ffn, side)};
}

// Norms, rotation, gate and residuals touch so many values a core for one row of tokens.
double elementwise(const Shares& s) {
  return 8 * s.hidden + 3 * (s.query + s.key_value) + 3 * s.ffn;
}

MeshCycles vectors(const WaferSpec& spec, const WaferParameters& parameters, double macs,
                   double starts) {
  return {.compute = macs / macs_per_cycle(spec, parameters),
          .vector_start = starts * parameters.vector_start_cycles};
}

// P steps of M x K by K x N tiles: K * N vector operations of length M, while the next tiles come.
MeshCycles gemm(const WaferSpec& spec, const WaferParameters& parameters, int side, double m,
                double k, double n) {
  MeshCycles step = vectors(spec, parameters, m * k * n, k * n);
  const double tiles = (m * k + k * n) * kValueBytes / spec.link_bytes_per_cycle.value;
  step.stream = std::max(0.0, tiles - step.total());
  step.software = parameters.step_start_cycles;
  step.hop = 2 * spec.hop_cycles.value;
  return step * side;
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

MeshCycles all_reduce(const WaferSpec& spec, const WaferParameters& parameters, int side,
                      double count, double elements) {
  const double levels = parameters.tree_levels;
  const double stages = levels / 2 * std::pow(double(side), 1 / levels);
  const double passes = 2 * (levels + 1);  // from both sides; K levels up, one broadcast down
  return {.software = count * parameters.reduce_start_cycles,
          .hop = count * side * spec.hop_cycles.value,
          .stage = count * stages * parameters.stage_cycles,
          .stream = elements * passes * kValueBytes / spec.link_bytes_per_cycle.value};
}

int gemv_tokens_at_once(const WaferParameters& parameters, const ModelShape& shape, int side) {
  const Shares s = shares_of(shape, side);
  const double token_bytes = kValueBytes * (s.hidden + s.query + 2 * s.key_value + 2 * s.ffn);
  return std::max(1, int(parameters.activation_bytes_per_core / token_bytes));
}

MeshCycles gemv_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work) {
  const Shares s = shares_of(shape, side);
  const double tokens = double(work.new_tokens * work.sequences);
  const double rounds = std::ceil(tokens / gemv_tokens_at_once(parameters, shape, side));
  // Cached ones a core looks at, summed over all new tokens.
  const double positions = tokens * share(work.context + work.new_tokens, side);
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
  return vectors(spec, parameters, macs, starts) +
         all_reduce(spec, parameters, side, rounds * kGemvReductions, reduced);
}

MeshCycles gemm_layer(const WaferSpec& spec, const WaferParameters& parameters,
                      const ModelShape& shape, int side, const MeshWork& work) {
  const Shares s = shares_of(shape, side);
  const double rows = share(work.new_tokens * work.sequences, side);
  const auto matrix = [&](double m, double k, double n) {
    return gemm(spec, parameters, side, m, k, n);
  };
  MeshCycles sum = matrix(rows, s.hidden, s.query) + matrix(rows, s.hidden, s.key_value) * 2 +
                   matrix(rows, s.query, s.hidden) + matrix(rows, s.hidden, s.ffn) * 2 +
                   matrix(rows, s.ffn, s.hidden);
  const double sequences = double(work.sequences);
  const double m = share(work.new_tokens, side);
  const double positions = share(work.context + work.new_tokens, side);
  const double scores = sequences * m * positions;  // a core's
  sum = sum + (matrix(m, s.query, positions) + matrix(m, positions, s.query)) * sequences;
  return sum +
         vectors(spec, parameters, rows * elementwise(s) + 4 * scores, rows * kElementwiseStarts) +
         all_reduce(spec, parameters, side, kGemmReductions, kGemmReductions * rows);
}

MeshCycles gemv_head(const WaferSpec& spec, const WaferParameters& parameters,
                     const ModelShape& shape, int side, double positions) {
  const double hidden = shares_of(shape, side).hidden;
  const double words = share(shape.vocabulary, side);
  return vectors(spec, parameters, positions * hidden * words, positions * hidden) +
         all_reduce(spec, parameters, side, 2, positions * (words + 1));
}

}  // namespace evalrun::sim
