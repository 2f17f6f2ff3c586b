// Which interpreter the programs run on.
#pragma once

#include <string>

#include "harness/core/result.h"

namespace evalrun {

struct Python {
  std::string executable;  // absolute, symlinks resolved: a virtual environment's base
  std::string prefix;      // where its standard library lives, such as "/usr"
};

// `wanted`, or if empty /usr/bin/python3, or else python3 from PATH. Runs it once to ask for its
// prefix. Error: there is none, or it is older than 3.11, or lacks modules that the zygote needs.
Result<Python> find_python(const std::string& wanted);

}  // namespace evalrun
