// Hashes. SHA-256 names content (datasets, models, prompts); hash64 names seeds.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// Lower-case hex of SHA-256 (FIPS 180-4, by OpenSSL). Thread-safe.
std::string sha256_hex(std::string_view bytes);

// The same over a file, read in pieces. Error: the path and the system's reason.
Result<std::string> sha256_file(const std::string& path);

// FNV-1a, 64 bit, finished by the splitmix64 mixer. The same on every machine: seeds depend on it.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// A seed for the thing that `parts` name. Parts are length-prefixed, so ("ab","c") != ("a","bc").
std::uint64_t derive_seed(std::uint64_t seed, std::initializer_list<std::string_view> parts);

}  // namespace evalrun
