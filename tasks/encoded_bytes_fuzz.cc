#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/encoded_bytes.h"

// Any bytes decode within their bounds or are one line of error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto decoded = evalrun::decode_base64(bytes);
  if (decoded) CHECK(decoded->size() <= size / 4 * 3);
  const auto inflated = evalrun::inflate_zlib(decoded ? *decoded : bytes, 5000);
  if (inflated) {
    CHECK(inflated->size() <= 5000);
  } else {
    CHECK(inflated.error().message.starts_with("zlib: "));
  }
  return 0;
}
