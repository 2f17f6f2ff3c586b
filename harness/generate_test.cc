#include "harness/generate.h"
#include "harness/core/clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "harness/plan.h"
#include "runners/recorded.h"

namespace evalrun {
namespace {

// Takes longer the earlier it comes, so that samples finish in reverse order.
Answer slow_first(const Sample& sample, Caller&, const StrategySettings&) {
  const int index = std::stoi(sample.id);
  std::this_thread::sleep_for(std::chrono::milliseconds(8 - index));
  Answer answer;
  answer.text = "answer " + sample.id;
  return answer;
}

Answer fails_on_two(const Sample& sample, Caller& caller, const StrategySettings& settings) {
  if (sample.id == "2") throw CallFailed("answer: the target is on fire");
  return slow_first(sample, caller, settings);
}

Answer full_disk_on_three(const Sample& sample, Caller& caller, const StrategySettings& settings) {
  if (sample.id == "3") throw JournalError("calls.jsonl: No space left on device");
  return slow_first(sample, caller, settings);
}

Answer no_budget_on_three(const Sample& sample, Caller& caller, const StrategySettings& settings) {
  if (sample.id == "3") {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the others have begun
    throw RunStopped("the next call could pass the cap");
  }
  return slow_first(sample, caller, settings);
}

class Generate : public ::testing::Test {
 protected:
  Generate() {
    for (int i = 0; i < 8; ++i) {
      samples_[i].id = std::to_string(i);
      samples_[i].suite = "s";
    }
  }
  Result<std::string> run(StrategyFn strategy, int workers, double request_rate = 0) {
    const Strategy info{"fake", "", strategy};
    std::vector<WorkItem> items;
    for (const Sample& sample : samples_) items.push_back({&sample, 0, &info});
    GenerateJob job;
    job.items = items;
    job.settings = &settings_;
    job.workers = workers;
    job.request_rate = request_rate;
    job.context.model = &model_;
    Progress progress("answers", 8, false);
    return generate(
        job,
        [&](const SampleRecord& record) -> Status {
          if (record.sample == refuse_) return system_error("samples.jsonl: full");
          emitted_.push_back(record);
          return {};
        },
        progress);
  }
  Sample samples_[8];
  RecordedModel model_{{}};  // never asked
  StrategySettings settings_;
  std::string refuse_;
  std::vector<SampleRecord> emitted_;
};

TEST_F(Generate, AGivenAnswerIsTakenAndNothingIsAsked) {
  samples_[2].given_answer = "was right before";  // fails_on_two would fail on it
  ASSERT_TRUE(run(fails_on_two, 2));
  ASSERT_EQ(emitted_.size(), 8u);
  EXPECT_EQ(emitted_[2].answer.text, "was right before");
  EXPECT_EQ(emitted_[2].model_error, "");
  EXPECT_TRUE(emitted_[2].answer.steps.empty());
}

TEST_F(Generate, EmitsInPlanOrderWhoeverFinishesFirst) {
  for (int workers : {1, 3, 8}) {
    emitted_.clear();
    ASSERT_TRUE(run(slow_first, workers));
    ASSERT_EQ(emitted_.size(), 8u);
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(emitted_[i].sample, std::to_string(i));
      EXPECT_EQ(emitted_[i].answer.text, "answer " + std::to_string(i));
      EXPECT_EQ(emitted_[i].strategy, "fake");
    }
  }
}

TEST_F(Generate, AFailedTargetIsOneSamplesModelError) {
  ASSERT_TRUE(run(fails_on_two, 4));
  ASSERT_EQ(emitted_.size(), 8u);
  EXPECT_EQ(emitted_[2].model_error, "answer: the target is on fire");
  EXPECT_EQ(emitted_[2].answer.text, "");
  for (int i : {0, 1, 3, 7}) EXPECT_EQ(emitted_[i].model_error, "");
}

TEST_F(Generate, AFullDiskStopsTheRun) {
  const auto stopped = run(full_disk_on_three, 2);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "calls.jsonl: No space left on device");
  EXPECT_EQ(stopped.error().kind, Error::Kind::system);
  EXPECT_LE(emitted_.size(), 3u);  // nothing behind the gap
}

TEST_F(Generate, AStoppedRunKeepsWhatWasFinished) {
  const auto stopped = run(no_budget_on_three, 8);
  ASSERT_TRUE(stopped);
  EXPECT_EQ(*stopped, "the next call could pass the cap");
  std::string ids;
  for (const SampleRecord& record : emitted_) {
    EXPECT_EQ(record.model_error, "");
    ids += record.sample;
  }
  EXPECT_EQ(ids, "0124567");  // each of the eight had a thread already
}

TEST_F(Generate, InAnOpenLoopSamplesComeAsTheyArrive) {
  const std::int64_t start_us = wall_us();
  const auto stopped = run(slow_first, 8, 100);
  ASSERT_TRUE(stopped);
  EXPECT_EQ(*stopped, "");
  EXPECT_EQ(emitted_.size(), 8u);
  EXPECT_GE(wall_us() - start_us, arrivals_us(8, 100, 0).back());
}

TEST(Arrivals, AreAPoissonProcess) {
  const auto times = arrivals_us(100'000, 50, 7);
  EXPECT_EQ(times, arrivals_us(100'000, 50, 7));
  EXPECT_NE(times, arrivals_us(100'000, 50, 8));
  // Gaps are exponential: mean 20 ms, and a share of 1/e is longer than that. Six standard errors.
  EXPECT_NEAR(double(times.back()) / 100'000, 20'000, 380);
  int longer = 0;
  for (std::size_t i = 1; i < times.size(); ++i) longer += times[i] - times[i - 1] > 20'000;
  EXPECT_NEAR(longer / 100'000.0, 0.3679, 0.0092);
}

TEST_F(Generate, ARecordThatCannotBeKeptStopsTheRun) {
  refuse_ = "1";
  const auto stopped = run(slow_first, 8);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "samples.jsonl: full");
  ASSERT_EQ(emitted_.size(), 1u);
  EXPECT_EQ(emitted_[0].sample, "0");
}

std::vector<Suite> two_suites() {
  std::vector<Suite> suites(2);
  for (int s = 0; s < 2; ++s)
    for (int i = 0; i < 5; ++i) {
      Sample sample;
      sample.id = std::string(1, char('a' + s)) + std::to_string(i);
      suites[s].samples.push_back(sample);
    }
  return suites;
}

std::string ids_after(const Settings& settings) {
  auto suites = two_suites();
  if (const Status s = choose_samples(settings, suites); !s) return s.error().message;
  std::string out;
  for (const Suite& suite : suites)
    for (const Sample& sample : suite.samples) out += sample.id + " ";
  return out;
}

TEST(ChooseSamples, LimitIsAPrefixOrARangeOfEachSuite) {
  Settings settings;
  EXPECT_EQ(ids_after(settings), "a0 a1 a2 a3 a4 b0 b1 b2 b3 b4 ");
  settings.limit = "2";
  EXPECT_EQ(ids_after(settings), "a0 a1 b0 b1 ");
  settings.limit = "2-3";
  EXPECT_EQ(ids_after(settings), "a1 a2 b1 b2 ");
  settings.limit = "5-900";
  EXPECT_EQ(ids_after(settings), "a4 b4 ");
  settings.limit = "6-7";
  EXPECT_EQ(ids_after(settings), "--limit and --sample-id leave no sample to run");
  for (const char* wrong : {"0", "-3", "3-", "a", "1-2-3", "2-1", " 2", "99999999999999999999"}) {
    settings.limit = wrong;
    EXPECT_EQ(ids_after(settings).substr(0, 10), "--limit: \"") << wrong;
  }
}

TEST(ChooseSamples, IdsMustExistSomewhere) {
  Settings settings;
  settings.sample_ids = {"b3", "a0"};
  EXPECT_EQ(ids_after(settings), "a0 b3 ");
  settings.sample_ids = {"b9"};
  EXPECT_EQ(ids_after(settings).substr(0, 51),
            "--sample-id: no chosen suite has a sample \"b9\" (did");
}

}  // namespace
}  // namespace evalrun
