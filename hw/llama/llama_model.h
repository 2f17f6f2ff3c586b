// A model file made ready: sizes, tensors, tokens. Immutable, so that all threads may read it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "harness/core/result.h"
#include "hw/llama/config.h"
#include "hw/llama/gguf.h"
#include "hw/llama/tokenizer.h"
#include "hw/llama/weights.h"

namespace evalrun {

struct LlamaModel {
  std::string name;           // general.name, or the file's
  std::string chat_template;  // tokenizer.chat_template as the file has it; "" = none
  std::string number_type;    // of the matrices: "F16"; "Q8_0, F16" when mixed
  LlamaConfig config;
  LlamaWeights weights;  // views into the bytes
  Tokenizer tokenizer;
};

// bytes: of a whole GGUF file, which must outlive the model. Error: as parse_gguf and the readers
// say.
Result<LlamaModel> load_llama(std::span<const std::byte> bytes, std::string source_name);

}  // namespace evalrun
