// The tokens of a model and what its file says about cutting text into them.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "hw/llama/gguf.h"

namespace evalrun {

// Values are those of tokenizer.ggml.token_type.
enum class TokenType {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6
};

struct Vocabulary {
  std::string source;               // for messages
  std::string model;                // "llama": SentencePiece with scores; "gpt2": byte-level BPE
  std::string pre;                  // how BPE first cuts text into words; "" = not said
  std::vector<std::string> tokens;  // by id
  std::vector<float> scores;        // by id; "llama" only: the higher is merged first
  std::vector<TokenType> types;     // by id
  std::vector<std::string> merges;  // "left right", the first is merged first; "gpt2" only
  int begin = -1;                   // ids; -1 = none
  int end = -1;
  int end_of_turn = -1;
  int unknown = -1;
  bool add_begin = false;
  bool add_space_prefix = false;  // SentencePiece: as if the text began with a space
};

// Error: the file and the key.
Result<Vocabulary> read_vocabulary(const Gguf& file);

}  // namespace evalrun
