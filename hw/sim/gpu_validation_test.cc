#include "hw/sim/gpu_validation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

std::vector<ValidationPoint> points() {
  auto result = validate_gpu(test_machines(), test_shapes());
  EXPECT_TRUE(result.has_value());
  return result ? *result : std::vector<ValidationPoint>{};
}

TEST(GpuValidation, AtMostAThirdOfThePointsAreCalibration) {
  const std::vector<ValidationPoint> all = points();
  int calibration = 0;
  for (const ValidationPoint& point : all) calibration += point.is_calibration ? 1 : 0;
  EXPECT_GT(calibration, 0);
  EXPECT_LE(3 * std::size_t(calibration), all.size());
  EXPECT_LE(3 * group_error(all, "gpu offline", PointsOf::calibration).points, 90);
  EXPECT_EQ(group_error(all, "gpu offline").points, 90);
  EXPECT_EQ(all.size(), 16 + 12 + 90 + 9);
}

TEST(GpuValidation, EveryMatrixMedianIsWithinFifteenPercent) {
  EXPECT_LE(group_error(points(), "gpu kernels").worst, 0.15);
}

TEST(GpuValidation, TheThroughputGridIsWithinFifteenPercentOnAverage) {
  const std::vector<ValidationPoint> all = points();
  EXPECT_LE(group_error(all, "gpu offline").mean, 0.15);
  EXPECT_LE(group_error(all, "gpu offline", PointsOf::prediction).mean, 0.15);
}

TEST(GpuValidation, EverySingleStreamIsWithinFifteenPercent) {
  EXPECT_LE(group_error(points(), "gpu batch 1").worst, 0.15);
}

// Known to miss: one latency and one share of the links for both generations, while the medians of
// A100 are twice those of H100 and fall from 2 KB to 158 KB. This bound only keeps it from growing.
TEST(GpuValidation, AllReduceMissesButStaysWhereItIs) {
  EXPECT_LE(group_error(points(), "gpu all-reduce").mean, 0.27);
}

// More HBM at the same arithmetic: H200 is faster than H100 wherever memory is what counts.
TEST(GpuValidation, TheOrderOfMachinesIsRight) {
  double h100 = 0;
  double h200 = 0;
  for (const ValidationPoint& point : points()) {
    if (point.what.starts_with("llama3.1-8b on h100 x1 8-bit, 2048/2048")) h100 = point.computed;
    if (point.what.starts_with("llama3.1-8b on h200 x1 8-bit, 2048/2048")) h200 = point.computed;
  }
  EXPECT_GT(h100, 0);
  EXPECT_NEAR(h200 / h100, 12194.0 / 9305, 0.15);
}

TEST(GpuValidation, AMissingMachineOrModelIsNamed) {
  auto machines = test_machines();
  auto shapes = test_shapes();
  shapes.erase("qwen2-72b");
  auto result = validate_gpu(machines, shapes);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("qwen2-72b"), std::string::npos);
  machines["h200"].spec = WaferSpec{};
  result = validate_gpu(machines, test_shapes());
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("h200"), std::string::npos);
}

TEST(GpuValidation, GroupErrorIsTheMeanOfMagnitudes) {
  const std::vector<ValidationPoint> some = {
      {"g", "", "", 100, 110, true}, {"g", "", "", 100, 70, false}, {"h", "", "", 100, 500, false}};
  EXPECT_NEAR(group_error(some, "g").mean, 0.2, 1e-12);
  EXPECT_NEAR(group_error(some, "g").worst, 0.3, 1e-12);
  EXPECT_NEAR(group_error(some, "g", PointsOf::calibration).mean, 0.1, 1e-12);
  EXPECT_EQ(group_error(some, "none").points, 0);
}

}  // namespace
}  // namespace evalrun::sim
