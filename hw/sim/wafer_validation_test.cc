#include "hw/sim/wafer_validation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

class WaferValidation : public testing::Test {
 protected:
  void SetUp() override {
    auto points = wafer_validation(test_machines(), test_shapes());
    ASSERT_TRUE(points) << points.error().message;
    points_ = *points;
  }
  std::vector<ValidationPoint> group(const std::string& name) const {
    std::vector<ValidationPoint> found;
    for (const ValidationPoint& point : points_)
      if (point.group == name) found.push_back(point);
    return found;
  }
  static double mean_error(const std::vector<ValidationPoint>& points) {
    double sum = 0;
    for (const ValidationPoint& point : points) sum += std::abs(point.error());
    return sum / double(points.size());
  }

  std::vector<ValidationPoint> points_;
};

// The bounds were set before the model was built.
TEST_F(WaferValidation, PrefillAndDecodeAreWithinTheBounds) {
  std::vector<ValidationPoint> all = group("wafer prefill");
  ASSERT_EQ(all.size(), 12u);
  const auto decode = group("wafer decode");
  ASSERT_EQ(decode.size(), 12u);
  all.insert(all.end(), decode.begin(), decode.end());
  EXPECT_LE(mean_error(all), 0.10);
  for (const ValidationPoint& point : all) EXPECT_LE(std::abs(point.error()), 0.25) << point.what;
}

TEST_F(WaferValidation, PredictionsAloneAreWithinTheBoundsToo) {
  std::vector<ValidationPoint> predicted;
  for (const ValidationPoint& point : points_)
    if (point.group.starts_with("wafer") && !point.is_calibration) predicted.push_back(point);
  ASSERT_EQ(predicted.size(), 24u);
  EXPECT_LE(mean_error(predicted), 0.10);
}

TEST_F(WaferValidation, BothSignsAreRight) {
  const auto prefill = group("wafer prefill"), decode = group("wafer decode");
  for (std::size_t i = 0; i < 12; ++i) {
    if (i % 3 == 0) continue;  // a model's smallest grid
    EXPECT_GT(prefill[i].published, prefill[i - 1].published);
    EXPECT_GT(prefill[i].computed, prefill[i - 1].computed) << prefill[i].what;
    EXPECT_LT(decode[i].published, decode[i - 1].published);
    EXPECT_LT(decode[i].computed, decode[i - 1].computed) << decode[i].what;
  }
}

TEST_F(WaferValidation, EndToEndIsWithinFifteenPerCentAndNothingWasFittedOnIt) {
  const auto points = group("wafer end to end");
  ASSERT_EQ(points.size(), 8u);
  for (const ValidationPoint& point : points) {
    EXPECT_LE(std::abs(point.error()), 0.15) << point.what;
    EXPECT_FALSE(point.is_calibration);
  }
}

TEST_F(WaferValidation, TwoThirdsOfThePointsStayOutOfTheCalibration) {
  const auto calibration = std::ranges::count_if(points_, &ValidationPoint::is_calibration);
  EXPECT_LE(3 * std::size_t(calibration), points_.size());
  EXPECT_EQ(std::ranges::count_if(points_,
                                  [](const ValidationPoint& point) {
                                    return point.is_calibration && point.group.starts_with("wafer");
                                  }),
            8);
}

// The service: an assumption solved on one point must carry to the others, and says that it is one.
TEST_F(WaferValidation, OneLabelledAssumptionEachExplainsTheService) {
  for (const char* name : {"cs3 launch, assumed", "cs3 later, assumed"}) {
    const auto points = group(name);
    ASSERT_GE(points.size(), 2u);
    for (const ValidationPoint& point : points) {
      EXPECT_LE(std::abs(point.error()), point.is_calibration ? 1e-6 : 0.20) << point.what;
      EXPECT_NE(point.what.find("assuming"), std::string::npos) << point.what;
    }
  }
  for (const ValidationPoint& point : group("cs3 bare")) {
    EXPECT_FALSE(point.is_calibration);
    EXPECT_NE(point.what.find("nothing assumed"), std::string::npos);
  }
}

// 2,100 tokens/s: faster kernels or faster drafts must never need a better draft model.
TEST_F(WaferValidation, FasterKernelsNeedLessAcceptance) {
  const auto needs = speculation_needs(test_machines(), test_shapes(), "llama3.2-1b");
  ASSERT_TRUE(needs) << needs.error().message;
  bool any = false;
  for (const SpeculationNeed& a : *needs)
    for (const SpeculationNeed& b : *needs) {
      if (a.drafted_tokens != b.drafted_tokens || a.kernel_speedup >= b.kernel_speedup) continue;
      any = any || b.acceptance;
      if (a.acceptance) {
        ASSERT_TRUE(b.acceptance);
        EXPECT_LE(*b.acceptance, *a.acceptance);
      }
    }
  EXPECT_TRUE(any);
}

TEST(WaferValidationInput, NamesWhatIsMissing) {
  auto machines = test_machines();
  auto shapes = test_shapes();
  shapes.erase("codellama-34b");
  auto points = wafer_validation(machines, shapes);
  ASSERT_FALSE(points);
  EXPECT_NE(points.error().message.find("codellama-34b"), std::string::npos);
  machines["cs3"].spec = GpuSpec{};
  points = wafer_validation(machines, test_shapes());
  ASSERT_FALSE(points);
  EXPECT_NE(points.error().message.find("cs3"), std::string::npos);
  machines.erase("cs2");
  points = wafer_validation(machines, test_shapes());
  ASSERT_FALSE(points);
  EXPECT_NE(points.error().message.find("cs2"), std::string::npos);
  EXPECT_FALSE(speculation_needs(test_machines(), test_shapes(), "no-such-model"));
}

}  // namespace
}  // namespace evalrun::sim
