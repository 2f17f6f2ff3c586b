// What a suite says of a sample beside its task.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/types.h"

namespace evalrun {

// "" if it says nothing under `key`.
inline std::string sample_metadata(const Sample& sample, std::string_view key) {
  for (const auto& [name, value] : sample.metadata)
    if (name == key) return value;
  return "";
}

}  // namespace evalrun
