// The two clocks, in microseconds. Thread-safe.
#pragma once

#include <cstdint>

namespace evalrun {

// Since the Unix epoch, for the record; may be set back by the machine's owner.
std::int64_t wall_us();
// Of a clock that only goes on; for all waiting.
std::int64_t steady_us();

}  // namespace evalrun
