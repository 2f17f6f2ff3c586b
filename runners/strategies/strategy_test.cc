#include "runners/strategies/strategy.h"

#include <gtest/gtest.h>

#include "runners/testing.h"

namespace evalrun {
namespace {

using testing::hashed_reply;
using testing::make_sample;
using testing::sample_key;
using testing::short_prompts;

struct StrategyRun {
  Answer answer;
  std::vector<Request> requests;
};

StrategyRun run(std::string_view name, const StrategySettings& settings,
                ScriptedModel::Script script = hashed_reply) {
  const Strategy* strategy = find_strategy(name);
  CHECK(strategy != nullptr);
  ScriptedModel model(std::move(script));
  Caller caller({.model = &model}, sample_key(std::string(name)));
  Answer answer = strategy->run(make_sample(), caller, settings);
  return {std::move(answer), model.requests()};
}

TEST(Strategies, AreFoundByName) {
  std::vector<std::string_view> names;
  for (const Strategy& strategy : strategies()) {
    names.push_back(strategy.name);
    EXPECT_EQ(find_strategy(strategy.name), &strategy);
    EXPECT_FALSE(strategy.description.empty());
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"baseline", "cot", "cepo"}));
  EXPECT_EQ(find_strategy("base"), nullptr);
}

TEST(Baseline, AsksTheDirectPromptOnce) {
  const StrategyRun baseline = run("baseline", {});
  ASSERT_EQ(baseline.requests.size(), 1u);
  const Request& request = baseline.requests[0];
  EXPECT_EQ(request.key.path, "answer");
  EXPECT_EQ(request.messages, make_sample().direct.messages);
  EXPECT_EQ(request.stop, make_sample().direct.stop);
  EXPECT_EQ(request.max_tokens, 128);
  EXPECT_EQ(request.temperature, 0.2);
  EXPECT_EQ(request.top_p, 0.95);
  EXPECT_EQ(baseline.answer.form, PromptForm::direct);
  EXPECT_EQ(baseline.answer.text, hashed_reply(request).text);
  ASSERT_EQ(baseline.answer.steps.size(), 1u);
  EXPECT_EQ(baseline.answer.steps[0].step, "answer");
}

TEST(Cot, AsksTheCotPromptOnce) {
  const StrategyRun cot = run("cot", {});
  ASSERT_EQ(cot.requests.size(), 1u);
  EXPECT_EQ(cot.requests[0].messages, make_sample().cot.messages);
  EXPECT_EQ(cot.requests[0].max_tokens, 1024);
  EXPECT_EQ(cot.answer.form, PromptForm::cot);
}

TEST(OneCall, MaxTokensOverridesBothBudgets) {
  StrategySettings settings;
  settings.one_call.max_tokens = 7;
  EXPECT_EQ(run("baseline", settings).requests.at(0).max_tokens, 7);
  EXPECT_EQ(run("cot", settings).requests.at(0).max_tokens, 7);
}

TEST(OneCall, ThinkingIsTakenOutAsInCepo) {
  const auto script = testing::with_texts({{"answer", "<think>5?</think>4"}});
  EXPECT_EQ(run("baseline", {}, script).answer.text, "4");
  EXPECT_EQ(run("cot", {}, script).answer.text, "4");
}

TEST(OneCall, TheAnswersTextIsOtherwiseUntouched) {
  const auto script = testing::with_texts({{"answer", "  4 [/ANSWER]\n"}});
  EXPECT_EQ(run("baseline", {}, script).answer.text, "  4 [/ANSWER]\n");
}

TEST(CepoStrategy, TakesItsSettingsAndPrompts) {
  StrategySettings settings;
  settings.cepo.bestofn_n = 1;
  settings.cepo.planning_n = 1;
  settings.cepo_prompts = short_prompts();
  const StrategyRun cepo = run("cepo", settings);
  EXPECT_EQ(cepo.requests.size(), 4u);
  EXPECT_TRUE(cepo.answer.text.starts_with("text of candidate=1/final"));
}

}  // namespace
}  // namespace evalrun
