// Byte-level BPE (Sennrich et al. 2016; Radford et al. 2019), as GPT-2, Llama 3 and Qwen use it:
// text is cut into words by regular expressions (pretokenizer.h), a word's bytes are written in an
// alphabet of 256 printable characters, and neighbours are merged in the order of the merge list.
#pragma once

#include <memory>

#include "harness/core/result.h"
#include "hw/llama/tokenizer.h"

namespace evalrun {

// Error: an unknown tokenizer.ggml.pre, or a merge whose parts or whole are no tokens.
Result<std::unique_ptr<WordPieces>> make_bpe(const Vocabulary& vocabulary);

}  // namespace evalrun
