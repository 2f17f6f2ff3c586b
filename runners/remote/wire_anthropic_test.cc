// The Messages API: its documented events, whole and broken.
#include <gtest/gtest.h>

#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using testing::read_document;
using testing::read_stream;

std::string event(std::string_view type, std::string_view members = "") {
  return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + "\"" +
         std::string(members) + "}\n\n";
}

std::string start() {
  return event("message_start",
               R"(,"message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
               R"("stop_reason":null,"usage":{"input_tokens":25,"cache_read_input_tokens":100,)"
               R"("cache_creation_input_tokens":10,"output_tokens":1}})");
}

std::string text(std::string_view words) {
  return event("content_block_delta",
               R"(,"index":0,"delta":{"type":"text_delta","text":")" + std::string(words) + "\"}");
}

std::string stop(std::string_view reason) {
  return event("message_delta", R"(,"delta":{"stop_reason":")" + std::string(reason) +
                                    R"(","stop_sequence":null},"usage":{"output_tokens":15})") +
         event("message_stop");
}

std::string whole_stream() {
  return start() +
         event("content_block_start", R"(,"index":0,"content_block":{"type":"thinking",)"
                                      R"("thinking":"","signature":""})") +
         event("ping") +
         event("content_block_delta",
               R"(,"index":0,"delta":{"type":"thinking_delta","thinking":"2+2"})") +
         event("content_block_delta",
               R"(,"index":0,"delta":{"type":"signature_delta","signature":"EqQB"})") +
         event("content_block_stop", R"(,"index":0)") +
         event("content_block_start", R"(,"index":1,"content_block":{"type":"text","text":""})") +
         text("4") + text("!") + event("content_block_stop", R"(,"index":1)") + stop("end_turn");
}

WireResult stream(const std::string& body, bool whole = true) {
  return read_stream(body, Api::anthropic, whole);
}

TEST(WireAnthropic, AStreamOfThinkingAndText) {
  const WireResult result = stream(whole_stream());
  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_EQ(result.completion.text, "4!");
  EXPECT_EQ(result.completion.reasoning, "2+2");
  EXPECT_EQ(result.completion.finish, Finish::stop);
  EXPECT_EQ(result.completion.usage, (Usage{135, 100, 15, 0})) << "25 + 100 read + 10 written";
}

TEST(WireAnthropic, TruncatedAtEachByteItIsWholeOnlyOnceTheStopReasonCame) {
  const std::string body = whole_stream();
  const std::size_t told = body.find("event: message_stop") - 2;  // the stop reason's line is there
  for (std::size_t n = 0; n < body.size(); ++n) {
    const WireResult result = stream(body.substr(0, n), /*whole=*/false);
    EXPECT_EQ(!result.error, n >= told) << n;
    if (result.error) {
      EXPECT_EQ(result.error->kind, WireErrorKind::protocol) << n;
    } else {
      EXPECT_EQ(result.completion.text, "4!") << n;
    }
  }
}

TEST(WireAnthropic, StopReasons) {
  const std::pair<const char*, Finish> kReasons[] = {
      {"end_turn", Finish::stop},     {"stop_sequence", Finish::stop},
      {"max_tokens", Finish::length}, {"refusal", Finish::refused},
      {"pause_turn", Finish::stop},   {"model_context_window_exceeded", Finish::length},
      {"tool_use", Finish::stop}};
  for (const auto& [word, finish] : kReasons)
    EXPECT_EQ(stream(start() + text("x") + stop(word)).completion.finish, finish) << word;
}

TEST(WireAnthropic, UnknownEventsAndDeltasArePassedOver) {
  const WireResult result = stream(
      start() + event("new_event") +
      event("content_block_delta", R"(,"delta":{"type":"input_json_delta","partial_json":"{"})") +
      text("4") + stop("end_turn"));
  ASSERT_FALSE(result.error);
  EXPECT_EQ(result.completion.text, "4");
}

TEST(WireAnthropic, ErrorEvents) {
  const auto kind = [](std::string_view type) {
    return stream(start() + text("4") +
                  event("error", R"(,"error":{"type":")" + std::string(type) +
                                     R"(","message":"Overloaded"})"))
        .error->kind;
  };
  EXPECT_EQ(kind("overloaded_error"), WireErrorKind::overloaded);
  EXPECT_EQ(kind("rate_limit_error"), WireErrorKind::rate_limited);
  EXPECT_EQ(kind("api_error"), WireErrorKind::server);
  EXPECT_EQ(kind("invalid_request_error"), WireErrorKind::bad_request);
}

TEST(WireAnthropic, WhatIsBrokenIsNamed) {
  EXPECT_EQ(stream("data: {}\n\n").error->message, "an event without a type");
  EXPECT_EQ(stream(event("content_block_delta")).error->message, "delta is not an object");
  EXPECT_EQ(stream(event("content_block_delta", R"(,"delta":{"type":"text_delta","text":1})"))
                .error->message,
            "delta.text is not a string");
  EXPECT_EQ(stream(event("message_start")).error->message, "message_start without a message");
  EXPECT_EQ(stream(event("message_stop")).error->message, "the stream ended without an answer");
}

TEST(WireAnthropic, ADocument) {
  const WireResult result = read_document(
      R"({"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"2+2",)"
      R"("signature":"x"},{"type":"redacted_thinking","data":"y"},{"type":"text","text":"4"}],)"
      R"("stop_reason":"max_tokens","usage":{"input_tokens":5,"output_tokens":6}})",
      Api::anthropic);
  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_EQ(result.completion.text, "4");
  EXPECT_EQ(result.completion.reasoning, "2+2");
  EXPECT_EQ(result.completion.finish, Finish::length);
  EXPECT_EQ(result.completion.usage, (Usage{5, 0, 6, 0}));
}

TEST(WireAnthropic, BrokenDocuments) {
  const auto message = [](const char* body) {
    return read_document(body, Api::anthropic).error->message;
  };
  EXPECT_EQ(message("{}"), "content is missing");
  EXPECT_EQ(message(R"({"content":"x"})"), "content is not an array");
  EXPECT_EQ(message(R"({"content":[]})"), "stop_reason is missing");
  EXPECT_EQ(message(R"({"content":[],"stop_reason":"end_turn","usage":{"input_tokens":-1}})"),
            "usage.input_tokens is not a count");
}

}  // namespace
}  // namespace evalrun
