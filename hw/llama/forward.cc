#include "hw/llama/forward.h"

#include <algorithm>
#include <cmath>

namespace evalrun {

Forward::Forward(const LlamaConfig& config, const LlamaWeights& weights, KvCache& cache,
                 Parallel& parallel, std::size_t context)
    : config_(config), weights_(weights), kernels_(kernels()), cache_(cache), parallel_(parallel) {
  // RoPE (Su et al. 2021): pair i turns by position * base^(-2i / d), d = 2 * pairs. In double, so
  // that the float is the nearest one.
  const std::size_t pairs = config.rope_pairs;
  cosines_.resize(context * pairs);
  sines_.resize(context * pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    const double frequency = std::pow(config.rope_base, -double(i) / double(pairs)) /
                             (weights.rope_factors[i] * config.rope_factor);
    for (std::size_t p = 0; p < context; ++p) {
      cosines_[p * pairs + i] = float(std::cos(double(p) * frequency));
      sines_[p * pairs + i] = float(std::sin(double(p) * frequency));
    }
  }
}

void Forward::resize(std::size_t rows) {
  const auto grow = [&](std::vector<float>& v, std::size_t width) {
    if (v.size() < rows * width) v.resize(rows * width);
  };
  for (auto* v : {&stream_, &normed_, &projected_}) grow(*v, config_.width);
  for (auto* v : {&query_, &mixed_}) grow(*v, config_.query_width());
  for (auto* v : {&key_, &value_}) grow(*v, config_.kv_width());
  for (auto* v : {&gate_, &up_}) grow(*v, config_.hidden);
}

std::span<const float> Forward::run(std::span<const StepRow> rows) {
  resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    kernels_.decode_row(weights_.embedding, std::size_t(rows[i].token),
                        &stream_[i * config_.width]);
  }
  for (std::size_t layer = 0; layer < config_.layers; ++layer) {
    normalize(weights_.layers[layer].attention_norm, rows.size());
    attention(layer, rows);
    normalize(weights_.layers[layer].feed_norm, rows.size());
    feed_forward(weights_.layers[layer], rows.size());
  }
  std::size_t wanted = 0;  // gathered to the front: wanted never passes i
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].wants_logits) continue;
    std::copy_n(&stream_[i * config_.width], config_.width, &stream_[wanted * config_.width]);
    ++wanted;
  }
  const std::size_t vocabulary = weights_.output.rows;
  logits_.resize(std::max(logits_.size(), wanted * vocabulary));
  normalize(weights_.output_norm, wanted);
  multiply(weights_.output, normed_, wanted, logits_);
  return {logits_.data(), wanted * vocabulary};
}

void Forward::attention(std::size_t layer, std::span<const StepRow> rows) {
  const LlamaLayer& w = weights_.layers[layer];
  multiply(w.query, normed_, rows.size(), query_);
  multiply(w.key, normed_, rows.size(), key_);
  multiply(w.value, normed_, rows.size(), value_);
  rotate_and_keep(layer, rows);
  std::size_t longest = 0;
  for (const StepRow& row : rows) longest = std::max(longest, row.position + 1);
  const std::size_t heads = config_.heads, width = config_.head_width;
  parallel_.run(rows.size() * heads, 2 * longest * width, [&](std::size_t begin, std::size_t end) {
    std::vector<float> scores(longest);
    for (std::size_t i = begin; i < end; ++i) {  // row i / heads, head i % heads
      attend(layer, rows[i / heads], i % heads, &query_[i * width], &mixed_[i * width], scores);
    }
  });
  multiply(w.attention_output, mixed_, rows.size(), projected_);
  add_to_stream(projected_, rows.size());
}

void Forward::rotate_and_keep(std::size_t layer, std::span<const StepRow> rows) {
  const std::size_t pairs = config_.rope_pairs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float* cosines = &cosines_[rows[i].position * pairs];
    const float* sines = &sines_[rows[i].position * pairs];
    float* query = &query_[i * config_.query_width()];
    float* key = &key_[i * config_.kv_width()];
    for (std::size_t h = 0; h < config_.heads; ++h) {
      rope(query + h * config_.head_width, cosines, sines, pairs);
    }
    for (std::size_t h = 0; h < config_.kv_heads; ++h) {
      rope(key + h * config_.head_width, cosines, sines, pairs);
    }
    const auto& [token, position, sequence, wants] = rows[i];
    std::copy_n(key, config_.kv_width(), cache_.key(*sequence, layer, position));
    std::copy_n(&value_[i * config_.kv_width()], config_.kv_width(),
                cache_.value(*sequence, layer, position));
  }
}

void Forward::attend(std::size_t layer, const StepRow& row, std::size_t head, const float* query,
                     float* out, std::vector<float>& scores) {
  constexpr std::size_t kBlock = KvCache::kBlockTokens;
  const std::size_t width = config_.head_width, stride = config_.kv_width();
  const std::size_t offset = head / (config_.heads / config_.kv_heads) * width;
  const std::size_t count = row.position + 1;
  const float scale = 1.0f / std::sqrt(float(width));
  for (std::size_t t = 0; t < count; t += kBlock) {
    const float* keys = cache_.key(*row.sequence, layer, t) + offset;
    kernels_.key_scores(query, keys, stride, std::min(kBlock, count - t), width, scale, &scores[t]);
  }
  kernels_.softmax(scores.data(), count);
  std::fill_n(out, width, 0.0f);
  for (std::size_t t = 0; t < count; t += kBlock) {
    const float* values = cache_.value(*row.sequence, layer, t) + offset;
    kernels_.mix_values(&scores[t], values, stride, std::min(kBlock, count - t), width, out);
  }
}

// down(silu(gate(x)) * up(x)): SwiGLU (Shazeer 2020).
void Forward::feed_forward(const LlamaLayer& layer, std::size_t rows) {
  multiply(layer.gate, normed_, rows, gate_);
  multiply(layer.up, normed_, rows, up_);
  const std::size_t hidden = config_.hidden;
  parallel_.run(rows, hidden * 8, [&](std::size_t begin, std::size_t end) {
    kernels_.silu_times(&gate_[begin * hidden], &up_[begin * hidden], (end - begin) * hidden);
  });
  multiply(layer.down, gate_, rows, projected_);
  add_to_stream(projected_, rows);
}

void Forward::multiply(const Matrix& w, const std::vector<float>& x, std::size_t rows,
                       std::vector<float>& out) {
  if (rows == 0) return;
  parallel_.run(w.rows, w.columns * rows, [&](std::size_t begin, std::size_t end) {
    kernels_.matmul(w, begin, end, x.data(), rows, out.data(), w.rows);
  });
}

void Forward::normalize(const std::vector<float>& weight, std::size_t rows) {
  const std::size_t width = config_.width;
  for (std::size_t i = 0; i < rows; ++i) {
    kernels_.rmsnorm(&stream_[i * width], weight.data(), width, config_.epsilon,
                     &normed_[i * width]);
  }
}

void Forward::add_to_stream(const std::vector<float>& y, std::size_t rows) {
  kernels_.add(stream_.data(), y.data(), rows * config_.width);
}

}  // namespace evalrun
