// A matrix as it lies in a model file: rows of numbers in a storage type, decoded while
// multiplying.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace evalrun {

// Values are those of GGUF files (ggml_type).
enum class NumberType : std::uint32_t { f32 = 0, f16 = 1, q8_0 = 8, bf16 = 30 };

// Q8_0: 32 values share a binary16 scale, which stands before them: value = scale * int8.
constexpr std::size_t kQ8BlockValues = 32;
constexpr std::size_t kQ8BlockBytes = 2 + kQ8BlockValues;

constexpr std::string_view name(NumberType type) {
  switch (type) {
    case NumberType::f32:
      return "F32";
    case NumberType::f16:
      return "F16";
    case NumberType::bf16:
      return "BF16";
    case NumberType::q8_0:
      return "Q8_0";
  }
  return "?";
}

// Bytes of one row; nothing when the type cannot hold a row of that many values.
constexpr std::optional<std::size_t> row_bytes(NumberType type, std::size_t columns) {
  if (columns > SIZE_MAX / 4) return std::nullopt;
  switch (type) {
    case NumberType::f32:
      return columns * 4;
    case NumberType::f16:
    case NumberType::bf16:
      return columns * 2;
    case NumberType::q8_0:
      if (columns % kQ8BlockValues) return std::nullopt;
      return columns / kQ8BlockValues * kQ8BlockBytes;
  }
  return std::nullopt;
}

// A view; whoever mapped the file owns the bytes. Any alignment.
struct Matrix {
  NumberType type = NumberType::f32;
  std::size_t rows = 0;     // outputs
  std::size_t columns = 0;  // inputs
  const std::byte* data = nullptr;
  std::size_t stride_bytes = 0;  // from row to row

  const std::byte* row(std::size_t r) const { return data + r * stride_bytes; }
};

}  // namespace evalrun
