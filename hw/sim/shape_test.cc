#include "hw/sim/shape.h"

#include <gtest/gtest.h>

namespace evalrun::sim {
namespace {

// Parameter counts as the checkpoints state them.
TEST(ModelShape, CountsWhatTheCheckpointsHold) {
  ModelShape shape{.name = "llama3.1-8b",
                   .layers = 32,
                   .hidden = 4096,
                   .heads = 32,
                   .kv_heads = 8,
                   .head_dim = 128,
                   .ffn = 14336,
                   .vocabulary = 128256,
                   .source = ""};
  EXPECT_EQ(parameters(shape), 8'030'261'248);
  EXPECT_EQ(kv_bytes_per_token(shape), 131'072);
  shape = {.name = "llama3.1-70b",
           .layers = 80,
           .hidden = 8192,
           .heads = 64,
           .kv_heads = 8,
           .head_dim = 128,
           .ffn = 28672,
           .vocabulary = 128256,
           .source = ""};
  EXPECT_EQ(parameters(shape), 70'553'706'496);
  EXPECT_EQ(kv_bytes_per_token(shape), 327'680);
  EXPECT_NEAR(2e-9 * double(matrix_macs_per_token(shape)), 139.0, 0.05);  // GFLOP a token
  shape = {.name = "llama3.1-405b",
           .layers = 126,
           .hidden = 16384,
           .heads = 128,
           .kv_heads = 8,
           .head_dim = 128,
           .ffn = 53248,
           .vocabulary = 128256,
           .source = ""};
  EXPECT_EQ(parameters(shape), 405'853'388'800);
  shape = {.name = "llama3.2-1b",
           .layers = 16,
           .hidden = 2048,
           .heads = 32,
           .kv_heads = 8,
           .head_dim = 64,
           .ffn = 8192,
           .vocabulary = 128256,
           .has_tied_embedding = true,
           .source = ""};
  EXPECT_EQ(parameters(shape), 1'235'814'400);
}

}  // namespace
}  // namespace evalrun::sim
