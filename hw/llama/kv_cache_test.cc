#include "hw/llama/kv_cache.h"

#include <gtest/gtest.h>

#include <numeric>

namespace evalrun {
namespace {

std::vector<int> tokens(std::size_t n, int from = 0) {
  std::vector<int> out(n);
  std::iota(out.begin(), out.end(), from);
  return out;
}

// As the batcher does: take over, make room, compute, publish.
std::size_t read(KvCache& cache, KvSequence& s, const std::vector<int>& t) {
  const std::size_t taken = cache.adopt(s, t);
  cache.reserve(s, t.size() - s.length);
  s.length = t.size();
  cache.publish(s, t);
  return taken;
}

TEST(KvCache, SharesFullBlocksOfEqualPrefixes) {
  KvCache cache(1, 4, 100);
  KvSequence a, b, c;
  EXPECT_EQ(read(cache, a, tokens(40)), 0u);
  *cache.key(a, 0, 20) = 7;
  EXPECT_EQ(read(cache, b, tokens(50)), 32u);  // two blocks of 16 are full
  EXPECT_EQ(*cache.key(b, 0, 20), 7);
  EXPECT_NE(cache.key(a, 0, 35), cache.key(b, 0, 35));
  EXPECT_EQ(read(cache, c, tokens(50, 1)), 0u);
}

TEST(KvCache, LeavesOneTokenToCompute) {
  KvCache cache(1, 4, 100);
  KvSequence a, b, c;
  read(cache, a, tokens(32));
  EXPECT_EQ(read(cache, b, tokens(32)), 16u);
  EXPECT_EQ(read(cache, c, tokens(33)), 32u);
}

TEST(KvCache, BlocksOutliveTheirSequence) {
  KvCache cache(1, 4, 3);
  KvSequence a, b;
  read(cache, a, tokens(40));
  cache.release(a);
  EXPECT_TRUE(a.blocks.empty());
  EXPECT_EQ(read(cache, b, tokens(40)), 32u);
}

TEST(KvCache, MakesRoomByDroppingTheLongestUnused) {
  KvCache cache(1, 4, 4);
  KvSequence a, b, c, d;
  read(cache, a, tokens(33));  // three blocks
  cache.release(a);            // of which two stay
  read(cache, b, tokens(33, 100));
  cache.release(b);  // needed three: one of a's went, the later one
  EXPECT_EQ(read(cache, c, tokens(33, 100)), 32u);
  cache.release(c);
  EXPECT_LE(read(cache, d, tokens(33)), 16u);
}

TEST(KvCache, EqualPromptsReadAtOnceBothWork) {
  KvCache cache(1, 4, 100);
  KvSequence a, b, c;
  cache.reserve(a, 40), cache.reserve(b, 40);
  a.length = b.length = 40;
  cache.publish(a, tokens(40)), cache.publish(b, tokens(40));
  EXPECT_NE(cache.key(a, 0, 0), cache.key(b, 0, 0));
  cache.release(b), cache.release(a);
  EXPECT_EQ(read(cache, c, tokens(40)), 32u);
}

TEST(KvCache, RowsDoNotOverlap) {
  KvCache cache(2, 3, 4);
  KvSequence s;
  cache.reserve(s, 33);
  float next = 0;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (std::size_t p = 0; p < 33; ++p) {
      for (int i = 0; i < 3; ++i) cache.key(s, layer, p)[i] = next++;
      for (int i = 0; i < 3; ++i) cache.value(s, layer, p)[i] = next++;
    }
  }
  next = 0;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (std::size_t p = 0; p < 33; ++p) {
      for (int i = 0; i < 3; ++i) EXPECT_EQ(cache.key(s, layer, p)[i], next++);
      for (int i = 0; i < 3; ++i) EXPECT_EQ(cache.value(s, layer, p)[i], next++);
    }
  }
}

}  // namespace
}  // namespace evalrun
