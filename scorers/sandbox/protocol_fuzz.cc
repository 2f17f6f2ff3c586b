#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scorers/sandbox/protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  evalrun::decode_reply(body, 0);
  evalrun::decode_hello(body);
  return 0;
}
