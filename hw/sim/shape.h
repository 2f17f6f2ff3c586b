// The shape of a dense Llama-style model: all that time and memory depend on. The files are
// hw/sim/models/*.toml.
#pragma once

#include <cstdint>
#include <string>

namespace evalrun::sim {

struct ModelShape {
  std::string name;  // "llama3.1-70b"
  std::int64_t layers = 0;
  std::int64_t hidden = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;
  std::int64_t head_dim = 0;
  std::int64_t ffn = 0;  // width of the gated feed-forward layer
  std::int64_t vocabulary = 0;
  bool has_tied_embedding = false;
  std::string source;
};

std::int64_t parameters_per_layer(const ModelShape& shape);  // attention, feed-forward, two norms
std::int64_t parameters(const ModelShape& shape);            // embeddings and the last norm too
// Multiply-accumulates of one token outside attention's scores: the matrices, the output head too.
std::int64_t matrix_macs_per_token(const ModelShape& shape);
std::int64_t kv_bytes_per_token(const ModelShape& shape, int bytes_per_value = 2);

}  // namespace evalrun::sim
