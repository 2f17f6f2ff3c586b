// How large the squares of cores should be, for decode and for prefill, where the user does not
// say.
#pragma once

#include <span>

#include "hw/sim/machine.h"
#include "hw/sim/shape.h"
#include "hw/sim/wafer_placement.h"

namespace evalrun::sim {

inline constexpr int kSideMin = 64;  // smaller squares hold no layer of any model we know

// Squares of that side that a wafer can be cut into, without loss at the edges.
int regions_of(const WaferSpec& spec, int side);

struct WaferSides {
  int decode = 0;
  int prefill = 0;
};

// The two that answer a call of 1,000 prompt and 250 completion tokens soonest on an idle pipeline:
// a small square pays less for each all-reduce, a large one computes a prompt faster, and the
// larger of the two says into how many stages the wafers are cut, through which the pieces of the
// prompt follow each other (server.h). It is one minimum over fixed choices of times that fall when
// the machine gets better: so at a given number of wafers a better machine is never slower at such
// a call.
//
// `decode_sides`: those on which the model fits, not empty; options.prefill_side where it is given.
// `slots`: layers, and layers' room for what else is stored.
WaferSides choose_sides(const WaferSpec& spec, const ModelShape& shape, const WaferOptions& options,
                        std::span<const int> decode_sides, int wafers, double slots);

}  // namespace evalrun::sim
