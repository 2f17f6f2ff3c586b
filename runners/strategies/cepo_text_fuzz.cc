#include <cstddef>
#include <cstdint>

#include "runners/strategies/cepo_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  evalrun::strip_think(text);
  evalrun::parse_rating(text);
  evalrun::parse_better_response(text);
  evalrun::normalise_answer(text);
  evalrun::parse_approaches(text, 3);
  return 0;
}
