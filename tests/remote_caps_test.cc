// Caps on tokens and dollars: a clean stop before the cap, and a run that can go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;

constexpr int kSamples = 60;
constexpr int kTokensACall = kReplyPromptTokens + kReplyCompletionTokens;

class RemoteCaps : public ::testing::Test {
 protected:
  Finished run(const std::vector<std::string>& more) {
    auto words =
        remote_words(server_.url("/v1"), {"--letters-count", std::to_string(kSamples),
                                          "--max-tokens", "50", "--out", folder_.path("run")});
    words.insert(words.end(), more.begin(), more.end());
    return evalrun(words);
  }
  int calls() { return int(calls_in(folder_.path("run")).size()); }

  // Stopped between the first and the last call; `resume_words` let it complete.
  void expect_stopped_then_complete(const Finished& stopped, const std::string& cap,
                                    const std::vector<std::string>& resume_words) {
    EXPECT_EQ(stopped.exit, 3) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr(cap));
    EXPECT_THAT(stopped.err, HasSubstr("evalrun resume " + folder_.path("run")));
    const int before = calls();
    EXPECT_GT(before, 0);
    EXPECT_LT(before, kSamples);
    EXPECT_EQ(server_.totals().requests, before) << "what was paid for is kept";

    std::vector<std::string> words{"resume", folder_.path("run")};
    words.insert(words.end(), resume_words.begin(), resume_words.end());
    const Finished resumed = evalrun(words);
    EXPECT_EQ(resumed.exit, 0) << resumed.err;
    EXPECT_EQ(calls(), kSamples);
    EXPECT_EQ(server_.totals().requests, kSamples);
    for (const auto& [body, count] : server_.counts()) EXPECT_EQ(count.received, 1) << body;
  }

  TestFolder folder_;
  FaultServer server_{answer};
};

TEST_F(RemoteCaps, TokensStopTheRunBeforeTheCap) {
  constexpr int kCap = 800;  // 44 calls by what they use, but each must fit in its worst case
  const Finished stopped = run({"--max-total-tokens", std::to_string(kCap)});
  EXPECT_LE(calls() * kTokensACall, kCap);
  expect_stopped_then_complete(stopped, "--max-total-tokens", {"--max-total-tokens", "100000"});
}

TEST_F(RemoteCaps, TheCapHoldsForTheWholeRunNotForEachPart) {
  constexpr int kCap = 800;
  EXPECT_EQ(run({"--max-total-tokens", std::to_string(kCap)}).exit, 3);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(evalrun({"resume", folder_.path("run")}).exit, 3);
    EXPECT_LE(calls() * kTokensACall, kCap);
  }
  EXPECT_EQ(server_.totals().requests, calls());
}

TEST_F(RemoteCaps, CostStopsTheRunBeforeTheCap) {
  // A dollar a token: the cap is 800 tokens again.
  const std::string prices = folder_.write("prices.toml", R"([[price]]
model = "mock"
prompt_usd = 1e6
completion_usd = 1e6
as_of = "2026-01-31"
source = "a test"
)");
  const Finished stopped = run({"--prices", prices, "--max-cost", "800"});
  EXPECT_LE(calls() * kTokensACall, 800);
  expect_stopped_then_complete(stopped, "--max-cost", {"--max-cost", "100000"});
}

TEST_F(RemoteCaps, ACostCapNeedsAPrice) {
  const Finished refused = run({"--max-cost", "1"});
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.err, HasSubstr("no price is known"));
  EXPECT_EQ(server_.totals().requests, 0);
}

TEST_F(RemoteCaps, ACapThatNoCallFitsSaysSo) {
  const Finished stopped = run({"--max-total-tokens", "10"});
  EXPECT_EQ(stopped.exit, 3);
  EXPECT_THAT(stopped.err, HasSubstr("--max-total-tokens"));
  EXPECT_EQ(server_.totals().requests, 0);
}

}  // namespace
}  // namespace evalrun
