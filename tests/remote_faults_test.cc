// An endpoint that fails in every way at once, and 10,000 calls that are each answered exactly
// once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "harness/core/hash.h"
#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

constexpr int kCalls = 10'000;
// Faults come at the first attempts of a call only: the backoff doubles with each, and a test has
// no minute to wait for the one call in 20,000 that meets eight of them.
constexpr int kFaultyAttempts = 3;

enum class Fault {
  none,
  error_500,
  html_502,
  retry_after_503,
  error_529,
  retry_after_429,
  bare_429,
  reset_at_once,
  reset_mid_stream,
  cut_at_once,
  cut_mid_stream,
  broken_chunk,
  garbage,
  truncated_json,
  stalled,     // costs --stall-timeout
  no_head,     // costs --attempt-timeout
  slow_loris,  // slow, but an answer
};

struct Share {
  Fault fault;
  int per_mille;
};
// 300 of 1,000.
constexpr std::array<Share, 16> kShares{{{Fault::error_500, 30},
                                         {Fault::html_502, 25},
                                         {Fault::retry_after_503, 25},
                                         {Fault::error_529, 20},
                                         {Fault::retry_after_429, 30},
                                         {Fault::bare_429, 20},
                                         {Fault::reset_at_once, 20},
                                         {Fault::reset_mid_stream, 25},
                                         {Fault::cut_at_once, 15},
                                         {Fault::cut_mid_stream, 25},
                                         {Fault::broken_chunk, 15},
                                         {Fault::garbage, 15},
                                         {Fault::truncated_json, 15},
                                         {Fault::stalled, 8},
                                         {Fault::no_head, 2},
                                         {Fault::slow_loris, 10}}};

// By the request alone: the same faults in every run of the test.
Fault fault_of(const FaultRequest& request) {
  if (request.before >= kFaultyAttempts) return Fault::none;
  int left = int(hash64(request.body, std::uint64_t(request.before)) % 1000);
  for (const Share& share : kShares) {
    if (left < share.per_mille) return share.fault;
    left -= share.per_mille;
  }
  return Fault::none;
}

Reply reply_of(Fault fault, const FaultRequest& request) {
  const Reply whole = answer(request);
  Reply reply = whole;
  switch (fault) {
    case Fault::none:
      return whole;
    case Fault::error_500:
      return error_reply(500, "internal error");
    case Fault::html_502:
      reply = json_reply(502, "<html><body><h1>502 Bad Gateway</h1></body></html>");
      reply.headers = {{"Content-Type", "text/html"}};
      return reply;
    case Fault::retry_after_503:
      return with_header(error_reply(503, "loading"), "Retry-After", "0.002");
    case Fault::error_529:
      return error_reply(529, "overloaded");
    case Fault::retry_after_429:
      return with_header(error_reply(429, "slow down"), "Retry-After", "0.002");
    case Fault::bare_429:
      return error_reply(429, "slow down");
    case Fault::reset_at_once:
    case Fault::cut_at_once:
      reply.framing = Framing::bare;
      return cut_after(reply, 0, fault == Fault::cut_at_once ? Ending::cut : Ending::reset);
    case Fault::reset_mid_stream:
      return cut_after(whole, 2, Ending::reset);
    case Fault::cut_mid_stream:
      return cut_after(whole, 2);
    case Fault::broken_chunk:
      reply = cut_after(whole, 2);
      reply.framing = Framing::broken_chunk;
      return reply;
    case Fault::garbage:
      return garbage_reply("\x16\x03\x01 this is no HTTP\r\n\r\n");
    case Fault::truncated_json:
      reply = completion_reply(answer_text(request));
      reply.pieces[0].bytes.resize(reply.pieces[0].bytes.size() / 2);
      reply.is_answer = false;
      return reply;
    case Fault::stalled:
      return cut_after(whole, 2, Ending::stall);
    case Fault::no_head:
      reply.framing = Framing::bare;
      return cut_after(reply, 0, Ending::stall);
    case Fault::slow_loris:
      return slow_loris(whole, 1);
  }
  return whole;
}

class RemoteFaults : public ::testing::Test {
 protected:
  Finished run(const FaultServer& server, const std::vector<std::string>& more) {
    auto words = remote_words(server.url("/v1"), more);
    words.insert(words.end(), {"--letters-count", std::to_string(kCalls), "--max-connections",
                               "256", "--out", folder_.path("run")});
    return evalrun(words);
  }
  TestFolder folder_;
};

TEST_F(RemoteFaults, TenThousandCallsAreEachAnsweredOnce) {
  std::map<Fault, int> faults;
  std::map<std::string, std::string> questions;  // by the answer's text
  FaultServer server([&](const FaultRequest& request) {
    questions[answer_text(request)] = last_message(request.body);
    // Two storms: whatever comes is refused, with half a second to wait.
    if ((request.serial >= 3'000 && request.serial < 3'100) ||
        (request.serial >= 7'000 && request.serial < 7'100))
      return with_header(error_reply(429, "storm"), "Retry-After", "0.5");
    const Fault fault = fault_of(request);
    ++faults[fault];
    return reply_of(fault, request);
  });
  const Finished done = run(server, {"--start-connections", "200", "--attempt-timeout", "4",
                                     "--stall-timeout", "2", "--max-retries", "20"});
  ASSERT_EQ(done.exit, 0) << done.err << done.out;

  (void)server.totals();  // takes the server's lock: what its handler wrote is ours to read now

  // Each sample has one call in the journal, and its text is the answer to this sample's question.
  const auto asked = letters_questions(kCalls);
  std::set<std::string> samples, texts;
  std::int64_t attempts = 0;
  for (const CallRecord& call : calls_in(folder_.path("run"))) {
    EXPECT_TRUE(samples.insert(call.key.sample).second) << call.key.sample << " is there twice";
    EXPECT_EQ(questions[call.completion.text], asked.at(call.key.sample)) << call.key.sample;
    EXPECT_EQ(call.completion.usage.completion, kReplyCompletionTokens);
    texts.insert(call.completion.text);
    attempts += call.completion.attempts;
  }
  EXPECT_EQ(samples.size(), std::size_t(kCalls));
  EXPECT_EQ(texts.size(), std::size_t(kCalls));

  // The server answered each request body in full once, and was asked nothing else.
  const auto counts = server.counts();
  EXPECT_EQ(counts.size(), std::size_t(kCalls));
  for (const auto& [sha256, count] : counts) EXPECT_EQ(count.answered, 1) << sha256;
  // libcurl sends again by itself what met a kept connection that was already dead.
  EXPECT_LE(attempts, server.totals().requests);
  EXPECT_GE(attempts, kCalls + kCalls / 4);

  int injected = 0;
  for (const auto& [fault, count] : faults) {
    EXPECT_GT(count, 0);
    if (fault != Fault::none) injected += count;
  }
  EXPECT_EQ(faults.size(), kShares.size() + 1) << "a kind of fault that never came";
  EXPECT_GE(injected, kCalls * 3 / 10);
}

}  // namespace
}  // namespace evalrun
