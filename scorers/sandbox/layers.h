// The layers of isolation, one by one: what is there on this machine, and what is lost without it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

struct Layer {
  std::string name;      // such as "network namespace"
  bool active = false;   // works on this machine
  std::string lost;      // when not active: what is not protected, why it is missing, what to do
  bool required = true;  // without it nothing is run unless the user takes the risk
};

// Tries each layer in a short-lived process (some milliseconds; starts no interpreter), and what
// control groups this process may make (cgroup.h).
// Thread-safe.
std::vector<Layer> probe_layers();

// The names, for code that must tell them apart.
inline constexpr std::string_view kUserNamespace = "user namespace";
inline constexpr std::string_view kPrivateRoot = "private root";
inline constexpr std::string_view kSystemCallFilter = "system call filter";
inline constexpr std::string_view kMemoryGroup = "memory control group";
inline constexpr std::string_view kProcessGroup = "process control group";

// The namespace layers and the private root work: a jail can be built. (The filter is separate.)
bool can_isolate(const std::vector<Layer>& layers);
// Programs can be run behind the system call filter.
bool can_filter(const std::vector<Layer>& layers);
// The first missing required layer as one line, "" if none is missing.
std::string missing_layer(const std::vector<Layer>& layers);

}  // namespace evalrun
