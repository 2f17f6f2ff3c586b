// The one place where names on the command line become suites and strategies. `evalrun list`
// prints these tables; a wrong name gets "did you mean".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "runners/strategies/strategy.h"
#include "tasks/suite.h"

namespace evalrun {

struct TargetInfo {
  std::string_view name;
  std::string_view description;
};
std::span<const TargetInfo> targets();

// Groups are replaced by their members; each suite once, in the order given.
Result<std::vector<const SuiteInfo*>> find_suites(const std::vector<std::string>& names);

// In the order given, each once; the baseline first if it is missing and `add_baseline`.
Result<std::vector<const Strategy*>> find_strategies(const std::vector<std::string>& names,
                                                     bool add_baseline);

}  // namespace evalrun
