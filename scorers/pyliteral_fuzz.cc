#include <cstdint>
#include <cstdlib>

#include "scorers/pyliteral.h"

// What parses prints as a literal of equal value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto value = evalrun::parse_literal(text)) {
    const auto again = evalrun::parse_literal(evalrun::to_source(*value));
    // Escapes can make the printed text longer than the limit.
    if (again ? !evalrun::python_equal(*value, *again) : size < 100'000) std::abort();
  }
  (void)evalrun::parse_call_arguments(text);
  return 0;
}
