#include "hw/sim/wafer_cost.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

WaferCost cost_of(const WaferSpec& spec, const std::string& model,
                  const WaferOptions& options = {}) {
  auto cost = WaferCost::make(spec, test_shapes()[model], options);
  EXPECT_TRUE(cost) << cost.error().message;
  return *cost;
}

struct Pass {
  std::vector<std::int64_t> new_tokens, context;
};

// Decoding, prefill and both side by side.
std::vector<Pass> random_passes() {
  std::mt19937 random(7);
  std::vector<Pass> passes;
  for (int i = 0; i < 40; ++i) {
    Pass pass;
    for (unsigned sequence = 0; sequence <= random() % 8; ++sequence) {
      pass.new_tokens.push_back(random() % 2 ? 1 : 1 + random() % 3000);
      pass.context.push_back(random() % 8000);
    }
    passes.push_back(pass);
  }
  return passes;
}

TEST(WaferCost, TotalIsTheSumOfPartsAndNoneIsNegative) {
  const WaferCost cost = cost_of(wse3(), "llama3.1-70b", {.service_s_per_wafer = 1e-4});
  for (const Pass& pass : random_passes()) {
    std::vector<PromptChunk> prompts;
    const WaferBreakdown b = cost.breakdown(batch_of(pass.new_tokens, pass.context, prompts));
    const double parts[] = {b.compute_s, b.vector_start_s, b.software_s, b.hop_s,     b.stage_s,
                            b.stream_s,  b.head_s,         b.crossing_s, b.service_s, b.draft_s};
    double sum = 0;
    for (const double part : parts) {
      EXPECT_GE(part, 0);
      sum += part;
    }
    EXPECT_NEAR(sum, cost.pass_s(pass.new_tokens, pass.context), 1e-12);
    EXPECT_GT(b.compute_s, 0);
    EXPECT_DOUBLE_EQ(b.service_s, 4e-4);
  }
}

TEST(WaferCost, NothingToDoTakesNoTime) {
  EXPECT_EQ(cost_of(wse3(), "llama3.1-8b").pass_s(Batch{}), 0);
}

TEST(WaferCost, ABetterMachineIsNeverSlower) {
  const WaferOptions options = {.decode_side = 450, .prefill_side = 700};
  const WaferCost base = cost_of(wse3(), "llama3.1-70b", options);
  const auto improve = [](Quantity WaferSpec::*field, double times) {
    WaferSpec spec = wse3();
    (spec.*field).value *= times;
    return spec;
  };
  std::vector<WaferSpec> better;
  for (const auto field : {&WaferSpec::clock_hz, &WaferSpec::macs_per_core_per_cycle,
                           &WaferSpec::sram_bytes_per_core_per_cycle,
                           &WaferSpec::link_bytes_per_cycle, &WaferSpec::io_bytes_per_s})
    better.push_back(improve(field, 2));
  better.push_back(improve(&WaferSpec::hop_cycles, 0.5));
  for (std::size_t i = 0; i < better.size(); ++i) {
    const WaferCost other = cost_of(better[i], "llama3.1-70b", options);
    const WaferCost chosen = cost_of(better[i], "llama3.1-70b");
    EXPECT_LE(chosen.token_s(4095), cost_of(wse3(), "llama3.1-70b").token_s(4095)) << i;
    for (const Pass& pass : random_passes())
      EXPECT_LE(other.pass_s(pass.new_tokens, pass.context),
                base.pass_s(pass.new_tokens, pass.context))
          << i;
  }
}

TEST(WaferCost, MoreWorkIsNeverFaster) {
  const WaferCost cost = cost_of(wse3(), "llama3.1-8b");
  for (const Pass& pass : random_passes()) {
    const double base = cost.pass_s(pass.new_tokens, pass.context);
    for (const std::int64_t more : {1, 100, 5000}) {
      Pass longer = pass, larger = pass, another = pass;
      longer.context.back() += more;
      larger.new_tokens.back() += more;
      another.new_tokens.push_back(more), another.context.push_back(0);
      EXPECT_GE(cost.pass_s(longer.new_tokens, longer.context), base);
      EXPECT_GE(cost.pass_s(larger.new_tokens, larger.context), base);
      EXPECT_GE(cost.pass_s(another.new_tokens, another.context), base);
    }
  }
}

// 16 KB a token over 150 GB/s (0.11 us) and the latency, three times; the token goes back once.
TEST(WaferCost, CrossesBetweenWafers) {
  const WaferCost cost = cost_of(wse3(), "llama3.1-70b");
  ASSERT_EQ(cost.placement().wafers, 4);
  const Batch token = {.decoding = 1, .context = 100};
  const double latency_s = WaferParameters{}.crossing_latency_s;
  EXPECT_NEAR(cost.breakdown(token).crossing_s, 3 * 16384 / 150e9 + 4 * latency_s, 1e-12);
  EXPECT_EQ(cost_of(wse3(), "llama3.1-8b").breakdown(token).crossing_s, 0);
}

// The paper's way costs a short prompt the P steps of each MeshGEMM; a long one gains by them.
TEST(WaferCost, TakesTheFasterKernelForAPrompt) {
  const WaferOptions sides = {.decode_side = 400, .prefill_side = 700};
  WaferOptions as_paper = sides;
  as_paper.prompts_by_gemm_only = true;
  const WaferCost free = cost_of(wse3(), "llama3.1-8b", sides);
  const WaferCost paper = cost_of(wse3(), "llama3.1-8b", as_paper);
  const std::int64_t none = 0, few = 20, many = 16384;
  EXPECT_LT(free.pass_s({&few, 1}, {&none, 1}), paper.pass_s({&few, 1}, {&none, 1}));
  EXPECT_EQ(free.pass_s({&many, 1}, {&none, 1}), paper.pass_s({&many, 1}, {&none, 1}));
}

TEST(WaferCost, CountsPowerAndPriceOfEveryWafer) {
  const WaferCost cost = cost_of(wse3(), "llama3.1-70b");
  EXPECT_DOUBLE_EQ(cost.power_w(), 4 * 23'000);
  EXPECT_DOUBLE_EQ(cost.price_usd(), 4 * 2.5e6);
  EXPECT_GE(cost.stages(), 4);
  // A small prefill square lets more passes be under way inside each wafer.
  EXPECT_GT(cost_of(wse3(), "llama3.1-70b", {.decode_side = 300, .prefill_side = 300}).stages(),
            cost.stages());
}

TEST(WaferCost, ExpectedTokensOfARound) {
  EXPECT_DOUBLE_EQ(expected_tokens(4, 0), 1);
  EXPECT_DOUBLE_EQ(expected_tokens(4, 1), 5);
  EXPECT_DOUBLE_EQ(expected_tokens(2, 0.5), 1.75);                   // 1 + 1/2 + 1/4
  EXPECT_NEAR(expected_tokens(4, 0.8), (1 - 0.32768) / 0.2, 1e-12);  // the closed form
}

TEST(WaferCost, SpeculationIsOffUnlessAskedAndPaysForItsDrafts) {
  WaferOptions options;
  const double plain = cost_of(wse3(), "llama3.1-70b").token_s(1000);
  options.speculation = WaferSpeculation{.draft = test_shapes()["llama3.2-1b"]};
  double before = 0;
  for (const double acceptance : {0.0, 0.3, 0.6, 0.9, 1.0}) {
    options.speculation->acceptance = acceptance;
    const WaferCost cost = cost_of(wse3(), "llama3.1-70b", options);
    const double now = cost.token_s(1000);
    if (acceptance == 0) {
      EXPECT_GT(now, plain);  // all drafts thrown away
    } else {
      EXPECT_LT(now, before);
    }
    before = now;
  }
  EXPECT_LT(before, plain);
  // A prompt has nothing to guess.
  const std::int64_t prompt = 500, none = 0;
  WaferOptions same = {.decode_side = 500, .prefill_side = 700, .wafers = 8};
  const double without = cost_of(wse3(), "llama3.1-70b", same).pass_s({&prompt, 1}, {&none, 1});
  same.speculation = options.speculation;
  EXPECT_DOUBLE_EQ(cost_of(wse3(), "llama3.1-70b", same).pass_s({&prompt, 1}, {&none, 1}), without);
}

TEST(WaferCost, WhatMustBeAssumedGivesTheSpeedAskedFor) {
  const ModelShape shape = test_shapes()["llama3.1-70b"];
  const double speedup = kernel_speedup_needed(wse3(), shape, {}, 1024, 2100);
  EXPECT_NEAR(1 / cost_of(wse3(), "llama3.1-70b", {.kernel_speedup = speedup}).token_s(1024), 2100,
              1e-3);
  EXPECT_EQ(kernel_speedup_needed(wse3(), shape, {.service_s_per_wafer = 1}, 1024, 2100), 0);
  WaferOptions options = {.kernel_speedup = 2};
  options.speculation = WaferSpeculation{.draft = test_shapes()["llama3.2-1b"]};
  const auto acceptance = acceptance_needed(wse3(), shape, options, 1024, 2100);
  ASSERT_TRUE(acceptance);
  EXPECT_GT(*acceptance, 0);
  EXPECT_LT(*acceptance, 1);
  options.speculation->acceptance = *acceptance;
  EXPECT_NEAR(1 / cost_of(wse3(), "llama3.1-70b", options).token_s(1024), 2100, 1e-3);
  EXPECT_FALSE(acceptance_needed(wse3(), shape, options, 1024, 1e6));
  EXPECT_EQ(acceptance_needed(wse3(), shape, options, 1024, 1), 0.0);
  EXPECT_FALSE(acceptance_needed(wse3(), shape, {}, 1024, 2100));  // no draft model
}

}  // namespace
}  // namespace evalrun::sim
