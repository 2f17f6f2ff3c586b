// RemoteModel against a loopback server: what the whole program does not show.
#include "runners/remote/remote_model.h"
#include "harness/core/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "tests/fault_replies.h"

namespace evalrun {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

Request request_about(const std::string& question) {
  Request request;
  request.key = {"suite", question, 0, "baseline", "answer"};
  request.messages = {{Role::user, question}};
  request.max_tokens = 16;
  return request;
}

RemoteOptions options_for(const FaultServer& server) {
  RemoteOptions options;
  options.base_url = server.url("/v1");
  options.wire.model = "mock";
  return options;
}

std::vector<Completion> ask(RemoteModel& model, int calls) {
  std::vector<std::future<Completion>> futures;
  for (int i = 0; i < calls; ++i) futures.push_back(model.submit(request_about(std::to_string(i))));
  std::vector<Completion> answers;
  for (auto& future : futures) answers.push_back(future.get());
  return answers;
}

TEST(RemoteModel, ItsTimesAreInOrderAndItsGapsAreTheServers) {
  constexpr int kGapMs = 30;
  FaultServer server([](const FaultRequest&) { return sse_reply("one two three", 4, kGapMs); });
  RemoteModel model(options_for(server));
  const Completion answer = ask(model, 1)[0];
  EXPECT_EQ(answer.text, "one two three");
  EXPECT_EQ(answer.attempts, 1);
  EXPECT_GT(answer.sent_us, 0);
  EXPECT_GE(answer.first_us, answer.sent_us);
  EXPECT_GT(answer.done_us, answer.first_us);
  std::int64_t gaps = 0;
  for (const auto& [bucket, count] : answer.gaps) gaps += count;
  EXPECT_THAT(gaps, AllOf(Ge(1), Le(3)));  // a busy machine may bring two pieces together
  EXPECT_GE(gap_quantile_us(answer.gaps, 1), 0.9 * kGapMs * 1000);
}

TEST(RemoteModel, BeginsWithFewAndNeverPassesTheMost) {
  FaultServer server([](const FaultRequest& request) {
    Reply reply = answer(request);
    reply.delay_ms = 5;
    return reply;
  });
  RemoteOptions options = options_for(server);
  options.limits = {.max_connections = 30, .start_connections = 7};
  RemoteModel model(options);
  ask(model, 7);
  EXPECT_LE(server.totals().in_flight_max, 7);
  ask(model, 200);
  EXPECT_THAT(server.totals().in_flight_max, AllOf(Ge(8), Le(30)));
}

TEST(RemoteModel, AttemptsAreCountedAndTheSuccessfulOneIsTimed) {
  FaultServer server([](const FaultRequest& request) {
    return request.before < 2 ? error_reply(503, "busy") : answer(request);
  });
  RemoteModel model(options_for(server));
  const std::int64_t before_us = wall_us();
  const Completion completion = ask(model, 1)[0];
  EXPECT_EQ(completion.finish, Finish::stop);
  EXPECT_EQ(completion.attempts, 3);
  EXPECT_GE(completion.sent_us, before_us);
  EXPECT_EQ(server.totals().requests, 3);
}

TEST(RemoteModel, EndsCallsInFlightWhenItGoes) {
  FaultServer server(
      [](const FaultRequest& request) { return cut_after(answer(request), 0, Ending::stall); });
  std::vector<std::future<Completion>> futures;
  {
    RemoteOptions options = options_for(server);
    options.limits = {.max_connections = 3};
    RemoteModel model(options);
    // Three are sent and never answered, two wait for a connection.
    for (int i = 0; i < 5; ++i) futures.push_back(model.submit(request_about(std::to_string(i))));
  }
  for (auto& future : futures) {
    const Completion completion = future.get();
    EXPECT_EQ(completion.finish, Finish::error);
    EXPECT_FALSE(completion.is_fatal);
  }
}

TEST(RemoteModel, ATotalTimeoutCountsTheWaitForAConnection) {
  FaultServer server(
      [](const FaultRequest& request) { return cut_after(answer(request), 0, Ending::stall); });
  RemoteOptions options = options_for(server);
  options.limits = {.max_connections = 1};
  options.timeout_ms = 200;
  RemoteModel model(options);
  for (const Completion& completion : ask(model, 2)) {
    EXPECT_EQ(completion.finish, Finish::error);
    EXPECT_THAT(completion.error, HasSubstr("200 ms"));
  }
}

TEST(RemoteModel, StopStringsThatTheServerIgnoresEndTheText) {
  FaultServer server([](const FaultRequest&) { return completion_reply("42[/ANSWER] and more"); });
  RemoteModel model(options_for(server));
  Request request = request_about("x");
  request.stop = {"[/ANSWER]"};
  EXPECT_EQ(model.submit(request).get().text, "42");
}

TEST(RemoteModel, BaseUrlsAreChecked) {
  EXPECT_TRUE(check_base_url("https://api.example.com/v1"));
  EXPECT_TRUE(check_base_url("http://[::1]:8000"));
  for (const char* url : {"", "api.example.com", "ftp://x", "https://", "https://x/v1?key=1",
                          "https://x y", "https://x/\n", "https://x/#a"})
    EXPECT_FALSE(check_base_url(url)) << url;
  const Status secret = check_base_url("https://user:hunter22@example.com/v1");
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message, testing::Not(HasSubstr("hunter22")));
}

TEST(RemoteModel, BackoffIsFullJitterUpToAMinute) {
  EXPECT_EQ(backoff_us(1, 0), 0);
  for (const auto& [failures, most_us] :
       {std::pair(1, 500'000), {2, 1'000'000}, {4, 4'000'000}, {8, 60'000'000}, {99, 60'000'000}}) {
    std::int64_t longest = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const std::int64_t wait = backoff_us(failures, i * 0x9e3779b97f4a7c15ULL);
      ASSERT_LE(wait, most_us);
      longest = std::max(longest, wait);
    }
    EXPECT_GT(longest, most_us * 9 / 10) << failures;
  }
}

}  // namespace
}  // namespace evalrun
