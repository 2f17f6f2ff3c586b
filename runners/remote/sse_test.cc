#include "runners/remote/sse.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace evalrun {
namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events events_of(std::string_view bytes, std::size_t piece, bool with_finish = true) {
  SseParser parser(1 << 20);
  SseEvent event;
  Events all;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    for (parser.feed(bytes.substr(at, piece)); parser.next(event);)
      all.emplace_back(event.name, event.data);
  if (with_finish && parser.finish(event)) all.emplace_back(event.name, event.data);
  return all;
}

struct Example {
  const char* what;
  std::string bytes;
  Events events;
};

// Expectations from the standard's own examples and text (WHATWG HTML 9.2.5 and 9.2.6).
const std::vector<Example>& examples() {
  static const std::vector<Example> kExamples{
      {"the standard's stocks", "data: YHOO\ndata: +2\ndata: 10\n\n", {{"", "YHOO\n+2\n10"}}},
      {"the standard's four blocks",
       ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
       "event\n\n",
       {{"", "first event"}, {"", "second event"}, {"", " third event"}}},
      {"the standard's empty data", "data\n\ndata\ndata\n\n", {{"", ""}, {"", "\n"}}},
      {"a space more or less", "data:test\n\ndata: test\n\n", {{"", "test"}, {"", "test"}}},
      {"CRLF", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", {{"a", "1"}, {"", "2"}}},
      {"CR alone", "data: 1\rdata: 2\r\rdata: 3\r\r", {{"", "1\n2"}, {"", "3"}}},
      {"mixed line ends", "data: 1\r\ndata: 2\n\rdata: 3\n\r\n", {{"", "1\n2"}, {"", "3"}}},
      {"CRLF, then LF", "data: 1\r\n\ndata: 2\r\n\n", {{"", "1"}, {"", "2"}}},
      {"a byte order mark",
       "\xef\xbb\xbf"
       "data: 1\n\n",
       {{"", "1"}}},
      {"a byte order mark later is data", "data: \xef\xbb\xbf\n\n", {{"", "\xef\xbb\xbf"}}},
      {"comments", ": OPENROUTER PROCESSING\n\n:\ndata: 1\n:x\n\n", {{"", "1"}}},
      {"the last event name counts", "event: a\nevent: b\ndata: 1\n\n", {{"b", "1"}}},
      {"a name does not outlive its event", "event: a\n\ndata: 1\n\n", {{"", "1"}}},
      {"unknown fields", "retry: 5\nfoo: x\nDATA: y\ndatax: z\ndata: 1\n\n", {{"", "1"}}},
      {"colons in the value", "data: {\"a\":\"b: c\"}\n\n", {{"", "{\"a\":\"b: c\"}"}}},
      {"no data, no event", "event: ping\n\nid: 3\n\n\n\n", {}},
      {"nothing", "", {}},
  };
  return kExamples;
}

TEST(Sse, ReadsWhatTheStandardSays) {
  for (const Example& example : examples())
    EXPECT_EQ(events_of(example.bytes, 1 << 20), example.events) << example.what;
}

TEST(Sse, PiecesMayBeCutAnywhere) {
  for (const Example& example : examples())
    for (std::size_t piece = 1; piece < example.bytes.size(); ++piece)
      EXPECT_EQ(events_of(example.bytes, piece), example.events) << example.what << " by " << piece;
}

// Cut at each byte: the events that were whole, and then at most the half one that finish() adds.
TEST(Sse, TruncatedAtEachByteLosesOnlyTheEnd) {
  for (const Example& example : examples())
    for (std::size_t n = 0; n < example.bytes.size(); ++n) {
      const Events some = events_of(example.bytes.substr(0, n), 7, /*with_finish=*/false);
      ASSERT_LE(some.size(), example.events.size()) << example.what << " cut at " << n;
      for (std::size_t i = 0; i < some.size(); ++i)
        EXPECT_EQ(some[i], example.events[i]) << example.what << " cut at " << n;
    }
}

TEST(Sse, FinishGivesTheEventWhoseBlankLineIsMissing) {
  EXPECT_EQ(events_of("data: 1\n\ndata: 2\n", 100), (Events{{"", "1"}, {"", "2"}}));
  EXPECT_EQ(events_of("event: e\ndata: 2", 100), (Events{{"e", "2"}}));
  EXPECT_EQ(events_of("data: 1\n\ndat", 100), (Events{{"", "1"}}));
}

TEST(Sse, LineEndsAreFoundFarFromTheirBeginning) {
  for (const std::size_t size : {1017, 1018, 1019, 2041, 2042, 2043, 5000}) {
    const std::string line(size, 'x');
    for (const char* end : {"\n", "\r", "\r\n"})
      EXPECT_EQ(events_of("data: " + line + end + end + "data: 2" + end + end, 1 << 20),
                (Events{{"", line}, {"", "2"}}))
          << size;
  }
}

TEST(Sse, ALongLineIsFineUpToTheLimit) {
  const std::string line(1 << 16, 'x');
  EXPECT_EQ(events_of("data: " + line + "\n\n", 1000), (Events{{"", line}}));
}

TEST(Sse, MoreThanTheLimitEndsIt) {
  for (const std::string& bytes :
       {std::string(200, 'x'), "data: " + std::string(95, 'x') + "\n\n",
        std::string("data: 1234567\ndata: 1234567\n") + "data: " + std::string(90, 'x') + "\n\n"}) {
    SseParser parser(100);
    SseEvent event;
    parser.feed(bytes);
    EXPECT_FALSE(parser.next(event));
    EXPECT_TRUE(parser.has_overflowed());
    parser.feed("\n\ndata: 1\n\n");
    EXPECT_FALSE(parser.next(event));
    EXPECT_FALSE(parser.finish(event));
  }
}

}  // namespace
}  // namespace evalrun
