// Opens what answers: --target and --model become a Model and what the manifest says of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "harness/core/model.h"
#include "harness/core/result.h"
#include "harness/settings.h"

namespace evalrun {

struct Target {
  std::unique_ptr<Model> model;
  std::string model_name;          // as reports show it
  std::string model_sha256;        // of the weights; "" when unknown
  std::int64_t parameters = 0;     // 0 = unknown
  int default_samples = 1;         // samples in flight that keep it busy
  std::string traffic;             // RunInfo::traffic
  std::optional<Price> price;      // RunInfo::price
  std::string simulated = {};      // RunInfo::simulated
  std::optional<Settings> source;  // recorded: of the run that is replayed
};

Result<Target> open_target(const Settings& settings);
// --target remote (remote_target.cc): connects nowhere yet.
Result<Target> open_remote(const Settings& settings);

// "compact" for models that cannot follow long prompts, else "full".
std::string prompt_profile_for(const Target& target);

}  // namespace evalrun
