#include "hw/llama/weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string>

#include "hw/cpu/kernels.h"

namespace evalrun {
namespace {

class Reader {
 public:
  explicit Reader(const Gguf& file) : file_(file) {}

  bool has(const std::string& tensor) const { return file_.tensors.contains(tensor); }

  Matrix matrix(const std::string& tensor, std::size_t rows, std::size_t columns) {
    const GgufTensor* t = find(tensor, {columns, rows});
    if (!t) return {};
    return {t->type, rows, columns, t->data.data(), t->data.size() / rows};
  }

  std::vector<float> vector(const std::string& tensor, std::size_t n) {
    const GgufTensor* t = find(tensor, {n});
    if (!t) return {};  // before n floats are allocated that the file does not have
    std::vector<float> out(n);
    kernels().decode_row({t->type, 1, n, t->data.data(), t->data.size()}, 0, out.data());
    return out;
  }

  // Error also for a tensor that nobody asked for.
  Status finish() {
    for (const auto& [tensor, unused] : file_.tensors) {
      if (!used_.contains(tensor)) wrong(tensor, "not part of a plain Llama model");
    }
    return ok_;
  }

 private:
  const GgufTensor* find(const std::string& tensor, const std::vector<std::uint64_t>& sizes) {
    const auto found = file_.tensors.find(tensor);
    if (found == file_.tensors.end()) {
      wrong(tensor, "missing");
      return nullptr;
    }
    used_.insert(found->first);
    if (found->second.sizes != sizes) {
      wrong(tensor, fmt::format("shape [{}]; expected [{}]", fmt::join(found->second.sizes, ", "),
                                fmt::join(sizes, ", ")));
      return nullptr;
    }
    return &found->second;
  }

  void wrong(std::string_view tensor, std::string_view why) {
    if (ok_) ok_ = input_error(fmt::format("{}: tensor {}: {}", file_.source, tensor, why));
  }

  const Gguf& file_;
  std::set<std::string_view> used_;
  Status ok_;
};

LlamaLayer read_layer(Reader& r, const LlamaConfig& c, std::size_t number) {
  const auto named = [&](const char* part) {
    return fmt::format("blk.{}.{}.weight", number, part);
  };
  LlamaLayer layer;
  layer.attention_norm = r.vector(named("attn_norm"), c.width);
  layer.query = r.matrix(named("attn_q"), c.query_width(), c.width);
  layer.key = r.matrix(named("attn_k"), c.kv_width(), c.width);
  layer.value = r.matrix(named("attn_v"), c.kv_width(), c.width);
  layer.attention_output = r.matrix(named("attn_output"), c.width, c.query_width());
  layer.feed_norm = r.vector(named("ffn_norm"), c.width);
  layer.gate = r.matrix(named("ffn_gate"), c.hidden, c.width);
  layer.up = r.matrix(named("ffn_up"), c.hidden, c.width);
  layer.down = r.matrix(named("ffn_down"), c.width, c.hidden);
  return layer;
}

}  // namespace

Result<LlamaWeights> read_weights(const Gguf& file, const LlamaConfig& config,
                                  std::size_t vocabulary) {
  if (config.layers > file.tensors.size()) {  // before anything is allocated for them
    return input_error(fmt::format("{}: llama.block_count: {} layers, but only {} tensors",
                                   file.source, config.layers, file.tensors.size()));
  }
  Reader r(file);
  LlamaWeights w;
  w.embedding = r.matrix("token_embd.weight", vocabulary, config.width);
  for (std::size_t i = 0; i < config.layers; ++i) w.layers.push_back(read_layer(r, config, i));
  w.output_norm = r.vector("output_norm.weight", config.width);
  w.output = w.embedding;
  if (r.has("output.weight")) w.output = r.matrix("output.weight", vocabulary, config.width);
  w.rope_factors.assign(config.rope_pairs, 1);
  if (r.has("rope_freqs.weight")) {
    const auto factors = r.vector("rope_freqs.weight", config.rope_pairs);
    w.rope_factors.assign(factors.begin(), factors.end());
  }
  if (Status s = r.finish(); !s) return std::unexpected(s.error());
  for (const auto& [name, tensor] : file.tensors) {
    std::int64_t numbers = 1;  // cannot overflow: the file holds them all
    for (std::uint64_t size : tensor.sizes) numbers *= std::int64_t(size);
    w.parameters += numbers;
  }
  return w;
}

}  // namespace evalrun
