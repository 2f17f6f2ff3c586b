#include <cstdint>

#include "scorers/json_value.h"

// What parses can be printed and compared.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = evalrun::parse_json({reinterpret_cast<const char*>(data), size});
  if (value && !evalrun::repr(*value).empty()) (void)evalrun::python_equal(*value, *value);
  return 0;
}
