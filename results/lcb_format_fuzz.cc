// Any bytes are rows, answers, a grade or an error; rows that were read are written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/core/check.h"
#include "results/lcb_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto rows = parse_lcb_eval_all(text, "x"))
    CHECK(lcb_eval_all_json(*parse_lcb_eval_all(lcb_eval_all_json(*rows), "x")) ==
          lcb_eval_all_json(*rows));
  const LcbKey benchmark[] = {{"2727", ""}, {"2730", ""}};
  for (const auto scenario : {LcbScenario::code_generation, LcbScenario::code_execution})
    if (const auto answers = parse_lcb_answers(text, "x", scenario, benchmark))
      CHECK(answers->size() == 2 && !answers->front().empty());
  (void)parse_lcb_details(text);
  return 0;
}
