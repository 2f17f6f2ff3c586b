#include "hw/sim/call_graph.h"

#include <gtest/gtest.h>

#include <string>

namespace evalrun::sim {
namespace {

using After = std::vector<std::int32_t>;

std::string why(const CallGraph& graph) {
  const Status s = graph.check();
  return s ? "" : s.error().message;
}

std::string why(const GraphCall& call, const After& after = {}) {
  CallGraph graph;
  graph.add(call, after);
  return why(graph);
}

GraphCall good(std::int32_t sample = 0) {
  return {.sample = sample, .prompt_tokens = 10, .completion_tokens = 5};
}

TEST(CallGraph, KeepsCallsAndWhatTheyWaitFor) {
  CallGraph graph;
  graph.add(good(), {});
  graph.add(good(), After{0});
  graph.add(good(), After{0, 1});
  graph.add(good(3), {});
  EXPECT_EQ(graph.size(), 4u);
  EXPECT_EQ(graph.samples(), 4);  // 1 and 2 have no calls
  EXPECT_TRUE(graph.after(0).empty());
  EXPECT_EQ(After(graph.after(2).begin(), graph.after(2).end()), (After{0, 1}));
  EXPECT_EQ(graph.call(3).sample, 3);
  EXPECT_EQ(why(graph), "");
  EXPECT_EQ(CallGraph().samples(), 0);
  EXPECT_TRUE(CallGraph().check());
}

TEST(CallGraph, FollowersAreAfterTurnedRound) {
  CallGraph graph;
  graph.add(good(), After{2});  // waits for a later one
  graph.add(good(), {});
  graph.add(good(), After{1});
  const Followers followers(graph);
  EXPECT_TRUE(followers.of(0).empty());
  EXPECT_EQ(After(followers.of(1).begin(), followers.of(1).end()), (After{2}));
  EXPECT_EQ(After(followers.of(2).begin(), followers.of(2).end()), (After{0}));
  EXPECT_TRUE(graph.check());
}

TEST(CallGraph, TokenCountsOutOfTheirRangeAreRefused) {
  EXPECT_EQ(why({.prompt_tokens = 0}), "call 0: no prompt tokens");
  EXPECT_EQ(why({.prompt_tokens = 1, .completion_tokens = -1}),
            "call 0: a negative number of completion tokens");
  EXPECT_EQ(why({.prompt_tokens = 1, .completion_tokens = 0}), "");
  EXPECT_EQ(why({.prompt_tokens = 4, .shared_tokens = 5}),
            "call 0: shares more tokens than its prompt has");
  EXPECT_EQ(why({.prompt_tokens = 4, .shared_tokens = -1}),
            "call 0: shares more tokens than its prompt has");
}

TEST(CallGraph, SamplesOutOfOrderAreRefused) {
  EXPECT_EQ(why(good(-1)), "call 0: the samples are not in order");
  CallGraph graph;
  graph.add(good(1), {});
  graph.add(good(0), {});
  EXPECT_EQ(why(graph), "call 1: the samples are not in order");
}

TEST(CallGraph, WaitingForNoneOrAnotherSampleIsRefused) {
  const std::string waits = "waits for a call that is not one of the same sample";
  EXPECT_EQ(why(good(), {0}), "call 0: " + waits);  // itself
  EXPECT_EQ(why(good(), {1}), "call 0: " + waits);
  EXPECT_EQ(why(good(), {-1}), "call 0: " + waits);
  CallGraph graph;
  graph.add(good(0), {});
  graph.add(good(1), After{0});
  EXPECT_EQ(why(graph), "call 1: " + waits);
}

TEST(CallGraph, SharingWhatIsNotThereIsRefused) {
  GraphCall call = {.prompt_tokens = 40, .shared_with = 0, .shared_tokens = 16};
  CallGraph graph;
  graph.add(good(), {});
  graph.add(call, After{0});
  EXPECT_EQ(why(graph), "call 1: shares more tokens than the other call has");  // 10 + 5
  call.shared_tokens = 15;
  CallGraph fits;
  fits.add(good(), {});
  fits.add(call, After{0});
  EXPECT_EQ(why(fits), "");
  call.shared_with = -1;
  EXPECT_EQ(why(call), "call 0: shares with a call that is not of its sample");
  call.shared_tokens = 0;  // nothing is shared: with whom does not matter
  EXPECT_EQ(why(call), "");
}

TEST(CallGraph, ACycleIsRefusedWithACallThatIsInItOrWaitsForIt) {
  CallGraph graph;
  graph.add(good(), {});
  graph.add(good(), After{0, 3});
  graph.add(good(), After{1});
  graph.add(good(), After{2});
  EXPECT_EQ(why(graph), "call 1: waits for itself, through others");
}

TEST(CallGraph, NamingOneTwiceIsWaitingForItOnce) {
  CallGraph graph;
  graph.add(good(), {});
  graph.add(good(), After{0, 0});
  EXPECT_EQ(why(graph), "");
}

}  // namespace
}  // namespace evalrun::sim
