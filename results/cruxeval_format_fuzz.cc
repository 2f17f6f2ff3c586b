// Any bytes are a generations file or an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/cruxeval_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> ids{"sample_0", "sample_1"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  return evalrun::parse_generations(text, "fuzz", ids) ? 0 : 0;
}
