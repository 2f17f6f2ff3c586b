// Strings of a parsed JSON object.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/core/result.h"

namespace evalrun {

// Moves member `key` out of the object. Error (input): "KEY: missing", or what it is instead.
Status take_string(nlohmann::json& object, const char* key, std::string& out);

}  // namespace evalrun
