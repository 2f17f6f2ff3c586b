#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/lcb_repair.h"

// Any bytes are attempts or one line of error; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto attempts = evalrun::read_lcb_attempts(*evalrun::MappedFile::embedded("fuzz", bytes));
  if (attempts) {
    CHECK(!attempts->empty());
  } else {
    CHECK(attempts.error().message.starts_with("fuzz: "));
  }
  return 0;
}
