// The sizes and constants of a Llama model, from the metadata of its file.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/core/result.h"
#include "hw/llama/gguf.h"

namespace evalrun {

struct LlamaConfig {
  std::size_t width = 0;  // embedding length
  std::size_t layers = 0;
  std::size_t heads = 0;       // of queries
  std::size_t kv_heads = 0;    // of keys and values; divides heads
  std::size_t head_width = 0;  // floats of one query, key or value
  std::size_t hidden = 0;      // width of the feed-forward part
  std::size_t context = 0;     // tokens the model was made for
  float epsilon = 0;           // of RMSNorm
  std::size_t rope_pairs = 0;  // pairs of each head that are rotated, from the first on
  double rope_base = 10000;
  double rope_factor = 1;  // linear scaling: positions are divided by it

  std::size_t query_width() const { return heads * head_width; }
  std::size_t kv_width() const { return kv_heads * head_width; }
};

// Error: the file, the key, and what is wrong with it; anything but a plain Llama is refused.
Result<LlamaConfig> read_config(const Gguf& file);

}  // namespace evalrun
