// A small generator whose stream is the same on every machine and library (std distributions are
// not).
#pragma once

#include <cstdint>

namespace evalrun {

// The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014; constants by D. Stafford, "Mix13").
constexpr std::uint64_t mix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

// splitmix64. Not thread-safe: one Rng per thing that is random.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mix64(state_ += 0x9e3779b97f4a7c15ull); }
  // Uniform in [0, 1), 53 bits.
  double uniform() { return double(next() >> 11) * 0x1.0p-53; }
  // Uniform in [0, n), n > 0 (multiply-shift; the bias is below n / 2^64).
  std::uint64_t below(std::uint64_t n) { return std::uint64_t((Wide(next()) * n) >> 64); }

 private:
  __extension__ typedef unsigned __int128 Wide;  // not ISO C++, in every compiler we build with
  std::uint64_t state_;
};

}  // namespace evalrun
