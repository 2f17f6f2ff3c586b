#include "hw/sim/gpu_offline.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

GpuCost cost_of(const char* machine, const char* shape, const GpuOptions& options) {
  return GpuCost(std::get<GpuSpec>(test_machines().at(machine).spec), test_shapes().at(shape),
                 options);
}

// By the benchmark's own rule: 440,000 / 2176 = 202.2 sequences, up to a multiple of 32; 202.2 x
// (1 + 128 / 2048) = 215 tokens, so the least, 2048. 2000 / 256 is 7.8: 64 at least.
TEST(GpuOffline, LimitsAreTheBenchmarksOwn) {
  OfflineLimits limits = trtllm_limits(440'000, {3000, 128, 2048});
  EXPECT_EQ(limits.batch_max, 224);
  EXPECT_EQ(limits.pass_tokens_max, 2048);
  EXPECT_EQ(trtllm_limits(2000, {10, 128, 128}).batch_max, 64);
  limits = trtllm_limits(100'000'000, {30000, 128, 128});
  EXPECT_EQ(limits.batch_max, 4096);
  EXPECT_EQ(limits.pass_tokens_max, 8192);  // 4096 x 2, 1024 at a time
  // A prompt has to fit beside the batch: 20,000 + 64.
  EXPECT_EQ(trtllm_limits(440'000, {1000, 20000, 2000}).pass_tokens_max, 20064);
}

// One request at a time: each is its prompt's pass and output - 1 single tokens.
TEST(GpuOffline, OneSlotIsTheSumOfItsPasses) {
  const GpuCost cost = cost_of("h100", "llama3.1-8b", {});
  const OfflineResult result = offline_run(
      cost, {2, 100, 4}, {.batch_max = 1, .pass_tokens_max = 1000, .graph_batches = {}});
  const auto pass_s = [&](std::int64_t fresh, std::int64_t context) {
    return cost.pass_s({&fresh, 1}, {&context, 1});
  };
  const double one_s = pass_s(100, 0) + pass_s(1, 100) + pass_s(1, 101) + pass_s(1, 102);
  EXPECT_NEAR(result.seconds, 2 * one_s, 1e-9);
  EXPECT_NEAR(result.output_tokens_per_s, 8 / (2 * one_s), 1e-6);
  EXPECT_EQ(result.passes, 8);
  EXPECT_EQ(result.sequences_max, 1);
}

// The same schedule, a pass at a time and a sequence at a time.
double slow_run_s(const GpuCost& cost, const OfflinePlan& plan, std::int64_t slots,
                  std::int64_t pass_tokens) {
  struct Sequence {
    std::int64_t context, left;
  };
  std::vector<Sequence> running;
  double seconds = 0;
  std::int64_t waiting = plan.requests;
  while (waiting > 0 || !running.empty()) {
    std::vector<std::int64_t> fresh;
    std::vector<std::int64_t> context;
    for (const Sequence& sequence : running) {
      fresh.push_back(1);
      context.push_back(sequence.context);
    }
    for (Sequence& sequence : running) ++sequence.context, --sequence.left;
    std::int64_t room = pass_tokens - std::int64_t(running.size());
    while (waiting > 0 && std::int64_t(running.size()) < slots && room >= plan.input_tokens) {
      fresh.push_back(plan.input_tokens);
      context.push_back(0);
      running.push_back({plan.input_tokens, plan.output_tokens - 1});
      room -= plan.input_tokens;
      --waiting;
    }
    seconds += cost.pass_s(fresh, context);
    std::erase_if(running, [](const Sequence& sequence) { return sequence.left <= 0; });
  }
  return seconds;
}

TEST(GpuOffline, AgreesWithASlowTwin) {
  const GpuCost cost = cost_of("h100", "llama3.1-8b", {});
  std::mt19937_64 random(7);
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 100; ++round) {
    const OfflinePlan plan{draw(1, 60), draw(1, 300), draw(1, 40)};
    const std::int64_t slots = draw(1, 20);
    const std::int64_t pass_tokens = plan.input_tokens + slots + draw(0, 700);
    const OfflineResult fast = offline_run(
        cost, plan, {.batch_max = slots, .pass_tokens_max = pass_tokens, .graph_batches = {}});
    const double slow_s = slow_run_s(cost, plan, slots, pass_tokens);
    EXPECT_NEAR(fast.seconds, slow_s, 1e-9 * slow_s);
    EXPECT_LE(fast.sequences_max, slots);
    EXPECT_LE(fast.prompt_pass_s, fast.seconds);
  }
}

TEST(GpuOffline, PaddingCostsTimeAndNoRoomIsNoResult) {
  const GpuCost cost = cost_of("h100", "llama3.1-8b", {});
  const OfflinePlan plan{300, 128, 64};
  const std::int64_t padded_batches[] = {512};
  OfflineLimits limits{.batch_max = 512, .pass_tokens_max = 4096, .graph_batches = {}};
  const double plain_s = offline_run(cost, plan, limits).seconds;
  limits.graph_batches = padded_batches;
  EXPECT_GT(offline_run(cost, plan, limits).seconds, plain_s);
  const GpuCost too_big = cost_of("h100", "llama3.1-405b", {});
  EXPECT_EQ(offline_run(too_big, plan, limits).seconds, 0);
  EXPECT_EQ(offline_run(too_big, plan, limits).output_tokens_per_s, 0);
}

}  // namespace
}  // namespace evalrun::sim
