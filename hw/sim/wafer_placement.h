// Where the layers of a model go: weights stay in the cores' SRAM, layers in squares of cores
// ("regions"), and a model that one wafer cannot hold is split between layers over several.
//
// A region of side P has P^2 * (SRAM - reserved) bytes. A layer's weights and its part of the KV
// cache are in the same region. A wafer has floor(cores / P^2) regions: that assumes it can be cut
// into squares without loss. Embedding, head and draft model take as many layers' room as they
// need.
//
// Sides that are not given are chosen (wafer_sides.h), after the number of wafers: the fewest.
// WaferLLM changes its layout between prefill and decode as well; the move itself is not charged.
#pragma once

#include <cstdint>
#include <optional>

#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/shape.h"
#include "hw/sim/wafer_kernels.h"

namespace evalrun::sim {

// An ASSUMPTION wherever it is used: Cerebras published neither draft model nor rate.
struct WaferSpeculation {
  ModelShape draft;
  int drafted_tokens = 4;  // a round, before the big model looks at them
  double acceptance = 0;   // chance that a drafted token is kept, each alike; 0 to 1
};

struct WaferOptions {
  int decode_side = 0;                // cores along an edge of a region; 0 = chosen
  int prefill_side = 0;               // the same, for prompts; 0 = chosen
  double bytes_per_weight = 2;        // 2, 1, 0.5: as stored; the arithmetic is 16 bits wide always
  bool prompts_by_gemm_only = false;  // as WaferLLM does, even where MeshGEMV is faster
  int wafers = 0;                     // 0 = as few as hold the model
  std::int64_t min_kv_tokens = 8192;  // room for these at least, all sequences together
  std::optional<WaferSpeculation> speculation = std::nullopt;  // off unless asked
  // ASSUMPTIONS that explain a service, off unless asked. The first: how much faster its kernels
  // are than WaferLLM's. The second: what the host adds on each wafer that a pass visits.
  double kernel_speedup = 1;
  double service_s_per_wafer = 0;
  WaferParameters parameters = {};
};

struct WaferPlacement {
  int decode_side = 0;
  int prefill_side = 0;
  int wafers = 0;
  int regions_per_wafer = 0;  // of decode_side
  int layers_per_region = 0;  // at most
  int stages = 0;             // regions in use, at the larger of the two sides
  std::int64_t kv_capacity_tokens = 0;
};

// Error (input): the model, or what was asked of the side or the wafers, does not fit; with the
// numbers. Also: an option out of its range.
Result<WaferPlacement> place_on_wafers(const WaferSpec& spec, const ModelShape& shape,
                                       const WaferOptions& options);

}  // namespace evalrun::sim
