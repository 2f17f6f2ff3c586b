#include <cstdint>
#include <cstdlib>

#include "scorers/json_value.h"
#include "scorers/lcb_compare.h"

// The first zero byte parts output and expected output. What is equal has no difference to tell.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = std::min(text.find('\0'), size);
  const std::string_view output = text.substr(0, middle);
  const std::string_view expected = text.substr(std::min(middle + 1, size));
  (void)compare_stdout_official(output, expected);
  (void)stdout_difference(output, expected);
  if (!stdout_difference(output, output).empty()) std::abort();
  if (const auto value = parse_json(output)) (void)equal_result_strict(*value, *value);
  return 0;
}
