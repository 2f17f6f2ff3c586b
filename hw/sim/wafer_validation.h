// The wafer model beside everything published about wafers that it can be held against.
//
// Groups and what they mean:
// - "wafer prefill", "wafer decode": WaferLLM tables 3 and 4 on the WSE-2, tokens/s. The paper's
//   kernels time layers, so head and crossings are left out here too. Eight of these 24 points
//   (Llama 3 8B and Qwen2 72B at the smallest and the largest grid) fitted WaferParameters.
// - "wafer end to end": table 2, output tokens over prefill + decode time. No point was fitted.
// - "cs3 bare": the published speeds of the service against the model with the WSE-3's numbers, the
//   same parameters and no assumption at all. It shows the gap; nobody should expect a small one.
//   All speeds of the cs3 go with its clock, which is not published (0.85 to 1.1 GHz).
// - "cs3 launch, assumed": as above, with ONE assumption: the host adds the same time on every
//   wafer that a token visits (asynchronous I/O between wafers came only in October 2024). Solved
//   from the 8B, predicted for the 70B.
// - "cs3 later, assumed": with ONE assumption: the service's own kernels and speculation together
//   are so many times as fast as WaferLLM's kernels. Solved from the 70B's 2,100, predicted for the
//   rest.
// The shapes are the models' own. The paper's published kernels keep as many key and value heads as
// query heads even where the model shares them; with such shapes the 13B, which shares none, would
// stand out less in prefill.
// Not compared: tables 5 and 6 of the paper, which do not state the grid they were measured on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/shape.h"
#include "hw/sim/validation.h"

namespace evalrun::sim {

using Machines = std::map<std::string, Machine>;
using Shapes = std::map<std::string, ModelShape>;

// Needs the machines cs2 and cs3 and the models llama3.1-8b, llama3.1-70b, llama3.1-405b,
// llama2-13b, codellama-34b and qwen2-72b. Error (input): one is missing, is no wafer, or does not
// fit.
Result<std::vector<ValidationPoint>> wafer_validation(const Machines& machines,
                                                      const Shapes& shapes);

// How the 2,100 tokens/s of the 70B can be reached: one row for each pair of a kernel speedup over
// WaferLLM and a number of drafted tokens.
struct SpeculationNeed {
  std::string draft;  // the model assumed to draft
  int drafted_tokens = 0;
  double kernel_speedup = 1;
  std::optional<double> acceptance;  // needed; nullopt: not even 1 is enough
};
// Needs cs3, llama3.1-70b and the draft model; error as above.
Result<std::vector<SpeculationNeed>> speculation_needs(const Machines& machines,
                                                       const Shapes& shapes,
                                                       const std::string& draft,
                                                       double tokens_per_s = 2100);

}  // namespace evalrun::sim
