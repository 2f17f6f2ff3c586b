#include "runners/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "harness/core/rng.h"

namespace evalrun {
namespace {

using testing::HasSubstr;

Usage tokens(std::int64_t prompt, std::int64_t completion) {
  return {.prompt = prompt, .completion = completion};
}

TEST(Budget, TheWorstCaseIsAByteATokenAndTheWholeLimit) {
  Request request;
  request.messages = {{Role::system, "abc"}, {Role::user, "defgh"}};
  request.max_tokens = 100;
  const Usage worst = worst_case(request);
  EXPECT_GE(worst.prompt, 8);
  EXPECT_EQ(worst.completion, 100);
}

TEST(Budget, StopsBeforeTheCapIsPassed) {
  Budget budget({.tokens = 250}, std::nullopt, {});
  ASSERT_TRUE(budget.reserve(tokens(50, 50)));
  ASSERT_TRUE(budget.reserve(tokens(50, 50)));
  budget.settle(tokens(50, 50), tokens(40, 10));
  budget.settle(tokens(50, 50), tokens(50, 50));
  ASSERT_TRUE(budget.reserve(tokens(50, 50)));  // 150 spent: exactly fits
  budget.settle(tokens(50, 50), tokens(50, 1));
  EXPECT_FALSE(budget.reserve(tokens(50, 50)));  // 201 spent
  EXPECT_FALSE(budget.reserve(tokens(1, 1)));    // it stays used up
  EXPECT_THAT(budget.exhausted_words(), HasSubstr("--max-total-tokens 250 (taken 201)"));
}

TEST(Budget, WhatARunSpentBeforeCounts) {
  Budget budget({.tokens = 100}, std::nullopt, tokens(60, 0));
  EXPECT_FALSE(budget.reserve(tokens(41, 0)));
}

TEST(Budget, MoneyIsCountedByPrice) {
  // $1 a million for prompts, $3 for completions: 100 + 300 tokens are $0.001.
  const Price price{
      .prompt_usd = 1, .cached_usd = 0.5, .completion_usd = 3, .as_of = {}, .source = {}};
  Budget budget({.cost_usd = 0.0015}, price, {});
  ASSERT_TRUE(budget.reserve(tokens(100, 300)));
  budget.settle(tokens(100, 300), tokens(100, 300));
  EXPECT_FALSE(budget.reserve(tokens(100, 300)));
  EXPECT_THAT(budget.exhausted_words(), HasSubstr("--max-cost 0.0015 (spent 0.001 US dollars)"));
}

TEST(Budget, CostOfCachedTokens) {
  const Price price{
      .prompt_usd = 2, .cached_usd = 0.5, .completion_usd = 8, .as_of = {}, .source = {}};
  // 600 uncached at 2, 400 cached at 0.5, 100 completed at 8, a million.
  EXPECT_DOUBLE_EQ(cost_usd(price, {1000, 400, 100, 50}), (600 * 2 + 400 * 0.5 + 100 * 8) / 1e6);
}

// Many threads, calls that use less than their worst: the cap is used well, never passed, and all
// threads end.
TEST(Budget, HoldsWithManyThreads) {
  constexpr std::int64_t kCap = 20'000;
  Budget budget({.tokens = kCap}, std::nullopt, {});
  std::atomic<std::int64_t> used{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        Rng rng{std::uint64_t(t)};
        while (budget.reserve(tokens(100, 400))) {
          const Usage actual = tokens(100, std::int64_t(rng.below(400)));
          used += actual.prompt + actual.completion;
          std::this_thread::yield();
          budget.settle(tokens(100, 400), actual);
        }
      });
  }
  EXPECT_LE(used, kCap);
  EXPECT_GT(used, kCap - 500);  // less than one worst case is left
}

}  // namespace
}  // namespace evalrun
