// The machines and models of the simulator, read from TOML: the built-in files (hw/sim/machines,
// hw/sim/models) and those of a user's folder. No compiling is needed to add one.
//
//   name = "my-gpu"                     # letters, digits, '.', '-' and '_'
//   title = "what people call it"
//   memory_bytes = {value = 8e10, source = "data sheet", status = "published"}  # or "derived"
//   ...
//
// A machine is a wafer or a GPU by the fields it has (hw/sim/machine.h names them and their units).
// All of its kind must be there; price_usd, fp8_flops_per_s and fp4_flops_per_s may be 0. A model
// has the fields of hw/sim/shape.h.
//
// Error (input): "FILE:LINE: KEY: what to do", for a field that is missing, unknown, negative, not
// finite or absurdly large, a status that is neither of the two, and a figure without a source. So
// everything that comes out of here is positive, finite and far from overflow.
// Thread-safe; the parsers are pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun {

// `source` is what errors call the text.
Result<sim::Machine> parse_machine(std::string_view toml, const std::string& source);
Result<sim::ModelShape> parse_model_shape(std::string_view toml, const std::string& source);

// By name: the built-in ones, then those of the *.toml files in `user_dir` ("" = none), whose names
// win. Error: as above; a folder that cannot be read or holds no such file (usage); one name in two
// of its files (input).
Result<std::map<std::string, sim::Machine>> load_machines(const std::string& user_dir);
Result<std::map<std::string, sim::ModelShape>> load_model_shapes(const std::string& user_dir);

}  // namespace evalrun
