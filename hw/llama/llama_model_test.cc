// Reading whole model files: configuration, tensors, and what is refused.
#include "hw/llama/llama_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

using testing::as_bytes;
using testing::GgufWriter;
using ::testing::HasSubstr;
using testing::random_llama;
using testing::TestShape;

std::string error_of(const GgufWriter& w) {
  const std::string bytes = w.bytes();
  const auto model = load_llama(as_bytes(bytes), "m.gguf");
  return model ? "" : model.error().message;
}

// A good file but for what `change` adds.
template <class Change>
std::string error_with(Change change, TestShape shape = {}) {
  GgufWriter w;
  testing::write_config(w, shape);
  testing::write_byte_vocabulary(w);
  testing::write_tensors(w, shape, NumberType::f32, 1);
  change(w);
  return error_of(w);
}

TEST(LlamaModel, ReadsItsSizes) {
  const std::string bytes = random_llama(NumberType::f16);
  const auto model = load_llama(as_bytes(bytes), "m.gguf");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->name, "random");
  EXPECT_EQ(model->number_type, "F16");
  EXPECT_EQ(model->config.head_width, 8u);
  EXPECT_EQ(model->config.kv_width(), 16u);
  EXPECT_EQ(model->config.rope_base, 10000);
  EXPECT_EQ(model->tokenizer.size(), 262u);
  EXPECT_EQ(model->weights.output.data, model->weights.embedding.data);  // tied
  // 262*32 + 32 + 2 * (2*32 + 2*32*32 + 2*16*32 + 3*64*32)
  EXPECT_EQ(model->weights.parameters, 26'976);
}

TEST(LlamaModel, OptionalKeysAndTensors) {
  TestShape shape;
  GgufWriter w;
  testing::write_config(w, shape);
  testing::write_byte_vocabulary(w);
  w.f32("llama.rope.freq_base", 500000);
  w.text("llama.rope.scaling.type", "linear");
  w.f32("llama.rope.scaling.factor", 4);
  testing::write_tensors(w, shape, NumberType::f32, 1);
  const float factors[] = {1, 2, 4, 8};
  w.tensor("rope_freqs.weight", {4}, 0, {reinterpret_cast<const char*>(factors), sizeof factors});
  Rng rng(9);
  w.tensor("output.weight", {32, 262}, 0, testing::random_numbers(32 * 262, NumberType::f32, rng));
  const std::string bytes = w.bytes();
  const auto model = load_llama(as_bytes(bytes), "m.gguf");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->config.rope_base, 500000);
  EXPECT_EQ(model->config.rope_factor, 4);
  EXPECT_EQ(model->weights.rope_factors, (std::vector<double>{1, 2, 4, 8}));
  EXPECT_NE(model->weights.output.data, model->weights.embedding.data);
}

TEST(LlamaModel, RefusesWhatItCannotRun) {
  GgufWriter other;
  other.text("general.architecture", "gemma");
  EXPECT_EQ(error_of(other), "m.gguf: general.architecture: gemma is not supported; only llama is");
  GgufWriter bare;
  bare.text("general.architecture", "llama");
  EXPECT_EQ(error_of(bare), "m.gguf: llama.embedding_length: missing");
  EXPECT_EQ(error_with([](auto& w) { w.tensor("blk.0.attn_q.bias", {1}, 0, "1234"); }),
            "m.gguf: tensor blk.0.attn_q.bias: not part of a plain Llama model");
  EXPECT_THAT(error_with([](auto& w) {
                w.tensor("output.weight", {32, 7}, 0, std::string(896, 0));
              }),
              HasSubstr("tensor output.weight: shape [32, 7]; expected [32, 262]"));
  EXPECT_THAT(error_with([](auto& w) { w.u32("llama.expert_count", 8); }), HasSubstr("experts"));
  EXPECT_THAT(error_with([](auto& w) { w.text("llama.rope.scaling.type", "yarn"); }),
              HasSubstr("llama.rope.scaling.type: yarn is not supported"));
  EXPECT_EQ(error_with([](auto&) {}), "");
}

TEST(LlamaModel, MissingTensorIsNamed) {
  GgufWriter w;
  testing::write_config(w, {});
  testing::write_byte_vocabulary(w);
  TestShape one_layer;
  one_layer.layers = 1;
  testing::write_tensors(w, one_layer, NumberType::f32, 1);
  EXPECT_EQ(error_of(w), "m.gguf: tensor blk.1.attn_norm.weight: missing");
}

TEST(LlamaModel, FlippedHeaderBytesNeverCrash) {
  TestShape shape{.width = 8, .layers = 1, .heads = 2, .kv_heads = 1, .hidden = 8, .context = 16};
  const std::string bytes = random_llama(NumberType::f32, shape);
  Rng rng(3);
  for (int i = 0; i < 2'000; ++i) {
    std::string changed = bytes;
    changed[rng.below(7000)] = char(rng.below(256));
    (void)load_llama(as_bytes(changed), "m");
  }
}

}  // namespace
}  // namespace evalrun
