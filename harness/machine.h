// Facts about this machine, for the manifest and the doctor.
#pragma once

#include <cstdint>
#include <string>

namespace evalrun {

// A JSON object: cpu, cores, memory_bytes, kernel, os. No host name, no user name, no path.
std::string machine_json();

// UTC, ISO 8601 with seconds: "2026-11-22T22:15:03Z".
std::string utc_time(std::int64_t us_since_epoch);

}  // namespace evalrun
