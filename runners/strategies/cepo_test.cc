#include "runners/strategies/cepo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/strategies/cepo_testing.h"

namespace evalrun {
namespace {

using testing::CepoResult;
using testing::cut_off_at;
using ::testing::ElementsAre;
using testing::hashed_reply;
using ::testing::IsEmpty;
using testing::make_sample;
using testing::one_proposal;
using testing::run_cepo;
using testing::with_texts;

CepoSettings rated(CepoRating rating) {
  CepoSettings settings;
  settings.bestofn_rating_type = rating;
  return settings;
}

// The worst case: the third attempt of each three is accepted too late, or never.
Completion reject_first_three_executions(const Request& request) {
  Completion completion = hashed_reply(request);
  for (const char* glob : {"*/plan=1/execute", "*/plan=2/execute", "*/plan=3/execute"}) {
    if (glob_match(glob, request.key.path)) completion.finish = Finish::length;
  }
  return completion;
}

// 3 x (2 x 3 + 2) = 24 calls and the rating: 3, 6 or none; with all attempts 3 x (2 x 6 + 2) = 42.
TEST(Cepo, MakesTheDocumentedNumberOfCalls) {
  EXPECT_EQ(run_cepo(hashed_reply, rated(CepoRating::absolute)).requests.size(), 27u);
  EXPECT_EQ(run_cepo(hashed_reply, rated(CepoRating::pairwise)).requests.size(), 30u);
  EXPECT_EQ(run_cepo(hashed_reply, rated(CepoRating::majority)).requests.size(), 24u);
  const auto worst = reject_first_three_executions;
  EXPECT_EQ(run_cepo(worst, rated(CepoRating::absolute)).requests.size(), 45u);
  EXPECT_EQ(run_cepo(worst, rated(CepoRating::pairwise)).requests.size(), 48u);
  EXPECT_EQ(run_cepo(worst, rated(CepoRating::majority)).requests.size(), 42u);
}

TEST(Cepo, PathsAreTheDocumentedOnes) {
  CepoSettings settings = one_proposal(2, CepoRating::pairwise);
  settings.use_plan_diversity = true;
  EXPECT_THAT(testing::paths_of(run_cepo(hashed_reply, settings).requests),
              ElementsAre("candidate=1/final", "candidate=1/plan=1", "candidate=1/plan=1/execute",
                          "candidate=1/review", "candidate=2/final", "candidate=2/plan=1",
                          "candidate=2/plan=1/execute", "candidate=2/review", "diversity",
                          "diversity/retry", "rate/pair=1,2", "rate/pair=2,1"));
}

TEST(Cepo, EachStepReadsTheOneBefore) {
  const CepoResult result = run_cepo(with_texts({{"*/plan=1", "plan A"},
                                                 {"*/plan=2", "plan B"},
                                                 {"*/plan=1/execute", "done A"},
                                                 {"*/plan=2/execute", "done B"},
                                                 {"*/review", "reviewed"},
                                                 {"*/final", "[ANSWER]4"}}),
                                     {.bestofn_n = 1, .planning_n = 2});
  EXPECT_THAT(result.request("candidate=1/plan=2/execute").messages,
              ElementsAre(Message{Role::system, "Be brief."},
                          Message{Role::user, "PLAN What is f(3)? AGAIN What is f(3)?"},
                          Message{Role::assistant, "plan B"}, Message{Role::user, "EXECUTE"}));
  EXPECT_EQ(result.request("candidate=1/review").messages.back().content,
            "REVIEW 2\nResponse 1:\ndone A\n\nResponse 2:\ndone B\nOF What is f(3)?");
  EXPECT_EQ(result.request("candidate=1/final").messages.back().content,
            "FINAL reviewed FOR What is f(3)? Tagged.");
  EXPECT_EQ(result.answer.text, "[ANSWER]4");
  EXPECT_EQ(result.answer.form, PromptForm::direct);
  EXPECT_THAT(result.discarded(), IsEmpty());
}

TEST(Cepo, OnlyTheFinalStepHasTheTasksStopStrings) {
  for (const Request& request : run_cepo(hashed_reply).requests) {
    const bool is_final = request.key.path.ends_with("/final");
    EXPECT_EQ(request.stop, is_final ? make_sample().direct.stop : std::vector<std::string>{})
        << request.key.path;
    EXPECT_EQ(request.top_p, 1);
  }
}

TEST(Cepo, OneCandidateIsNotRated) {
  const CepoResult result = run_cepo(hashed_reply, {.bestofn_n = 1});
  EXPECT_EQ(result.requests.size(), 8u);
}

TEST(Cepo, ASingleProposalIsReviewedToo) {
  EXPECT_TRUE(run_cepo(hashed_reply, one_proposal(1)).asked("candidate=1/review"));
}

TEST(Cepo, RejectedAttemptsAreReplacedAndMarked) {
  const CepoResult result =
      run_cepo(cut_off_at({"candidate=1/plan=1", "candidate=1/plan=3/execute"}), {.bestofn_n = 1});
  EXPECT_TRUE(result.asked("candidate=1/plan=5/execute"));
  EXPECT_FALSE(result.asked("candidate=1/plan=6"));
  EXPECT_THAT(result.discarded(), ElementsAre("candidate=1/plan=1", "candidate=1/plan=3",
                                              "candidate=1/plan=3/execute"));
  const std::string review = result.request("candidate=1/review").messages.back().content;
  EXPECT_LT(review.find("plan=2/execute"), review.find("plan=4/execute"));
  EXPECT_LT(review.find("plan=4/execute"), review.find("plan=5/execute"));
  EXPECT_EQ(review.find("plan=3/execute"), review.npos);
}

TEST(Cepo, CutOffReviewsAndFinalsAreUsed) {
  const CepoResult result =
      run_cepo(cut_off_at({"candidate=1/review", "candidate=1/final"}), one_proposal(1));
  EXPECT_TRUE(result.answer.text.starts_with("text of candidate=1/final"));
  EXPECT_THAT(result.discarded(), IsEmpty());
}

TEST(Cepo, DeclinedStepsCountAsEmpty) {
  const CepoResult result = run_cepo(
      [](const Request& request) {
        Completion completion = hashed_reply(request);
        if (request.key.path.ends_with("plan=1") || request.key.path.ends_with("review")) {
          completion.text = "I cannot help with that.";
          completion.finish = Finish::refused;
        }
        return completion;
      },
      {.bestofn_n = 1, .planning_n = 1, .planning_m = 2});
  EXPECT_FALSE(result.asked("candidate=1/plan=1/execute"));
  EXPECT_THAT(result.discarded(), ElementsAre("candidate=1/plan=1", "candidate=1/review"));
  EXPECT_TRUE(result.request("candidate=1/final")
                  .messages.back()
                  .content.starts_with("FINAL text of candidate=1/plan=2/execute"));
}

TEST(Cepo, ModelTextWithPlaceholdersAndForeignTagsStaysText) {
  const CepoResult result = run_cepo(
      with_texts({{"*/execute", "{solution} {task} [ANSWER]"}, {"*/review", "{task}{count}"}}),
      one_proposal(1));
  EXPECT_EQ(result.request("candidate=1/review").messages.back().content,
            "REVIEW 1\nResponse 1:\n{solution} {task} [ANSWER]\nOF What is f(3)?");
  EXPECT_EQ(result.request("candidate=1/final").messages.back().content,
            "FINAL {task}{count} FOR What is f(3)? Tagged.");
}

TEST(CepoDiversity, EachCandidateHasItsApproach) {
  CepoSettings settings = one_proposal(3);
  settings.use_plan_diversity = true;
  const CepoResult result = run_cepo(with_texts({{"diversity", "1. trace\n2. guess"}}), settings);
  EXPECT_EQ(result.request("diversity").messages.back().content, "GIVE 3 FOR What is f(3)?");
  EXPECT_EQ(result.request("diversity").temperature, 0.55);
  EXPECT_EQ(result.request("candidate=1/plan=1").messages.back().content,
            "PLAN What is f(3)? BY trace");
  EXPECT_EQ(result.request("candidate=2/plan=1").messages.back().content,
            "PLAN What is f(3)? BY guess");
  EXPECT_EQ(result.request("candidate=3/plan=1").messages.back().content,  // in turn
            "PLAN What is f(3)? BY trace");
  EXPECT_FALSE(result.asked("diversity/retry"));
}

TEST(CepoDiversity, TheSecondTryIsUsed) {
  CepoSettings settings = one_proposal(1);
  settings.use_plan_diversity = true;
  const CepoResult result = run_cepo(
      with_texts({{"diversity", "{ cut o"}, {"diversity/retry", "{\"a\": \"trace\"}"}}), settings);
  EXPECT_EQ(result.request("candidate=1/plan=1").messages.back().content,
            "PLAN What is f(3)? BY trace");
  EXPECT_THAT(result.discarded(), ElementsAre("diversity"));
}

}  // namespace
}  // namespace evalrun
