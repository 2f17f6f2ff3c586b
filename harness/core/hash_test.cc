#include "harness/core/hash.h"

#include <gtest/gtest.h>

#include "harness/core/rng.h"
#include "harness/core/types.h"

namespace evalrun {
namespace {

TEST(Hash, Sha256KnownAnswers) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, SeedsDependOnEveryPartAndItsPlace) {
  const auto seed = derive_seed(1, {"ab", "c"});
  EXPECT_EQ(seed, derive_seed(1, {"ab", "c"}));
  EXPECT_NE(seed, derive_seed(2, {"ab", "c"}));
  EXPECT_NE(seed, derive_seed(1, {"a", "bc"}));
  EXPECT_NE(seed, derive_seed(1, {"abc"}));
  EXPECT_NE(derive_seed(1, {"a", ""}), derive_seed(1, {"a"}));
}

TEST(Rng, SplitMix64ReferenceStream) {  // first outputs of splitmix64.c for seed 1234567
  Rng rng(1234567);
  EXPECT_EQ(rng.next(), 6457827717110365317ull);
  EXPECT_EQ(rng.next(), 3203168211198807973ull);
  EXPECT_EQ(rng.next(), 9817491932198370423ull);
}

TEST(Rng, RangesHold) {
  Rng rng(7);
  bool seen[5] = {};
  for (int i = 0; i < 1000; ++i) {
    const double u = rng.uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
    const auto n = rng.below(5);
    ASSERT_LT(n, 5u);
    seen[n] = true;
  }
  for (bool s : seen) EXPECT_TRUE(s);
}

TEST(Types, NamesAndParseAreInverse) {
  for (int i = 0; i < 8; ++i) {
    Verdict back;
    ASSERT_TRUE(parse(name(Verdict(i)), back));
    EXPECT_EQ(back, Verdict(i));
  }
  Finish finish;
  EXPECT_FALSE(parse("done", finish));
}

TEST(Types, CallKeyReadsAsAPath) {
  EXPECT_EQ(to_string(CallKey{"crux-o", "sample_12", 0, "cepo", "candidate=1/plan=4/execute"}),
            "crux-o/sample_12/epoch=0/cepo/candidate=1/plan=4/execute");
}

}  // namespace
}  // namespace evalrun
