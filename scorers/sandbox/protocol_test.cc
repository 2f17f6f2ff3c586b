#include "scorers/sandbox/protocol.h"

#include <gtest/gtest.h>

#include <limits>

namespace evalrun {
namespace {

constexpr Limits kLimits{
    .cpu_ms = 11, .wall_ms = 22, .memory_bytes = 33, .output_bytes = 100, .processes = 3};

ReplyHead good_head() {
  ReplyHead head{};
  head.sequence = 5;
  head.peak_memory_bytes = 4096;
  head.cpu_us = 2000;
  head.wall_us = 3000;
  head.status = WIRE_EXITED;
  head.exit_code = 7;
  head.signal = 0;
  head.before_tests = 1;
  head.open_session = 1;
  head.reason_size = 1;
  head.value_size = 2;
  head.stdout_size = 3;
  head.stderr_size = 4;
  return head;
}

TEST(Protocol, DecodesAReply) {
  ASSERT_EQ(reply_body_bytes(good_head(), 5, kLimits), 10U);
  const Reply reply = decode_reply(good_head(), "rvvoooeeee");
  EXPECT_TRUE(reply.open_session);
  const RunResult& result = reply.result;
  EXPECT_EQ(result.status, RunStatus::exited);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.reason, "r");
  EXPECT_EQ(result.value, "vv");
  EXPECT_EQ(result.stdout_text, "ooo");
  EXPECT_EQ(result.stderr_text, "eeee");
  EXPECT_EQ(result.cpu_us, 2000);
  EXPECT_EQ(result.wall_us, 3000);
  EXPECT_EQ(result.peak_memory_bytes, 4096);
  EXPECT_TRUE(result.before_tests);
}

TEST(Protocol, RefusesAnAnswerToAnotherQuestionAndAnUnknownStatus) {
  EXPECT_FALSE(reply_body_bytes(good_head(), 4, kLimits).has_value());
  ReplyHead head = good_head();
  head.status = WIRE_SANDBOX_ERROR + 1;
  EXPECT_FALSE(reply_body_bytes(head, 5, kLimits).has_value());
}

TEST(Protocol, RefusesSizesBeyondTheLimits) {
  for (std::uint32_t ReplyHead::*size :
       {&ReplyHead::value_size, &ReplyHead::stdout_size, &ReplyHead::stderr_size}) {
    ReplyHead head = good_head();
    head.*size = 100;
    EXPECT_TRUE(reply_body_bytes(head, 5, kLimits).has_value());
    head.*size = 101;
    EXPECT_FALSE(reply_body_bytes(head, 5, kLimits).has_value());
    head.*size = std::numeric_limits<std::uint32_t>::max();
    EXPECT_FALSE(reply_body_bytes(head, 5, kLimits).has_value());
  }
  ReplyHead head = good_head();
  head.reason_size = WIRE_REASON_MAX + 1;
  EXPECT_FALSE(reply_body_bytes(head, 5, kLimits).has_value());
}

TEST(Protocol, ARequestSaysWhatToRunAndHowFar) {
  const Program program{ProgramKind::method, "source", "name"};
  const RequestHead head = request_head(9, 77, program, kLimits, 1234);
  EXPECT_EQ(head.sequence, 9U);
  EXPECT_EQ(head.nonce, 77U);
  EXPECT_EQ(head.cpu_ms, 11U);
  EXPECT_EQ(head.wall_ms, 22U);
  EXPECT_EQ(head.memory_bytes, 33U);
  EXPECT_EQ(head.output_bytes, 100U);
  EXPECT_EQ(head.processes, 3U);
  EXPECT_EQ(head.kind, WIRE_METHOD);
  EXPECT_EQ(head.prelude, 0U);
  EXPECT_EQ(head.source_size, 6U);
  EXPECT_EQ(head.arguments_size, 4U);
  EXPECT_EQ(head.input_bytes, 1234U);
  EXPECT_EQ(request_head(9, 7, {ProgramKind::official_assert, "", "", true}, kLimits, 0).prelude,
            1U);
}

}  // namespace
}  // namespace evalrun
