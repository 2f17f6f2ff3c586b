#include <string_view>

#include "scorers/sandbox/cgroup.h"

// The text of /proc/self/cgroup, an empty line, the text of /proc/self/mountinfo.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find("\n\n");
  if (middle == std::string_view::npos) return 0;
  for (const std::string_view controller : {"memory", "pids"})
    evalrun::own_group(controller, text.substr(0, middle + 1), text.substr(middle + 2));
  return 0;
}
