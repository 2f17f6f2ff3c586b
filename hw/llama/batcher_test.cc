#include "hw/llama/batcher.h"

#include <gtest/gtest.h>

#include <future>

#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

struct Loaded {
  explicit Loaded(NumberType type = NumberType::f32)
      : bytes(testing::random_llama(type)), model(*load_llama(testing::as_bytes(bytes), "m")) {}
  std::string bytes;
  LlamaModel model;
};

BatcherOptions options(std::size_t max_batch = 8, bool share = true) {
  return {.threads = 2,
          .max_batch = max_batch,
          .context = 128,
          .kv_blocks = max_batch * KvCache::blocks_for(128),
          .share_prefixes = share};
}

// Prompts of several lengths, of which many begin alike.
Generate request(std::size_t i) {
  Generate g;
  const std::size_t shared = i % 3 * 20;
  for (std::size_t k = 0; k < shared + 3 + i * 5 % 23; ++k) {
    g.prompt.push_back(int((k < shared ? k * 7 : k * 31 + i) % 256 + 5));
  }
  g.max_tokens = 10 + i % 5;
  g.sampling = {.temperature = i % 2 ? 0.9 : 0.0, .top_p = 0.95, .seed = i};
  return g;
}

std::future<Generated> submit(Batcher& batcher, Generate g) {
  std::promise<Generated> promise;
  auto future = promise.get_future();
  batcher.submit(std::move(g),
                 [p = std::move(promise)](Generated got) mutable { p.set_value(std::move(got)); });
  return future;
}

std::vector<std::string> answers(Batcher& batcher, std::size_t n, bool one_at_a_time) {
  std::vector<std::future<Generated>> futures;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) {
    futures.push_back(submit(batcher, request(i)));
    if (one_at_a_time) futures.back().wait();
  }
  for (auto& f : futures) out.push_back(f.get().text);
  return out;
}

class BatchInvariance : public ::testing::TestWithParam<NumberType> {};

TEST_P(BatchInvariance, AnswersDoNotDependOnTheBatch) {
  const Loaded m(GetParam());
  constexpr std::size_t kCalls = 24;
  Batcher alone(m.model, options(1, false));
  const auto expected = answers(alone, kCalls, true);
  EXPECT_EQ(alone.stats().reused_tokens, 0);
  for (std::size_t max_batch : {2u, 8u}) {
    for (bool share : {false, true}) {
      Batcher together(m.model, options(max_batch, share));
      EXPECT_EQ(answers(together, kCalls, false), expected) << max_batch << share;
      EXPECT_EQ(together.stats().reused_tokens > 0, share);
      EXPECT_EQ(together.stats().sequences, std::int64_t(kCalls));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, BatchInvariance,
                         ::testing::Values(NumberType::f32, NumberType::f16, NumberType::q8_0),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST(Batcher, SharedPrefixesAreComputedOnce) {
  const Loaded m;
  Batcher batcher(m.model, options(8));
  std::vector<std::future<Generated>> futures;
  Generate g;
  for (int k = 0; k < 65; ++k) g.prompt.push_back(5 + k);
  g.max_tokens = 1;
  for (int i = 0; i < 8; ++i) futures.push_back(submit(batcher, g));
  for (auto& f : futures) f.get();
  EXPECT_EQ(batcher.stats().rows, 65 + 7);
  EXPECT_EQ(batcher.stats().reused_tokens, 7 * 64);
}

TEST(Batcher, EndsAtMaxTokensAndWhenTheContextIsFull) {
  const Loaded m;
  Batcher batcher(m.model, options());
  Generate g = request(0);
  g.sampling.seed = 4;
  g.max_tokens = 3;
  const Generated few = submit(batcher, g).get();
  EXPECT_EQ(few.end, Generated::End::length);
  EXPECT_EQ(few.tokens, 3u);
  EXPECT_LE(few.taken_us, few.first_us);
  EXPECT_LE(few.first_us, few.done_us);

  g.prompt.assign(126, 50);
  g.max_tokens = 1000;
  const Generated full = submit(batcher, g).get();
  if (full.end == Generated::End::length) {
    EXPECT_EQ(full.tokens, 3u);  // after positions 125, 126, 127
  }
}

TEST(Batcher, TextEndsBeforeAStopString) {
  const Loaded m;
  Batcher batcher(m.model, options());
  Generate g = request(1);
  g.max_tokens = 30;
  const Generated whole = submit(batcher, g).get();
  ASSERT_GT(whole.text.size(), 12u);
  g.stop = {"never", whole.text.substr(8, 3), whole.text.substr(5, 2)};
  const std::size_t expected = std::min(whole.text.find(g.stop[1]), whole.text.find(g.stop[2]));
  const Generated cut = submit(batcher, g).get();
  EXPECT_EQ(cut.text, whole.text.substr(0, expected));
  EXPECT_EQ(cut.end, Generated::End::stop);
}

TEST(Batcher, ManyMoreCallsThanMemoryForThem) {
  const Loaded m;
  BatcherOptions tight = options(8);
  tight.kv_blocks = KvCache::blocks_for(128);  // one sequence of full length at a time
  Batcher batcher(m.model, tight), roomy(m.model, options(8));
  EXPECT_EQ(answers(batcher, 20, false), answers(roomy, 20, false));
}

TEST(Batcher, WhatIsInFlightAtTheEndGetsAnError) {
  const Loaded m;
  std::vector<std::future<Generated>> futures;
  {
    Batcher batcher(m.model, options(2));
    for (std::size_t i = 0; i < 40; ++i) {
      Generate g = request(0);
      g.max_tokens = 100;
      futures.push_back(submit(batcher, g));
    }
  }
  std::size_t errors = 0;
  for (auto& f : futures) {
    const Generated got = f.get();
    if (got.end != Generated::End::error) continue;
    ++errors;
    EXPECT_EQ(got.error, "target is shutting down");
  }
  EXPECT_GT(errors, 0u);
}

}  // namespace
}  // namespace evalrun
