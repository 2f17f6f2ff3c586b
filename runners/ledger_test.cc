#include "runners/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runners/caller.h"
#include "runners/scripted.h"
#include "runners/strategies/cepo.h"
#include "runners/testing.h"

namespace evalrun {
namespace {

using ::testing::ElementsAre;
using testing::hashed_reply;
using testing::make_sample;
using testing::sample_key;

TEST(PathLess, NumbersCompareAsNumbers) {
  std::vector<std::string> sorted = {"candidate=1/final",
                                     "candidate=1/plan=1",
                                     "candidate=1/plan=1/execute",
                                     "candidate=1/plan=2",
                                     "candidate=1/plan=9",
                                     "candidate=1/plan=10",
                                     "candidate=1/plan=10/execute",
                                     "candidate=2/final",
                                     "candidate=11/final",
                                     "rate/pair=1,2",
                                     "rate/pair=1,10",
                                     "rate/pair=2,1"};
  const std::vector<std::string> expected = sorted;
  std::reverse(sorted.begin(), sorted.end());
  std::sort(sorted.begin(), sorted.end(), path_less);
  EXPECT_EQ(sorted, expected);
}

TEST(PathLess, IsAStrictTotalOrderAlsoForOddDigits) {
  const std::vector<std::string> paths = {
      "",   "1",  "01", "001", "1a",  "01a", "a",
      "a1", "a/", "a0", "a00", "a0b", "00",  "99999999999999999999"};
  for (const std::string& a : paths) {
    EXPECT_FALSE(path_less(a, a)) << a;
    for (const std::string& b : paths) {
      if (a != b) {
        EXPECT_NE(path_less(a, b), path_less(b, a)) << a << " " << b;
      }
      for (const std::string& c : paths) {
        if (path_less(a, b) && path_less(b, c)) {
          EXPECT_TRUE(path_less(a, c)) << a << " " << b << " " << c;
        }
      }
    }
  }
}

// "path <- paths that it waited for", a line a step.
std::vector<std::string> arrows(const std::vector<StepUse>& ledger) {
  std::vector<std::string> lines;
  for (const StepUse& step : ledger) {
    lines.push_back(step.path + " <-");
    for (const std::int32_t other : step.after.value())
      lines.back() += " " + ledger.at(std::size_t(other)).path;
  }
  return lines;
}

Completion one_token_a_byte(const Request& request) {
  Completion completion = hashed_reply(request);
  completion.usage.prompt = std::int64_t(transcript_of(request.messages).size());
  completion.usage.completion = std::int64_t(completion.text.size());
  return completion;
}

CallSpec spec_of(std::string path) {
  return {std::move(path), "answer", {{Role::user, "What?"}}, {}, 16, 0, 1};
}

TEST(Ledger, BranchesWaitForWhatWasBeforeThemAndWhatFollowsWaitsForAll) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("x"));
  caller.call(spec_of("first"));
  caller.fan_out(3, [&](int i) {
    const std::string path = "branch=" + std::to_string(i);
    if (i == 2) return 0;  // makes no call: the join waits for what was before it
    caller.call(spec_of(path));
    if (i == 1) caller.call(spec_of(path + "/more"));
    return 0;
  });
  caller.call(spec_of("last"));
  caller.call(spec_of("on"));
  EXPECT_THAT(arrows(caller.ledger()),
              ElementsAre("branch=0 <- first", "branch=1 <- first", "branch=1/more <- branch=1",
                          "first <-", "last <- branch=0 branch=1/more first", "on <- last"));
}

TEST(Ledger, AFanOutOfOneOrNoneIsNoFork) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("x"));
  caller.call(spec_of("a"));
  caller.fan_out(1, [&](int) { return caller.call(spec_of("b")).text; });
  caller.fan_out(0, [&](int) { return 0; });
  caller.call(spec_of("c"));
  EXPECT_THAT(arrows(caller.ledger()), ElementsAre("a <-", "b <- a", "c <- b"));
}

// Plans are made together, each is executed when it is there, the review waits for all executions,
// the judge for all candidates: cepo.md's graph, with our waves.
TEST(Ledger, CepoIsPlansInParallelAndAChainBehindThem) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.bestofn_n = 2;
  settings.planning_n = 2;
  settings.planning_m = 4;
  settings.use_plan_diversity = false;
  const Answer answer = cepo(make_sample(), caller, settings, testing::short_prompts());
  EXPECT_THAT(
      arrows(answer.steps),
      ElementsAre("candidate=1/final <- candidate=1/review", "candidate=1/plan=1 <-",
                  "candidate=1/plan=1/execute <- candidate=1/plan=1", "candidate=1/plan=2 <-",
                  "candidate=1/plan=2/execute <- candidate=1/plan=2",
                  "candidate=1/review <- candidate=1/plan=1/execute candidate=1/plan=2/execute",
                  "candidate=2/final <- candidate=2/review", "candidate=2/plan=1 <-",
                  "candidate=2/plan=1/execute <- candidate=2/plan=1", "candidate=2/plan=2 <-",
                  "candidate=2/plan=2/execute <- candidate=2/plan=2",
                  "candidate=2/review <- candidate=2/plan=1/execute candidate=2/plan=2/execute",
                  "rate/candidate=1 <- candidate=1/final candidate=2/final",
                  "rate/candidate=2 <- candidate=1/final candidate=2/final"));
}

// The execution's conversation begins with the plan's whole prompt and its text; with a token a
// byte, all of them are shared.
TEST(Ledger, AnExecutionSharesItsPlan) {
  ScriptedModel model(one_token_a_byte);
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.bestofn_n = 1;
  settings.use_plan_diversity = false;
  const std::vector<StepUse> ledger =
      cepo(make_sample(), caller, settings, testing::short_prompts()).steps;
  const auto find = [&](const char* path) {
    return std::ranges::find(ledger, path, &StepUse::path);
  };
  const auto plan = find("candidate=1/plan=2"), execute = find("candidate=1/plan=2/execute");
  ASSERT_NE(execute, ledger.end());
  EXPECT_EQ(execute->shared_with, plan - ledger.begin());
  EXPECT_EQ(execute->shared_tokens, plan->usage.prompt + plan->usage.completion);
}

TEST(Ledger, WhatIsSharedIsNeverMoreThanThereIs) {
  ScriptedModel model([](const Request& request) {
    Completion completion = one_token_a_byte(request);
    if (request.key.path == "a") completion.usage = {.prompt = 3, .completion = 1};
    return completion;
  });
  Caller caller({.model = &model}, sample_key("x"));
  caller.call(spec_of("a"));
  caller.call(spec_of("b"));
  const std::vector<StepUse> ledger = caller.ledger();
  EXPECT_EQ(ledger[1].shared_with, 0);
  EXPECT_EQ(ledger[1].shared_tokens, 4);
}

}  // namespace
}  // namespace evalrun
