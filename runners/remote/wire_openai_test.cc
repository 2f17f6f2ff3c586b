// What one choice, one usage and one finish reason mean, in chunks and in documents.
#include <gtest/gtest.h>

#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using testing::delta;
using testing::done;
using testing::event;
using testing::read_document;
using testing::read_stream;

std::string document(std::string_view message, std::string_view rest = "") {
  return R"({"choices":[{"index":0,"message":{)" + std::string(message) +
         R"(},"finish_reason":"stop"}])" + std::string(rest) + "}";
}

Completion whole(const WireResult& result) {
  EXPECT_FALSE(result.error) << result.error->message;
  return result.completion;
}

WireError broken(const WireResult& result) {
  EXPECT_TRUE(result.error) << result.completion.text;
  EXPECT_EQ(result.completion.finish, Finish::error);
  return result.error.value_or(WireError{});
}

TEST(WireOpenAi, ContentInChunks) {
  const Completion c = whole(read_stream(
      delta(R"("role":"assistant","content":"")") + delta(R"("content":"4")") +
      delta(R"("content":null)") + delta(R"("content":"2")") + delta("", R"("stop")") +
      event(
          R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}})") +
      done()));
  EXPECT_EQ(c.text, "42");
  EXPECT_EQ(c.reasoning, "");
  EXPECT_EQ(c.finish, Finish::stop);
  EXPECT_EQ(c.usage, (Usage{7, 0, 2, 0}));
}

TEST(WireOpenAi, ContentInADocument) {
  const Completion c = whole(read_document(
      document(R"("role":"assistant","content":"4\n2")", R"(,"usage":{"prompt_tokens":7})")));
  EXPECT_EQ(c.text, "4\n2");
  EXPECT_EQ(c.usage, (Usage{7, 0, 0, 0}));
  EXPECT_EQ(c.first_us, 0) << "a document says nothing of the first token";
}

TEST(WireOpenAi, LegacyCompletions) {
  const Api api = Api::openai_completions;
  EXPECT_EQ(whole(read_stream(event(R"({"choices":[{"index":0,"text":"4"}]})") +
                                  event(R"({"choices":[{"index":0,"text":"2","finish_reason":)"
                                        R"("length"}]})") +
                                  done(),
                              api))
                .text,
            "42");
  EXPECT_EQ(
      whole(read_document(R"({"choices":[{"index":0,"text":"42","finish_reason":"stop"}]})", api))
          .text,
      "42");
  EXPECT_EQ(
      broken(read_document(R"({"choices":[{"index":0,"finish_reason":"stop"}]})", api)).message,
      "choices[0].text is missing");
}

TEST(WireOpenAi, ContentMayBeAListOfParts) {
  const Completion c = whole(read_document(document(
      R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"2+2"}]},)"
      R"({"type":"thinking","thinking":"!"},{"type":"text","text":"4"},{"type":"text","text":"."}])")));
  EXPECT_EQ(c.text, "4.");
  EXPECT_EQ(c.reasoning, "2+2!");
}

TEST(WireOpenAi, ReasoningUnderEitherNameAndOnceUnderBoth) {
  for (const char* members : {R"("reasoning_content":"why")", R"("reasoning":"why")",
                              R"("reasoning":"why","reasoning_content":"why")",
                              R"("reasoning_content":null,"reasoning":"why")"}) {
    const std::string all = std::string(members) + R"(,"content":"4")";
    EXPECT_EQ(whole(read_stream(delta(all) + done())).reasoning, "why") << members;
    EXPECT_EQ(whole(read_document(document(all))).reasoning, "why") << members;
    EXPECT_EQ(whole(read_document(document(all))).text, "4") << members;
  }
}

TEST(WireOpenAi, OnlyTheChoiceOfIndexZeroCounts) {
  const Completion c = whole(read_stream(
      event(
          R"({"choices":[{"index":1,"delta":{"content":"B"}},{"index":0,"delta":{"content":"A"}}]})") +
      event(R"({"choices":[{"index":1,"delta":{},"finish_reason":"length"}]})") +
      delta("", R"("stop")") + done()));
  EXPECT_EQ(c.text, "A");
  EXPECT_EQ(c.finish, Finish::stop);
}

TEST(WireOpenAi, FinishReasons) {
  const std::pair<const char*, Finish> kReasons[] = {{"stop", Finish::stop},
                                                     {"length", Finish::length},
                                                     {"content_filter", Finish::refused},
                                                     {"tool_calls", Finish::stop},
                                                     {"function_call", Finish::stop},
                                                     {"eos", Finish::stop},
                                                     {"max_tokens", Finish::length}};
  for (const auto& [word, finish] : kReasons) {
    const std::string reason = '"' + std::string(word) + '"';
    EXPECT_EQ(whole(read_stream(delta(R"("content":"x")", reason))).finish, finish) << word;
  }
}

TEST(WireOpenAi, AFinishReasonThatIsTheServersFailureIsAnError) {
  EXPECT_EQ(
      broken(read_stream(delta(R"("content":"x")", R"("insufficient_system_resource")"))).kind,
      WireErrorKind::overloaded);
  EXPECT_EQ(broken(read_stream(delta(R"("content":"x")", R"("abort")"))).kind,
            WireErrorKind::server);
}

TEST(WireOpenAi, ARefusalIsARefusal) {
  const Completion c =
      whole(read_document(document(R"("content":null,"refusal":"I can't help with that.")")));
  EXPECT_EQ(c.finish, Finish::refused);
  EXPECT_EQ(c.text, "I can't help with that.");
  EXPECT_EQ(
      whole(read_stream(delta(R"("refusal":"No")") + delta(R"("refusal":".")", R"("stop")"))).text,
      "No.");
}

Usage usage_of(std::string_view usage) {
  return whole(read_document(document(R"("content":"x")", ",\"usage\":" + std::string(usage))))
      .usage;
}

TEST(WireOpenAi, Usage) {
  EXPECT_EQ(usage_of(R"({"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,)"
                     R"("prompt_tokens_details":{"cached_tokens":8},)"
                     R"("completion_tokens_details":{"reasoning_tokens":3}})"),
            (Usage{9, 8, 5, 3}));
  EXPECT_EQ(usage_of(R"({"prompt_tokens":9,"completion_tokens":5,"prompt_cache_hit_tokens":4,)"
                     R"("prompt_cache_miss_tokens":5,"prompt_tokens_details":null})"),
            (Usage{9, 4, 5, 0}))
      << "DeepSeek";
  EXPECT_EQ(usage_of("null"), Usage{});
}

TEST(WireOpenAi, ReasoningBesideTheCompletionIsAddedWhereTheTotalSaysSo) {
  EXPECT_EQ(usage_of(R"({"prompt_tokens":12,"completion_tokens":2,"total_tokens":354,)"
                     R"("completion_tokens_details":{"reasoning_tokens":340}})"),
            (Usage{12, 0, 342, 340}))
      << "xAI";
  EXPECT_EQ(usage_of(R"({"prompt_tokens":12,"completion_tokens":342,"total_tokens":354,)"
                     R"("completion_tokens_details":{"reasoning_tokens":340}})"),
            (Usage{12, 0, 342, 340}))
      << "all others";
}

TEST(WireOpenAi, UsageStandsInAnyChunkAndTheLastCounts) {
  const Completion c = whole(read_stream(
      event(R"({"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,)"
            R"("completion_tokens":1}})") +
      event(R"({"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],)"
            R"("usage":{"prompt_tokens":3,"completion_tokens":2}})") +
      done()));
  EXPECT_EQ(c.usage, (Usage{3, 0, 2, 0}));
}

TEST(WireOpenAi, ServerTimes) {
  const auto times = [&](std::string_view members) {
    return whole(read_document(document(R"("content":"x")", ',' + std::string(members)))).server;
  };
  EXPECT_EQ(times(R"("time_info":{"queue_time":0.04307491,"prompt_time":0.003177936,)"
                  R"("completion_time":0.003934382,"total_time":0.051694631576538086})"),
            (ServerTimes{43075, 3178, 3934, 51695}))
      << "Cerebras";
  EXPECT_EQ(times(R"("x_groq":{"usage":{"queue_time":0.5,"prompt_time":0.25,"prompt_tokens":1,)"
                  R"("completion_time":2,"total_time":2.25}})"),
            (ServerTimes{500000, 250000, 2000000, 2250000}))
      << "Groq";
  EXPECT_EQ(times(R"("timings":{"prompt_n":4,"prompt_ms":12.5,"predicted_ms":100.25})"),
            (ServerTimes{0, 12500, 100250, 112750}))
      << "llama-server";
  EXPECT_EQ(times(R"("time_info":{"total_time":-1e300,"queue_time":1e300})"), ServerTimes{});
}

TEST(WireOpenAi, WhatIsMissingOrOfTheWrongTypeIsNamed) {
  const std::pair<const char*, const char*> kDocuments[] = {
      {"{}", "choices is missing"},
      {R"({"choices":null})", "choices is missing"},
      {R"({"choices":{}})", "choices is not an array"},
      {R"({"choices":[]})", "choices is empty"},
      {R"({"choices":[7]})", "choices[0] is not an object"},
      {R"({"choices":[{"finish_reason":"stop"}]})", "choices[0].message is missing"},
      {R"({"choices":[{"message":"x","finish_reason":"stop"}]})",
       "choices[0].message is not an object"},
      {R"({"choices":[{"message":{"content":7},"finish_reason":"stop"}]})",
       "choices[0].message.content is not a string"},
      {R"({"choices":[{"message":{"content":"x"}}]})", "choices[0].finish_reason is missing"},
      {R"({"choices":[{"message":{"content":"x"},"finish_reason":1}]})",
       "finish_reason is not a string"},
      {R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":[]})",
       "usage is not an object"},
      {R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],)"
       R"("usage":{"completion_tokens":"12"}})",
       "usage.completion_tokens is not a count"},
      {"[]", "the answer's JSON is not an object"}};
  for (const auto& [body, message] : kDocuments) {
    const WireError error = broken(read_document(body));
    EXPECT_EQ(error.message, message) << body;
    EXPECT_EQ(error.kind, WireErrorKind::protocol) << body;
  }
  EXPECT_EQ(broken(read_stream(event(R"({"id":"x"})"))).message, "a chunk without choices");
  EXPECT_EQ(broken(read_stream(event(R"({"choices":[{"index":0}]})"))).message,
            "choices[0].delta is missing");
}

TEST(WireOpenAi, OfDuplicateMembersTheLastCounts) {
  EXPECT_EQ(whole(read_document(document(R"("content":"first","content":"last")"))).text, "last");
}

TEST(WireOpenAi, AnEmptyCompletionIsAWholeAnswer) {
  EXPECT_EQ(whole(read_document(document(R"("content":"")"))).text, "");
  EXPECT_EQ(whole(read_document(document(R"("content":null)"))).text, "");
  EXPECT_EQ(whole(read_stream(delta("", R"("stop")") + done())).text, "");
}

// Azure opens with a chunk that has no choices; a stream of nothing else is no answer.
TEST(WireOpenAi, ChunksWithoutChoices) {
  EXPECT_EQ(
      whole(read_stream(event(R"({"choices":[]})") + delta(R"("content":"x")", R"("stop")"))).text,
      "x");
  EXPECT_EQ(broken(read_stream(event(R"({"choices":[]})") + done())).message,
            "the stream ended without an answer");
}

}  // namespace
}  // namespace evalrun
