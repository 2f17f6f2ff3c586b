// The tensors of a Llama model by what they are for. Matrices stay in the file's bytes and type.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/result.h"
#include "hw/cpu/matrix.h"
#include "hw/llama/config.h"
#include "hw/llama/gguf.h"

namespace evalrun {

struct LlamaLayer {
  std::vector<float> attention_norm;  // [width]
  Matrix query;                       // [query_width][width]
  Matrix key, value;                  // [kv_width][width]
  Matrix attention_output;            // [width][query_width]
  std::vector<float> feed_norm;       // [width]
  Matrix gate, up;                    // [hidden][width]
  Matrix down;                        // [width][hidden]
};

struct LlamaWeights {
  Matrix embedding;  // [vocabulary][width]
  std::vector<LlamaLayer> layers;
  std::vector<float> output_norm;  // [width]
  Matrix output;                   // [vocabulary][width]; the embedding where the file has none
  std::vector<double>
      rope_factors;             // [rope_pairs] divisors of the frequencies (Llama 3.1); 1 if none
  std::int64_t parameters = 0;  // numbers in all tensors
};

// Views into file's bytes. Error: the tensor that is missing, of another shape, or not part of a
// plain Llama (a bias, say), because leaving it out would silently be another model.
Result<LlamaWeights> read_weights(const Gguf& file, const LlamaConfig& config,
                                  std::size_t vocabulary);

}  // namespace evalrun
