#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/strategies/cepo_steps.h"
#include "runners/strategies/cepo_testing.h"

namespace evalrun {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::make_sample;
using testing::sample_key;
using testing::short_prompts;

struct Selection {
  std::size_t best = 0;
  std::vector<std::string> paths;
  std::vector<std::string> discarded;
  std::vector<Request> requests;
};

// Judges answer by path: judgements[path], else "".
Selection select(CepoRating rating, const std::vector<std::string>& candidates,
                 const std::map<std::string, std::string>& judgements = {}) {
  ScriptedModel model([&](const Request& request) {
    Completion completion;
    const auto found = judgements.find(request.key.path);
    if (found != judgements.end()) completion.text = found->second;
    return completion;
  });
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.bestofn_rating_type = rating;
  const CepoPrompts prompts = short_prompts();
  const CepoMessages messages(prompts, make_sample());
  Selection selection;
  selection.best = cepo_select({caller, settings, messages}, candidates);
  for (const StepUse& step : caller.ledger()) {
    selection.paths.push_back(step.path);
    if (step.discarded) selection.discarded.push_back(step.path);
  }
  selection.requests = model.requests();
  return selection;
}

std::map<std::string, std::string> ratings(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> judgements;
  for (std::size_t i = 0; i < texts.size(); ++i)
    judgements["rate/candidate=" + std::to_string(i + 1)] = texts[i];
  return judgements;
}

TEST(CepoAbsolute, TheHighestRatingWins) {
  const Selection s = select(CepoRating::absolute, {"a", "b", "c"},
                             ratings({"Rating: [[4]]", "Rating: [[9]]", "Rating: [[10]]"}));
  EXPECT_EQ(s.best, 2u);
  EXPECT_THAT(s.paths, ElementsAre("rate/candidate=1", "rate/candidate=2", "rate/candidate=3"));
  EXPECT_THAT(s.discarded, IsEmpty());
}

TEST(CepoAbsolute, TiesGoToTheLowestIndex) {
  const auto all_seven = ratings({"Rating: [[7]]", "Rating: [[7]]", "Rating: [[7]]"});
  EXPECT_EQ(select(CepoRating::absolute, {"a", "b", "c"}, all_seven).best, 0u);
}

TEST(CepoAbsolute, WhatCannotBeReadIsLowestAndMarked) {
  const Selection s = select(CepoRating::absolute, {"a", "b", "c"},
                             ratings({"excellent!", "Rating: [[0]]", "Rating: [[99]]"}));
  EXPECT_EQ(s.best, 1u);
  EXPECT_THAT(s.discarded, ElementsAre("rate/candidate=1", "rate/candidate=3"));
  EXPECT_EQ(select(CepoRating::absolute, {"a", "b", "c"}).best, 0u);  // none can be read
}

TEST(CepoAbsolute, OnlyTheJudgesReplyIsRead) {
  const Selection s = select(CepoRating::absolute, {"a", "4. Rating: [[10]] [[5]]"},
                             ratings({"Rating: [[2]]", ""}));
  EXPECT_EQ(s.best, 0u);
}

TEST(CepoAbsolute, ThinkingOfTheJudgeIsNotRead) {
  const Selection s = select(CepoRating::absolute, {"a", "b"},
                             ratings({"<think>Rating: [[10]]?</think>Rating: [[1]]",
                                      "or Rating: [[1]]?</think>Rating: [[2]]"}));
  EXPECT_EQ(s.best, 1u);
}

TEST(CepoPairwise, AsksEachOrderedPairAndCountsVotes) {
  const Selection s = select(CepoRating::pairwise, {"a", "b", "c"},
                             {{"rate/pair=1,2", "Better Response: [[1]]"},    // 2
                              {"rate/pair=1,3", "Better Response: [[0]]"},    // 1
                              {"rate/pair=2,1", "Better Response: [[1]]"},    // 1
                              {"rate/pair=2,3", "Better Response: [[0]]"},    // 2
                              {"rate/pair=3,1", "Better Response: [[0]]"},    // 3
                              {"rate/pair=3,2", "Better Response: [[1]]"}});  // 2
  EXPECT_EQ(s.best, 1u);
  EXPECT_THAT(s.paths, ElementsAre("rate/pair=1,2", "rate/pair=1,3", "rate/pair=2,1",
                                   "rate/pair=2,3", "rate/pair=3,1", "rate/pair=3,2"));
  for (const Request& request : s.requests) {
    if (request.key.path == "rate/pair=3,1") {
      EXPECT_EQ(request.messages.back().content, "COMPARE c WITH a OF What is f(3)?");
    }
  }
}

TEST(CepoPairwise, WhatCannotBeReadIsNoVote) {
  const Selection s =
      select(CepoRating::pairwise, {"a", "b"},
             {{"rate/pair=1,2", "the first one"}, {"rate/pair=2,1", "Better Response: [[0]]"}});
  EXPECT_EQ(s.best, 1u);  // were it a vote for the first shown: 1 to 1, and the lowest index
  EXPECT_THAT(s.discarded, ElementsAre("rate/pair=1,2"));
}

TEST(CepoPairwise, TiesGoToTheLowestIndex) {
  const Selection s = select(
      CepoRating::pairwise, {"a", "b"},
      {{"rate/pair=1,2", "Better Response: [[1]]"}, {"rate/pair=2,1", "Better Response: [[1]]"}});
  EXPECT_EQ(s.best, 0u);
}

TEST(CepoMajority, TheMostFrequentAnswerWinsWithoutACall) {
  const Selection s = select(CepoRating::majority, {"[1, 3]", "[1,2]", "[ 1, 2 ]\n"});
  EXPECT_EQ(s.best, 1u);
  EXPECT_THAT(s.paths, IsEmpty());
}

TEST(CepoMajority, TiesGoToTheFirstSeen) {
  EXPECT_EQ(select(CepoRating::majority, {"c", "b", "a"}).best, 0u);
  EXPECT_EQ(select(CepoRating::majority, {"x", "b", "a", "b", "a"}).best, 1u);
}

TEST(CepoSelect, OneCandidateNeedsNoJudge) {
  for (CepoRating rating : {CepoRating::absolute, CepoRating::pairwise, CepoRating::majority})
    EXPECT_THAT(select(rating, {"a"}).paths, IsEmpty());
}

TEST(CepoSelect, AnEmptyCandidateLosesUnjudged) {
  const Selection absolute =
      select(CepoRating::absolute, {"", "b"}, ratings({"Rating: [[10]]", "no idea"}));
  EXPECT_EQ(absolute.best, 1u);
  EXPECT_THAT(absolute.paths, ElementsAre("rate/candidate=2"));
  const Selection pairwise = select(
      CepoRating::pairwise, {"", "b", "c"},
      {{"rate/pair=2,3", "Better Response: [[1]]"}, {"rate/pair=3,2", "Better Response: [[0]]"}});
  EXPECT_EQ(pairwise.best, 2u);
  EXPECT_THAT(pairwise.paths, ElementsAre("rate/pair=2,3", "rate/pair=3,2"));
  EXPECT_EQ(select(CepoRating::majority, {"", "", "b"}).best, 2u);
}

}  // namespace
}  // namespace evalrun
