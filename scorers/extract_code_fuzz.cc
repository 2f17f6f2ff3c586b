#include <cstdint>

#include "scorers/extract_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const CodeFence fence : {CodeFence::backticks, CodeFence::python_tag, CodeFence::none}) {
    (void)official_program(fence, text);
    (void)official_test_output(fence, text);
    (void)strict_program(fence, text);
  }
  (void)official_call_output(PromptForm::direct, text);
  (void)official_call_output(PromptForm::cot, text);
  (void)strict_test_output(text);
  return 0;
}
