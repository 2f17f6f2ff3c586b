// Files built into the binary: prompts, the small model, crux-mini. Names are paths in the
// repository, such as "tasks/prompts/full/crux.output.direct.txt".
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace evalrun {

struct Resource {
  std::string_view name;
  std::string_view bytes;  // lives as long as the program
};

std::span<const Resource> resources();
std::optional<std::string_view> find_resource(std::string_view name);

}  // namespace evalrun
