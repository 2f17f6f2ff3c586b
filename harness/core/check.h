// CHECK: for what only broken code can cause. On in release builds, prints where and why, then
// aborts.
#pragma once

namespace evalrun {

[[noreturn]] void check_failed(const char* condition, const char* why, const char* file, int line);

}  // namespace evalrun

#define EVALRUN_CHECK_WHY(condition, why) \
  ((condition) ? void() : ::evalrun::check_failed(#condition, why, __FILE__, __LINE__))
#define CHECK(condition) EVALRUN_CHECK_WHY(condition, "")
