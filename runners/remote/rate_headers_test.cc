#include "runners/remote/rate_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalrun {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kNow = 1'769'860'800'000'000;  // 2026-01-31T12:00:00Z, by date(1)

TEST(RateHeaders, WaitsAreWrittenInManyWays) {
  const std::vector<std::pair<std::string, std::int64_t>> cases = {
      {"0", 0},
      {"120", 120'000'000},
      {" 0.5 ", 500'000},
      {"1s", 1'000'000},
      {"6m0s", 360'000'000},
      {"1h2m3.5s", 3'723'500'000},
      {"17ms", 17'000},
      {"2026-01-31T12:00:05Z", 5'000'000},
      {"2026-01-31T12:00:05.250Z", 5'000'000},
      {"2026-01-31T11:59:00Z", 0},  // over
      {"Sat, 31 Jan 2026 12:00:07 GMT", 7'000'000},
      {"1769860809", 9'000'000},     // seconds since the epoch
      {"1769860809000", 9'000'000},  // milliseconds
  };
  for (const auto& [text, us] : cases) EXPECT_EQ(parse_wait_us(text, kNow), us) << text;
}

TEST(RateHeaders, WhatIsNoWaitIsNone) {
  for (const char* text : {"", "soon", "-5", "1x", "5 apples", "nan", "inf", "1e400", "s"})
    EXPECT_EQ(parse_wait_us(text, kNow), std::nullopt) << text;
}

TEST(RateHeaders, RetryAfterIsObeyed) {
  EXPECT_EQ(wait_us({{"retry-after", "3"}}, kNow), 3'000'000);
  EXPECT_EQ(wait_us({{"retry-after-ms", "250"}}, kNow), 250'000);
  EXPECT_EQ(wait_us({{"content-type", "text/html"}}, kNow), 0);
  EXPECT_EQ(wait_us({{"retry-after", "later"}}, kNow), 0);
}

// Header names as OpenAI, Anthropic and Cerebras document them.
TEST(RateHeaders, AUsedUpWindowWaitsForItsReset) {
  EXPECT_EQ(wait_us({{"x-ratelimit-remaining-requests", "0"},
                     {"x-ratelimit-reset-requests", "1s"},
                     {"x-ratelimit-remaining-tokens", "149984"},
                     {"x-ratelimit-reset-tokens", "6m0s"}},
                    kNow),
            1'000'000);
  EXPECT_EQ(wait_us({{"anthropic-ratelimit-input-tokens-remaining", "0"},
                     {"anthropic-ratelimit-input-tokens-reset", "2026-01-31T12:00:30Z"}},
                    kNow),
            30'000'000);
  EXPECT_EQ(wait_us({{"x-ratelimit-remaining-tokens-minute", "0"},
                     {"x-ratelimit-reset-tokens-minute", "11.382"}},
                    kNow),
            11'382'000);
  EXPECT_EQ(wait_us({{"x-ratelimit-remaining-requests", "0"}}, kNow), 0);  // no reset is told
  EXPECT_EQ(wait_us({{"x-ratelimit-remaining-tokens", "0"},
                     {"x-ratelimit-reset-tokens", "6m0s"},
                     {"retry-after", "1"}},
                    kNow),
            1'000'000);
}

TEST(RateHeaders, LinesAreForPeople) {
  EXPECT_THAT(
      rate_limit_lines(
          {{"server", "x"}, {"x-ratelimit-limit-requests", "60\x1b[2J"}, {"retry-after", "1"}}),
      ElementsAre("x-ratelimit-limit-requests: 60\\x1b[2J", "retry-after: 1"));
}

}  // namespace
}  // namespace evalrun
