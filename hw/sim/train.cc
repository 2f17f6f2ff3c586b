#include "hw/sim/train.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace evalrun::sim {
namespace {

constexpr double kParametersMin = 1e9;
constexpr double kParametersMax = 1e15;
constexpr std::int64_t kHeadDim = 128;
constexpr std::int64_t kKvHeads = 8;
constexpr std::int64_t kVocabulary = 128'256;
constexpr std::int64_t kLayersMax = 128;
constexpr std::int64_t kWidthPerLayer = 128;
constexpr std::int64_t kFfnStep = 16;
constexpr double kWideFrom = 4096;

constexpr std::int64_t kSizeMax = 100'000'000;  // of a width, so that products stay far from 2^63
constexpr std::int64_t kTokensMax = 1'000'000'000'000;

// Parameters of the embeddings and of layers of 12 h^2, which is what the usual proportions give.
double parameters_at(std::int64_t layers, double hidden) {
  return 12.0 * double(layers) * hidden * hidden + 2.0 * double(kVocabulary) * hidden;
}

double query_width(const ModelShape& shape) { return double(shape.heads * shape.head_dim); }
double kv_width(const ModelShape& shape) { return double(shape.kv_heads * shape.head_dim); }

}  // namespace

Status check(const TrainJob& job) {
  const ModelShape& shape = job.shape;
  for (const std::int64_t size : {shape.layers, shape.hidden, shape.heads, shape.kv_heads,
                                  shape.head_dim, shape.ffn, shape.vocabulary})
    if (size < 1 || size > kSizeMax)
      return usage_error(
          fmt::format("model {}: a size of {}: must be from 1 to {}", shape.name, size, kSizeMax));
  const double layer = double(shape.hidden) * (double(shape.ffn) * 3 + 4 * query_width(shape));
  if (double(shape.layers) * layer > 10 * kParametersMax)
    return usage_error(
        fmt::format("model {}: more than {:.0e} parameters", shape.name, 10 * kParametersMax));
  if (job.sequence < 1 || job.sequence > kSizeMax)
    return usage_error(
        fmt::format("a sequence of {} tokens: must be from 1 to {}", job.sequence, kSizeMax));
  if (job.batch_sequences < 1 || job.batch_tokens() > double(kTokensMax))
    return usage_error(fmt::format("a batch of {} sequences: must be from 1 and up to {} tokens",
                                   job.batch_sequences, kTokensMax));
  return {};
}

Result<ModelShape> shape_for_parameters(double parameters_wanted) {
  if (!(parameters_wanted >= kParametersMin && parameters_wanted <= kParametersMax))
    return usage_error(fmt::format("{:g} parameters: must be from {:.0e} to {:.0e}",
                                   parameters_wanted, kParametersMin, kParametersMax));
  ModelShape shape;
  shape.layers = 1;
  while (shape.layers < kLayersMax &&
         parameters_at(shape.layers, double(kWidthPerLayer * shape.layers)) < parameters_wanted)
    ++shape.layers;
  // The width that gives the number, rounded so that usual tensor parallel divides the heads.
  const double a = 12.0 * double(shape.layers), b = 2.0 * double(kVocabulary);
  const double width = (std::sqrt(b * b + 4 * a * parameters_wanted) - b) / (2 * a);
  const std::int64_t step = kHeadDim * (width >= kWideFrom ? kKvHeads : 2);
  shape.hidden = step * std::llround(width / double(step));
  shape.heads = shape.hidden / kHeadDim;
  shape.kv_heads = std::min(kKvHeads, shape.heads);
  // Whole groups of query heads share one key head.
  while (shape.heads % shape.kv_heads != 0) --shape.kv_heads;
  shape.head_dim = kHeadDim;
  shape.vocabulary = kVocabulary;
  const double left = parameters_wanted - double(parameters(shape));
  const double ffn = left / (3.0 * double(shape.layers * shape.hidden));
  shape.ffn = std::max<std::int64_t>(1, std::llround(ffn / kFfnStep)) * kFfnStep;
  shape.name = fmt::format("dense-{:g}", parameters_wanted);
  shape.source = "by rule, from its number of parameters";
  return shape;
}

double forward_matrix_flops(const ModelShape& shape) {
  return 2 * double(matrix_macs_per_token(shape));
}

double forward_attention_flops(const ModelShape& shape, std::int64_t sequence) {
  const double keys = (double(sequence) + 1) / 2;  // a query sees on average
  return 4 * keys * query_width(shape) * double(shape.layers);
}

double train_flops_per_token(const ModelShape& shape, std::int64_t sequence) {
  return 3 * (forward_matrix_flops(shape) + forward_attention_flops(shape, sequence));
}

const char* name_of(Recompute recompute) {
  switch (recompute) {
    case Recompute::none:
      return "none";
    case Recompute::attention:
      return "attention";
    case Recompute::full:
      return "full";
  }
  return "";
}

ActivationBytes activation_bytes(const ModelShape& shape, std::int64_t sequence) {
  const double hidden = double(shape.hidden);
  // Two norms' inputs (4), what enters qkv and the feed-forward layer (4); two masks (2).
  // Split: Q, K, V and what enters the out matrix; gate, up and their product.
  return {.layer_input = 2 * hidden,
          .row = 8 * hidden,
          .masks = 2 * hidden,
          .split = 2 * (2 * query_width(shape) + 2 * kv_width(shape)) + 6 * double(shape.ffn),
          .scores = 5 * double(shape.heads) * double(sequence)};
}

}  // namespace evalrun::sim
