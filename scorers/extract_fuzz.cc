#include <cstdint>

#include "scorers/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const PromptForm form : {PromptForm::direct, PromptForm::cot}) {
    (void)strict_answer(ExactLiteral{}, form, text);
    (void)strict_answer(PythonAssert{}, form, text);
    (void)strict_answer(LetterCount{}, form, text);
    (void)official_answer(ExactLiteral{}, form, text);
    (void)official_answer(PythonAssert{}, form, text);
  }
  return 0;
}
