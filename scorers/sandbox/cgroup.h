// Control groups: limits on what the processes of a program use together. rlimits hold without
// them, but for each process alone. Linux cgroups of version 2, or of version 1 (kernel
// documentation: admin-guide/cgroup-v2.rst and admin-guide/cgroup-v1/).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// Where this process may make groups of one controller.
struct GroupPlace {
  std::string folder;    // absolute; "" = nowhere
  bool unified = false;  // version 2: one folder for all controllers
  std::string problem;   // nowhere: why, one line
};

struct GroupPlaces {
  GroupPlace memory, pids;
};

// This process' own group of a controller ("memory", "pids"), from the texts of /proc/self/cgroup
// and /proc/self/mountinfo (proc(5), cgroups(7)). Looks at no file.
GroupPlace own_group(std::string_view controller, std::string_view cgroups,
                     std::string_view mounts);

// Where groups can really be made: tries it. Under version 2 a group that has groups with
// controllers may hold no processes, so if this process is alone in its own, it moves into a new
// one beneath. Removes groups that dead processes of this program left.
GroupPlaces find_group_places();

// Removes the empty groups in `folder` whose process (evalrun-<pid>-..) lives no more.
void remove_stale_groups(const std::string& folder);

struct GroupLimits {
  std::int64_t memory_bytes = 0;  // resident, tmpfs and kernel memory of all processes
  int processes = 0;              // and threads
  bool operator==(const GroupLimits&) const = default;
};

// A group of its own for each controller that has a place. Not thread-safe.
class ControlGroup {
 public:
  // Names are evalrun-<pid>-<n>. Null: there is no place at all.
  static Result<std::unique_ptr<ControlGroup>> create(const GroupPlaces& places);
  ~ControlGroup();  // removes the groups; their processes must have ended
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  // Puts a process in; those it starts from now on are in as well. False: errno says why not.
  bool adopt(pid_t pid);
  // Writes only what changed since the last time. Error: the kernel refused.
  Status limit(const GroupLimits& limits);
  // Processes of this group that the kernel has killed as their memory went over the limit.
  std::uint64_t oom_kills() const;

  std::vector<std::string> folders() const;  // of this group, for diagnosis and tests

 private:
  struct Member {
    std::string folder;
    bool unified = false;
  };
  ControlGroup() = default;
  Status limit_memory(std::int64_t bytes);

  Member memory_, pids_;  // folder "" = without; the same folder if both are unified
  GroupLimits limits_;    // now in force
  int oom_fd_ = -1;       // memory.events or memory.oom_control
};

}  // namespace evalrun
