// 10,000 calls in flight at once.
#include <gtest/gtest.h>

#include <set>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

constexpr int kCalls = 10'000;
constexpr int kOtherFiles = 300;  // that a process has open besides its connections

TEST(RemoteScale, TenThousandCallsAreInFlightAtOnce) {
  if (!raise_open_files(kCalls + kOtherFiles))
    GTEST_SKIP() << "the hard limit of open files (ulimit -Hn) is below " << kCalls + kOtherFiles;
  // No answer before all have asked: one call less in flight, and nothing would ever end.
  FaultServer server([](const FaultRequest& request) {
    Reply reply = answer(request);
    reply.wait_for = kCalls;
    return reply;
  });
  const TestFolder folder;
  const std::string count = std::to_string(kCalls);
  const Finished done = evalrun(remote_words(
      server.url("/v1"), {"--letters-count", count, "--max-connections", count,
                          "--start-connections", count, "--max-samples", count, "--attempt-timeout",
                          "100", "--max-retries", "0", "--out", folder.path("run")}));
  ASSERT_EQ(done.exit, 0) << done.err;
  std::set<std::string> texts;
  for (const CallRecord& call : calls_in(folder.path("run"))) texts.insert(call.completion.text);
  EXPECT_EQ(texts.size(), std::size_t(kCalls));
  EXPECT_EQ(server.totals().in_flight_max, kCalls);
  EXPECT_EQ(server.totals().requests, kCalls);
}

}  // namespace
}  // namespace evalrun
