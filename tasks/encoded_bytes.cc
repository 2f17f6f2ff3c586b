#include "tasks/encoded_bytes.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "harness/core/check.h"

namespace evalrun {
namespace {

constexpr std::uint8_t kNoDigit = 64;

// The value of each byte as a base64 digit.
constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits;
  digits.fill(kNoDigit);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[std::uint8_t(kAlphabet[i])] = std::uint8_t(i);
  return digits;
}();

}  // namespace

Result<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return input_error("base64: cut off (its length is no multiple of 4)");
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;  // the last digits, newest lowest
  int count = 0;           // of bits that are not written yet
  for (char c : text) {
    const std::uint8_t digit = kDigits[std::uint8_t(c)];
    if (digit == kNoDigit) return input_error("base64: a character that is no digit of it");
    bits = bits << 6 | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += char(bits >> count & 0xff);
  }
  return out;
}

Result<std::string> inflate_zlib(std::string_view bytes, std::size_t max_bytes) {
  z_stream stream = {};
  CHECK(inflateInit(&stream) == Z_OK);
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> owner(&stream, &inflateEnd);
  std::vector<char> piece(256 << 10);
  std::string out;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::size_t size =
          std::min<std::size_t>(bytes.size(), 1u << 30);  // it counts in 32 bits
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream.avail_in = uInt(size);
      bytes.remove_prefix(size);
    }
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = uInt(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_BUF_ERROR)
      return input_error("zlib: cut off");  // neither input nor output left
    if (status != Z_OK && status != Z_STREAM_END)
      return input_error(std::string("zlib: ") + (stream.msg ? stream.msg : "broken stream"));
    const std::size_t size = piece.size() - stream.avail_out;
    if (size > max_bytes - out.size())
      return input_error("zlib: larger than " + std::to_string(max_bytes) + " bytes when inflated");
    out.append(piece.data(), size);
  }
  if (stream.avail_in > 0 || !bytes.empty()) return input_error("zlib: bytes after its end");
  return out;
}

}  // namespace evalrun
