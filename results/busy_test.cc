#include "results/busy.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

TEST(CoveredSeconds, CountsWhatOverlapsOnce) {
  EXPECT_DOUBLE_EQ(covered_seconds({{1'000'000, 3'000'000}, {2'000'000, 4'000'000}}), 3);
  EXPECT_DOUBLE_EQ(covered_seconds({{2'000'000, 3'000'000}, {1'000'000, 9'000'000}}), 8);
}

TEST(CoveredSeconds, LeavesPausesOut) {
  EXPECT_DOUBLE_EQ(covered_seconds({{100'000'000, 101'000'000}, {0, 500'000}}), 1.5);
}

TEST(CoveredSeconds, NothingIsNothing) {
  EXPECT_EQ(covered_seconds({}), 0);
  EXPECT_EQ(covered_seconds({{7, 7}}), 0);
}

}  // namespace
}  // namespace evalrun
