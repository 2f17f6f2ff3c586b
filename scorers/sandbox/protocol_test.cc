#include "scorers/sandbox/protocol.h"

#include <gtest/gtest.h>

#include <cstring>

namespace evalrun {
namespace {

std::string reply(ReplyHead head, const std::string& rest) {
  std::string body(sizeof head, '\0');
  std::memcpy(body.data(), &head, sizeof head);
  return body + rest;
}

ReplyHead good_head() {
  ReplyHead head{};
  head.sequence = 5;
  head.peak_memory_bytes = 4096;
  head.cpu_ms = 2;
  head.wall_ms = 3;
  head.status = static_cast<std::uint32_t>(RunStatus::exited);
  head.exit_code = 7;
  head.reason_size = 1;
  head.value_size = 2;
  head.stdout_size = 3;
  head.stderr_size = 0;
  return head;
}

TEST(Protocol, DecodesAReply) {
  const auto result = decode_reply(reply(good_head(), "rvvooo"), 5);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status, RunStatus::exited);
  EXPECT_EQ(result->exit_code, 7);
  EXPECT_EQ(result->reason, "r");
  EXPECT_EQ(result->value, "vv");
  EXPECT_EQ(result->stdout_text, "ooo");
  EXPECT_EQ(result->stderr_text, "");
  EXPECT_EQ(result->cpu_ms, 2);
  EXPECT_EQ(result->wall_ms, 3);
  EXPECT_EQ(result->peak_memory_bytes, 4096);
}

TEST(Protocol, RefusesAReplyCutAtAnyByteOrTooLong) {
  const std::string body = reply(good_head(), "rvvooo");
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_reply(body.substr(0, size), 5).has_value()) << size;
  }
  EXPECT_FALSE(decode_reply(body + "x", 5).has_value());
}

TEST(Protocol, RefusesAnAnswerToAnotherQuestionAndAnUnknownStatus) {
  EXPECT_FALSE(decode_reply(reply(good_head(), "rvvooo"), 4).has_value());
  ReplyHead head = good_head();
  head.status = static_cast<std::uint32_t>(RunStatus::sandbox_error) + 1;
  EXPECT_FALSE(decode_reply(reply(head, "rvvooo"), 5).has_value());
  head = good_head();
  head.value_size = 0xffffffffU;
  EXPECT_FALSE(decode_reply(reply(head, "rvvooo"), 5).has_value());
}

TEST(Protocol, ARequestIsItsLengthItsHeadAndItsTexts) {
  Limits limits;
  limits.cpu_ms = 11;
  limits.wall_ms = 22;
  limits.processes = 3;
  const std::string message = encode_request(9, 77, {ProgramKind::call, "source", "1, 2"}, limits);
  std::uint32_t size = 0;
  std::memcpy(&size, message.data(), sizeof size);
  EXPECT_EQ(size, message.size() - 4);
  RequestHead head{};
  ASSERT_GE(message.size(), 4 + sizeof head);
  std::memcpy(&head, message.data() + 4, sizeof head);
  EXPECT_EQ(head.sequence, 9U);
  EXPECT_EQ(head.nonce, 77U);
  EXPECT_EQ(head.cpu_ms, 11U);
  EXPECT_EQ(head.wall_ms, 22U);
  EXPECT_EQ(head.processes, 3U);
  EXPECT_EQ(head.kind, 1U);
  EXPECT_EQ(head.source_size, 6U);
  EXPECT_EQ(head.arguments_size, 4U);
  EXPECT_EQ(message.substr(4 + sizeof head), "source1, 2");
}

TEST(Protocol, AHelloCarriesTheVersion) {
  EXPECT_EQ(decode_hello("H3.11.2"), "3.11.2");
  EXPECT_FALSE(decode_hello("").has_value());
  EXPECT_FALSE(decode_hello("H").has_value());
  EXPECT_FALSE(decode_hello("X3.11.2").has_value());
}

}  // namespace
}  // namespace evalrun
