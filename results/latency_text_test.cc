#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/report.h"
#include "results/report_fixture.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two samples a strategy; two calls of 100 ms side by side, the second of which waited 100 ms.
FakeRun remote_run() {
  FakeRun run;
  run.info.target = "remote";
  run.info.traffic = "closed loop, 8 samples in flight, up to 8 connections";
  run.info.price = Price{2, 0.5, 8, "2026-06-21", "a page"};
  run.add_suite("letters", 2, false);
  run.add("letters", "baseline", ScorerKind::strict, "rw");
  run.add("letters", "cepo", ScorerKind::strict, "ww");
  for (const char* id : {"sample_0", "sample_1"}) {
    for (const char* strategy : {"baseline", "cepo"})
      run.sample("letters", id, 0, strategy).answer.steps = {
          {"answer", "answer", {1'000, 400, 500, 0}, Finish::stop, false}};
    run.add_call("letters", id, "baseline", "answer", 1'000'000, 1'300'000);
    Completion& c = run.calls.back().completion;
    c.sent_us = 1'200'000;
    c.first_us = 1'250'000;
    c.usage = {1'000, 400, 501, 0};
    c.gaps = {{gap_bucket(1'000), 500}};
  }
  return run;
}

std::string text(const FakeRun& run, bool latency, std::optional<Slo> slo = std::nullopt) {
  const Report report =
      build_report({run.info, run.calls, run.samples, run.scores, run.metadata, slo});
  return report_text(report, {100, false, latency});
}

// By hand: TTFT 50 ms, TPOT 50/500 ms, latency 100 ms; 1,002 tokens in 0.1 s.
TEST(LatencyText, ARemoteRunHasAShortTable) {
  EXPECT_THAT(text(remote_run(), false), HasSubstr(R"(
Latency (ms, from sending unless "scheduled")
Traffic: closed loop, 8 samples in flight, up to 8 connections
calls of          n  TTFT p50   p99  TPOT p50   p99  latency p50  p99  tokens/s  requests/s
----------------  -  --------  ----  --------  ----  -----------  ---  --------  ----------
letters baseline  2      50.0  50.0      0.10  0.10          100  100     10020        20.0
)"));
}

TEST(LatencyText, AllOfItWhenAsked) {
  FakeRun run = remote_run();
  run.calls[0].completion.attempts = 2;
  run.calls[0].completion.server = {1'000, 20'000, 300'000, 0};
  run.add_call("letters", "sample_0", "cepo", "answer", 1, 2);
  run.calls.back().completion.from_cache = true;
  const std::string all = text(run, true, Slo{250, 50, {}});
  EXPECT_THAT(all, HasSubstr("letters baseline: 2 calls, 1 sent more than once\n"));
  EXPECT_THAT(all, HasSubstr("\nletters cepo: 0 calls; 1 more from the cache left out\n\nall: "));
  EXPECT_THAT(all, HasSubstr("\nall: 2 calls, 1 sent more than once; 1 more from the cache"));
  EXPECT_THAT(all, HasSubstr("\nTTFT                    2  50.0  50.0  50.0  50.0  50.0\n"));
  EXPECT_THAT(all, HasSubstr("\nlatency (scheduled)     2   300   300   300   300   300\n"));
  EXPECT_THAT(all, HasSubstr("\nITL                  1000  1.00  1.00  1.00  1.00  1.00\n"));
  EXPECT_THAT(all, HasSubstr("Throughput: 10020 output tokens/s and 20.0 requests/s over 0.10 s "
                             "with calls under way; a request:\n5010 tokens/s (median)\n"));
  EXPECT_THAT(all, HasSubstr("The server's own medians, of 1 call: queue 1.00, prompt 20.0, "
                             "completion 300 ms\n"));
  EXPECT_THAT(all, HasSubstr("Goodput (TTFT <= 250 ms, TPOT <= 50 ms, from scheduling): 100.0 % of "
                             "2 calls, 20.0 requests/s\n"));
}

TEST(LatencyText, SaysWhichCallsCannotBeJudged) {
  FakeRun run = remote_run();
  run.calls[0].completion.first_us = 0;
  EXPECT_THAT(
      text(run, true, Slo{250, {}, {}}),
      HasSubstr("100.0 % of 1 call, 10.0 requests/s; 1 without the times\nthat this needs\n"));
  run.calls[1].completion.first_us = 0;
  EXPECT_THAT(text(run, true, Slo{250, {}, {}}),
              HasSubstr("no call has the times that this needs"));
}

TEST(LatencyText, ALocalRunSaysNothingUnlessAsked) {
  FakeRun run = remote_run();
  run.info.traffic = "";
  EXPECT_THAT(text(run, false), Not(HasSubstr("TTFT")));
  EXPECT_THAT(text(run, true), HasSubstr("TTFT"));
  EXPECT_THAT(text(run, false, Slo{{}, {}, 1}), HasSubstr("Goodput (latency <= 1 ms"));
}

// A simulated run has no price and needs none: nothing was paid.
TEST(LatencyText, ASimulatedRunShowsItsTimesAndNoUnknownCost) {
  FakeRun run = remote_run();
  run.info.traffic = "";
  run.info.simulated = "4 x Toy as llama";
  run.info.price.reset();
  const std::string report = report_text(run.report(), {});
  EXPECT_THAT(report, HasSubstr("Latency (ms, from sending unless \"scheduled\") - simulated"));
  EXPECT_THAT(report, HasSubstr("is computed for 4 x Toy as llama."));
  EXPECT_THAT(report, Not(HasSubstr("US dollars")));
}

TEST(LatencyText, FitsTheWidth) {
  FakeRun run = remote_run();
  run.info.price->source = "https://example.com/prices, as quoted by somebody somewhere";
  run.info.suites[0].name = "crux-mini-o";
  for (CallRecord& call : run.calls) call.key.suite = "crux-mini-o";
  for (const bool latency : {false, true}) {
    const Report report = build_report(
        {run.info, run.calls, run.samples, run.scores, run.metadata, Slo{250, 50, 1000}});
    const ReportStyle style{80, false, latency};
    const std::string all = latency_text(report, style) + cost_text(report, style);
    EXPECT_THAT(all, HasSubstr("Goodput"));
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = all.find('\n', begin);
      EXPECT_LE(end - begin, 80u) << all.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

// A sample costs (600 * $2 + 400 * $0.5 + 500 * $8) / 10^6 = $0.0054.
TEST(CostText, SaysPriceDateAndSource) {
  EXPECT_THAT(text(remote_run(), false), HasSubstr(R"(
Cost in US dollars
suite    strategy   a sample  a right answer   in all  saved by the cache
-------  --------  ---------  --------------  -------  ------------------
letters  baseline  $0.005400         $0.0108  $0.0108                  $0
letters  cepo      $0.005400               -  $0.0108                  $0
All calls of the answered samples, thrown-away ones included; a million tokens: prompt $2, cached
$0.5, completion $8 (as of 2026-06-21, a page)
)"));
}

TEST(CostText, AnAnswerOfTheCacheIsNotPaid) {
  FakeRun run = remote_run();
  run.calls[1].completion.from_cache = true;
  run.calls[1].completion.usage = {1'000, 400, 500, 0};
  const SuiteRow row = run.report().rows[0];
  EXPECT_DOUBLE_EQ(row.cost_usd->paid, 0.0054);
  EXPECT_DOUBLE_EQ(row.cost_usd->from_cache, 0.0054);
  EXPECT_DOUBLE_EQ(*row.cost_usd->per_sample, 0.0027);
  EXPECT_DOUBLE_EQ(*row.cost_usd->per_right, 0.0054);
}

TEST(CostText, AnUnknownPriceIsUnknownNotZero) {
  FakeRun run = remote_run();
  run.info.price.reset();
  const std::string all = text(run, false);
  EXPECT_THAT(all, HasSubstr("Cost in US dollars\nunknown: there is no price for this model"));
  EXPECT_THAT(all, Not(HasSubstr("$0")));
  run.info.traffic = "";  // nobody asks what a local run costs
  EXPECT_THAT(text(run, false), Not(HasSubstr("Cost in US dollars")));
}

}  // namespace
}  // namespace evalrun
