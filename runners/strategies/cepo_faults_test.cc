// The faults that were found in the reference implementation, by the numbers they have in our
// notes. Each test fails on a CePO that has the fault. (Fault 14 is in cepo_settings_test.cc; 15
// and 16 are of its documents and tests.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/strategies/cepo_testing.h"

namespace evalrun {
namespace {

using testing::CepoResult;
using testing::cut_off_at;
using ::testing::ElementsAre;
using testing::hashed_reply;
using testing::make_sample;
using testing::one_proposal;
using testing::run_cepo;
using testing::sample_key;
using testing::short_prompts;
using testing::with_texts;

CepoSettings two_attempts() { return {.bestofn_n = 1, .planning_n = 1, .planning_m = 2}; }

TEST(CepoFaults, Fault01_WhenEveryPlanFailsTheLastReplyIsTheProposal) {
  const CepoResult cut_plans =
      run_cepo(cut_off_at({"candidate=1/plan=1", "candidate=1/plan=2"}), two_attempts());
  EXPECT_TRUE(cut_plans.request("candidate=1/review")
                  .messages.back()
                  .content.starts_with("REVIEW 1\nResponse 1:\ntext of candidate=1/plan=2 "));
  EXPECT_THAT(cut_plans.discarded(), ElementsAre("candidate=1/plan=1"));

  const CepoResult cut_execution =
      run_cepo(cut_off_at({"candidate=1/plan=1", "candidate=1/plan=2/execute"}), two_attempts());
  EXPECT_TRUE(
      cut_execution.request("candidate=1/review")
          .messages.back()
          .content.starts_with("REVIEW 1\nResponse 1:\ntext of candidate=1/plan=2/execute "));
  EXPECT_TRUE(cut_execution.answer.text.starts_with("text of candidate=1/final"));
}

TEST(CepoFaults, Fault02_EachStepHasItsOwnTemperatureAndBudget) {
  CepoSettings s = one_proposal(2);
  s.use_plan_diversity = true;
  s.planning_temperature_step0 = 0.9;
  s.planning_max_tokens_step0 = 10;
  s.planning_max_tokens_step1 = 11;
  s.planning_max_tokens_step2 = 12;
  s.planning_max_tokens_step3 = 13;
  s.planning_max_tokens_step4 = 14;
  s.bestofn_max_tokens = 15;
  const CepoResult result = run_cepo(hashed_reply, s);
  const auto expect = [&](const char* path, double temperature, int max_tokens) {
    EXPECT_EQ(result.request(path).temperature, temperature) << path;
    EXPECT_EQ(result.request(path).max_tokens, max_tokens) << path;
  };
  expect("diversity", 0.9, 10);
  expect("candidate=2/plan=1", 0.55, 11);
  expect("candidate=2/plan=1/execute", 0.25, 12);
  expect("candidate=2/review", 0.1, 13);
  expect("candidate=2/final", 0, 14);
  expect("rate/candidate=2", 0.1, 15);
}

// The ledger against what the model itself has counted.
void expect_exact_ledger(ScriptedModel::Script script, const CepoSettings& settings) {
  std::mutex mu;
  std::map<std::string, Usage> spent;
  const CepoResult result = run_cepo(
      [&](const Request& request) {
        Completion completion = script(request);
        const std::lock_guard lock(mu);
        const auto index = std::int64_t(spent.size());
        completion.usage = {.prompt = 1000 + index, .completion = 1 + index};
        spent[request.key.path] = completion.usage;
        return completion;
      },
      settings);
  std::map<std::string, Usage> ledger;
  for (const StepUse& step : result.answer.steps) ledger[step.path] = step.usage;
  EXPECT_EQ(ledger, spent);
  EXPECT_EQ(result.answer.steps.size(), result.requests.size());
}

TEST(CepoFaults, Fault03_NoTokenIsCountedTwice) {
  expect_exact_ledger(hashed_reply, {});
  expect_exact_ledger(hashed_reply, {.bestofn_rating_type = CepoRating::pairwise});
}

TEST(CepoFaults, Fault04_NoAttemptIsPaidForAndNotCounted) {
  // No more than n attempts when all are good; and rejected ones are in the ledger.
  const CepoResult result = run_cepo(hashed_reply, {.bestofn_n = 1});
  EXPECT_FALSE(result.asked("candidate=1/plan=4"));
  expect_exact_ledger(cut_off_at({"candidate=1/plan=2", "candidate=3/plan=1/execute"}), {});
}

TEST(CepoFaults, Fault05_ACutOffPlanIsRejectedNotExecutedAndItsTokensCount) {
  const CepoResult result = run_cepo(cut_off_at({"candidate=1/plan=1"}), two_attempts());
  EXPECT_FALSE(result.asked("candidate=1/plan=1/execute"));
  const StepUse& step = result.step("candidate=1/plan=1");
  EXPECT_EQ(step.finish, Finish::length);
  EXPECT_GT(step.usage.completion, 0);
  EXPECT_TRUE(step.discarded);
}

TEST(CepoFaults, Fault06_AFailedCallEndsTheSampleAndNothingElse) {
  const auto script = [](const Request& request) {
    Completion completion = hashed_reply(request);
    if (request.key.path.ends_with("2/review")) {
      completion.finish = Finish::error;
      completion.error = "429 too many requests";
    }
    return completion;
  };
  ScriptedModel model(script, {.threads = 2});
  Caller caller({.model = &model}, sample_key("cepo"));
  const CepoPrompts prompts = short_prompts();
  try {
    cepo(make_sample(), caller, {}, prompts);
    FAIL() << "no exception";
  } catch (const CallFailed& e) {
    EXPECT_STREQ(e.what(), "candidate=2/review: 429 too many requests");
  }
  // The other candidates have ended: their finals are there, and no rating was asked for.
  const auto paths = testing::paths_of(model.requests());
  EXPECT_TRUE(paths.contains("candidate=1/final"));
  EXPECT_TRUE(paths.contains("candidate=3/final"));
  EXPECT_FALSE(paths.contains("rate/candidate=1"));
}

TEST(CepoFaults, Fault07_PlanDiversityWorksAndItsTokensCount) {
  CepoSettings s = one_proposal(2);
  s.use_plan_diversity = true;
  // Escaped quotes and the word json survive.
  const CepoResult good = run_cepo(
      with_texts({{"diversity", "```json\n{\"approach_1\": \"write \\\"json\\\"\"}\n```"}}), s);
  EXPECT_EQ(good.request("candidate=2/plan=1").messages.back().content,
            "PLAN What is f(3)? BY write \"json\"");
  EXPECT_GT(good.step("diversity").usage.completion, 0);
  // Nothing that can be read, twice: plan without.
  const CepoResult bad = run_cepo(with_texts({{"diversity*", "{ no"}}), s);
  EXPECT_EQ(bad.request("candidate=1/plan=1").messages.back().content,
            "PLAN What is f(3)? AGAIN What is f(3)?");
  EXPECT_THAT(bad.discarded(), ElementsAre("diversity", "diversity/retry"));
  expect_exact_ledger(with_texts({{"diversity*", "{ no"}}), s);
}

TEST(CepoFaults, Fault08_EveryStepHasATokenBudgetAndTheTasksSystemMessage) {
  for (const Request& request : run_cepo(hashed_reply).requests) {
    EXPECT_GT(request.max_tokens, 0) << request.key.path;
    EXPECT_EQ(request.messages.at(0), (Message{Role::system, "Be brief."})) << request.key.path;
  }
  CepoSettings s;
  EXPECT_FALSE(set_cepo_setting(s, "planning_max_tokens_step1", "0"));
}

TEST(CepoFaults, Fault09_AbsoluteRatingAsksOnceAndAnEmptyReplyIsNoCrash) {
  const CepoResult result = run_cepo(with_texts({{"rate/*", ""}}));
  const auto is_rating = [](const Request& r) { return r.key.path.starts_with("rate/"); };
  EXPECT_EQ(std::count_if(result.requests.begin(), result.requests.end(), is_rating), 3);
  EXPECT_TRUE(result.answer.text.starts_with("text of candidate=1/final"));
}

TEST(CepoFaults, Fault10_PairwiseTakesEmptyCandidatesAndVotesOffTheScale) {
  const CepoSettings s = one_proposal(3, CepoRating::pairwise);
  const CepoResult off_scale = run_cepo(with_texts({{"rate/*", "Better Response: [[2]]"}}), s);
  EXPECT_TRUE(off_scale.answer.text.starts_with("text of candidate=1/final"));
  const CepoResult empty = run_cepo(with_texts({{"candidate=1/*", ""}, {"rate/*", ""}}), s);
  EXPECT_TRUE(empty.answer.text.starts_with("text of candidate=2/final"));
}

TEST(CepoFaults, Fault11_MajorityComparesWholeAnswersAndTakesEmptyOnes) {
  const CepoSettings s = one_proposal(3, CepoRating::majority);
  // By first letters 1 and 2 would agree.
  const CepoResult result = run_cepo(with_texts({{"candidate=1/final", "Answer: 41"},
                                                 {"candidate=2/final", "Answer:  42"},
                                                 {"candidate=3/final", "Answer: 42 "}}),
                                     s);
  EXPECT_EQ(result.answer.text, "Answer:  42");
  EXPECT_EQ(run_cepo(with_texts({{"*", ""}}), s).answer.text, "");
}

TEST(CepoFaults, Fault12_ThinkingIsTakenOutAlsoWithOneTag) {
  const CepoResult result = run_cepo(with_texts({{"*/plan=1", "hm</think>plan"},
                                                 {"*/execute", "<think>hm</think>done"},
                                                 {"*/review", "good<think>or not"},
                                                 {"*/final", "<think>[ANSWER]5</think>4"}}),
                                     one_proposal(1));
  EXPECT_EQ(result.request("candidate=1/plan=1/execute").messages.at(2).content, "plan");
  EXPECT_EQ(result.request("candidate=1/review").messages.back().content,
            "REVIEW 1\nResponse 1:\ndone\nOF What is f(3)?");
  EXPECT_EQ(result.request("candidate=1/final").messages.back().content,
            "FINAL good FOR What is f(3)? Tagged.");
  EXPECT_EQ(result.answer.text, "4");
  // Thought until the budget was gone: nothing was said.
  EXPECT_EQ(run_cepo(with_texts({{"*/final", "<think>4"}, {"*/review", "r"}}), one_proposal(1))
                .answer.text,
            "r");
}

TEST(CepoFaults, Fault13_AnEmptyReplyIsNoSuccess) {
  const CepoResult plan = run_cepo(with_texts({{"*/plan=1", " \n"}}), two_attempts());
  EXPECT_THAT(plan.discarded(), ElementsAre("candidate=1/plan=1"));
  const CepoResult review =
      run_cepo(with_texts({{"*/execute", "done"}, {"*/review", ""}}), one_proposal(1));
  EXPECT_EQ(review.request("candidate=1/final").messages.back().content,
            "FINAL done FOR What is f(3)? Tagged.");
  EXPECT_THAT(review.discarded(), ElementsAre("candidate=1/review"));
  const CepoResult final =
      run_cepo(with_texts({{"*/review", "reviewed"}, {"*/final", "\t"}}), one_proposal(1));
  EXPECT_EQ(final.answer.text, "reviewed");
  EXPECT_THAT(final.discarded(), ElementsAre("candidate=1/final"));
}

// [system?] user (assistant user)*
bool suits_strict_templates(const std::vector<Message>& messages) {
  std::size_t at = !messages.empty() && messages[0].role == Role::system ? 1 : 0;
  if ((messages.size() - at) % 2 != 1) return false;
  for (Role role = Role::user; at < messages.size(); ++at) {
    if (messages[at].role != role) return false;
    role = role == Role::user ? Role::assistant : Role::user;
  }
  return true;
}

TEST(CepoFaults, Fault17_EveryMessageListSuitsStrictChatTemplates) {
  for (CepoRating rating : {CepoRating::absolute, CepoRating::pairwise}) {
    CepoSettings s;
    s.bestofn_rating_type = rating;
    s.use_plan_diversity = true;
    const CepoResult result =
        run_cepo(cut_off_at({"candidate=1/plan=1", "candidate=2/plan=1/execute"}), s);
    for (const Request& request : result.requests)
      EXPECT_TRUE(suits_strict_templates(request.messages)) << request.key.path;
  }
}

TEST(CepoFaults, Fault18_EveryCallHasItsSeedAndItsPromptTokens) {
  const CepoResult result = run_cepo(hashed_reply);
  std::set<std::uint64_t> seeds;
  for (const Request& request : result.requests) seeds.insert(request.seed);
  EXPECT_EQ(seeds.size(), result.requests.size());
  for (const StepUse& step : result.answer.steps) EXPECT_GT(step.usage.prompt, 0) << step.path;
}

}  // namespace
}  // namespace evalrun
