// The endpoints that have a name (`--provider cerebras`): where they are, which environment
// variable holds their key, and how their dialect differs.
#pragma once

#include <span>
#include <string_view>

#include "runners/remote/wire.h"

namespace evalrun {

struct Provider {
  std::string_view name;
  std::string_view base_url;     // without a slash at the end
  std::string_view key_env;      // the variable its own documentation names; "" = none
  bool needs_key;                // no call succeeds without
  std::string_view description;  // one line, for the list of providers
  WireOptions wire;              // its API and quirks; the model is left empty
};

std::span<const Provider> providers();
const Provider* find_provider(std::string_view name);  // nullptr: none of that name

}  // namespace evalrun
