#include "harness/core/date.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

TEST(Date, IsADayThatThereIs) {
  for (const char* day : {"2024-02-29", "2026-12-31", "2000-01-01"})
    EXPECT_TRUE(is_date(day)) << day;
  for (const char* text : {"", "2023-02-29", "2026-13-01", "2026-00-10", "2026-1-05", "2026/01/05",
                           "2026-01-05 ", "20x6-01-05", "2026-01-32"})
    EXPECT_FALSE(is_date(text)) << text;
}

}  // namespace
}  // namespace evalrun
