#include "hw/sim/train.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

TEST(Train, TheShapeRuleMeetsPublishedShapes) {
  const auto gpt3 = shape_for_parameters(175e9);
  ASSERT_TRUE(gpt3);
  EXPECT_EQ(gpt3->layers, 96);  // GPT-3 175B
  EXPECT_EQ(gpt3->hidden, 12288);
  const auto trillion = shape_for_parameters(1e12);
  ASSERT_TRUE(trillion);
  EXPECT_EQ(trillion->layers, 128);  // Megatron-LM 1.008T
  EXPECT_EQ(trillion->hidden, 25600);
  const auto large = shape_for_parameters(405.85e9);
  ASSERT_TRUE(large);
  EXPECT_NEAR(double(large->layers), 126, 2);  // Llama 3.1 405B
  EXPECT_EQ(large->hidden, 16384);
}

TEST(Train, TheShapeHasTheParametersThatWereAskedFor) {
  for (double wanted = 1e9; wanted <= 1e15; wanted *= 1.37) {
    const auto shape = shape_for_parameters(wanted);
    ASSERT_TRUE(shape) << wanted;
    EXPECT_NEAR(double(parameters(*shape)) / wanted, 1, 0.005) << wanted;
    EXPECT_EQ(shape->heads % shape->kv_heads, 0) << wanted;
    EXPECT_EQ(shape->heads * shape->head_dim, shape->hidden);
    EXPECT_TRUE(check({.shape = *shape})) << wanted;
  }
}

TEST(Train, AShapeOfNoSizeIsRefused) {
  for (const double wanted : {0.0, -1.0, 1e8, 1e16, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()})
    EXPECT_FALSE(shape_for_parameters(wanted)) << wanted;
}

// 2 x the parameters of the matrices: 15.0, 139.0 and 807.5 GFLOP a token.
TEST(Train, ForwardFlopsAreTwiceTheMatrices) {
  EXPECT_NEAR(forward_matrix_flops(test_shapes().at("llama3.1-8b")), 15.0e9, 0.05e9);
  EXPECT_NEAR(forward_matrix_flops(test_shapes().at("llama3.3-70b")), 139.0e9, 0.05e9);
  EXPECT_NEAR(forward_matrix_flops(test_shapes().at("llama3.1-405b")), 807.5e9, 0.05e9);
}

// Megatron Bridge prints tokens/s and model TFLOP/s of the same runs: their quotient is what it
// counts a token, at 8,192 tokens of sequence.
TEST(Train, ATokenCostsWhatMegatronBridgeCounts) {
  const auto flops = [](const char* model) {
    return train_flops_per_token(test_shapes().at(model), 8192);
  };
  EXPECT_NEAR(flops("llama3.1-8b") / (744e12 / 14451), 1, 0.005);
  EXPECT_NEAR(flops("llama3.3-70b") / (719e12 / 1602), 1, 0.005);
  EXPECT_NEAR(flops("llama3.1-405b") / (737e12 / 292), 1, 0.005);
}

// Korthikanti et al. 2022: 34 h + 5 a s of a GPT layer, 10 h of it not split by tensor parallel.
TEST(Train, ActivationsAreAsInThePaper) {
  const ModelShape gpt{.name = "gpt",
                       .layers = 96,
                       .hidden = 12288,
                       .heads = 96,
                       .kv_heads = 96,
                       .head_dim = 128,
                       .ffn = 8 * 12288 / 3,
                       .vocabulary = 51200,
                       .source = ""};
  const ActivationBytes bytes = activation_bytes(gpt, 2048);
  EXPECT_EQ(bytes.row + bytes.masks, 10.0 * 12288);
  EXPECT_EQ(bytes.split, 24.0 * 12288);
  EXPECT_EQ(bytes.scores, 5.0 * 96 * 2048);
  EXPECT_EQ(bytes.layer_input, 2.0 * 12288);
}

TEST(Train, AJobOfNoSizeIsRefusedByName) {
  TrainJob job{.shape = test_shapes().at("llama3.1-8b")};
  ASSERT_TRUE(check(job));
  TrainJob bad = job;
  bad.sequence = 0;
  EXPECT_NE(check(bad).error().message.find("sequence of 0"), std::string::npos);
  bad = job;
  bad.batch_sequences = 0;
  EXPECT_NE(check(bad).error().message.find("batch of 0"), std::string::npos);
  bad = job;
  bad.batch_sequences = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(check(bad));
  bad = job;
  bad.shape.heads = 0;
  EXPECT_NE(check(bad).error().message.find("llama3.1-8b"), std::string::npos);
  bad = job;
  bad.shape.layers = bad.shape.hidden = 100'000'000;
  EXPECT_FALSE(check(bad));
}

}  // namespace
}  // namespace evalrun::sim
