// All times are worked out by hand from the seconds of ToyCost's passes.
#include "hw/sim/server.h"

#include <gtest/gtest.h>

#include <string>

#include "hw/sim/server_fixture.h"
#include "hw/sim/test_machines.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

using After = std::vector<std::int32_t>;

ToyCost toy(double start_s, double context_s = 0, double prompt_s = 0, double cached_s = 0) {
  ToyCost cost;
  cost.start_s = start_s, cost.context_s = context_s;
  cost.prompt_s = prompt_s, cost.cached_s = cached_s;
  return cost;
}

struct TestGraph : CallGraph {
  std::int32_t call(std::int32_t sample, std::int32_t prompt, std::int32_t completion,
                    const After& after = {}, std::int32_t with = -1, std::int32_t tokens = 0) {
    add({.sample = sample,
         .prompt_tokens = prompt,
         .completion_tokens = completion,
         .shared_with = with,
         .shared_tokens = tokens},
        after);
    return std::int32_t(size()) - 1;
  }
};

Timeline played(const CallGraph& graph, const CostModel& cost, const ServerOptions& options = {}) {
  Result<Timeline> timeline = play(graph, cost, options);
  EXPECT_TRUE(timeline) << timeline.error().message;
  if (timeline) return *timeline;
  Timeline none;
  none.calls.resize(graph.size());
  return none;
}

void expect_times(const Timeline& timeline, std::size_t call, const CallTimes& expected) {
  const CallTimes& times = timeline.calls[call];
  EXPECT_EQ(times.ready_s, expected.ready_s) << "call " << call;
  EXPECT_EQ(times.start_s, expected.start_s) << "call " << call;
  EXPECT_EQ(times.first_s, expected.first_s) << "call " << call;
  EXPECT_EQ(times.done_s, expected.done_s) << "call " << call;
}

// Prompt 1 + 10 / 4; then a token on a cache of 10, and one on 11.
TEST(Server, OneCallAlone) {
  TestGraph graph;
  graph.call(0, 10, 3);
  const Timeline timeline = played(graph, toy(1, 0.5, 0.25));
  expect_times(timeline, 0, {.ready_s = 0, .start_s = 0, .first_s = 3.5, .done_s = 3.5 + 6 + 6.5});
  EXPECT_EQ(timeline.end_s, 16);
  EXPECT_EQ(timeline.busy_stage_s, 16);
  EXPECT_EQ(timeline.utilisation(), 1);
  EXPECT_EQ(timeline.computed_prompt_tokens, 10);
  EXPECT_EQ(timeline.reused_prompt_tokens, 0);
  EXPECT_EQ(timeline.completion_tokens, 3);
  EXPECT_EQ(timeline.kv_peak_tokens, 13);
}

TEST(Server, NoTokenAndOneTokenEndWithThePrompt) {
  TestGraph graph;
  graph.call(0, 4, 0);
  graph.call(0, 4, 1, {0});
  const Timeline timeline = played(graph, toy(1, 0.5, 0.25));
  expect_times(timeline, 0, {0, 0, 2, 2});
  expect_times(timeline, 1, {2, 2, 4, 4});
  EXPECT_EQ(timeline.completion_tokens, 1);
}

TEST(Server, NothingToPlay) {
  const Timeline timeline = played(CallGraph(), toy(1));
  EXPECT_EQ(timeline.end_s, 0);
  EXPECT_EQ(timeline.utilisation(), 0);
}

// Both plans in one pass: 1 + 8 / 4, then a token each: 1 + (4 + 4) / 2. The join waits for both.
TEST(Server, ParallelPlansOverlapAndAChainDoesNot) {
  TestGraph graph;
  graph.call(0, 4, 2);
  graph.call(0, 4, 2);
  graph.call(0, 4, 1, {0, 1});
  graph.call(0, 4, 1, {2});
  const Timeline timeline = played(graph, toy(1, 0.5, 0.25));
  expect_times(timeline, 0, {0, 0, 3, 8});
  expect_times(timeline, 1, {0, 0, 3, 8});
  expect_times(timeline, 2, {8, 8, 10, 10});
  expect_times(timeline, 3, {10, 10, 12, 12});
}

// A: prompt until 2, then a token a second. B comes in between and enters at the next boundary; A's
// token of that pass comes with it, after 1 + 8 / 4 seconds.
TEST(Server, APromptEntersBetweenTwoPasses) {
  TestGraph graph;
  graph.call(0, 4, 5);
  graph.call(1, 8, 1);
  const std::vector<double> between = {0, 4.5}, at_boundary = {0, 5}, at_end = {0, 6};
  Timeline timeline = played(graph, toy(1, 0, 0.25), {.arrivals_s = between});
  expect_times(timeline, 0, {0, 0, 2, 8});
  expect_times(timeline, 1, {4.5, 5, 8, 8});
  timeline = played(graph, toy(1, 0, 0.25), {.arrivals_s = at_boundary});
  expect_times(timeline, 0, {0, 0, 2, 8});
  expect_times(timeline, 1, {5, 5, 8, 8});
  timeline = played(graph, toy(1, 0, 0.25), {.arrivals_s = at_end});
  expect_times(timeline, 0, {0, 0, 2, 6});
  expect_times(timeline, 1, {6, 6, 9, 9});
  EXPECT_EQ(timeline.busy_stage_s, 9);
}

// With a cost that grows with the context: A's tokens after 2 take 1 + 4/2, 1 + 5/2, 1 + 6/2, ...
TEST(Server, TheCutIsFoundOnTheParabola) {
  TestGraph graph;
  graph.call(0, 4, 20);
  graph.call(1, 4, 1);
  for (const auto& [arrival, start] :
       {std::pair(2.5, 5.0), {5, 5}, {5.01, 8.5}, {12.5, 12.5}, {12.51, 17.0}}) {
    const std::vector<double> arrivals = {0, arrival};
    const Timeline timeline = played(graph, toy(1, 0.5, 0.25), {.arrivals_s = arrivals});
    EXPECT_EQ(timeline.calls[1].start_s, start) << arrival;
  }
}

// Pieces of 4, 4 and 2 tokens: 2, then 2 + 4 / 8, then 1 + 2 / 4 + 8 / 8 and two tokens more.
TEST(Server, ALongPromptIsCut) {
  TestGraph graph;
  graph.call(0, 10, 1);
  graph.call(0, 3, 1);  // its first two tokens fill the third piece
  const Timeline timeline = played(graph, toy(1, 0, 0.25, 0.125), {.chunk_tokens = 4});
  expect_times(timeline, 0, {0, 0, 2 + 2.5 + (1 + 0.5 + 1 + 0.5), 7.5});
  expect_times(timeline, 1, {0, 4.5, 7.5 + (1 + 0.25 + 0.25), 9});
}

TEST(Server, AFullCacheAdmitsInOrder) {
  TestGraph graph;
  graph.call(0, 8, 4);
  graph.call(1, 8, 2);
  graph.call(2, 2, 2);  // would fit beside the first, but waits for the second
  ToyCost cost = toy(1);
  cost.capacity_tokens = 20;
  const Timeline timeline = played(graph, cost, {.concurrency = 0, .records_load = true});
  expect_times(timeline, 0, {0, 0, 1, 4});
  expect_times(timeline, 1, {0, 4, 5, 6});
  expect_times(timeline, 2, {0, 4, 5, 6});
  EXPECT_EQ(timeline.kv_peak_tokens, 14);
  ASSERT_GE(timeline.load.size(), 2u);
  const LoadPoint& first = timeline.load.front();
  EXPECT_EQ(first.at_s, 0);
  EXPECT_EQ(first.running, 1);
  EXPECT_EQ(first.waiting, 2);
  EXPECT_EQ(first.kv_tokens, 12);
  const LoadPoint& last = timeline.load.back();
  EXPECT_EQ(last.at_s, 6);
  EXPECT_EQ(last.running + last.waiting + last.kv_tokens, 0);
}

TEST(Server, SequencesMaxIsABound) {
  TestGraph graph;
  for (std::int32_t s = 0; s < 3; ++s) graph.call(s, 1, 2);
  const Timeline timeline = played(graph, toy(1), {.concurrency = 0, .sequences_max = 2});
  expect_times(timeline, 0, {0, 0, 1, 2});
  expect_times(timeline, 1, {0, 0, 1, 2});
  expect_times(timeline, 2, {0, 2, 3, 4});
}

// 8 prompt tokens and the first 3 of 4 completion tokens are in the cache: 5 of 16 are left.
TEST(Server, ASharedPrefixIsNotComputedAgain) {
  TestGraph graph;
  graph.call(0, 8, 4);
  graph.call(0, 16, 1, {0}, 0, 12);
  const Timeline timeline = played(graph, toy(1, 0, 0.25, 0.125));
  expect_times(timeline, 0, {0, 0, 3, 6});
  expect_times(timeline, 1, {6, 6, 6 + 1 + 1.25 + 1.375, 9.625});
  EXPECT_EQ(timeline.computed_prompt_tokens, 13);
  EXPECT_EQ(timeline.reused_prompt_tokens, 11);
  EXPECT_EQ(timeline.kv_peak_tokens, 12 + 6);
  const Timeline alone = played(graph, toy(1, 0, 0.25, 0.125), {.shares_prefixes = false});
  expect_times(alone, 1, {6, 6, 11, 11});
  EXPECT_EQ(alone.reused_prompt_tokens, 0);
  EXPECT_EQ(alone.kv_peak_tokens, 17);
}

TEST(Server, OneTokenOfAPromptIsAlwaysComputed) {
  TestGraph graph;
  graph.call(0, 8, 1);
  graph.call(0, 8, 1, {0}, 0, 8);
  EXPECT_EQ(played(graph, toy(1)).reused_prompt_tokens, 7);
  TestGraph short_one;
  short_one.call(0, 8, 1);
  short_one.call(0, 1, 1, {0}, 0, 1);
  EXPECT_EQ(played(short_one, toy(1)).reused_prompt_tokens, 0);
}

// While the other runs, its prompt is there and its answer is not yet; before, nothing is.
TEST(Server, ARunningCallSharesItsPrompt) {
  TestGraph graph;
  graph.call(0, 8, 100);
  graph.call(0, 1, 1);
  graph.call(0, 16, 1, {1}, 0, 12);
  EXPECT_EQ(played(graph, toy(1)).reused_prompt_tokens, 8);
  TestGraph at_once;
  at_once.call(0, 8, 4);
  at_once.call(0, 8, 4, {}, 0, 8);
  EXPECT_EQ(played(at_once, toy(1)).reused_prompt_tokens, 0);
}

TEST(Server, ADroppedPrefixIsComputedAgain) {
  TestGraph graph;
  graph.call(0, 8, 2);
  graph.call(0, 15, 1, {0});
  graph.call(0, 8, 2, {1}, 0, 8);
  ToyCost cost = toy(1);
  cost.capacity_tokens = 26;
  EXPECT_EQ(played(graph, cost).reused_prompt_tokens, 7);
  cost.capacity_tokens = 25;
  EXPECT_EQ(played(graph, cost).reused_prompt_tokens, 0);
}

// 12 tokens are held; with them the second would need 12 + 13 of 20, without them 18.
TEST(Server, APrefixThatLeavesNoRoomIsGivenUp) {
  TestGraph graph;
  graph.call(0, 10, 2);
  graph.call(0, 12, 6, {0}, 0, 5);
  ToyCost cost = toy(1);
  cost.capacity_tokens = 20;
  const Timeline timeline = played(graph, cost);
  EXPECT_EQ(timeline.reused_prompt_tokens, 0);
  EXPECT_EQ(timeline.kv_peak_tokens, 18);
}

ToyCost pipeline(int stages, double start_s, double prompt_s = 0) {
  ToyCost cost = toy(start_s, 0, prompt_s);
  cost.stage_count = stages;
  return cost;
}

// Four pieces of 4 s: 4 (1 + 3/4). Five: 4 (1 + 4/4), though there are four slots. Two of 8 and 1
// s: the short one comes out behind the long one, 1/4 s after it.
TEST(Server, PiecesFollowEachOtherThroughThePipeline) {
  TestGraph four, five, unequal;
  four.call(0, 8, 1);
  five.call(0, 10, 1);
  unequal.call(0, 9, 1);
  Timeline timeline = played(four, pipeline(4, 4), {.chunk_tokens = 2});
  expect_times(timeline, 0, {0, 0, 7, 7});
  EXPECT_EQ(timeline.busy_stage_s, 16);
  EXPECT_EQ(timeline.stages, 4);
  EXPECT_EQ(timeline.utilisation(), 16.0 / 28);
  expect_times(played(five, pipeline(4, 4), {.chunk_tokens = 2}), 0, {0, 0, 8, 8});
  expect_times(played(unequal, pipeline(4, 0, 1), {.chunk_tokens = 8}), 0, {0, 0, 8.25, 8.25});
}

TEST(Server, AsManyStreamsAsStagesDoNotSlowEachOther) {
  TestGraph graph;
  for (std::int32_t s = 0; s < 8; ++s) graph.call(s, 1, 3);
  Timeline timeline = played(graph, pipeline(4, 4), {.concurrency = 4});
  for (std::size_t i = 0; i < 4; ++i) expect_times(timeline, i, {0, 0, 4, 12});
  for (std::size_t i = 4; i < 8; ++i) expect_times(timeline, i, {12, 12, 16, 24});
  EXPECT_EQ(timeline.utilisation(), 1);
  timeline = played(graph, pipeline(4, 4), {.concurrency = 8});  // two in each batch
  for (std::size_t i = 0; i < 8; ++i) expect_times(timeline, i, {0, 0, 4, 12});
}

// The first takes both slots until 4 (1 + 1/2).
TEST(Server, ALaneWaitsForASlot) {
  TestGraph graph;
  graph.call(0, 4, 1);
  graph.call(1, 1, 1);
  const std::vector<double> arrivals = {0, 1};
  const Timeline timeline =
      played(graph, pipeline(2, 4), {.arrivals_s = arrivals, .chunk_tokens = 2});
  expect_times(timeline, 0, {0, 0, 6, 6});
  expect_times(timeline, 1, {1, 6, 10, 10});
}

TEST(Server, OpenLoopWaitsForArrivals) {
  TestGraph graph;
  graph.call(0, 1, 2);
  graph.call(2, 1, 2);
  const std::vector<double> arrivals = {1, 1, 10, 10};
  graph.call(3, 1, 1);
  const Timeline timeline = played(graph, toy(1), {.arrivals_s = arrivals});
  expect_times(timeline, 0, {1, 1, 2, 3});
  expect_times(timeline, 1, {10, 10, 11, 12});
  expect_times(timeline, 2, {10, 10, 11, 11});
  EXPECT_EQ(timeline.end_s, 12);
  EXPECT_EQ(timeline.busy_stage_s, 4);
}

TEST(Server, ClosedLoopKeepsSoManySamplesInFlight) {
  TestGraph graph;
  graph.call(0, 1, 2);
  graph.call(1, 1, 5);
  graph.call(2, 1, 1);
  graph.call(2, 1, 1, {2});
  const Timeline timeline = played(graph, toy(1), {.concurrency = 2});
  expect_times(timeline, 0, {0, 0, 1, 2});
  expect_times(timeline, 1, {0, 0, 1, 5});
  expect_times(timeline, 2, {2, 2, 3, 3});
  expect_times(timeline, 3, {3, 3, 4, 4});
}

TEST(Server, SamplesWithoutCallsAreOverAtOnce) {
  TestGraph graph;
  graph.call(1, 1, 2);
  graph.call(4, 1, 2);
  const Timeline timeline = played(graph, toy(1), {.concurrency = 1});
  expect_times(timeline, 0, {0, 0, 1, 2});
  expect_times(timeline, 1, {2, 2, 3, 4});
}

// A plan that was cut and then overtaken by a cheaper pass is no event any more.
TEST(Server, TheEndIsTheEndOfTheLastCall) {
  struct CheapPrompts final : ToyCost {
    using ToyCost::pass_s;
    double pass_s(const Batch& batch) const override { return batch.prompts.empty() ? 10 : 1; }
  };
  TestGraph graph;
  graph.call(0, 1, 3);  // until 1, 11, and 21 if nobody came
  graph.call(1, 1, 1);
  const std::vector<double> arrivals = {0, 5};
  const Timeline timeline = played(graph, CheapPrompts(), {.arrivals_s = arrivals});
  expect_times(timeline, 0, {0, 0, 1, 12});
  expect_times(timeline, 1, {5, 11, 12, 12});
  EXPECT_EQ(timeline.end_s, 12);
}

std::string refusal(const CallGraph& graph, const CostModel& cost) {
  const Result<Timeline> timeline = play(graph, cost, {});
  return timeline ? "" : timeline.error().message;
}

TEST(Server, WhatCannotBePlayedIsRefused) {
  TestGraph graph;
  graph.call(0, 1, 1);
  graph.call(0, 8, 4);
  ToyCost cost = toy(1);
  cost.capacity_tokens = 12;
  EXPECT_EQ(refusal(graph, cost), "");
  cost.capacity_tokens = 11;
  EXPECT_EQ(
      refusal(graph, cost),
      "call 1: 8 prompt and 4 completion tokens need 12 tokens of KV cache; there is room for "
      "11 beside the weights");
  graph.call(0, 2'000'000'000, 2'000'000'000);
  EXPECT_NE(refusal(graph, toy(1)).find("need 4000000000 tokens"), std::string::npos);
  graph.call(0, 0, 1);
  EXPECT_EQ(refusal(graph, cost), "call 3: no prompt tokens");
}

TEST(ServerDeathTest, OptionsOutOfRangeAreBrokenCode) {
  TestGraph graph;
  graph.call(0, 1, 1);
  graph.call(1, 1, 1);
  const std::vector<double> one = {0}, falling = {2, 1}, negative = {-1, 1};
  for (const ServerOptions& options :
       {ServerOptions{.concurrency = -1}, ServerOptions{.sequences_max = 0},
        ServerOptions{.chunk_tokens = -1}, ServerOptions{.arrivals_s = one},
        ServerOptions{.arrivals_s = falling}, ServerOptions{.arrivals_s = negative}})
    EXPECT_DEATH((void)play(graph, toy(1), options), "");
}

// WaferLLM table 2 through the server: with its sides, prompt and tokens take what the validation
// computes for them (600.3, 2357 and 529.3 tokens/s), so the server adds nothing of its own.
TEST(Server, AWaferAnswersAsItsValidationSays) {
  const auto rate = [](const char* model, int prefill, int decode, std::int32_t in,
                       std::int32_t out) {
    const auto cost = WaferCost::make(
        wse2(), test_shapes().at(model),
        {.decode_side = decode, .prefill_side = prefill, .prompts_by_gemm_only = true});
    CallGraph graph;
    graph.add({.prompt_tokens = in, .completion_tokens = out}, {});
    return double(out) / play(graph, cost.value(), {}).value().end_s;
  };
  EXPECT_NEAR(rate("llama3.1-8b", 660, 360, 4096, 128) / 604.4, 1, 0.15);
  EXPECT_NEAR(rate("llama3.1-8b", 660, 360, 2048, 2048) / 2370.3, 1, 0.15);
  EXPECT_NEAR(rate("llama2-13b", 750, 375, 2048, 128) / 473.9, 1, 0.15);
}

// 1,000 tokens: m pieces of t seconds take t (1 + (m - 1) / 4): 128 x 2.75, 256 x 1.75, 512 x 1.25.
TEST(Server, TheChunkIsTheFastestForAThousandTokens) {
  EXPECT_EQ(chunk_tokens_for(toy(1, 1, 1), 1000), 1024);  // one stage: pieces only cost more
  EXPECT_EQ(chunk_tokens_for(pipeline(4, 0, 1), 1000), 128);
  EXPECT_EQ(chunk_tokens_for(pipeline(4, 1000, 1), 1000), 512);  // 1512 x 1.25 < 2000, 1256 x 1.75
  EXPECT_EQ(chunk_tokens_for(pipeline(4, 1000, 0), 1000), 1024);
  EXPECT_EQ(chunk_tokens_for(toy(1, 1, 1), 1), 128);
}

}  // namespace
}  // namespace evalrun::sim
