// For tests and benches: writes GGUF files, and small Llama models of random numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/rng.h"
#include "hw/cpu/half.h"
#include "hw/cpu/matrix.h"

namespace evalrun::testing {

class GgufWriter {
 public:
  template <class T>
  void number(std::string_view key, std::uint32_t type, T value) {
    begin(key, type);
    put(entries_, value);
  }
  void u32(std::string_view key, std::uint32_t value) { number(key, 4, value); }
  void f32(std::string_view key, float value) { number(key, 6, value); }
  void flag(std::string_view key, bool value) { number(key, 7, std::uint8_t(value)); }
  void text(std::string_view key, std::string_view value) {
    begin(key, 8);
    put_text(entries_, value);
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    begin(key, 9);
    put(entries_, std::uint32_t(8)), put(entries_, std::uint64_t(values.size()));
    for (const std::string& v : values) put_text(entries_, v);
  }
  template <class T>
  void numbers(std::string_view key, std::uint32_t type, const std::vector<T>& values) {
    begin(key, 9);
    put(entries_, type), put(entries_, std::uint64_t(values.size()));
    for (T v : values) put(entries_, v);
  }

  // sizes: fastest first. data: as it is stored.
  void tensor(std::string_view name, std::vector<std::uint64_t> sizes, std::uint32_t type,
              std::string_view data) {
    ++tensor_count_;
    put_text(tensors_, name);
    put(tensors_, std::uint32_t(sizes.size()));
    for (std::uint64_t size : sizes) put(tensors_, size);
    put(tensors_, type);
    pad(data_);
    put(tensors_, std::uint64_t(data_.size()));
    data_ += data;
  }

  std::string bytes(std::uint32_t version = 3) const {
    std::string out = "GGUF";
    put(out, version), put(out, tensor_count_), put(out, entry_count_);
    out += entries_ + tensors_;
    pad(out);
    return out + data_;
  }

 private:
  template <class T>
  static void put(std::string& to, T value) {
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  static void put_text(std::string& to, std::string_view text) {
    put(to, std::uint64_t(text.size()));
    to += text;
  }
  static void pad(std::string& to) { to.resize((to.size() + 31) / 32 * 32); }
  void begin(std::string_view key, std::uint32_t type) {
    ++entry_count_;
    put_text(entries_, key);
    put(entries_, type);
  }

  std::string entries_, tensors_, data_;
  std::uint64_t entry_count_ = 0, tensor_count_ = 0;
};

struct TestShape {
  std::uint32_t width = 32, layers = 2, heads = 4, kv_heads = 2, hidden = 64, context = 128;
};

// A row-major matrix of small random numbers, as `type` stores it.
inline std::string random_numbers(std::size_t count, NumberType type, Rng& rng) {
  std::string out;
  const auto put = [&](auto v) { out.append(reinterpret_cast<const char*>(&v), sizeof v); };
  for (std::size_t i = 0; i < count; ++i) {
    const float x = float(rng.uniform() - 0.5) * 0.5f;
    if (type == NumberType::f32) put(x);
    if (type == NumberType::f16) put(half_from_float(x));
    if (type == NumberType::bf16) put(bfloat_from_float(x));
    if (type == NumberType::q8_0) {
      if (i % kQ8BlockValues == 0) put(half_from_float(0.002f));
      put(std::int8_t(x * 500));
    }
  }
  return out;
}

// 262 tokens like the embedded model's: <unk> <s> </s> <|im_start|> <|im_end|>, 256 bytes, the
// space.
inline void write_byte_vocabulary(GgufWriter& w) {
  std::vector<std::string> tokens = {"<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"};
  std::vector<std::int32_t> types = {2, 3, 3, 3, 3};
  for (int byte = 0; byte < 256; ++byte) {
    constexpr char kHex[] = "0123456789ABCDEF";
    tokens.push_back(std::string("<0x") + kHex[byte / 16] + kHex[byte % 16] + ">");
    types.push_back(6);
  }
  tokens.push_back("\xe2\x96\x81");
  types.push_back(1);
  w.text("tokenizer.ggml.model", "llama");
  w.texts("tokenizer.ggml.tokens", tokens);
  w.numbers("tokenizer.ggml.scores", 6, std::vector<float>(tokens.size(), 0));
  w.numbers("tokenizer.ggml.token_type", 5, types);
  w.u32("tokenizer.ggml.bos_token_id", 1);
  w.u32("tokenizer.ggml.eos_token_id", 4);
  w.u32("tokenizer.ggml.unknown_token_id", 0);
  w.flag("tokenizer.ggml.add_space_prefix", false);
}

inline void write_config(GgufWriter& w, const TestShape& s) {
  w.text("general.architecture", "llama");
  w.text("general.name", "random");
  w.u32("llama.embedding_length", s.width);
  w.u32("llama.block_count", s.layers);
  w.u32("llama.attention.head_count", s.heads);
  w.u32("llama.attention.head_count_kv", s.kv_heads);
  w.u32("llama.feed_forward_length", s.hidden);
  w.u32("llama.context_length", s.context);
  w.f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
}

inline void write_tensors(GgufWriter& w, const TestShape& s, NumberType type, std::uint64_t seed) {
  Rng rng(seed);
  const auto matrix = [&](const std::string& name, std::uint64_t rows, std::uint64_t columns) {
    w.tensor(name + ".weight", {columns, rows}, std::uint32_t(type),
             random_numbers(rows * columns, type, rng));
  };
  const auto vector = [&](const std::string& name) {
    const std::vector<float> ones(s.width, 1);
    w.tensor(name + ".weight", {s.width}, 0,
             {reinterpret_cast<const char*>(ones.data()), ones.size() * sizeof(float)});
  };
  matrix("token_embd", 262, s.width);
  vector("output_norm");
  const std::uint64_t kv_width = s.width / s.heads * s.kv_heads;
  for (std::uint32_t i = 0; i < s.layers; ++i) {
    const std::string blk = "blk." + std::to_string(i) + ".";
    vector(blk + "attn_norm"), vector(blk + "ffn_norm");
    matrix(blk + "attn_q", s.width, s.width), matrix(blk + "attn_k", kv_width, s.width);
    matrix(blk + "attn_v", kv_width, s.width), matrix(blk + "attn_output", s.width, s.width);
    matrix(blk + "ffn_gate", s.hidden, s.width), matrix(blk + "ffn_up", s.hidden, s.width);
    matrix(blk + "ffn_down", s.width, s.hidden);
  }
}

// A whole model file.
inline std::string random_llama(NumberType type, const TestShape& shape = {},
                                std::uint64_t seed = 1,
                                std::string_view chat_template = "<|im_start|>") {
  GgufWriter w;
  write_config(w, shape);
  write_byte_vocabulary(w);
  if (!chat_template.empty()) w.text("tokenizer.chat_template", chat_template);
  write_tensors(w, shape, type, seed);
  return w.bytes();
}

inline std::span<const std::byte> as_bytes(std::string_view s) {
  return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}

}  // namespace evalrun::testing
