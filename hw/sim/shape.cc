#include "hw/sim/shape.h"

namespace evalrun::sim {
namespace {

std::int64_t matrix_parameters_per_layer(const ModelShape& shape) {
  const std::int64_t q = shape.heads * shape.head_dim;
  const std::int64_t kv = shape.kv_heads * shape.head_dim;
  return shape.hidden * (2 * q + 2 * kv) + 3 * shape.hidden * shape.ffn;
}

}  // namespace

std::int64_t parameters_per_layer(const ModelShape& shape) {
  return matrix_parameters_per_layer(shape) + 2 * shape.hidden;
}

std::int64_t parameters(const ModelShape& shape) {
  const std::int64_t embeddings =
      (shape.has_tied_embedding ? 1 : 2) * shape.vocabulary * shape.hidden;
  return shape.layers * parameters_per_layer(shape) + embeddings + shape.hidden;
}

std::int64_t matrix_macs_per_token(const ModelShape& shape) {
  return shape.layers * matrix_parameters_per_layer(shape) + shape.vocabulary * shape.hidden;
}

std::int64_t kv_bytes_per_token(const ModelShape& shape, int bytes_per_value) {
  return 2 * shape.layers * shape.kv_heads * shape.head_dim * bytes_per_value;
}

}  // namespace evalrun::sim
