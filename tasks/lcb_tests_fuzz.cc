#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/lcb_tests.h"

// Any bytes are tests or one line of error, in either form; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tests = evalrun::decode_lcb_tests(bytes);
  if (!tests) CHECK(!tests.error().message.empty());
  return 0;
}
