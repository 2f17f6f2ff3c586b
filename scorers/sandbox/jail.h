// One process in a jail: namespaces, a private read-only root, no privileges. Linux only.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

struct Jail {
  // false: no namespaces, no private root; only limits, no_new_privs and a clean environment.
  bool isolate = true;
  std::string executable;                // absolute, not a symlink; "" = only try the jail, exit 0
  std::vector<std::string> arguments;    // with argv[0]
  std::vector<std::string> environment;  // all of it
  std::vector<std::string> folders;      // visible read-only beside the system's, absolute
  std::vector<std::pair<std::string, std::string>> files;  // isolate: path inside, content
  std::string work_folder = "/tmp";  // isolate: must be /tmp (private, wiped with the jail)
  // What the process gets as descriptors 0, 1, 2, 3, 4; -1 = /dev/null. All others are closed.
  int descriptors[5] = {-1, -1, -1, -1, -1};
  // Called with the process' pid before it does anything; false: the jail is not built (errno says
  // why). May be empty.
  std::function<bool(pid_t)> adopt = {};
};

// The user inside. Outside it is nobody (65534) when root starts the jail, else who starts it.
inline constexpr int kInsideUser = 1000;

// Why a jail could not be built.
struct JailFailure {
  std::string step;  // such as "user namespace: clone" or "private root: mount /usr"
  int error = 0;     // errno
  std::string to_string() const;
};

// Starts the process and returns when it has been exec'ed (or, without an executable, has ended):
// its pid, which the caller waits for. Thread-safe, also beside other threads of this program.
std::expected<pid_t, JailFailure> start_jail(const Jail& jail);

}  // namespace evalrun
