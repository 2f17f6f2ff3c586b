#include "runners/strategies/cepo_prompts.h"

#include <gtest/gtest.h>

#include <map>

#include "harness/core/resources.h"
#include "runners/testing.h"

namespace evalrun {
namespace {

using testing::make_sample;
using testing::short_prompts;
using Messages = std::vector<Message>;

const Message kSystem = {Role::system, "Be brief."};

TEST(CepoMessages, EachStepFillsItsPlaceholders) {
  const CepoPrompts prompts = short_prompts();
  const Sample sample = make_sample();
  const CepoMessages messages(prompts, sample);
  EXPECT_EQ(messages.plan(""),
            (Messages{kSystem, {Role::user, "PLAN What is f(3)? AGAIN What is f(3)?"}}));
  EXPECT_EQ(messages.plan("tracing"),
            (Messages{kSystem, {Role::user, "PLAN What is f(3)? BY tracing"}}));
  EXPECT_EQ(messages.execute(messages.plan(""), "my plan"),
            (Messages{kSystem,
                      {Role::user, "PLAN What is f(3)? AGAIN What is f(3)?"},
                      {Role::assistant, "my plan"},
                      {Role::user, "EXECUTE"}}));
  EXPECT_EQ(
      messages.review(std::vector<std::string>{"one", "two"}),
      (Messages{kSystem,
                {Role::user, "REVIEW 2\nResponse 1:\none\n\nResponse 2:\ntwo\nOF What is f(3)?"}}));
  EXPECT_EQ(messages.final("it is 4"),
            (Messages{kSystem, {Role::user, "FINAL it is 4 FOR What is f(3)? Tagged."}}));
  EXPECT_EQ(messages.rate_absolute("4"),
            (Messages{kSystem, {Role::user, "RATE 4 OF What is f(3)?"}}));
  EXPECT_EQ(messages.rate_pairwise("4", "5"),
            (Messages{kSystem, {Role::user, "COMPARE 4 WITH 5 OF What is f(3)?"}}));
  EXPECT_EQ(messages.diversity(3), (Messages{kSystem, {Role::user, "GIVE 3 FOR What is f(3)?"}}));
}

TEST(CepoMessages, NoSystemMessageWhereTheTaskHasNone) {
  const CepoPrompts prompts = short_prompts();
  Sample sample = make_sample();
  sample.direct.messages = {{Role::user, "first"}, {Role::user, "second"}};
  const CepoMessages messages(prompts, sample);
  EXPECT_EQ(messages.final("s"), (Messages{{Role::user, "FINAL s FOR first\n\nsecond"}}));
}

TEST(CepoMessages, PlaceholdersInModelTextStayText) {
  const CepoPrompts prompts = short_prompts();
  const Sample sample = make_sample();
  const CepoMessages messages(prompts, sample);
  EXPECT_EQ(messages.final("{task} {solution}").back().content,
            "FINAL {task} {solution} FOR What is f(3)? Tagged.");
  EXPECT_EQ(messages.review(std::vector<std::string>{"{question}{count}"}).back().content,
            "REVIEW 1\nResponse 1:\n{question}{count}\nOF What is f(3)?");
  EXPECT_EQ(messages.rate_pairwise("{response_1}", "{response_0}").back().content,
            "COMPARE {response_1} WITH {response_0} OF What is f(3)?");
}

std::map<std::string, std::string, std::less<>> texts() {
  return {{"cepo.plan", "{question}"},
          {"cepo.plan_approach", "{question} {approach}"},
          {"cepo.execute", "go"},
          {"cepo.review", "{question} {responses} {count}"},
          {"cepo.final", "{task} {solution}"},
          {"cepo.rate_absolute", "{question} {response}"},
          {"cepo.rate_pairwise", "{question} {response_0} {response_1}"},
          {"cepo.diversity", "{question} {count}"}};
}

std::string load_error(const std::map<std::string, std::string, std::less<>>& texts) {
  const auto prompts = make_cepo_prompts(
      [&](std::string_view name) -> std::string_view { return texts.find(name)->second; });
  return prompts ? "" : prompts.error().message;
}

TEST(MakeCepoPrompts, AsksForEachName) {
  EXPECT_EQ(cepo_prompt_names().size(), 8u);
  EXPECT_EQ(load_error(texts()), "");
}

TEST(MakeCepoPrompts, AnOverrideWithoutAPlaceholderIsRefused) {
  auto broken = texts();
  broken["cepo.review"] = "Look at {responses} again, all {count}.";
  EXPECT_EQ(load_error(broken), "cepo.review: {question} is missing");
  broken = texts();
  broken["cepo.execute"] = " \n";
  EXPECT_EQ(load_error(broken), "cepo.execute: the text is empty");
}

TEST(MakeCepoPrompts, TheBuiltInProfilesAreComplete) {
  for (const std::string profile : {"full", "compact"}) {
    const auto prompts = make_cepo_prompts([&](std::string_view name) {
      const auto path = "runners/strategies/prompts/" + profile + "/" + std::string(name) + ".txt";
      return find_resource(path).value_or("");
    });
    EXPECT_TRUE(prompts.has_value()) << profile << ": " << prompts.error().message;
  }
}

}  // namespace
}  // namespace evalrun
