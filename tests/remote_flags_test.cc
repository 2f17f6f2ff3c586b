// What a person at a terminal turns: the cache, the open loop, rate limits, a proxy, a replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class RemoteFlags : public ::testing::Test {
 protected:
  Finished run(const std::string& url, const std::string& name,
               const std::vector<std::string>& more, const std::vector<std::string>& env = {}) {
    auto words = remote_words(url, {"--limit", "6", "--out", folder_.path(name)});
    words.insert(words.end(), more.begin(), more.end());
    return evalrun(words, env);
  }
  std::map<std::string, std::string> answers(const std::string& name) const {
    std::map<std::string, std::string> out;
    for (const SampleRecord& sample : samples_in(folder_.path(name)))
      out[sample.sample] = sample.answer.text;
    return out;
  }
  TestFolder folder_;
  FaultServer server_{answer};
};

TEST_F(RemoteFlags, ACacheAnswersALaterRunForNothing) {
  const std::vector<std::string> cached{"--cache", folder_.path("cache")};
  ASSERT_EQ(run(server_.url("/v1"), "first", cached).exit, 0);
  const Finished second = run(server_.url("/v1"), "second", cached);
  ASSERT_EQ(second.exit, 0) << second.err;
  EXPECT_EQ(server_.totals().requests, 6);
  EXPECT_EQ(answers("second"), answers("first"));
  for (const CallRecord& call : calls_in(folder_.path("second")))
    EXPECT_TRUE(call.completion.from_cache);
  // Another seed is another question, and so is another model.
  auto other = cached;
  other.insert(other.end(), {"--seed", "2"});
  ASSERT_EQ(run(server_.url("/v1"), "seed", other).exit, 0);
  EXPECT_EQ(server_.totals().requests, 12);
  ASSERT_EQ(run(server_.url("/v1"), "model", {"--cache", folder_.path("cache"), "-M", "x=1"}).exit,
            0);
  EXPECT_EQ(server_.totals().requests, 18);
}

TEST_F(RemoteFlags, ARunIsReplayedOffline) {
  ASSERT_EQ(run(server_.url("/v1"), "live", {}).exit, 0);
  const Finished replay =
      evalrun({"--suite", "letters", "--limit", "6", "--target", "recorded", "--from",
               folder_.path("live"), "--out", folder_.path("replay")});
  ASSERT_EQ(replay.exit, 0) << replay.err;
  EXPECT_EQ(server_.totals().requests, 6);
  EXPECT_EQ(answers("replay"), answers("live"));
}

TEST_F(RemoteFlags, AnOpenLoopSaysSoAndDoesNotWaitForAnswers) {
  // Nobody answers before all six have come: a closed loop of one would wait for ever.
  FaultServer together([](const FaultRequest& request) {
    Reply reply = answer(request);
    reply.wait_for = 6;
    return reply;
  });
  const Finished done =
      run(together.url("/v1"), "open", {"--request-rate", "50", "--timeout", "30"});
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("open loop, 50 samples a second arrive (Poisson)"));
  std::int64_t first = INT64_MAX, last = 0;
  for (const CallRecord& call : calls_in(folder_.path("open"))) {
    first = std::min(first, call.completion.scheduled_us);
    last = std::max(last, call.completion.scheduled_us);
    EXPECT_LE(call.completion.scheduled_us, call.completion.sent_us);
  }
  EXPECT_GT(last - first, 5'000);  // five exponential gaps of 20 ms in the mean, by the seed
}

TEST_F(RemoteFlags, RequestsAMinuteAreKept) {
  const Finished done = run(server_.url("/v1"), "rpm", {"--rpm", "4", "--timeout", "2"});
  EXPECT_EQ(done.exit, 3);  // two of six had no turn within 2 s
  EXPECT_EQ(server_.totals().requests, 4);
  EXPECT_THAT(done.out, HasSubstr("no answer within 2000 ms"));
}

TEST_F(RemoteFlags, TokensAMinuteAreKept) {
  // A call may take some 200 tokens and takes 18, so that a fourth does not fit.
  const Finished done = run(server_.url("/v1"), "tpm",
                            {"--tpm", "250", "--timeout", "2", "--start-connections", "1"});
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(server_.totals().requests, ::testing::AllOf(::testing::Ge(1), ::testing::Le(4)));
}

// The fault server as a proxy: it is asked for a whole address.
TEST_F(RemoteFlags, AProxyIsUsed) {
  std::string path;
  FaultServer proxy([&](const FaultRequest& request) {
    path = request.path;
    return answer(request);
  });
  const std::string far = "http://endpoint.invalid/v1";
  ASSERT_EQ(run(far, "flag", {"--proxy", proxy.url()}).exit, 0);
  (void)proxy.totals();  // takes the server's lock: what its handler wrote is ours to read now
  EXPECT_THAT(path, StartsWith("http://endpoint.invalid/v1/chat/completions"));
  ASSERT_EQ(run(far, "variable", {}, {"http_proxy=" + proxy.url(), "no_proxy="}).exit, 0);
  EXPECT_EQ(proxy.totals().requests, 12);
  const Finished refused = run(far, "secret", {"--proxy", "http://me:hunter22@proxy"});
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.err, ::testing::Not(HasSubstr("hunter22")));
}

TEST_F(RemoteFlags, WrongWordsAreOneClearLine) {
  struct Case {
    std::vector<std::string> words;
    std::string says;
  };
  const std::string url = server_.url("/v1");
  for (const Case& one : std::vector<Case>{
           {{"--target", "remote", "--model", "m"}, "--base-url"},
           {{"--target", "remote", "--base-url", url}, "--model"},
           {{"--target", "remote", "--model", "m", "--provider", "cerebra"}, "cerebras"},
           {{"--target", "remote", "--model", "m", "--base-url", "localhost:80"}, "http://"},
           {{"--target", "remote", "--model", "m", "--base-url", url, "-M", "x"}, "KEY=VALUE"},
           {{"--target", "remote", "--model", "m", "--base-url", url, "--header", "a b=c"},
            "--header"},
           {{"--target", "remote", "--model", "m", "--base-url", url, "--api-key-env",
             "NOT_SET_ANYWHERE"},
            "NOT_SET_ANYWHERE is not set"},
           {{"--target", "remote", "--model", "m", "--base-url", url, "--api", "openia"},
            "openai"}}) {
    const Finished done = evalrun(one.words);
    EXPECT_EQ(done.exit, 64) << one.says;
    EXPECT_THAT(done.err, HasSubstr(one.says));
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
  }
  EXPECT_EQ(server_.totals().requests, 0);
}

}  // namespace
}  // namespace evalrun
