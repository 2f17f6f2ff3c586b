#include "hw/sim/gpu_cost.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

GpuSpec gpu(const char* name) { return std::get<GpuSpec>(test_machines().at(name).spec); }
ModelShape shape(const char* name) { return test_shapes().at(name); }

using Tokens = std::vector<std::int64_t>;

GpuPassWork work_of(const Tokens& fresh, const Tokens& context) {
  std::vector<PromptChunk> prompts;
  return GpuCost::work_of(batch_of(fresh, context, prompts));
}

TEST(GpuCost, WorkAddsUpTheSequences) {
  // 3 tokens after 10: pairs with 11, 12 and 13 keys. One token after 100 reads 101.
  const GpuPassWork work = work_of(Tokens{3, 1, 0}, Tokens{10, 100, 7});
  EXPECT_EQ(work.tokens, 4);
  EXPECT_EQ(work.sequences, 2);
  EXPECT_EQ(work.kv_tokens, 13 + 101);
  EXPECT_EQ(work.score_pairs, 11 + 12 + 13);
}

// 16-bit Llama 3.1 8B is 16.06 GB with 131,072 bytes of KV a token; 3.3 70B 141.1 GB.
TEST(GpuCost, MemoryIsWhatTheCheckpointsTake) {
  const GpuCost small(gpu("h100"), shape("llama3.1-8b"), {.memory_share = 0.9});
  EXPECT_NEAR(small.weight_bytes(), 16.06e9, 0.01e9);
  EXPECT_EQ(small.kv_bytes_per_token(), 131072);
  // (81,559 MiB x 0.9 - 16.06 GB) / 131,072 = 464,700
  EXPECT_NEAR(double(small.kv_capacity_tokens()), 464'700, 200);
  EXPECT_EQ(GpuCost(gpu("h100"), shape("llama3.3-70b"), {}).kv_capacity_tokens(), 0);
  EXPECT_GT(GpuCost(gpu("h100"), shape("llama3.3-70b"), {.gpus = 2}).kv_capacity_tokens(), 0);
}

// Eight KV heads on sixteen GPUs are held twice.
TEST(GpuCost, AKvHeadIsNotSplit) {
  const GpuCost eight(gpu("gb200"), shape("llama3.3-70b"), {.gpus = 8});
  const GpuCost sixteen(gpu("gb200"), shape("llama3.3-70b"), {.gpus = 16});
  EXPECT_EQ(eight.kv_bytes_per_token(), 327680);
  EXPECT_EQ(sixteen.kv_bytes_per_token(), 2 * 327680);
}

TEST(GpuCost, TotalIsTheSumOfItsParts) {
  const GpuCost cost(gpu("h100"), shape("llama3.3-70b"), {.gpus = 8});
  const Tokens fresh = {1, 1, 500};
  const Tokens context = {100, 4000, 0};
  const GpuPassParts parts = cost.parts(work_of(fresh, context));
  const double parts_s[] = {parts.qkv_s,        parts.attention_s, parts.out_s,
                            parts.gate_up_s,    parts.down_s,      parts.small_s,
                            parts.all_reduce_s, parts.head_s,      parts.overhead_s};
  double sum = 0;
  for (double part_s : parts_s) {
    EXPECT_GT(part_s, 0);
    sum += part_s;
  }
  EXPECT_NEAR(cost.pass_s(fresh, context), sum, 1e-12);
  EXPECT_EQ(cost.pass_s(Tokens{}, Tokens{}), 0);
}

// A single token reads every weight once: 141 GB over 8 x 3.35 TB/s is the floor.
TEST(GpuCost, DecodingIsNeverFasterThanReadingTheWeights) {
  const GpuCost cost(gpu("h100"), shape("llama3.3-70b"), {.gpus = 8});
  EXPECT_GT(cost.pass_s(Tokens{1}, Tokens{0}), 139e9 / (8 * 3.35e12));
}

// A prompt of n tokens needs 2 flops a weight and token: 139 GFLOP each less the output head's.
TEST(GpuCost, APromptIsNeverFasterThanItsArithmetic) {
  const GpuCost cost(gpu("h100"), shape("llama3.3-70b"), {.gpus = 8});
  EXPECT_GT(cost.pass_s(Tokens{4096}, Tokens{0}), 4096 * 136e9 / (8 * 989.4e12));
}

// A prompt beside decoding sequences delays them by less than its own pass, and not by nothing.
TEST(GpuCost, APromptBesideDecodingSharesTheWeights) {
  const GpuCost cost(gpu("h100"), shape("llama3.1-8b"), {});
  const Tokens decode(32, 1);
  const Tokens context(32, 1000);
  Tokens both = decode;
  Tokens both_context = context;
  both.push_back(512);
  both_context.push_back(0);
  const double decode_s = cost.pass_s(decode, context);
  const double both_s = cost.pass_s(both, both_context);
  EXPECT_GT(both_s, decode_s * 1.1);
  EXPECT_LT(both_s, decode_s + cost.pass_s(Tokens{512}, Tokens{0}));
}

// Random passes: more work is never faster, a better machine never slower, nothing is negative.
TEST(GpuCost, IsMonotoneInWorkAndMachine) {
  std::mt19937_64 random(5);
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 300; ++round) {
    GpuOptions options{.gpus = 1 << draw(0, 3), .bytes_per_weight = 2.0 / double(1 << draw(0, 2))};
    const GpuSpec plain = gpu("b200");
    const GpuCost cost(plain, shape("llama3.3-70b"), options);
    Tokens fresh;
    Tokens context;
    for (std::int64_t i = draw(1, 20); i > 0; --i) {
      fresh.push_back(draw(0, 1) == 0 ? 1 : draw(1, 3000));
      context.push_back(draw(0, 8000));
    }
    const double seconds = cost.pass_s(fresh, context);
    EXPECT_GT(seconds, 0);
    const std::size_t at = std::size_t(draw(0, std::int64_t(fresh.size()) - 1));
    Tokens more = fresh;
    more[at] += draw(1, 500);
    EXPECT_GE(cost.pass_s(more, context), seconds);
    more = context;
    more[at] += draw(1, 5000);
    EXPECT_GE(cost.pass_s(fresh, more), seconds);
    Tokens fresh_more = fresh;
    Tokens context_more = context;
    fresh_more.push_back(1);
    context_more.push_back(0);
    EXPECT_GE(cost.pass_s(fresh_more, context_more), seconds);
    for (Quantity GpuSpec::*field :
         {&GpuSpec::memory_bytes_per_s, &GpuSpec::bf16_flops_per_s, &GpuSpec::fp8_flops_per_s,
          &GpuSpec::fp4_flops_per_s, &GpuSpec::link_bytes_per_s}) {
      GpuSpec better = plain;
      (better.*field).value *= 1.7;
      EXPECT_LE(GpuCost(better, shape("llama3.3-70b"), options).pass_s(fresh, context), seconds);
    }
  }
}

TEST(GpuCost, MoreGpusNeverHoldFewerTokensAndDrawTheirPower) {
  std::int64_t before = 0;
  for (int gpus = 1; gpus <= 72; ++gpus) {
    const GpuCost cost(gpu("gb200"), shape("llama3.1-405b"), {.gpus = gpus});
    EXPECT_GE(cost.kv_capacity_tokens(), before) << gpus;
    before = cost.kv_capacity_tokens();
    EXPECT_DOUBLE_EQ(cost.power_w(), 700.0 * gpus);
  }
  EXPECT_GT(before, 0);
}

}  // namespace
}  // namespace evalrun::sim
