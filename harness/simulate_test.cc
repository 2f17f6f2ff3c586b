#include "harness/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/sim_summary.h"
#include "harness/sim_trace.h"

namespace evalrun {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// A token takes 0.5 s, a prompt 0.01 s a token; ten tokens a pass for all that decode.
class ToyCost : public sim::CostModel {
 public:
  double pass_s(const sim::Batch& batch) const override {
    double seconds = batch.decoding > 0 ? 0.5 : 0;
    for (const sim::PromptChunk& prompt : batch.prompts) seconds += 0.01 * double(prompt.tokens);
    return seconds;
  }
  int stages() const override { return 1; }
  std::int64_t kv_capacity_tokens() const override { return 10'000; }
  double power_w() const override { return 1000; }
  double price_usd() const override { return 8766 * 3600; }
};

SimTarget toy() {
  SimTarget target;
  target.name = "toy";
  target.as = "llama";
  target.title = "1 x Toy";
  target.cost = std::make_unique<ToyCost>();
  return target;
}

RunInfo two_samples() {
  RunInfo run;
  run.strategies = {"baseline", "cepo"};
  run.suites.resize(1);
  run.suites[0].name = "letters";
  run.suites[0].samples = {"a", "b"};
  return run;
}

StepUse step(const std::string& path, std::int64_t prompt, std::int64_t completion,
             std::vector<std::int32_t> after) {
  StepUse use;
  use.path = path;
  use.step = path.substr(0, path.find('='));
  use.usage = {.prompt = prompt, .completion = completion};
  use.after = std::move(after);
  return use;
}

SampleRecord answered(const std::string& sample, const std::string& strategy,
                      std::vector<StepUse> steps) {
  SampleRecord record;
  record.suite = "letters";
  record.sample = sample;
  record.strategy = strategy;
  record.answer.steps = std::move(steps);
  return record;
}

// Two plans together, a review of both: 10 + 100 tokens at 0.01 s, then tokens of 0.5 s.
std::vector<StepUse> small_cepo() {
  return {step("plan=1", 100, 3, {}), step("plan=2", 100, 5, {}), step("review", 200, 2, {0, 1})};
}

TEST(Simulate, CallsComeInTheOrderOfThePlan) {
  const std::vector<SampleRecord> samples = {
      answered("b", "cepo", small_cepo()), answered("b", "baseline", {step("answer", 50, 4, {})}),
      answered("a", "cepo", small_cepo()), answered("c", "baseline", {step("answer", 1, 1, {})}),
      answered("a", "baseline", {step("answer", 70, 4, {})})};
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  ASSERT_TRUE(calls) << calls.error().message;
  ASSERT_THAT(calls->strategies, SizeIs(2));
  EXPECT_EQ(calls->strategies[0].strategy, "baseline");
  EXPECT_THAT(calls->strategies[0].samples, ElementsAre(&samples[4], &samples[1]));
  EXPECT_EQ(calls->strategies[1].graph.size(), 6u);
  EXPECT_THAT(calls->strategies[1].graph.after(5), ElementsAre(3, 4));
  EXPECT_EQ(calls->call_tokens_max, 202);
}

TEST(Simulate, FailedSamplesAreNotPlayedAndOfDoublesTheLastIs) {
  std::vector<SampleRecord> samples = {answered("a", "baseline", {step("answer", 1, 1, {})}),
                                       answered("a", "baseline", {step("answer", 9, 1, {})}),
                                       answered("b", "baseline", {step("answer", 5, 5, {})})};
  samples[2].model_error = "cut";
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  ASSERT_TRUE(calls);
  ASSERT_THAT(calls->strategies, SizeIs(1));
  ASSERT_EQ(calls->strategies[0].graph.size(), 1u);
  EXPECT_EQ(calls->strategies[0].graph.call(0).prompt_tokens, 9);
}

TEST(Simulate, CallsWithoutTokenCountsAreNamed) {
  std::vector<SampleRecord> samples = {answered("a", "cepo", small_cepo())};
  samples[0].answer.steps[1].usage = {};
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  ASSERT_TRUE(calls);
  EXPECT_THAT(calls->without_tokens, ElementsAre("letters/a/epoch=0/cepo/plan=2"));
}

TEST(Simulate, BadLedgersAreRefused) {
  const auto refusal = [](auto change) {
    std::vector<SampleRecord> samples = {answered("a", "cepo", small_cepo())};
    change(samples[0].answer.steps);
    const auto calls = sim_calls(two_samples(), samples, "FILE");
    return calls ? "" : calls.error().message;
  };
  EXPECT_THAT(refusal([](auto& steps) { steps[2].after.reset(); }),
              HasSubstr("--target recorded --from"));
  EXPECT_THAT(refusal([](auto& steps) { steps[2].after = {3}; }), HasSubstr("no such step"));
  EXPECT_THAT(refusal([](auto& steps) { steps[0].after = {2}; }), HasSubstr("waits for itself"));
  EXPECT_THAT(refusal([](auto& steps) { steps[0].usage.prompt = std::int64_t{1} << 40; }),
              HasSubstr("more tokens than can be"));
  EXPECT_THAT(refusal([](auto& steps) {
                steps[1].shared_with = 0;
                steps[1].shared_tokens = 101;
              }),
              HasSubstr("shares more"));
}

// Both plans: one pass of 200 prompt tokens, 2 s. Then passes of 0.5 s: plan 1 has two more tokens,
// plan 2 four: at 3 s and 4 s. The review: 200 tokens, 2 s; one more token, 0.5 s: 6.5 s. The next
// sample begins then.
TEST(Simulate, PlansOverlapAndTheChainDoesNot) {
  const std::vector<SampleRecord> samples = {answered("a", "cepo", small_cepo()),
                                             answered("b", "cepo", small_cepo())};
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  ASSERT_TRUE(calls);
  const SimTarget target = toy();
  const auto plays = play_all(*calls, target, {});
  ASSERT_TRUE(plays) << plays.error().message;
  const auto& times = (*plays)[0].timeline.calls;
  EXPECT_NEAR(times[0].done_s, 3, 1e-9);
  EXPECT_NEAR(times[1].done_s, 4, 1e-9);
  EXPECT_NEAR(times[2].ready_s, 4, 1e-9);
  EXPECT_NEAR(times[2].first_s, 6, 1e-9);
  EXPECT_NEAR(times[2].done_s, 6.5, 1e-9);
  EXPECT_THAT((*plays)[0].sample_s, ElementsAre(DoubleNear(6.5, 1e-9), DoubleNear(6.5, 1e-9)));

  const auto records = simulated_records(*plays);
  ASSERT_THAT(records, SizeIs(6));
  EXPECT_EQ(records[2].key.path, "review");
  EXPECT_EQ(records[2].completion.sent_us, 5'000'000);
  EXPECT_EQ(records[2].completion.first_us, 7'000'000);
  EXPECT_EQ(records[2].completion.done_us, 7'500'000);
  EXPECT_EQ(records[3].completion.sent_us, 7'500'000);

  // 13 s at 1 kW for two samples; a dollar a second over a year of use, and 0.1 a kWh.
  const SimRow row = summary_of(target, (*plays)[0], {.years = 1, .usd_per_kwh = 0.1});
  EXPECT_NEAR(row.kj_per_sample, 6.5, 1e-9);
  EXPECT_NEAR(row.usd_per_sample.value(), 6.5 + 6.5 / 3600 * 0.1, 1e-9);
  EXPECT_NEAR(row.utilisation, 1, 1e-9);
  EXPECT_NEAR(row.tokens_per_s, 20 / 13.0, 1e-9);
  // After their first token: 2 in 1 s, 4 in 2 s, 1 in 0.5 s.
  EXPECT_NEAR(row.tokens_per_s_a_call, 2, 1e-9);
  ASSERT_THAT(row.steps, SizeIs(2));
  EXPECT_NEAR(row.steps[0].seconds, 3.5, 1e-9);
  EXPECT_NEAR(row.steps[1].ttft_seconds, 2, 1e-9);
}

TEST(Simulate, StrategiesArePlayedOneAfterTheOther) {
  const std::vector<SampleRecord> samples = {
      answered("a", "baseline", {step("answer", 100, 1, {})}), answered("a", "cepo", small_cepo())};
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  ASSERT_TRUE(calls);
  const auto plays = play_all(*calls, toy(), {});
  ASSERT_TRUE(plays);
  const auto records = simulated_records(*plays);
  EXPECT_EQ(records[0].completion.done_us, 2'000'000);
  EXPECT_GT(records[1].completion.sent_us, records[0].completion.done_us);
}

TEST(Simulate, WordsSayMachineLoadAndAssumptions) {
  SimTarget target = toy();
  target.assumed = {"magic"};
  EXPECT_EQ(simulated_words(target, {.concurrency = 8}),
            "1 x Toy as llama, closed loop, 8 samples at a time; ASSUMED: magic");
  EXPECT_EQ(load_words({.request_rate = 2}), "open loop, 2 samples a second arrive (Poisson)");
  EXPECT_EQ(load_words({.concurrency = 0}), "closed loop, all samples at once");
}

nlohmann::json trace_of(const std::vector<SampleRecord>& samples, const SimLoad& load) {
  const auto calls = sim_calls(two_samples(), samples, "FILE");
  const SimTarget target = toy();
  const auto plays = play_all(*calls, target, load);
  SimTrace trace;
  for (const StrategyPlay& play : *plays) trace.add(target, play);
  return nlohmann::json::parse(trace.finish(), nullptr, false);
}

// A viewer nests slices of a track: they must lie within or beside each other.
TEST(SimTrace, SlicesOfATrackNest) {
  const auto trace =
      trace_of({answered("a", "cepo", small_cepo()), answered("b", "cepo", small_cepo())},
               {.concurrency = 0, .records_load = true});
  ASSERT_FALSE(trace.is_discarded());
  EXPECT_EQ(trace["otherData"]["simulated"], true);
  std::map<std::pair<int, int>, std::vector<std::pair<long, long>>> tracks;
  int slices = 0, counters = 0;
  for (const auto& event : trace["traceEvents"]) {
    counters += event["ph"] == "C";
    if (event["ph"] != "X") continue;
    ++slices;
    // Whole nanoseconds, so that what touches does not overlap by rounding.
    const auto begin = std::llround(event["ts"].get<double>() * 1e3);
    const auto length = std::llround(event["dur"].get<double>() * 1e3);
    EXPECT_GE(length, 0);
    for (const auto& [b, e] : tracks[{event["pid"], event["tid"]}]) {
      const bool is_beside = begin >= e || begin + length <= b;
      const bool is_inside = begin >= b && begin + length <= e;
      EXPECT_TRUE(is_beside || is_inside) << event;
    }
    tracks[{event["pid"], event["tid"]}].emplace_back(begin, begin + length);
  }
  EXPECT_EQ(slices, 6 * 3);      // each call: itself, prompt, completion; none waits
  EXPECT_EQ(tracks.size(), 4u);  // four plans at once
  EXPECT_GT(counters, 0);
}

TEST(SimTrace, NamesFromFilesStayText) {
  const auto trace =
      trace_of({answered("a", "baseline", {step("</script>\"\x1b[31m\xff", 5, 1, {})})}, {});
  ASSERT_FALSE(trace.is_discarded());
  EXPECT_EQ(trace.dump().find('\x1b'), std::string::npos);
}

TEST(SimTrace, NothingPlayedIsStillATrace) {
  EXPECT_TRUE(nlohmann::json::parse(SimTrace().finish())["traceEvents"].empty());
}

}  // namespace
}  // namespace evalrun
