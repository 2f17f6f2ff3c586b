// CePO's answer does not depend on time, and a killed run goes on where it was.
#include <gtest/gtest.h>

#include <atomic>

#include "runners/recorded.h"
#include "runners/strategies/cepo_testing.h"

namespace evalrun {
namespace {

using testing::CepoResult;
using testing::cut_off_at;
using testing::hashed_reply;
using testing::make_sample;
using testing::MapJournal;
using testing::run_cepo;
using testing::sample_key;
using testing::short_prompts;

// Rejections in every candidate, so that waves matter.
Completion some_cut_off(const Request& request) {
  static const auto script =
      cut_off_at({"candidate=1/plan=1", "candidate=1/plan=4", "candidate=2/plan=2/execute",
                  "candidate=3/plan=1/execute", "candidate=3/plan=3", "candidate=3/plan=5"});
  return script(request);
}

void expect_same(const Answer& a, const Answer& b) {
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.form, b.form);
  EXPECT_EQ(a.steps, b.steps);
}

TEST(CepoReplay, TheOrderOfCompletionDoesNotMatter) {
  for (CepoRating rating : {CepoRating::absolute, CepoRating::pairwise, CepoRating::majority}) {
    CepoSettings settings;
    settings.bestofn_rating_type = rating;
    const CepoResult expected = run_cepo(some_cut_off, settings);
    std::set<std::vector<std::string>> orders;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      const CepoResult shuffled =
          run_cepo(some_cut_off, settings, {.threads = 4, .seed = seed, .delay_us_max = 300});
      expect_same(shuffled.answer, expected.answer);
      std::vector<std::string> order;
      for (const Request& request : shuffled.requests) order.push_back(request.key.path);
      orders.insert(order);
    }
    EXPECT_GT(orders.size(), 1u);  // the shuffles did shuffle
  }
}

TEST(CepoReplay, AKilledRunGoesOnWithoutRepeatingACall) {
  MapJournal whole;
  const Answer expected = run_cepo(some_cut_off, {}, {}, &whole).answer;
  const int calls = int(whole.records().size());
  ASSERT_EQ(calls, int(expected.steps.size()));
  for (int killed_at = 0; killed_at < calls; ++killed_at) {
    MapJournal journal;
    journal.appends_max = killed_at;
    EXPECT_THROW(run_cepo(some_cut_off, {}, {.threads = 2}, &journal), JournalError);
    ASSERT_EQ(int(journal.records().size()), killed_at);

    MapJournal resumed(journal.records());
    const CepoResult result = run_cepo(some_cut_off, {}, {.threads = 2}, &resumed);
    expect_same(result.answer, expected);
    EXPECT_EQ(int(result.requests.size()), calls - killed_at);
    for (const CallRecord& kept : journal.records())
      EXPECT_FALSE(result.asked(kept.key.path)) << kept.key.path;
  }
}

TEST(CepoReplay, AFailedCallIsAskedAgainAndOnlyIt) {
  MapJournal journal;
  std::atomic<bool> broken = true;
  const auto script = [&](const Request& request) {
    Completion completion = hashed_reply(request);
    if (broken && request.key.path == "candidate=3/final") completion.finish = Finish::error;
    return completion;
  };
  EXPECT_THROW(run_cepo(script, {}, {}, &journal), CallFailed);
  broken = false;
  const CepoResult resumed = run_cepo(script, {}, {}, &journal);
  EXPECT_EQ(testing::paths_of(resumed.requests),
            (std::set<std::string>{"candidate=3/final", "rate/candidate=1", "rate/candidate=2",
                                   "rate/candidate=3"}));
  expect_same(resumed.answer, run_cepo(hashed_reply).answer);
}

TEST(CepoReplay, BrokenUtf8IsTheSameLiveAndReplayed) {
  MapJournal journal;
  const auto script = [](const Request& request) {
    Completion completion = hashed_reply(request);
    completion.text += "\xff\xe2\x82";
    return completion;
  };
  const CepoResult live = run_cepo(script, {}, {}, &journal);
  const CepoResult replayed = run_cepo(script, {}, {}, &journal);
  EXPECT_TRUE(replayed.requests.empty());
  expect_same(replayed.answer, live.answer);
}

TEST(CepoReplay, ARecordedModelGivesTheSameAnswer) {
  MapJournal journal;
  const Answer expected = run_cepo(some_cut_off, {}, {}, &journal).answer;
  RecordedModel model(journal.records());
  Caller caller({.model = &model, .run_seed = 1}, sample_key("cepo"));
  const CepoPrompts prompts = short_prompts();
  expect_same(cepo(make_sample(), caller, {}, prompts), expected);
}

}  // namespace
}  // namespace evalrun
