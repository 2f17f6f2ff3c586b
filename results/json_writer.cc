#include "results/json_writer.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace evalrun {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// True for a byte that stands for itself wherever it comes.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (int c = 0x20; c < 0x80; ++c) plain[std::size_t(c)] = c != '"' && c != '\\';
  return plain;
}();

// How many of the eight bytes at `p`, from the first on, are surely plain: "haszero" and "hasless"
// of Anderson's Bit Twiddling Hacks. A borrow spoils only bytes after one that is not plain.
std::size_t plain_of_eight(const char* p) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  const std::uint64_t care = word | (word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes);
  return std::size_t(std::countr_zero(care & (kOnes * 0x80))) / 8;
}

struct Sequence {
  std::size_t bytes = 1;
  bool is_valid = false;
};

// The allowed range of the second byte (Unicode 15, table 3-7), by the first; none: {1, 0}.
struct Range {
  std::uint8_t low = 1;
  std::uint8_t high = 0;
};
Range second_byte(std::uint8_t first) {
  switch (first) {
    case 0xe0:
      return {0xa0, 0xbf};
    case 0xed:
      return {0x80, 0x9f};
    case 0xf0:
      return {0x90, 0xbf};
    case 0xf4:
      return {0x80, 0x8f};
    default:
      return first >= 0xc2 && first <= 0xf4 ? Range{0x80, 0xbf} : Range{};
  }
}

// The well-formed sequence at the start of `s`, or the longest beginning of one.
Sequence sequence(std::string_view s) {
  const auto first = std::uint8_t(s[0]);
  const std::size_t wanted = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  Range range = second_byte(first);
  for (std::size_t n = 1; n < wanted; ++n, range = {0x80, 0xbf}) {
    if (n == s.size()) return {n, false};
    const auto byte = std::uint8_t(s[n]);
    if (byte < range.low || byte > range.high) return {n, false};
  }
  return {wanted, true};
}

void append_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  constexpr std::string_view kShort = "\bb\tt\nn\ff\rr\"\"\\\\";
  for (std::size_t i = 0; i < kShort.size(); i += 2)
    if (kShort[i] == c) {
      out += '\\';
      out += kShort[i + 1];
      return;
    }
  out += "\\u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t begin = 0;  // of the bytes that are copied as they are
  std::size_t at = 0;
  const auto copy = [&] { out.append(text, begin, at - begin); };
  while (at < text.size()) {
    if (at + 8 <= text.size()) {
      const std::size_t plain = plain_of_eight(text.data() + at);
      at += plain;
      if (plain == 8) continue;
    } else if (kPlain[std::uint8_t(text[at])]) {
      ++at;
      continue;
    }
    const bool is_ascii = std::uint8_t(text[at]) < 0x80;
    const Sequence piece = is_ascii ? Sequence{1, false} : sequence(text.substr(at));
    if (!piece.is_valid) {
      copy();
      if (is_ascii)
        append_escape(out, text[at]);
      else
        out += kReplacement;
      begin = at + piece.bytes;
    }
    at += piece.bytes;
  }
  copy();
  out += '"';
}

void JsonWriter::comma() {
  if (!out_.empty() && out_.back() != '{' && out_.back() != '[') out_ += ',';
}

void JsonWriter::key(std::string_view key) {
  comma();
  out_ += '"';
  out_ += key;
  out_ += "\":";
}

void JsonWriter::number(std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
}

void JsonWriter::open_object() {
  comma();
  out_ += '{';
}

void JsonWriter::open_object(std::string_view name) {
  key(name);
  out_ += '{';
}

void JsonWriter::open_array() {
  comma();
  out_ += '[';
}

void JsonWriter::open_array(std::string_view name) {
  key(name);
  out_ += '[';
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  key(name);
  append_json_string(out_, value);
}

void JsonWriter::member(std::string_view name, std::int64_t value) {
  key(name);
  number(value);
}

void JsonWriter::member(std::string_view name, bool value) {
  key(name);
  out_ += value ? "true" : "false";
}

void JsonWriter::element(std::int64_t value) {
  comma();
  number(value);
}

}  // namespace evalrun
