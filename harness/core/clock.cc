#include "harness/core/clock.h"

#include <chrono>

namespace evalrun {
namespace {

template <typename Clock>
std::int64_t us_of() {
  using namespace std::chrono;
  return duration_cast<microseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

std::int64_t wall_us() { return us_of<std::chrono::system_clock>(); }
std::int64_t steady_us() { return us_of<std::chrono::steady_clock>(); }

}  // namespace evalrun
