#include "hw/sim/gpu_kernels.h"

#include <gtest/gtest.h>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

const GpuSpec kH100 = test_gpu(81559, 3.35, 989.4, 1, 900, 8);
const GpuSpec kA100 = test_gpu(81920, 2.039, 312, 0, 600, 8);
const GpuSpec kB200 = test_gpu(183359, 8, 2250, 2, 1800, 8);

TEST(GpuKernels, PrecisionThatAMachineLacksFallsBackToTheNextWider) {
  EXPECT_DOUBLE_EQ(peak_flops_per_s(kA100, 1), 312e12);
  EXPECT_DOUBLE_EQ(peak_flops_per_s(kH100, 0.5), 2 * 989.4e12);
  EXPECT_DOUBLE_EQ(peak_flops_per_s(kB200, 0.5), 4 * 2250e12);
  EXPECT_DOUBLE_EQ(peak_flops_per_s(kB200, 2), 2250e12);
}

// A 4-bit block of 16 values with an 8-bit scale is 9 bytes.
TEST(GpuKernels, FourBitWeightsCarryTheirScales) {
  EXPECT_DOUBLE_EQ(16 * stored_bytes_per_weight(0.5), 9);
  EXPECT_DOUBLE_EQ(stored_bytes_per_weight(1), 1);
}

// No kernel beats either roof of the machine, and none is free.
TEST(GpuKernels, MatrixStaysUnderBothRoofs) {
  const GpuParameters p;
  for (double rows : {1, 7, 64, 256, 4096, 100000}) {
    for (double width : {64, 1024, 8192, 57344}) {
      const double seconds = matrix_s(p, kH100, 2, rows, width, 8192);
      EXPECT_GT(seconds, 2 * width * 8192 / 3.35e12);
      EXPECT_GT(seconds, 2 * rows * width * 8192 / 989.4e12);
      EXPECT_GE(seconds, p.kernel_start_s);
    }
  }
  EXPECT_EQ(matrix_s(p, kH100, 2, 0, 8192, 8192), 0);
}

TEST(GpuKernels, MatrixNeverGetsFasterWithMoreWorkOrASlowerMachine) {
  const GpuParameters p;
  double before = 0;
  for (double rows = 1; rows < 20000; rows *= 1.3) {
    const double seconds = matrix_s(p, kH100, 1, rows, 8192, 1024);
    EXPECT_GE(seconds, before) << rows;
    before = seconds;
    GpuSpec more = kH100;
    more.memory_bytes_per_s.value *= 1.5;
    EXPECT_LE(matrix_s(p, more, 1, rows, 8192, 1024), seconds);
    more = kH100;
    more.fp8_flops_per_s.value *= 1.5;
    EXPECT_LE(matrix_s(p, more, 1, rows, 8192, 1024), seconds);
    EXPECT_LE(matrix_s(p, kH100, 1, rows, 8192, 1024), matrix_s(p, kH100, 2, rows, 8192, 1024));
  }
}

// By hand: 8 GPUs, 1 GB, links of 450 GB/s one way at 0.75: 2 x 7/8 GB / 337.5 GB/s = 5.185 ms.
TEST(GpuKernels, AllReduceOfMuchIsTheLinksTime) {
  const GpuParameters p;
  EXPECT_EQ(p.link_share, 0.75);
  EXPECT_NEAR(all_reduce_s(p, kH100, kTensorRt, 8, 1e9), 5.185e-3 + 10.2e-6, 2e-6);
  EXPECT_EQ(all_reduce_s(p, kH100, kTensorRt, 1, 1e9), 0);
}

// The library's own kernels against the stock ones: 10 us and 37 us of latency on 8 x H100.
TEST(GpuKernels, AllReduceOfLittleIsTheStacksLatency) {
  const GpuParameters p;
  EXPECT_NEAR(all_reduce_s(p, kH100, kTensorRt, 8, 0), 10e-6, 1e-6);
  EXPECT_NEAR(all_reduce_s(p, kH100, kVidurLike, 8, 0), 37e-6, 5e-6);
  EXPECT_LT(all_reduce_s(p, kH100, kVidurLike, 4, 0), all_reduce_s(p, kH100, kVidurLike, 8, 0));
}

}  // namespace
}  // namespace evalrun::sim
