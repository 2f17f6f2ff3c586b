#include "hw/sim/kv_pool.h"

#include <gtest/gtest.h>

namespace evalrun::sim {
namespace {

TEST(KvPool, HoldsUpToItsCapacity) {
  KvPool pool(100, 3, true);
  EXPECT_EQ(pool.capacity_tokens(), 100);
  EXPECT_TRUE(pool.admit(0, 60, -1));
  EXPECT_FALSE(pool.admit(1, 41, -1));
  EXPECT_EQ(pool.live_tokens(), 60);  // a refusal changes nothing
  EXPECT_EQ(pool.held_tokens(), 60);
  EXPECT_TRUE(pool.admit(1, 40, -1));
  EXPECT_EQ(pool.live_tokens(), 100);
}

TEST(KvPool, WithoutKeepingAnEndFreesAtOnce) {
  KvPool pool(100, 2, false);
  ASSERT_TRUE(pool.admit(0, 60, -1));
  pool.set_reusable(0);
  EXPECT_FALSE(pool.is_reusable(0));
  pool.end(0);
  EXPECT_EQ(pool.live_tokens(), 0);
  EXPECT_EQ(pool.held_tokens(), 0);
  EXPECT_TRUE(pool.admit(1, 100, -1));
}

TEST(KvPool, WhatEndedStaysUntilRoomIsNeeded) {
  KvPool pool(100, 4, true);
  ASSERT_TRUE(pool.admit(0, 40, -1));
  EXPECT_FALSE(pool.is_reusable(0));  // its prompt is not computed yet
  pool.set_reusable(0);
  ASSERT_TRUE(pool.admit(1, 30, -1));
  pool.set_reusable(1);
  pool.end(1);
  pool.end(0);  // used last: 0
  EXPECT_EQ(pool.live_tokens(), 0);
  EXPECT_EQ(pool.held_tokens(), 70);
  ASSERT_TRUE(pool.admit(2, 50, -1));  // 20 too many: 1 goes
  EXPECT_EQ(pool.held_tokens(), 90);
  EXPECT_FALSE(pool.is_reusable(1));
  EXPECT_TRUE(pool.is_reusable(0));
  EXPECT_FALSE(pool.admit(3, 20, 0));  // 50 + 40 + 20: no room for all
  EXPECT_TRUE(pool.is_reusable(0));
  ASSERT_TRUE(pool.admit(3, 20, -1));
  EXPECT_EQ(pool.held_tokens(), 70);
  EXPECT_FALSE(pool.is_reusable(0));
}

TEST(KvPool, AParentIsAliveAsLongAsOneStandsOnIt) {
  KvPool pool(100, 5, true);
  ASSERT_TRUE(pool.admit(0, 40, -1));
  pool.set_reusable(0);
  pool.end(0);
  ASSERT_TRUE(pool.admit(1, 10, 0));
  pool.set_reusable(1);
  ASSERT_TRUE(pool.admit(2, 20, 1));
  EXPECT_EQ(pool.live_tokens(), 70);
  pool.end(1);
  EXPECT_EQ(pool.live_tokens(), 70);    // 2 stands on 1 and on 0
  EXPECT_FALSE(pool.admit(3, 31, -1));  // nothing may go
  pool.end(2);
  EXPECT_EQ(pool.live_tokens(), 0);
  EXPECT_EQ(pool.held_tokens(), 70);
  // The leaf goes first, the root last.
  ASSERT_TRUE(pool.admit(3, 45, -1));
  EXPECT_EQ(pool.held_tokens(), 95);
  EXPECT_TRUE(pool.is_reusable(0) && pool.is_reusable(1));
  ASSERT_TRUE(pool.admit(4, 10, -1));
  EXPECT_EQ(pool.held_tokens(), 95);
  EXPECT_TRUE(pool.is_reusable(0));
  EXPECT_FALSE(pool.is_reusable(1));
}

TEST(KvPool, RevivingAPrefixNeedsRoomForAllOfIt) {
  KvPool pool(100, 4, true);
  ASSERT_TRUE(pool.admit(0, 40, -1));
  pool.set_reusable(0);
  pool.end(0);
  ASSERT_TRUE(pool.admit(1, 50, -1));
  EXPECT_FALSE(pool.admit(2, 11, 0));  // 50 + 40 + 11
  EXPECT_TRUE(pool.admit(2, 10, 0));
  EXPECT_EQ(pool.live_tokens(), 100);
}

TEST(KvPoolDeathTest, BrokenCodeIsStopped) {
  KvPool pool(100, 2, true);
  ASSERT_TRUE(pool.admit(0, 40, -1));
  EXPECT_DEATH(pool.admit(0, 1, -1), "");
  EXPECT_DEATH(pool.admit(1, 0, -1), "");
  EXPECT_DEATH(pool.admit(1, 1, 0), "");  // not reusable
  EXPECT_DEATH(pool.end(1), "");
}

}  // namespace
}  // namespace evalrun::sim
