// What the private root of a jail contains, worked out before the jail exists: inside, between
// clone and exec, memory must not be allocated.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace evalrun {

// While the root is built the machine's own root stands at kOldRoot; later it is gone.
inline constexpr char kOldRoot[] = "/old";

struct RootPlan {
  struct Bind {
    std::string source;  // beneath kOldRoot
    std::string target;
    bool is_file = false;
    bool read_only = true;
  };
  std::vector<std::string> folders;                           // to make, parents first
  std::vector<std::pair<std::string, std::string>> symlinks;  // path, what it says
  std::vector<Bind> binds;
  std::vector<std::pair<std::string, std::string>> files;  // path, content
};

// The system's libraries (/usr, and /lib, /lib64, /bin as they are here), four devices, an /etc of
// two files, and `extra` folders (absolute; those beneath /usr are there already).
// `files`: path, content; their folders are made.
RootPlan plan_root(const std::vector<std::string>& extra,
                   const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace evalrun
