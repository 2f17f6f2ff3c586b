// A machine running a model, from what a user names: "cs3", "h100x8", "llama3.3-70b", and what is
// assumed. Becomes a sim::CostModel.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "hw/sim/cost.h"
#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun {

// What the simulator knows.
struct SimData {
  std::map<std::string, sim::Machine> machines;
  std::map<std::string, sim::ModelShape> shapes;
};
// The built-in files and those of the two folders ("" = none). Error: as sim_files.h.
Result<SimData> load_sim_data(const std::string& machines_dir, const std::string& models_dir);

// What is not in the machine's and the model's files. All of it is off unless asked for, and named
// wherever its results are shown.
struct SimAssumptions {
  double bytes_per_weight = 2;  // 2, 1 or 0.5: weights as stored
  // Wafers only: "DRAFT:TOKENS:ACCEPTANCE", such as "llama3.2-1b:4:0.8"; "" = no speculation.
  std::string speculation = {};
  double kernel_speedup = 1;  // wafers: how much faster than WaferLLM's kernels
  double host_us = 0;         // wafers: host time of a pass on each wafer, microseconds
};

// A cost model and how to speak of it.
struct SimTarget {
  std::string name;                  // as asked for: "h100x8"
  std::string as;                    // "llama3.3-70b"
  std::string title;                 // "8 x NVIDIA H100 SXM"
  std::vector<std::string> assumed;  // in words; empty = nothing beyond the files
  bool is_wafer = false;
  std::unique_ptr<sim::CostModel> cost;
};

// `machine` is NAME or NAMExN: N GPUs (1 unless given) or wafers (as few as hold the model, unless
// given). `call_tokens_max`: the KV cache must hold a call of so many tokens. Errors: usage, an
// unknown name ("did you mean"), more GPUs than reach each other, a speculation that cannot be
// read, an assumption about wafers for a GPU; input, a model that does not fit, with the numbers
// and, where there is one, the number of GPUs that it fits on.
// `flag` is what the user named the machine with, for errors.
Result<SimTarget> make_sim_target(const SimData& data, const std::string& flag,
                                  const std::string& machine, const std::string& as,
                                  const SimAssumptions& assumptions, std::int64_t call_tokens_max);

}  // namespace evalrun
