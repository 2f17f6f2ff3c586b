#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/crux.h"

// Any bytes are rows or one line of error; never a crash, never half of the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rows = evalrun::parse_crux({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (rows) {
    CHECK(!rows->empty());
  } else {
    CHECK(rows.error().message.starts_with("fuzz:"));
  }
  return 0;
}
