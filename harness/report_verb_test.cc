// The flags of `evalrun report`, on a run folder written by hand. What a report says is tested in
// results/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/core/test_folder.h"
#include "harness/verb.h"
#include "results/manifest.h"
#include "results/store.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::Not;

// One sample of a remote run: asked, answered in 100 ms, right.
class ReportVerb : public testing::Test {
 protected:
  ReportVerb() {
    Manifest manifest;
    manifest.run.created = "2026-01-31T12:00:00Z";
    manifest.run.target = "remote";
    manifest.run.traffic = "open loop, 5 requests/s";
    manifest.run.strategies = {"baseline"};
    manifest.run.suites = {{"letters", "", "", "", false, {"a"}}};
    const auto folder = RunFolder::create(dir(), manifest_json(manifest));
    CallRecord call;
    call.key = {"letters", "a", 0, "baseline", "answer"};
    call.completion.scheduled_us = 1'000'000;
    call.completion.sent_us = 1'000'000;
    call.completion.first_us = 1'040'000;
    call.completion.done_us = 1'100'000;
    call.completion.usage.completion = 31;
    EXPECT_TRUE((*folder)->append(call));
    EXPECT_TRUE((*folder)->append(SampleRecord{"letters", "a", 0, "baseline", {}, ""}));
    const ScoreRecord score{"letters",      "a",   0,   "baseline", ScorerKind::strict,
                            Verdict::right, false, "3", ""};
    EXPECT_TRUE((*folder)->replace_scores({&score, 1}));
  }

  std::string dir() const { return temp_.path("run"); }

  // What is printed, or the error's line.
  std::string report(Arguments flags) const {
    flags.insert(flags.begin(), dir());
    testing::internal::CaptureStdout();
    const auto code = report_verb(flags);
    const std::string out = testing::internal::GetCapturedStdout();
    return code ? out : code.error().message;
  }

 private:
  const TestFolder temp_;
};

TEST_F(ReportVerb, SaysTrafficAndAShortLatencyOfARemoteRun) {
  const std::string out = report({});
  EXPECT_THAT(out, HasSubstr("Traffic: open loop, 5 requests/s\n"));
  EXPECT_THAT(out, HasSubstr("TTFT p50"));
  EXPECT_THAT(out, HasSubstr("unknown: there is no price"));
  EXPECT_THAT(out, Not(HasSubstr("latency (scheduled)")));
}

TEST_F(ReportVerb, LatencyShowsEveryDistribution) {
  EXPECT_THAT(report({"--latency"}), HasSubstr("latency (scheduled)"));
}

// TTFT 40 ms, TPOT 2 ms, latency 100 ms.
TEST_F(ReportVerb, SloGivesGoodput) {
  EXPECT_THAT(report({"--slo", "ttft=40,tpot=2"}), HasSubstr("100.0 % of 1 call, 10.0 requests/s"));
  EXPECT_THAT(report({"--slo", "ttft=40,tpot=1.9"}), HasSubstr("0.0 % of 1 call"));
  EXPECT_THAT(report({"--json", "--slo", "latency=99"}), HasSubstr("\"latency_ms\": 99.0"));
}

TEST_F(ReportVerb, ABadSloIsOneLine) {
  EXPECT_EQ(report({"--slo", "itl=1"}), "--slo: \"itl=1\": known are ttft, tpot and latency");
  EXPECT_THAT(report({"--slo", ""}), HasSubstr("--slo: needs limits in milliseconds"));
}

}  // namespace
}  // namespace evalrun
