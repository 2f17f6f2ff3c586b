#include "hw/sim/wafer_kernels.h"

#include <gtest/gtest.h>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

const WaferParameters kIdeal = {.vector_efficiency = 1,
                                .vector_start_cycles = 0,
                                .step_start_cycles = 0,
                                .reduce_start_cycles = 0,
                                .stage_cycles = 0};

MeshCycles layer(bool is_gemm, const WaferParameters& parameters, const ModelShape& shape, int side,
                 std::int64_t new_tokens, std::int64_t context) {
  const MeshWork work = {.new_tokens = new_tokens, .context = context};
  return is_gemm ? gemm_layer(wse2(), parameters, shape, side, work)
                 : gemv_layer(wse2(), parameters, shape, side, work);
}

TEST(WaferKernels, MultiplyAddsAreBoundBySimdOrSram) {
  WaferSpec spec = wse2();
  EXPECT_DOUBLE_EQ(macs_per_cycle(spec, kIdeal), 4);  // both allow four
  spec.sram_bytes_per_core_per_cycle.value = 12;      // six bytes each
  EXPECT_DOUBLE_EQ(macs_per_cycle(spec, kIdeal), 2);
  spec.macs_per_core_per_cycle.value = 1;
  EXPECT_DOUBLE_EQ(macs_per_cycle(spec, kIdeal), 1);
  EXPECT_DOUBLE_EQ(macs_per_cycle(spec, {.vector_efficiency = 0.5}), 0.5);
}

// The paper: N hops and K/2 * N^(1/K) stages. 400 cores, K = 2: 20 stages.
TEST(WaferKernels, AllReduceFollowsThePaper) {
  const WaferParameters parameters = {.reduce_start_cycles = 100, .stage_cycles = 10};
  const MeshCycles cycles = all_reduce(wse2(), parameters, 400, 3, 8);
  EXPECT_DOUBLE_EQ(cycles.hop, 3 * 400);
  EXPECT_DOUBLE_EQ(cycles.stage, 3 * 20 * 10);
  EXPECT_DOUBLE_EQ(cycles.software, 300);
  EXPECT_DOUBLE_EQ(cycles.stream, 8 * 6 * 2 / 4.0);  // both sides, two levels up and one down
  EXPECT_DOUBLE_EQ(cycles.compute + cycles.vector_start, 0);
}

// Whatever the cut, all cores together make the multiply-adds of the matrices and of attention;
// norms, rotation and the gate come on top.
TEST(WaferKernels, NoMultiplyAddIsLostOrInvented) {
  const ModelShape shape = test_shapes()["llama3.1-8b"];
  const int side = 64;  // divides every dimension
  const double matrices = double(parameters_per_layer(shape) - 2 * shape.hidden);
  const double one = layer(false, kIdeal, shape, side, 1, 4095).compute * 4 * side * side;
  EXPECT_NEAR(one, matrices + 2.0 * 4096 * 4096, 0.03 * one);
  const double prompt = layer(true, kIdeal, shape, side, 4096, 0).compute * 4 * side * side;
  EXPECT_NEAR(prompt, 4096 * (matrices + 2.0 * 4096 * 4096), 0.03 * prompt);
}

TEST(WaferKernels, VectorOperationsStartOncePerInputElement) {
  const WaferParameters parameters = {.vector_start_cycles = 1};
  // Side 2, hidden 4, query 4, key 2, feed-forward 8: 2, 2, 1 and 4 elements a core. Projections 2
  // each for Q, K, V and output, gate and up 2 each, down 4; scores 2, values one for each of the
  // two cached positions; 24 elementwise ones.
  const ModelShape shape = {.name = "tiny",
                            .layers = 1,
                            .hidden = 4,
                            .heads = 2,
                            .kv_heads = 1,
                            .head_dim = 2,
                            .ffn = 8,
                            .vocabulary = 10,
                            .source = ""};
  EXPECT_DOUBLE_EQ(layer(false, parameters, shape, 2, 1, 3).vector_start, 8 + 4 + 4 + 2 + 2 + 24);
}

// What the paper found: more cores make decoding slower and prefill faster, at falling efficiency.
TEST(WaferKernels, MoreCoresHelpPromptsAndHurtTokens) {
  for (const auto& [name, shape] : test_shapes()) {
    if (name == "llama3.2-1b" || name == "llama3.1-405b") continue;  // outside the paper's range
    EXPECT_LT(layer(false, {}, shape, 420, 1, 4096).total(),
              layer(false, {}, shape, 660, 1, 4096).total())
        << name;
    const double few = layer(true, {}, shape, 480, 4096, 0).total();
    const double many = layer(true, {}, shape, 720, 4096, 0).total();
    EXPECT_GT(few, many) << name;
    EXPECT_LT(few * 480 * 480, many * 720 * 720) << name;
  }
}

TEST(WaferKernels, NarrowLinksShowOnlyWhenNothingHidesThem) {
  const ModelShape shape = test_shapes()["llama3.1-8b"];
  WaferSpec spec = wse2();
  const MeshWork work = {.new_tokens = 4096};
  const double hidden = gemm_layer(spec, {}, shape, 480, work).stream;
  spec.link_bytes_per_cycle.value = 0.01;
  EXPECT_GT(gemm_layer(spec, {}, shape, 480, work).stream, 1000 * hidden);
}

// Hidden 4,096 over 400 cores: 11 elements, Q the same, K and V 3 each, gate and up 36 each: 200
// bytes a token, so 15 fit in 3,072.
TEST(WaferKernels, TokensShareAllReducesAsFarAsTheyFit) {
  const ModelShape shape = test_shapes()["llama3.1-8b"];
  EXPECT_EQ(square_of(wse2(), {}, shape, 400).tokens_at_once, 15);
  const double one = layer(false, {}, shape, 400, 1, 0).hop;
  EXPECT_DOUBLE_EQ(layer(false, {}, shape, 400, 15, 0).hop, one);
  EXPECT_DOUBLE_EQ(layer(false, {}, shape, 400, 16, 0).hop, 2 * one);
  EXPECT_EQ(square_of(wse2(), {.activation_bytes_per_core = 1}, shape, 400).tokens_at_once, 1);
}

// Nine products of P steps, a start of 380 cycles and two hops each.
TEST(WaferKernels, AGemmLayerTakesItsStarts) {
  const MeshSquare square = square_of(wse2(), {}, test_shapes()["llama3.1-8b"], 400);
  EXPECT_DOUBLE_EQ(gemm_layer_cycles_min(square), 9 * 400 * 382.0);
  const MeshCycles least = gemm_layer(square, {.new_tokens = 1});
  EXPECT_GE(least.total(), gemm_layer_cycles_min(square));
  EXPECT_NEAR(least.software + least.hop, gemm_layer_cycles_min(square), 4 * (181 + 400));
}

TEST(WaferKernels, HeadGrowsWithPositions) {
  const ModelShape shape = test_shapes()["llama3.1-8b"];
  const MeshCycles one = gemv_head(wse2(), {}, shape, 400, 1);
  const MeshCycles five = gemv_head(wse2(), {}, shape, 400, 5);
  EXPECT_DOUBLE_EQ(five.compute, 5 * one.compute);
  EXPECT_DOUBLE_EQ(five.hop, one.hop);  // they go together
}

}  // namespace
}  // namespace evalrun::sim
