#include "hw/sim/train_gpu_search.h"

#include <gtest/gtest.h>

#include <limits>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

GpuSpec gpu(const char* name) { return std::get<GpuSpec>(test_machines().at(name).spec); }
TrainJob trillion() { return {.shape = *shape_for_parameters(1e12)}; }

// 55 TB over 192 GB is 286.5: the 287 of the slide.
TEST(TrainGpuSearch, FiftyFiveTerabytesAreTheMemoryOf287) {
  GpuSpec b200 = gpu("b200");
  b200.memory_bytes.value = 192e9;
  EXPECT_EQ(gpus_for_bytes(b200, 55e12), 287);
}

TEST(TrainGpuSearch, TheBestFitsAndIsNoSlowerThanAnother) {
  const auto best = best_layout(gpu("h100"), trillion(), 2048, {});
  ASSERT_TRUE(best);
  EXPECT_TRUE(best->fits);
  EXPECT_LE(best->memory.total_bytes(), best->memory_limit_bytes);
  EXPECT_EQ(best->layout.gpus(), 2048);
  for (const GpuLayout& layout : {GpuLayout{.tensor = 8, .pipeline = 64, .data = 4},
                                  GpuLayout{.tensor = 8, .pipeline = 32, .data = 8},
                                  GpuLayout{.tensor = 8, .data = 256, .zero = 3}}) {
    const auto other = train_on_gpus(gpu("h100"), trillion(), layout, {});
    ASSERT_TRUE(other);
    EXPECT_TRUE(!other->fits || best->step_s <= other->step_s) << layout.pipeline;
  }
}

TEST(TrainGpuSearch, TwiceTheGpusAreNeverSlower) {
  for (const char* name : {"a100", "h100", "b200", "gb200"}) {
    double before_s = std::numeric_limits<double>::infinity();
    for (int gpus = 512; gpus <= 4096; gpus *= 2) {
      const auto best = best_layout(gpu(name), trillion(), gpus, {});
      ASSERT_TRUE(best);
      EXPECT_TRUE(best->fits) << name << gpus;
      EXPECT_LE(best->step_s, before_s) << name << gpus;
      before_s = best->step_s;
    }
  }
}

// 16 TB over 92 % of 85.5 GB is 203 GPUs before any activation.
TEST(TrainGpuSearch, TheFewestHoldItAndFewerDoNot) {
  const auto least = least_gpus(gpu("h100"), trillion(), {});
  ASSERT_TRUE(least);
  EXPECT_TRUE(least->fits);
  EXPECT_GE(least->layout.gpus(), 204);
  EXPECT_LE(least->layout.gpus(), 2 * 204);
  const auto fewer = best_layout(gpu("h100"), trillion(), least->layout.gpus() - 8, {});
  ASSERT_TRUE(fewer);
  EXPECT_FALSE(fewer->fits);
  EXPECT_GT(fewer->memory.total_bytes(), fewer->memory_limit_bytes);
}

TEST(TrainGpuSearch, NumbersThatCannotBeAreRefused) {
  EXPECT_FALSE(best_layout(gpu("h100"), trillion(), 0, {}));
  EXPECT_FALSE(best_layout(gpu("h100"), trillion(), 2'000'000, {}));
  EXPECT_FALSE(best_layout(gpu("h100"), trillion(), 7919, {}));  // a prime, above 512 sequences
  EXPECT_FALSE(best_layout(gpu("h100"), {.shape = {}}, 8, {}));
  EXPECT_FALSE(least_gpus(gpu("a100"), {.shape = *shape_for_parameters(1e15)}, {}));
}

}  // namespace
}  // namespace evalrun::sim
