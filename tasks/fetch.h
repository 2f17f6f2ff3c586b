// Datasets that are not ours are fetched by the user, never shipped. This knows where they live and
// what they must hash to, and downloads them so that a destination is either right or untouched.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

struct FetchSource {
  std::string url;             // https://…, or http:// to this machine (loopback) only
  std::string sha256;          // what the bytes must hash to, lower-case hex
  std::int64_t max_bytes = 0;  // more is refused
};

struct FetchLimits {
  int connect_timeout_ms = 20'000;
  int stall_timeout_s = 30;  // slower than 1 byte a second for so long: given up
  int total_timeout_ms = 600'000;
};

// Bytes so far, bytes in all (0 = not known yet). Called from inside the download; must not throw.
using FetchProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Downloads to DESTINATION.part.PID, checks the hash, renames. Creates the destination's folder. On
// any failure the part file is removed and an existing destination keeps its bytes. Certificates
// are verified; redirects never leave https, except for a loopback http source. Errors are one
// line, kind system, or input when the bytes are wrong; they show the URL without user, password
// and query. Blocks; thread-safe for different destinations.
Status fetch_file(const FetchSource& source, const std::string& destination,
                  const FetchProgress& progress, const FetchLimits& limits = {});

// What `evalrun fetch NAME` can bring.
struct FetchableDataset {
  std::string_view name;
  std::string_view url;  // its public home
  std::string_view sha256;
  std::string_view file_name;  // in the cache folder, where the suite looks for it
  std::string_view licence;
  std::int64_t max_bytes = 0;
};
std::span<const FetchableDataset> fetchable_datasets();

// Where fetched files go: $XDG_CACHE_HOME/evalrun, else $HOME/.cache/evalrun, else "". The
// arguments are the two variables' values, null when not set; a relative $XDG_CACHE_HOME does not
// count (XDG Base Directory Specification 0.8).
std::string cache_dir_from(const char* xdg_cache_home, const char* home);
std::string default_cache_dir();  // from the environment

}  // namespace evalrun
