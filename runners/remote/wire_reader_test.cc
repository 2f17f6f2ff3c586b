// Bodies in pieces, cut, mislabelled and garbled; thinking in tags; the times of tokens.
#include <gtest/gtest.h>

#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using testing::delta;
using testing::done;
using testing::event;
using testing::read;
using testing::read_document;
using testing::read_stream;

const std::string kAccount =
    event(R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}})");

std::string some_stream() {
  return delta(R"("role":"assistant","content":"")") + delta(R"("reasoning":"h\u00e9")") +
         delta(R"("content":"4")") + delta(R"("content":"\ud83d\ude00")") + delta("", R"("stop")") +
         kAccount + done();
}

TEST(WireReader, PiecesMayBeCutAnywhere) {
  const std::string body = some_stream();
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    const WireResult result =
        read({.content_type = "text/event-stream", .body = body, .piece_bytes = piece});
    ASSERT_FALSE(result.error) << piece << ": " << result.error->message;
    EXPECT_EQ(result.completion.text, "4\xf0\x9f\x98\x80") << piece;
    EXPECT_EQ(result.completion.reasoning, "h\xc3\xa9") << piece;
    EXPECT_EQ(result.completion.usage, (Usage{5, 0, 3, 0})) << piece;
  }
}

TEST(WireReader, AStreamCutBeforeItsFinishReasonIsNeverAWholeAnswer) {
  const std::string body = some_stream();
  const std::size_t told = body.find("\"stop\"}]}") + 9;  // the finish reason's JSON is there
  for (const bool whole : {false, true})
    for (std::size_t n = 0; n < body.size(); ++n) {
      const WireResult result = read_stream(body.substr(0, n), Api::openai, whole);
      ASSERT_EQ(!result.error, n >= told) << n;
      if (result.error) {
        EXPECT_EQ(result.error->kind, WireErrorKind::protocol) << n;
      } else {
        EXPECT_EQ(result.completion.text, "4\xf0\x9f\x98\x80") << n;
      }
    }
}

TEST(WireReader, ADocumentCutAnywhereIsNeverAWholeAnswer) {
  const std::string body =
      R"({"choices":[{"message":{"content":"4"},"finish_reason":"stop"}],"usage":null})";
  for (const bool whole : {false, true})
    for (std::size_t n = 0; n < body.size(); ++n) {
      const WireResult result = read({.body = body.substr(0, n), .whole = whole});
      ASSERT_TRUE(result.error) << n;
      EXPECT_EQ(result.error->kind, WireErrorKind::protocol) << n;
    }
  EXPECT_EQ(read({.body = body.substr(0, 50), .whole = false}).error->message,
            "the connection was cut after 50 bytes of the answer");
  EXPECT_EQ(read({.body = body.substr(0, 50)}).error->message,
            "the answer is not valid JSON at byte 50 of 50");
}

TEST(WireReader, AStreamEnds) {
  const std::string text = delta(R"("content":"4")");
  EXPECT_FALSE(read_stream(text + done()).error) << "[DONE] without a finish reason";
  EXPECT_FALSE(read_stream(delta(R"("content":"4")", R"("stop")")).error)
      << "a finish reason without [DONE]";
  EXPECT_EQ(read_stream(text).error->message, "the stream was cut before the answer was over");
  EXPECT_FALSE(read_stream(text + "data: [DONE]").error) << "the last line has no end";
  EXPECT_EQ(read_stream(text + done() + delta(R"("content":"5")") + "garbage").completion.text, "4")
      << "what follows [DONE] is nobody's";
  EXPECT_FALSE(read_stream(delta(R"("content":"4")", R"("stop")") + "data: {\"cho", Api::openai,
                           /*whole=*/false)
                   .error);
}

TEST(WireReader, IsDoneOnceNothingMoreIsNeeded) {
  ResponseReader reader(Api::openai, 200, "text/event-stream");
  reader.feed(delta(R"("content":"4")", R"("stop")"), 1);
  EXPECT_FALSE(reader.is_done()) << "usage may follow";
  reader.feed(kAccount, 1);
  EXPECT_FALSE(reader.is_done());
  reader.feed(done(), 1);
  EXPECT_TRUE(reader.is_done());
  ResponseReader broken(Api::openai, 200, "text/event-stream");
  broken.feed("data: {\n\n", 1);
  EXPECT_TRUE(broken.is_done());
}

TEST(WireReader, BrokenJsonInsideAStreamIsShown) {
  const WireResult result = read_stream(delta(R"("content":"4")") + event("{\"choices\":[{]}"));
  EXPECT_EQ(result.error->kind, WireErrorKind::protocol);
  EXPECT_EQ(result.error->message, "an event's data are not valid JSON: {\"choices\":[{]}");
}

// The first bytes say what a body is: servers mislabel both ways.
TEST(WireReader, ReadsABodyAsWhatItIs) {
  for (const char* type : {"text/event-stream", "Text/Event-Stream; charset=utf-8",
                           "application/json", "text/plain", ""}) {
    EXPECT_EQ(read({.content_type = type, .body = some_stream()}).completion.text,
              "4\xf0\x9f\x98\x80")
        << type;
    EXPECT_EQ(read({.content_type = type,
                    .body = "\r\n {\"choices\":[{\"message\":{\"content\":\"4\"},"
                            "\"finish_reason\":\"stop\"}]}"})
                  .completion.text,
              "4")
        << type;
    EXPECT_EQ(read({.content_type = type, .body = "<html><title>No</title>"}).error->message,
              "the server answered with HTML: No")
        << type;
    EXPECT_EQ(read({.content_type = type, .body = ": waiting\n\n" + some_stream()}).completion.text,
              "4\xf0\x9f\x98\x80")
        << type;
  }
}

TEST(WireReader, NothingIsNoAnswer) {
  for (const char* type : {"text/event-stream", "application/json"}) {
    EXPECT_EQ(read({.content_type = type}).error->message, "the server answered with nothing");
    EXPECT_EQ(read({.content_type = type, .whole = false}).error->message,
              "the connection was cut before the answer");
  }
  EXPECT_EQ(read({.status = 204}).error->kind, WireErrorKind::protocol);
  EXPECT_TRUE(read({.body = "upstream connect error or disconnect"}).error);
}

TEST(WireReader, InvalidUtf8LosesNothingElse) {
  EXPECT_EQ(read_stream(delta("\"content\":\"a\xff"
                              "b\"",
                              R"("stop")"))
                .completion.text,
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(read_document("{\"choices\":[{\"message\":{\"content\":\"a\xc3\"},"
                          "\"finish_reason\":\"stop\"}]}")
                .completion.text,
            "a\xef\xbf\xbd");
  EXPECT_EQ(read_stream(delta("\"content\":\"\xc3\"") + delta("\"content\":\"\xa9\"", R"("stop")"))
                .completion.text,
            "\xc3\xa9")
      << "a character that the server cut in two";
}

TEST(WireReader, AByteOrderMarkIsNoPartOfTheAnswer) {
  EXPECT_EQ(read_stream("\xef\xbb\xbf" + some_stream()).completion.text, "4\xf0\x9f\x98\x80");
  EXPECT_FALSE(read_document("\xef\xbb\xbf{\"choices\":[{\"message\":{\"content\":\"4\"},"
                             "\"finish_reason\":\"stop\"}]}")
                   .error);
}

TEST(WireReader, MoreThan64MegabytesIsAnError) {
  const std::string line = "data: " + std::string(1 << 20, 'x');
  ResponseReader stream(Api::openai, 200, "text/event-stream");
  stream.feed("data: ", 1);
  for (int i = 0; i < 65; ++i) stream.feed(line, 1);
  EXPECT_TRUE(stream.is_done());
  EXPECT_EQ(stream.finish(true).error->message, "the answer is longer than 64 MB");
  ResponseReader document(Api::openai, 200, "application/json");
  for (int i = 0; i < 65; ++i) document.feed("{" + line, 1);
  EXPECT_EQ(document.finish(true).error->kind, WireErrorKind::protocol);
  ResponseReader error(Api::openai, 503, "text/plain");
  for (int i = 0; i < 65; ++i) error.feed(line, 1);
  EXPECT_EQ(error.finish(true).error->kind, WireErrorKind::overloaded)
      << "the status still says it";
}

struct Thinking {
  const char* content;
  const char* text;
  const char* reasoning;
};
constexpr Thinking kThinking[] = {
    {"<think>why</think>4", "4", "why"},
    {" \\n<think>\\nwhy\\n</think>\\n\\n4", "4", "why"},
    {"<think></think>\\n  4", "  4", ""},
    {"<think>why", "", "why"},
    {"<think>why</thin", "", "why</thin"},
    {"why</think>\\n4", "4", "why"},
    {"why</think>4</think>5", "4</think>5", "why"},
    {"<think>a<think>b</think>4", "4", "a<think>b"},
    {"4 <think>no</think>", "4 <think>no</think>", ""},
    {"<thinking>4", "<thinking>4", ""},
    {"4", "4", ""},
    {"", "", ""},
};

TEST(WireReader, ThinkingInTagsIsReasoning) {
  for (const Thinking& one : kThinking) {
    const std::string content(one.content);
    const WireResult result =
        read_stream(delta("\"content\":\"" + content + "\"", R"("stop")") + done());
    EXPECT_EQ(result.completion.text, one.text) << content;
    EXPECT_EQ(result.completion.reasoning, one.reasoning) << content;
  }
}

TEST(WireReader, TagsMayBeCutOverPieces) {
  std::string body;
  for (const char c : std::string_view("<think>why</think>4"))
    body += delta("\"content\":\"" + std::string(1, c) + "\"");
  const WireResult result = read_stream(body + done());
  EXPECT_EQ(result.completion.text, "4");
  EXPECT_EQ(result.completion.reasoning, "why");
}

TEST(WireReader, TagsAreTextWhereReasoningHasItsOwnField) {
  const WireResult result =
      read_stream(delta(R"("reasoning":"why")") + delta(R"("content":"a</think>b")", R"("stop")"));
  EXPECT_EQ(result.completion.text, "a</think>b");
  EXPECT_EQ(result.completion.reasoning, "why");
}

TEST(WireReader, TheFirstPieceWithTextIsTimedAndTheGapsAfterIt) {
  ResponseReader reader(Api::openai, 200, "text/event-stream");
  reader.feed(delta(R"("role":"assistant","content":"")"), 1'000'000);
  const std::string thought = delta(R"("reasoning":"h")");
  reader.feed(thought.substr(0, 10), 1'000'100);  // not yet a piece
  reader.feed(thought.substr(10), 1'000'500);
  reader.feed(delta(R"("content":"4")"), 1'001'500);
  reader.feed(delta(R"("content":null)"), 1'001'700);
  reader.feed(delta(R"("content":"2")") + delta(R"("content":"!")"), 1'003'500);
  reader.feed(delta("", R"("stop")") + kAccount + done(), 1'009'000);
  const Completion completion = reader.finish(true).completion;
  EXPECT_EQ(completion.first_us, 1'000'500);
  const GapCounts expected{{gap_bucket(1000), 1}, {gap_bucket(2000), 1}, {0, 1}};
  EXPECT_EQ(completion.gaps, expected);
  EXPECT_EQ(completion.done_us, 0) << "the caller's";
}

TEST(WireReader, MayBeMoved) {
  ResponseReader first(Api::openai, 200, "text/event-stream");
  first.feed(delta(R"("content":"4")"), 1);
  ResponseReader second(std::move(first));
  second.feed(done(), 1);
  EXPECT_EQ(second.finish(true).completion.text, "4");
}

}  // namespace
}  // namespace evalrun
