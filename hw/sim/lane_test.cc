#include "hw/sim/lane.h"

#include <gtest/gtest.h>

#include "hw/sim/server_fixture.h"

namespace evalrun::sim {
namespace {

using Calls = std::vector<std::int32_t>;

// Passes of 1 s, and half a second for each token in the caches of those that decode.
ToyCost toy() {
  ToyCost cost;
  cost.start_s = 1, cost.context_s = 0.5;
  return cost;
}

// Two calls: 4 tokens in and 3 out, 6 in and 5 out.
CallGraph two_calls() {
  CallGraph graph;
  graph.add({.prompt_tokens = 4, .completion_tokens = 3}, {});
  graph.add({.prompt_tokens = 6, .completion_tokens = 5}, {});
  return graph;
}

TEST(DecodeTimes, IsTheLineThroughThePasses) {
  ToyCost cost = toy();
  cost.sequence_s = 0.25;
  DecodeTimes times(cost);
  for (const std::int64_t sequences : {7, 1, 7}) {
    const DecodeTimes::Line line = times.line(sequences);
    EXPECT_EQ(line.at_zero_s, 1 + 0.25 * double(sequences));
    EXPECT_EQ(line.per_token_s, 0.5);
  }
}

struct LaneTest : testing::Test {
  void begin(double now_s, int slots = 1) { lane.begin(now_s, cost, times, 5, slots, begun); }
  void finish() { lane.finish(graph, result); }

  const ToyCost cost = toy();
  const CallGraph graph = two_calls();
  DecodeTimes times{cost};
  Lane lane;
  LaneResult result;
  Calls begun;
};

TEST_F(LaneTest, PromptsThenTokensUntilTheNextCallEnds) {
  lane.add({.call = 0, .left = 4});
  lane.add({.call = 1, .left = 6});
  EXPECT_EQ(lane.calls(), 2);
  begin(0);  // four tokens of the first and one of the second
  EXPECT_EQ(begun, (Calls{0, 1}));
  EXPECT_EQ(lane.end_s(), 1);
  EXPECT_FALSE(lane.cut(0.5));  // a pass with a prompt goes through
  finish();
  EXPECT_EQ(result.first, Calls{0});
  EXPECT_TRUE(result.done.empty());
  begin(1);  // the rest, and a token of the first on a cache of 4
  EXPECT_EQ(begun, Calls{1});
  EXPECT_EQ(lane.end_s(), 1 + 3);
  finish();
  EXPECT_EQ(result.first, Calls{1});
  begin(4);  // the first has one token to go: caches of 5 and 6
  EXPECT_EQ(lane.end_s(), 4 + 1 + 5.5);
  finish();
  EXPECT_EQ(result.done, Calls{0});
  EXPECT_EQ(lane.calls(), 1);
  begin(10.5);  // the second has three: caches of 7, 8 and 9
  EXPECT_EQ(lane.end_s(), 10.5 + 3 + 12);
  EXPECT_EQ(lane.stage_s(), 15);
  finish();
  EXPECT_EQ(result.done, Calls{1});
  EXPECT_EQ(lane.calls(), 0);
  EXPECT_FALSE(lane.is_running());
}

// Passes of 4, 4.5, 5 and 5.5 s from 1 on: boundaries at 5, 9.5, 14.5 and 20.
TEST_F(LaneTest, ACutEndsAtTheNextBoundary) {
  lane.add({.call = 1, .left = 5, .context = 1});
  begin(0);
  finish();
  for (const auto& [at_s, end_s] :
       {std::pair(1.0, 5.0), {4.99, 5}, {5, 5}, {5.01, 9.5}, {14.5, 14.5}}) {
    Lane copy = lane;
    copy.begin(1, cost, times, 5, 1, begun);
    EXPECT_EQ(copy.end_s(), 20);
    EXPECT_TRUE(copy.cut(at_s));
    EXPECT_EQ(copy.end_s(), end_s);
    EXPECT_FALSE(copy.cut(at_s)) << "it is cut already";
  }
  Lane copy = lane;
  copy.begin(1, cost, times, 5, 1, begun);
  EXPECT_FALSE(copy.cut(14.6));  // the last pass is under way
  EXPECT_EQ(copy.end_s(), 20);
}

TEST_F(LaneTest, TakesSlotsForItsPiecesOnly) {
  lane.add({.call = 1, .left = 6});
  begin(0, 3);
  EXPECT_EQ(lane.slots(), 2);
  EXPECT_EQ(lane.stage_s(), 2);
  finish();
  begin(2, 3);
  EXPECT_EQ(lane.slots(), 1);  // decoding
}

using LaneDeathTest = LaneTest;
TEST_F(LaneDeathTest, BrokenCodeIsStopped) {
  EXPECT_DEATH(begin(0), "");  // nobody is in it
  EXPECT_DEATH(finish(), "");
}

}  // namespace
}  // namespace evalrun::sim
