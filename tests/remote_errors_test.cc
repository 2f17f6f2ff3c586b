// Each way in which an endpoint fails, through the whole program: what is asked again, what ends
// the run, and whose words are shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class RemoteErrors : public ::testing::Test {
 protected:
  Finished run(const FaultServer& server, const std::vector<std::string>& more) {
    auto words = remote_words(server.url("/v1"), more);
    words.insert(words.end(), {"--out", folder_.path("run")});
    return evalrun(words);
  }
  std::string run_dir() const { return folder_.path("run"); }

  // One sample; the first attempt gets `first`, later ones a whole answer.
  void expect_asked_again(const std::string& what, const Reply& first) {
    const TestFolder folder;
    FaultServer server(
        [&](const FaultRequest& request) { return request.before == 0 ? first : answer(request); });
    const Finished done = evalrun(
        remote_words(server.url("/v1"), {"--limit", "1", "--stall-timeout", "0.3",
                                         "--attempt-timeout", "5", "--out", folder.path("run")}));
    EXPECT_EQ(done.exit, 0) << what << ": " << done.err;
    EXPECT_EQ(server.totals().requests, 2) << what;
    const auto calls = calls_in(folder.path("run"));
    ASSERT_THAT(calls, SizeIs(1)) << what;
    EXPECT_TRUE(server.counts().contains(calls[0].completion.text)) << what;
    EXPECT_EQ(calls[0].completion.attempts, 2) << what;
  }

  // One sample; `reply` is taken as the answer `text` at once.
  void expect_taken(const std::string& what, const Reply& reply, const std::string& text) {
    const TestFolder folder;
    FaultServer server([&](const FaultRequest&) { return reply; });
    const Finished done =
        evalrun(remote_words(server.url("/v1"), {"--limit", "1", "--out", folder.path("run")}));
    EXPECT_EQ(done.exit, 0) << what << ": " << done.err;
    EXPECT_EQ(server.totals().requests, 1) << what;
    const auto calls = calls_in(folder.path("run"));
    ASSERT_THAT(calls, SizeIs(1)) << what;
    EXPECT_EQ(calls[0].completion.text, text) << what;
    EXPECT_EQ(calls[0].completion.finish, Finish::stop) << what;
  }

  TestFolder folder_;
};

// The bodies are the dialects' own: OpenAI, vLLM before and since 0.10, llama-server, Anthropic.
TEST_F(RemoteErrors, ARefusedRequestIsNotSentAgainAndItsWordsAreShown) {
  struct Case {
    int status;
    const char* body;
    const char* words;
  };
  for (const Case& c :
       {Case{400,
             R"({"error":{"message":"maximum context length is 4096 tokens",)"
             R"("type":"invalid_request_error","param":"messages",)"
             R"("code":"context_length_exceeded"}})",
             "maximum context length is 4096 tokens"},
        Case{400,
             R"({"object":"error","message":"top_p must be in (0, 1]","type":"BadRequestError",)"
             R"("param":null,"code":400})",
             "top_p must be in (0, 1]"},
        Case{422, R"({"error":{"message":"unknown field seed","type":"Bad Request","code":422}})",
             "unknown field seed"},
        Case{400,
             R"({"error":{"code":400,"message":"request exceeds the available context size",)"
             R"("type":"exceed_context_size_error"}})",
             "request exceeds the available context size"},
        Case{400,
             R"({"type":"error","error":{"type":"invalid_request_error",)"
             R"("message":"max_tokens: Field required"},"request_id":"req_1"})",
             "max_tokens: Field required"}}) {
    const TestFolder folder;
    FaultServer server([&](const FaultRequest&) { return json_reply(c.status, c.body); });
    const Finished done =
        evalrun(remote_words(server.url("/v1"), {"--limit", "2", "--out", folder.path("run")}));
    EXPECT_EQ(done.exit, 3) << c.body << done.err;
    EXPECT_THAT(done.out, HasSubstr("INCOMPLETE"));
    EXPECT_THAT(done.err + done.out, HasSubstr(c.words));
    EXPECT_EQ(server.totals().requests, 2) << c.body << "each of the two samples asks once";
    for (const SampleRecord& sample : samples_in(folder.path("run")))
      EXPECT_THAT(sample.model_error, HasSubstr(c.words));
  }
}

TEST_F(RemoteErrors, WhatNoCallCanPassEndsTheRunAtOnce) {
  struct Case {
    int status;
    const char* body;
    const char* words;
  };
  for (
      const Case& c :
      {Case{401, R"({"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}})",
            "Incorrect API key provided"},
       Case{403, R"({"error":{"message":"country not supported"}})", "country not supported"},
       Case{404, R"({"error":{"message":"The model `mock` does not exist"}})",
            "The model `mock` does not exist"},
       Case{402, R"({"error":{"message":"Insufficient credits"}})", "Insufficient credits"},
       Case{
           429,
           R"({"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}})",
           "You exceeded your current quota"}}) {
    const TestFolder folder;
    FaultServer server([&](const FaultRequest&) { return json_reply(c.status, c.body); });
    const Finished done = evalrun(
        remote_words(server.url("/v1"), {"--limit", "50", "--max-connections", "1", "--max-samples",
                                         "1", "--out", folder.path("run")}));
    EXPECT_EQ(done.exit, 3) << c.body;
    EXPECT_THAT(done.err, HasSubstr(c.words));
    EXPECT_EQ(server.totals().requests, 1) << c.body;
  }
}

TEST_F(RemoteErrors, ARunThatWasEndedSoGoesOnWhenTheKeyIsRight) {
  bool is_key_right = false;
  FaultServer server([&](const FaultRequest& request) {
    if (request.serial < 2 || is_key_right) return answer(request);
    is_key_right = true;  // for the requests to come
    return error_reply(401, "key expired");
  });
  EXPECT_EQ(run(server, {"--limit", "5", "--max-connections", "1", "--max-samples", "1"}).exit, 3);
  EXPECT_THAT(calls_in(run_dir()), SizeIs(2));
  EXPECT_EQ(evalrun({"resume", run_dir()}).exit, 0);
  EXPECT_THAT(calls_in(run_dir()), SizeIs(5));
  EXPECT_EQ(server.totals().requests, 6);
}

TEST_F(RemoteErrors, BrokenAnswersAreAskedForAgain) {
  Reply truncated = completion_reply("Answer: 1");
  truncated.pieces[0].bytes.resize(40);
  expect_asked_again("truncated JSON", truncated);
  Reply html = json_reply(200, "<!DOCTYPE html><html><body>Please log in</body></html>");
  html.headers = {{"Content-Type", "text/html"}};
  expect_asked_again("an HTML page", html);
  expect_asked_again("JSON of another kind", json_reply(200, R"({"status": "ok"})"));
  expect_asked_again("no body", json_reply(200, ""));
  expect_asked_again("an error inside a 200",
                     json_reply(200, R"({"error":{"message":"upstream timed out","code":504}})"));
  Reply late_error = cut_after(sse_reply("Answer: 1"), 2);
  late_error.ending = Ending::whole;
  late_error.pieces.push_back({"data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n"});
  expect_asked_again("an error inside a stream", late_error);
}

TEST_F(RemoteErrors, BrokenConnectionsAreAskedAgain) {
  const Reply stream = sse_reply("Answer: 1");
  expect_asked_again("cut mid-token", cut_after(stream, 2));
  expect_asked_again("reset mid-token", cut_after(stream, 2, Ending::reset));
  expect_asked_again("a stall between tokens", cut_after(stream, 2, Ending::stall));
  Reply ended = cut_after(stream, 3);  // as HTTP has it, but the model never said that it was done
  ended.ending = Ending::whole;
  expect_asked_again("a stream that ends too early", ended);
  Reply broken = stream;
  broken.framing = Framing::broken_chunk;
  broken.pieces.resize(2);
  expect_asked_again("a broken chunk", broken);
  expect_asked_again("no HTTP", garbage_reply("garbage\r\n\r\n"));
  expect_asked_again("half a document", [] {
    Reply half = completion_reply("Answer: 1");
    half.content_length = std::int64_t(half.pieces[0].bytes.size());
    half.pieces[0].bytes.resize(30);
    half.ending = Ending::cut;
    return half;
  }());
}

TEST_F(RemoteErrors, OddButWholeAnswersAreTaken) {
  Reply plain = completion_reply("Answer: 1");
  plain.headers = {{"Content-Type", "text/plain"}};
  expect_taken("JSON that is called text", plain, "Answer: 1");
  expect_taken("a document where a stream was asked for", completion_reply("Answer: 2"),
               "Answer: 2");
  Reply no_done = sse_reply("Answer: 3");
  no_done.pieces.pop_back();
  expect_taken("a stream without [DONE]", no_done, "Answer: 3");
  Reply no_usage = sse_reply("Answer: 4");
  no_usage.pieces.erase(no_usage.pieces.end() - 2);
  expect_taken("a stream without usage", no_usage, "Answer: 4");
  Reply open = sse_reply("Answer: 5");
  open.ending = Ending::stall;
  expect_taken("a stream that stays open after [DONE]", open, "Answer: 5");
  Reply invalid = completion_reply("Answer: ?");
  std::string& bytes = invalid.pieces[0].bytes;
  bytes.replace(bytes.find('?'), 1, "\xff");
  expect_taken("invalid UTF-8", invalid, "Answer: \xef\xbf\xbd");  // U+FFFD
  Reply in_bytes = sse_reply("Antwort: \xc3\xbc 6");
  in_bytes = slow_loris(in_bytes, 0);
  expect_taken("a stream that comes byte by byte", in_bytes, "Antwort: \xc3\xbc 6");
}

TEST_F(RemoteErrors, ARetryAfterIsObeyed) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point refused, again;
  FaultServer server([&](const FaultRequest& request) {
    (request.before == 0 ? refused : again) = Clock::now();
    return request.before == 0 ? with_header(error_reply(429, "slow down"), "Retry-After", "1")
                               : answer(request);
  });
  EXPECT_EQ(run(server, {"--limit", "1"}).exit, 0);
  (void)server.totals();  // takes the server's lock: what its handler wrote is ours to read now
  EXPECT_GE(again - refused, std::chrono::milliseconds(990));
}

TEST_F(RemoteErrors, RetriesAndTimeHaveAnEnd) {
  FaultServer server([](const FaultRequest&) { return error_reply(503, "still loading"); });
  const Finished retries = run(server, {"--limit", "1", "--max-retries", "2"});
  EXPECT_EQ(retries.exit, 3);
  EXPECT_EQ(server.totals().requests, 3);
  EXPECT_THAT(retries.err + retries.out, HasSubstr("still loading"));

  const TestFolder folder;
  const auto start = std::chrono::steady_clock::now();
  const Finished time =
      evalrun(remote_words(server.url("/v1"), {"--limit", "1", "--max-retries", "1000", "--timeout",
                                               "1", "--out", folder.path("run")}));
  EXPECT_EQ(time.exit, 3);
  EXPECT_THAT(time.err + time.out, HasSubstr("no answer within 1000 ms"));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST_F(RemoteErrors, AnAddressWhereNobodyListensIsOneClearLine) {
  std::string url;
  {
    const FaultServer gone(answer);
    url = gone.url("/v1");
  }
  const Finished done = evalrun(
      remote_words(url, {"--limit", "3", "--max-retries", "1", "--out", folder_.path("run")}));
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.err, HasSubstr("127.0.0.1"));
}

TEST_F(RemoteErrors, ANonStreamingRunAndAnthropicWorkToo) {
  FaultServer server([](const FaultRequest& request) {
    return request.before == 0 ? error_reply(529, "overloaded") : answer(request);
  });
  for (const std::vector<std::string>& how : {std::vector<std::string>{"--no-stream"},
                                              {"--api", "anthropic"},
                                              {"--api", "anthropic", "--no-stream"}}) {
    const TestFolder folder;
    auto words = remote_words(server.url("/v1"), {"--limit", "2", "--out", folder.path("run")});
    words.insert(words.end(), how.begin(), how.end());
    const Finished done = evalrun(words);
    EXPECT_EQ(done.exit, 0) << done.err;
    for (const CallRecord& call : calls_in(folder.path("run"))) {
      EXPECT_TRUE(server.counts().contains(call.completion.text));
      EXPECT_EQ(call.completion.usage.prompt, kReplyPromptTokens);
      EXPECT_EQ(call.completion.usage.completion, kReplyCompletionTokens);
    }
  }
  EXPECT_EQ(server.totals().requests, 3 * 2 * 2);
}

}  // namespace
}  // namespace evalrun
