// The GGUF container, versions 2 and 3, little-endian: named metadata, then named tensors.
//
//   "GGUF" version:u32 tensors:u64 entries:u64
//   entries x (key:string type:u32 value)
//   tensors x (name:string dimensions:u32 sizes:u64[dimensions] type:u32 offset:u64)
//   padding to `general.alignment`, then the tensors' data, each at its offset
//
// The format is that of the ggml project's docs/gguf.md. A file is hostile until parsed: every read
// is bounds-checked, and nothing is allocated that the bytes at hand do not justify.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/core/result.h"
#include "hw/cpu/matrix.h"

namespace evalrun {

struct GgufNumbers {  // an array of numbers or booleans, widened when read
  std::uint32_t type = 0;
  std::size_t count = 0;
  std::span<const std::byte> bytes;

  double operator[](std::size_t i) const;
};

using GgufValue = std::variant<std::uint64_t, std::int64_t, double, bool, std::string_view,
                               std::vector<std::string_view>, GgufNumbers>;

struct GgufTensor {
  std::vector<std::uint64_t> sizes;  // fastest first: sizes[0] is the length of a row
  NumberType type = NumberType::f32;
  std::span<const std::byte> data;
};

// All views point into the parsed bytes, which must outlive it.
struct Gguf {
  std::string source;  // the file's name, for messages
  std::uint32_t version = 0;
  std::map<std::string_view, GgufValue, std::less<>> metadata;
  std::map<std::string_view, GgufTensor, std::less<>> tensors;

  // The value under key. Error: "FILE: KEY: missing" or what else it is.
  Result<std::int64_t> integer(std::string_view key) const;
  Result<double> number(std::string_view key) const;
  Result<std::string_view> text(std::string_view key) const;

  // The same with a value for an absent key; a present one of another kind is still an error.
  Result<std::int64_t> integer_or(std::string_view key, std::int64_t absent) const;
  Result<double> number_or(std::string_view key, double absent) const;
  Result<bool> flag_or(std::string_view key, bool absent) const;
  Result<std::string_view> text_or(std::string_view key, std::string_view absent) const;

  // nullptr when the key is absent or of another kind.
  const std::vector<std::string_view>* texts(std::string_view key) const;
  const GgufNumbers* numbers(std::string_view key) const;

  bool has(std::string_view key) const { return metadata.contains(key); }
};

// Error: "NAME: what: reason", NAME being source_name.
Result<Gguf> parse_gguf(std::span<const std::byte> bytes, std::string source_name);

}  // namespace evalrun
