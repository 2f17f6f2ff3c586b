#include "results/latency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace evalrun {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000;  // us

RunInfo plan() {
  RunInfo run;
  run.suites = {{"letters", "", "", "", false, {}}, {"crux-o", "", "", "", true, {}}};
  run.strategies = {"baseline", "cot"};
  return run;
}

// Scheduled, sent, first and last token in ms after second 1000; 11 completion tokens.
CallRecord call(std::int64_t scheduled_ms, std::int64_t sent_ms, std::int64_t first_ms,
                std::int64_t done_ms) {
  const auto at = [](std::int64_t ms) { return 1'000 * kSecond + 1'000 * ms; };
  CallRecord record;
  record.key = {"letters", "s", 0, "baseline", "answer"};
  Completion& c = record.completion;
  c.scheduled_us = at(scheduled_ms);
  c.sent_us = at(sent_ms);
  c.first_us = at(first_ms);
  c.done_us = at(done_ms);
  c.usage.completion = 11;
  return record;
}

LatencyRow all_of(const std::vector<CallRecord>& calls, std::optional<Slo> slo = std::nullopt) {
  return latency_of(plan(), calls, slo).all;
}

TEST(SpreadOf, IsNearestRank) {
  std::vector<double> values(200);
  std::iota(values.rbegin(), values.rend(), 1.0);  // 200 … 1
  const Spread spread = spread_of(values);
  EXPECT_EQ(spread.n, 200);
  EXPECT_DOUBLE_EQ(spread.mean, 100.5);
  EXPECT_EQ(spread.p50, 100);
  EXPECT_EQ(spread.p90, 180);
  EXPECT_EQ(spread.p99, 198);
  EXPECT_EQ(spread.max, 200);
}

TEST(SpreadOf, OneValueIsEveryQuantile) {
  const Spread spread = spread_of({7});
  EXPECT_EQ(spread.p50, 7);
  EXPECT_EQ(spread.p99, 7);
  EXPECT_EQ(spread_of({}).n, 0);
}

TEST(Latency, MeasuresFromSendingAndFromScheduling) {
  const LatencyRow row = all_of({call(0, 100, 350, 1350)});
  EXPECT_EQ(row.calls, 1);
  EXPECT_DOUBLE_EQ(row.ttft_ms.p50, 250);
  EXPECT_DOUBLE_EQ(row.ttft_scheduled_ms.p50, 350);
  EXPECT_DOUBLE_EQ(row.latency_ms.p50, 1250);
  EXPECT_DOUBLE_EQ(row.latency_scheduled_ms.p50, 1350);
  EXPECT_DOUBLE_EQ(row.tpot_ms.p50, 100);  // 1000 ms for the ten tokens after the first
  EXPECT_DOUBLE_EQ(row.request_tokens_per_second.p50, 11 / 1.25);
}

// As vllm#54101: a server that answers in 0.1 s looks fast while calls queue for seconds.
TEST(Latency, QueueingInTheClientCounts) {
  std::vector<CallRecord> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(call(0, 100 * i, 100 * i + 50, 100 * i + 100));
  const LatencyRow row = all_of(calls);
  EXPECT_DOUBLE_EQ(row.latency_ms.p99, 100);
  EXPECT_DOUBLE_EQ(row.latency_scheduled_ms.p99, 9'900);
}

TEST(Latency, OneTokenHasNoTpot) {
  CallRecord one = call(0, 0, 100, 100);
  one.completion.usage.completion = 1;
  const LatencyRow row = all_of({one});
  EXPECT_EQ(row.tpot_ms.n, 0);
  EXPECT_EQ(row.ttft_ms.n, 1);
}

TEST(Latency, WhatIsNotToldIsNotCounted) {
  CallRecord whole_answer_at_once = call(0, 0, 0, 100);
  whole_answer_at_once.completion.first_us = 0;
  CallRecord unscheduled = call(0, 0, 50, 100);
  unscheduled.completion.scheduled_us = 0;
  CallRecord backwards = call(0, 100, 50, 90);  // a clock that was set back
  CallRecord unsent = call(0, 0, 50, 100);
  unsent.completion.sent_us = 0;
  const LatencyRow row = all_of({whole_answer_at_once, unscheduled, backwards, unsent});
  EXPECT_EQ(row.calls, 4);
  EXPECT_EQ(row.untimed, 2);
  EXPECT_EQ(row.latency_ms.n, 2);
  EXPECT_EQ(row.ttft_ms.n, 1);
  EXPECT_EQ(row.ttft_scheduled_ms.n, 0);
  EXPECT_EQ(row.latency_scheduled_ms.n, 1);
  EXPECT_EQ(row.completion, 22);  // tokens whose time is not known make no throughput
}

TEST(Latency, LeavesOutFailedCachedAndUnplannedCalls) {
  CallRecord failed = call(0, 0, 50, 100);
  failed.completion.finish = Finish::error;
  CallRecord cached = call(0, 0, 50, 100);
  cached.completion.from_cache = true;
  CallRecord unplanned = call(0, 0, 50, 100);
  unplanned.key.strategy = "cepo";
  CallRecord retried = call(0, 0, 50, 100);
  retried.completion.attempts = 2;
  const LatencyRow row = all_of({failed, cached, unplanned, retried});
  EXPECT_EQ(row.calls, 1);
  EXPECT_EQ(row.from_cache, 1);
  EXPECT_EQ(row.retried, 1);
  EXPECT_EQ(row.latency_ms.n, 1);
}

// Two calls side by side for a second, an hour's pause, one call of a second.
TEST(Latency, ThroughputLeavesThePauseOfAKilledRunOut) {
  const std::int64_t hour = 3'600'000;
  const LatencyRow row = all_of(
      {call(0, 0, 500, 1000), call(0, 0, 500, 1000), call(0, hour, hour + 500, hour + 1000)});
  EXPECT_DOUBLE_EQ(row.busy_seconds, 2);
  EXPECT_DOUBLE_EQ(row.tokens_per_second, 33 / 2.0);
  EXPECT_DOUBLE_EQ(row.requests_per_second, 1.5);
}

// gap_bucket(1000) = 1 + floor(16 log2 1000) = 160, whose middle is 2^(159.5/16) us = 1.002 ms;
// gap_bucket(64000) = 1 + floor(16 log2 64000) = 256, 2^(255.5/16) us = 64.1 ms.
TEST(Latency, ItlIsOverAllPausesOfAllCalls) {
  CallRecord a = call(0, 0, 50, 100);
  a.completion.gaps = {{gap_bucket(1'000), 90}};
  CallRecord b = call(0, 0, 50, 100);
  b.completion.gaps = {{gap_bucket(1'000), 5}, {gap_bucket(64'000), 5}};
  const Spread itl = all_of({a, b}).itl_ms;
  EXPECT_EQ(itl.n, 100);
  EXPECT_NEAR(itl.p50, 1, 0.022);
  EXPECT_NEAR(itl.p90, 1, 0.022);
  EXPECT_NEAR(itl.p99, 64, 64 * 0.022);
  EXPECT_NEAR(itl.max, 64, 64 * 0.022);
  EXPECT_NEAR(itl.mean, 0.95 * 1 + 0.05 * 64, 4.15 * 0.022);
}

TEST(Latency, TakesMediansOfTheServersOwnTimes) {
  std::vector<CallRecord> calls(4, call(0, 0, 50, 100));
  calls[0].completion.server = {1'000, 20'000, 300'000, 0};
  calls[1].completion.server = {3'000, 10'000, 100'000, 0};
  calls[2].completion.server = {2'000, 30'000, 200'000, 0};
  const ServerMedians server = all_of(calls).server;
  EXPECT_EQ(server.n, 3);
  EXPECT_DOUBLE_EQ(server.queue_ms, 2);
  EXPECT_DOUBLE_EQ(server.prompt_ms, 20);
  EXPECT_DOUBLE_EQ(server.completion_ms, 200);
}

TEST(Latency, SplitsBySuiteAndStrategyInPlanOrder) {
  CallRecord crux = call(0, 0, 50, 100);
  crux.key.suite = "crux-o";
  CallRecord cot = call(0, 0, 50, 300);
  cot.key.strategy = "cot";
  const Latency latency =
      latency_of(plan(), std::vector{crux, cot, call(0, 0, 50, 200)}, std::nullopt);
  ASSERT_EQ(latency.rows.size(), 3u);
  EXPECT_EQ(latency.rows[0].strategy, "baseline");
  EXPECT_DOUBLE_EQ(latency.rows[0].latency_ms.max, 200);
  EXPECT_EQ(latency.rows[1].strategy, "cot");
  EXPECT_DOUBLE_EQ(latency.rows[1].latency_ms.max, 300);
  EXPECT_EQ(latency.rows[2].suite, "crux-o");
  EXPECT_DOUBLE_EQ(latency.rows[2].latency_ms.max, 100);
  EXPECT_EQ(latency.all.calls, 3);
  EXPECT_EQ(latency.all.goodput, std::nullopt);
}

// TTFT 350 ms and latency 1350 ms from scheduling, TPOT 100 ms.
TEST(Goodput, EveryLimitMustBeMetAndALimitItselfIs) {
  const std::vector<CallRecord> calls{call(0, 100, 350, 1350)};
  const auto good = [&](const Slo& slo) { return all_of(calls, slo).goodput->good; };
  EXPECT_EQ(good({350, 100, 1350}), 1);
  EXPECT_EQ(good({349, 100, 1350}), 0);
  EXPECT_EQ(good({350, 99, 1350}), 0);
  EXPECT_EQ(good({350, 100, 1349}), 0);
  EXPECT_EQ(good({{}, {}, 1350}), 1);
  EXPECT_EQ(good({{}, 99, {}}), 0);
}

TEST(Goodput, IsAShareAndARate) {
  const LatencyRow row = all_of(
      {call(0, 0, 100, 1000), call(0, 0, 900, 1000), call(0, 1000, 1100, 2000)}, Slo{500, {}, {}});
  EXPECT_EQ(row.goodput->n, 3);
  EXPECT_EQ(row.goodput->good, 1);  // the third waited a second to be sent
  EXPECT_DOUBLE_EQ(row.goodput->share, 1.0 / 3);
  EXPECT_DOUBLE_EQ(row.goodput->per_second, 0.5);
}

TEST(Goodput, OneTokenMissesNoTpot) {
  CallRecord one = call(0, 0, 100, 100);
  one.completion.usage.completion = 1;
  EXPECT_EQ(all_of({one}, Slo{{}, 0.001, {}}).goodput->good, 1);
}

TEST(Goodput, CallsThatCannotBeJudgedAreLeftOut) {
  CallRecord no_first = call(0, 0, 0, 100);
  no_first.completion.first_us = 0;
  const std::vector<CallRecord> calls{no_first, call(0, 0, 50, 100)};
  EXPECT_EQ(all_of(calls, Slo{500, {}, {}}).goodput->n, 1);
  EXPECT_EQ(all_of(calls, Slo{{}, 500, {}}).goodput->n, 1);
  EXPECT_EQ(all_of(calls, Slo{{}, {}, 500}).goodput->n, 2);
  EXPECT_EQ(all_of({}, Slo{{}, {}, 500}).goodput->n, 0);
}

TEST(ParseSlo, ReadsLimitsInAnyOrder) {
  const auto slo = parse_slo("latency=10000,ttft=500.5");
  ASSERT_TRUE(slo) << slo.error().message;
  EXPECT_EQ(slo->ttft_ms, 500.5);
  EXPECT_EQ(slo->tpot_ms, std::nullopt);
  EXPECT_EQ(slo->latency_ms, 10'000);
  EXPECT_EQ(parse_slo("tpot:50, e2el : 7")->latency_ms, 7);
}

TEST(ParseSlo, SaysWhichWordIsWrong) {
  const auto error = [](std::string_view text) {
    const auto slo = parse_slo(text);
    return slo ? "no error" : slo.error().message;
  };
  EXPECT_EQ(error("ttft"), "--slo: \"ttft\": needs a name and milliseconds, such as ttft=500");
  EXPECT_EQ(error("ttft=1,itl=5"), "--slo: \"itl=5\": known are ttft, tpot and latency");
  EXPECT_EQ(error("ttft=1,ttft=2"), "--slo: \"ttft=2\": is given twice");
  for (const char* text : {"ttft=", "ttft=0", "ttft=-1", "ttft=nan", "ttft=inf", "ttft=5ms",
                           "ttft=1e999", "ttft=0x10"})
    EXPECT_THAT(error(text), HasSubstr("needs a number of milliseconds above 0")) << text;
  EXPECT_THAT(error(""), HasSubstr("needs limits in milliseconds"));
  EXPECT_THAT(error("\x1b[2J=1"), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace evalrun
