#include "hw/llama/gguf.h"

// Any bytes are either a file or an error.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  (void)evalrun::parse_gguf({reinterpret_cast<const std::byte*>(data), size}, "fuzz");
  return 0;
}
