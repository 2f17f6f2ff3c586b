#include "runners/remote/limiter.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

using Outcome = Limiter::Outcome;

constexpr std::int64_t kSecond = 1'000'000;

// Starts as many as it lets; how many that were.
int fill(Limiter& limiter, std::int64_t now_us) {
  int started = 0;
  while (limiter.try_start(now_us, 100)) ++started;
  return started;
}

void end_all(Limiter& limiter, std::int64_t now_us, Outcome outcome) {
  while (limiter.in_flight() > 0) limiter.on_end(now_us, outcome, 100, 100);
}

TEST(Limiter, BeginsAt20AndDoublesEachCleanRound) {
  Limiter limiter({.max_connections = 100});
  EXPECT_EQ(fill(limiter, 0), 20);
  EXPECT_EQ(limiter.retry_at_us(), -1);  // once one has ended
  end_all(limiter, 0, Outcome::clean);
  EXPECT_EQ(fill(limiter, 0), 40);
  end_all(limiter, 0, Outcome::clean);
  EXPECT_EQ(fill(limiter, 0), 80);
  end_all(limiter, 0, Outcome::clean);
  EXPECT_EQ(fill(limiter, 0), 100);
  end_all(limiter, 0, Outcome::clean);
  EXPECT_EQ(fill(limiter, 0), 100);
}

TEST(Limiter, DoesNotGrowWhereTheLimitIsNotReached) {
  Limiter limiter({.max_connections = 100});
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(limiter.try_start(0, 100));
    limiter.on_end(0, Outcome::clean, 100, 100);
  }
  EXPECT_EQ(limiter.limit(), 20);
}

TEST(Limiter, A429TakesAFifthOnceIn15Seconds) {
  Limiter limiter({.max_connections = 100});
  fill(limiter, 0);
  end_all(limiter, 0, Outcome::rate_limited);  // 20 of them at once are one event
  EXPECT_EQ(limiter.limit(), 16);
  fill(limiter, 14 * kSecond);
  end_all(limiter, 14 * kSecond, Outcome::clean);
  EXPECT_EQ(limiter.limit(), 16);  // and nothing grows meanwhile
  fill(limiter, 16 * kSecond);
  end_all(limiter, 16 * kSecond, Outcome::clean);
  EXPECT_EQ(limiter.limit(), 17);  // by one, or 5 %; no longer by doubling
  fill(limiter, 17 * kSecond);
  end_all(limiter, 17 * kSecond, Outcome::rate_limited);
  EXPECT_EQ(limiter.limit(), 13);  // floor(0.8 x 17)
}

TEST(Limiter, NeverFallsBelowOne) {
  Limiter limiter({.max_connections = 2, .start_connections = 2});
  for (int i = 0; i < 5; ++i) {
    fill(limiter, i * 20 * kSecond);
    end_all(limiter, i * 20 * kSecond, Outcome::rate_limited);
  }
  EXPECT_EQ(limiter.limit(), 1);
}

TEST(Limiter, A5xxOnlyPutsGrowthOff) {
  Limiter limiter({.max_connections = 100});
  fill(limiter, 0);
  for (int i = 0; i < 10; ++i) limiter.on_end(0, Outcome::clean, 100, 100);
  limiter.on_end(0, Outcome::server_error, 100, 100);
  for (int i = 0; i < 9; ++i) limiter.on_end(0, Outcome::clean, 100, 100);
  EXPECT_EQ(limiter.limit(), 20);  // 19 were clean, but not in a row
  for (int i = 0; i < 11; ++i) {
    ASSERT_TRUE(limiter.try_start(0, 100));
    limiter.on_end(0, Outcome::clean, 100, 100);
  }
  EXPECT_EQ(limiter.limit(), 40);
}

TEST(Limiter, PausesUntilTold) {
  Limiter limiter({});
  limiter.pause_until(5 * kSecond);
  limiter.pause_until(3 * kSecond);  // the longer one counts
  EXPECT_FALSE(limiter.try_start(4 * kSecond, 1));
  EXPECT_EQ(limiter.retry_at_us(), 5 * kSecond);
  EXPECT_TRUE(limiter.try_start(5 * kSecond, 1));
}

TEST(Limiter, RequestsAMinuteAreCountedInASlidingWindow) {
  Limiter limiter({.rpm = 3});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(limiter.try_start(i * kSecond, 1));
  EXPECT_FALSE(limiter.try_start(10 * kSecond, 1));
  EXPECT_EQ(limiter.retry_at_us(), 60 * kSecond);
  EXPECT_TRUE(limiter.try_start(60 * kSecond, 1));  // the first is a minute ago
  EXPECT_FALSE(limiter.try_start(60 * kSecond, 1));
  EXPECT_EQ(limiter.retry_at_us(), 61 * kSecond);
}

TEST(Limiter, TokensAMinuteAreCorrectedAtTheEnd) {
  Limiter limiter({.tpm = 1000});
  ASSERT_TRUE(limiter.try_start(0, 600));
  EXPECT_FALSE(limiter.try_start(0, 600));
  limiter.on_end(kSecond, Outcome::clean, 600, 100);  // it took less
  EXPECT_TRUE(limiter.try_start(kSecond, 600));
  EXPECT_FALSE(limiter.try_start(kSecond, 600));
}

TEST(Limiter, ARequestLargerThanTheWindowStartsAlone) {
  Limiter limiter({.tpm = 1000});
  EXPECT_TRUE(limiter.try_start(0, 5000));
  EXPECT_FALSE(limiter.try_start(0, 1));
}

}  // namespace
}  // namespace evalrun
