// SentencePiece's BPE (Kudo, Richardson 2018), as Llama 1 and 2 and Mistral use it: characters are
// merged into ever longer pieces, the pair whose merged piece has the highest score first, the
// leftmost of equals. What ends up outside the vocabulary is written as byte tokens <0x00> to
// <0xFF>.
#pragma once

#include <memory>

#include "harness/core/result.h"
#include "hw/llama/tokenizer.h"

namespace evalrun {

Result<std::unique_ptr<WordPieces>> make_spm(const Vocabulary& vocabulary);

}  // namespace evalrun
