// Any bytes are a manifest or an error; a manifest that was read is written and read again
// unchanged.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/core/check.h"
#include "results/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = parse_manifest(text, "fuzz");
  if (manifest) CHECK(parse_manifest(manifest_json(*manifest), "fuzz")->run == manifest->run);
  return 0;
}
