#include "hw/sim/wafer_sides.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr std::int64_t kPromptTokens = 1000, kCompletionTokens = 250;
constexpr std::array<std::int64_t, 4> kPieces = {125, 250, 500, 1000};  // tokens of a piece
using PieceCycles = std::array<double, kPieces.size()>;                 // of a layer
constexpr double kNever = std::numeric_limits<double>::infinity();

PieceCycles piece_cycles(const MeshSquare& square, bool is_gemm) {
  PieceCycles cycles;
  for (std::size_t i = 0; i < kPieces.size(); ++i) {
    const MeshWork work = {.new_tokens = kPieces[i]};
    cycles[i] = (is_gemm ? gemm_layer(square, work) : gemv_layer(square, work)).total();
  }
  return cycles;
}

// The best prefill squares up to a side: cycles of each piece, and the side that gives them.
struct Prefill {
  PieceCycles cycles;
  std::array<int, kPieces.size()> sides;
};

// By side; index 0 is the smallest. Beyond what is asked for nothing is better.
std::vector<Prefill> best_prefills(const WaferSpec& spec, const ModelShape& shape,
                                   const WaferOptions& options, int side_max) {
  std::vector<Prefill> best(std::size_t(side_max) + 1);
  Prefill now;
  now.cycles.fill(kNever);
  now.sides.fill(0);
  for (int side = 2; side <= side_max; ++side) {
    const bool is_asked = options.prefill_side != 0 ? side == options.prefill_side
                                                    : side >= kSideMin && side % 2 == 0;
    if (is_asked) {
      const PieceCycles cycles =
          piece_cycles(square_of(spec, options.parameters, shape, side), true);
      for (std::size_t i = 0; i < cycles.size(); ++i)
        if (cycles[i] < now.cycles[i]) now.cycles[i] = cycles[i], now.sides[i] = side;
    }
    best[std::size_t(side)] = now;
  }
  return best;
}

struct Best {
  double cycles = kNever;
  WaferSides sides;
};

// All prefill squares for one decode square: a pipeline of `stages` allows those up to a side.
void try_decode_side(const WaferSpec& spec, const WaferOptions& options,
                     const std::vector<Prefill>& prefills, const MeshSquare& square, double layers,
                     double wafers, double slots, Best& best) {
  const MeshWork token = {.new_tokens = 1, .context = kPromptTokens + kCompletionTokens / 2};
  const double decode = double(kCompletionTokens) *
                        (layers * gemv_layer(square, token).total() + gemv_head(square, 1).total());
  const PieceCycles gemv = piece_cycles(square, false);
  for (int regions = regions_of(spec, square.side); regions >= 1; --regions) {
    const int side_max = int(std::sqrt(spec.cores.value / regions));
    const Prefill& prefill = prefills[std::size_t(side_max)];
    const double stages = std::min(wafers * regions, slots);
    for (std::size_t i = 0; i < kPieces.size(); ++i) {
      if (prefill.sides[i] == 0) continue;  // none of those asked for is so small
      const double piece =
          options.prompts_by_gemm_only ? prefill.cycles[i] : std::min(prefill.cycles[i], gemv[i]);
      const double pieces = double(kPromptTokens / kPieces[i]);
      const double cycles = decode + layers * piece * (1 + (pieces - 1) / stages);
      if (cycles < best.cycles) best = {cycles, {square.side, prefill.sides[i]}};
    }
  }
}

}  // namespace

int regions_of(const WaferSpec& spec, int side) {
  return int(spec.cores.value / (double(side) * side));
}

WaferSides choose_sides(const WaferSpec& spec, const ModelShape& shape, const WaferOptions& options,
                        std::span<const int> decode_sides, int wafers, double slots) {
  const std::vector<Prefill> prefills =
      best_prefills(spec, shape, options, int(std::sqrt(spec.cores.value)));
  Best best;
  for (const int side : decode_sides)
    try_decode_side(spec, options, prefills, square_of(spec, options.parameters, shape, side),
                    double(shape.layers), wafers, slots, best);
  CHECK(best.sides.decode > 0 && best.sides.prefill > 0);
  return best.sides;
}

}  // namespace evalrun::sim
