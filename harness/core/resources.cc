#include "harness/core/resources.h"

namespace evalrun {

std::optional<std::string_view> find_resource(std::string_view name) {
  for (const Resource& resource : resources())
    if (resource.name == name) return resource.bytes;
  return std::nullopt;
}

}  // namespace evalrun
