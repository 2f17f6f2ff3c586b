#include "hw/sim/wafer_placement.h"

#include <gtest/gtest.h>

#include "hw/sim/test_machines.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

WaferPlacement place(const std::string& model, const WaferOptions& options = {}) {
  const auto placement = place_on_wafers(wse3(), test_shapes()[model], options);
  EXPECT_TRUE(placement) << placement.error().message;
  return placement.value_or(WaferPlacement{});
}

// Cerebras, 2024-08-27: models of 20B fit on one system, 70B on as few as four. 405B at 16 bits:
// 811 GB, at least 19 wafers of 44 GB; outsiders estimate 19 to 22.
TEST(WaferPlacement, NeedsAsManyWafersAsTheMakerSays) {
  EXPECT_EQ(place("llama3.1-8b").wafers, 1);
  EXPECT_EQ(place("llama2-13b").wafers, 1);
  EXPECT_EQ(place("llama3.1-70b").wafers, 4);
  EXPECT_GE(place("llama3.1-405b").wafers, 19);
  EXPECT_LE(place("llama3.1-405b").wafers, 22);
}

TEST(WaferPlacement, NothingIsStoredTwiceOrNowhere) {
  for (const auto& [name, shape] : test_shapes()) {
    const WaferPlacement placement = place(name);
    const double sram = placement.wafers * wse3().cores.value * wse3().sram_bytes_per_core.value;
    const double used = 2.0 * double(parameters(shape)) +
                        double(placement.kv_capacity_tokens * kv_bytes_per_token(shape));
    EXPECT_LE(used, sram) << name;
    EXPECT_GE(placement.kv_capacity_tokens, WaferOptions{}.min_kv_tokens) << name;
    EXPECT_GE(placement.wafers * placement.regions_per_wafer * placement.layers_per_region,
              shape.layers)
        << name;
    EXPECT_GE(placement.stages, placement.wafers) << name;
  }
}

TEST(WaferPlacement, FewerBitsNeedNoMoreWafersAndMoreWafersLeaveMoreRoom) {
  EXPECT_LT(place("llama3.1-70b", {.bytes_per_weight = 1}).wafers, 4);
  const WaferPlacement four = place("llama3.1-70b", {.decode_side = 300});
  const WaferPlacement eight =
      place("llama3.1-70b", {.decode_side = 300, .wafers = 2 * four.wafers});
  EXPECT_EQ(eight.wafers, 2 * four.wafers);
  EXPECT_GT(eight.kv_capacity_tokens, four.kv_capacity_tokens);
}

TEST(WaferPlacement, ADraftModelTakesRoom) {
  WaferOptions options = {.decode_side = 300};
  const std::int64_t alone = place("llama3.1-8b", options).kv_capacity_tokens;
  options.speculation = WaferSpeculation{.draft = test_shapes()["llama3.2-1b"]};
  EXPECT_LE(place("llama3.1-8b", options).kv_capacity_tokens, alone);
}

TEST(WaferPlacement, SaysWithNumbersWhatDoesNotFit) {
  const ModelShape big = test_shapes()["llama3.1-70b"];
  auto refused = place_on_wafers(wse3(), big, {.wafers = 3});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("4 wafers"), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("given were 3"), std::string::npos);
  refused = place_on_wafers(wse3(), big, {.decode_side = 100});  // 0.43 GB for a layer of 1.7
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("1711.3 MB"), std::string::npos)
      << refused.error().message;
  ModelShape huge = big;
  huge.ffn *= 100;
  EXPECT_FALSE(place_on_wafers(wse3(), huge, {}));
}

TEST(WaferPlacement, RefusesOptionsOutOfRange) {
  const ModelShape shape = test_shapes()["llama3.1-8b"];
  const WaferSpeculation drafting = {.draft = test_shapes()["llama3.2-1b"]};
  WaferSpeculation none = drafting, sure = drafting;
  none.drafted_tokens = 0;
  sure.acceptance = 1.5;
  for (const WaferOptions& options :
       {WaferOptions{.decode_side = 1}, WaferOptions{.decode_side = -5},
        WaferOptions{.prefill_side = 949}, WaferOptions{.bytes_per_weight = 0},
        WaferOptions{.wafers = -1}, WaferOptions{.min_kv_tokens = -1},
        WaferOptions{.speculation = none}, WaferOptions{.speculation = sure},
        WaferOptions{.kernel_speedup = 0}, WaferOptions{.service_s_per_wafer = -1}})
    EXPECT_FALSE(place_on_wafers(wse3(), shape, options));
  WaferSpec broken = wse3();
  broken.cores.value = 0;
  EXPECT_FALSE(place_on_wafers(broken, shape, {}));
}

// With default sides, and as many wafers, a call of 1,000 prompt tokens and 250 of completion takes
// no longer on a better machine: prompt in pieces through the pipeline, then token by token.
double reference_call_s(const WaferSpec& spec, const ModelShape& shape) {
  const auto cost = WaferCost::make(spec, shape, {});
  EXPECT_TRUE(cost);
  double prompt_s = 1e300;
  for (const std::int64_t tokens : {125, 250, 500, 1000}) {
    const PromptChunk piece = {.tokens = tokens};
    prompt_s = std::min(prompt_s, cost->pass_s({.prompts = {&piece, 1}}) *
                                      (1 + (1000.0 / double(tokens) - 1) / cost->stages()));
  }
  return prompt_s + 250 * cost->token_s(1125);
}

TEST(WaferPlacement, ABetterMachineChoosesNoWorse) {
  for (const char* model : {"llama3.1-8b", "llama3.1-70b", "llama3.1-405b"}) {
    const ModelShape shape = test_shapes()[model];
    const double base_s = reference_call_s(wse3(), shape);
    for (const auto field : {&WaferSpec::clock_hz, &WaferSpec::macs_per_core_per_cycle,
                             &WaferSpec::sram_bytes_per_core_per_cycle,
                             &WaferSpec::link_bytes_per_cycle, &WaferSpec::io_bytes_per_s})
      for (const double times : {1.1, 4 / 3.0, 2.0, 5.0}) {
        WaferSpec better = wse3();
        (better.*field).value *= times;
        // Head and crossings are not in the choice of sides: a thousandth for them.
        EXPECT_LE(reference_call_s(better, shape), 1.001 * base_s) << model << " " << times;
      }
  }
}

}  // namespace
}  // namespace evalrun::sim
