// Any bytes are a record or an error; a record that was read is written and read again unchanged.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/core/check.h"
#include "results/record_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto survives = [](const auto& record, auto parse) {
    const std::string text = to_json_line(record);
    CHECK(to_json_line(*parse(text)) == text);
  };
  if (const auto r = parse_call(line)) survives(*r, parse_call);
  if (const auto r = parse_sample(line)) survives(*r, parse_sample);
  if (const auto r = parse_score(line)) survives(*r, parse_score);
  return 0;
}
