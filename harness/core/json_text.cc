#include "harness/core/json_text.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// ---- eight bytes at a time, as one number

constexpr std::uint64_t kLowBits = 0x0101010101010101, kHighBits = 0x8080808080808080;

std::uint64_t eight_bytes(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

bool is_special(char c) { return std::uint8_t(c) < 0x20 || c == '"' || c == '\\'; }

// The high bit of each special byte: "haszero" and "hasless" of Anderson's Bit Twiddling Hacks. A
// borrow spoils only bytes after a special one, so the first set bit is right.
std::uint64_t special_bits(std::uint64_t word) {
  const std::uint64_t control = word - kLowBits * 0x20;
  const std::uint64_t quote = (word ^ kLowBits * '"') - kLowBits;
  const std::uint64_t backslash = (word ^ kLowBits * '\\') - kLowBits;
  return (control | quote | backslash) & ~word & kHighBits;
}

// The first byte that is special or, if `stops` is kHighBits and not 0, not ASCII.
const char* find_stop(const char* at, const char* end, std::uint64_t stops) {
  for (; end - at >= 8; at += 8) {
    const std::uint64_t word = eight_bytes(at);
    const std::uint64_t found = special_bits(word) | (word & stops);
    if (found != 0) return at + std::countr_zero(found) / 8;
  }
  while (at != end && !is_special(*at) && (std::uint8_t(*at) & stops & 0x80) == 0) ++at;
  return at;
}

// ---- UTF-8

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

// The well-formed sequence at the start of `s`, which is not ASCII, or the longest beginning of
// one.
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

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += {char(0xc0 | code >> 6), char(0x80 | (code & 63))};
  } else if (code < 0x10000) {
    out += {char(0xe0 | code >> 12), char(0x80 | (code >> 6 & 63)), char(0x80 | (code & 63))};
  } else {
    out += {char(0xf0 | code >> 18), char(0x80 | (code >> 12 & 63)), char(0x80 | (code >> 6 & 63)),
            char(0x80 | (code & 63))};
  }
}

// ---- escapes

// Each character and the letter that stands for it after a backslash.
constexpr std::string_view kShort = "\bb\tt\nn\ff\rr\"\"\\\\//";

void append_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
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

char short_escape(char letter) {
  for (std::size_t i = 0; i < kShort.size(); i += 2)
    if (kShort[i + 1] == letter) return kShort[i];
  return letter;
}

// Four hexadecimal digits, which the parser has checked.
std::uint32_t code_unit(std::string_view digits) {
  std::uint32_t unit = 0;
  for (const char c : digits.substr(0, 4)) unit = unit << 4 | std::uint32_t(hex_value(c));
  return unit;
}

// Takes the \uXXXX, or the pair of them, at the start of `raw`.
void append_unicode_escape(std::string& out, std::string_view& raw) {
  const std::uint32_t code = code_unit(raw.substr(2));
  raw.remove_prefix(6);
  const bool is_high = code >= 0xd800 && code < 0xdc00;
  if (is_high && raw.starts_with("\\u")) {
    const std::uint32_t low = code_unit(raw.substr(2));
    if (low >= 0xdc00 && low < 0xe000) {
      append_utf8(out, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
      raw.remove_prefix(6);
      return;
    }
  }
  if (code >= 0xd800 && code < 0xe000)
    out += kReplacement;
  else
    append_utf8(out, code);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const char* const end = text.data() + text.size();
  const char* begin = text.data();  // of the bytes that are copied as they are
  for (const char* at = begin; (at = find_stop(at, end, kHighBits)) != end;) {
    const bool is_ascii = std::uint8_t(*at) < 0x80;
    const Sequence piece =
        is_ascii ? Sequence{} : sequence(std::string_view(at, std::size_t(end - at)));
    if (!piece.is_valid) {
      out.append(begin, at);
      if (is_ascii)
        append_escape(out, *at);
      else
        out += kReplacement;
      begin = at + piece.bytes;
    }
    at += piece.bytes;
  }
  out.append(begin, end);
  out += '"';
}

void append_unescaped(std::string& out, std::string_view raw) {
  out.reserve(out.size() + raw.size());
  while (!raw.empty()) {
    const std::size_t slash = std::min(raw.find('\\'), raw.size());
    out += raw.substr(0, slash);
    raw.remove_prefix(slash);
    if (raw.empty()) return;
    if (raw[1] == 'u') {
      append_unicode_escape(out, raw);
    } else {
      out += short_escape(raw[1]);
      raw.remove_prefix(2);
    }
  }
}

const char* find_json_special(const char* begin, const char* end) {
  return find_stop(begin, end, 0);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = char(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t valid_utf8_bytes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && (eight_bytes(text.data() + at) & kHighBits) == 0) {
      at += 8;
    } else if (std::uint8_t(text[at]) < 0x80) {
      ++at;
    } else {
      const Sequence piece = sequence(text.substr(at));
      if (!piece.is_valid) return at;
      at += piece.bytes;
    }
  }
  return at;
}

void make_valid_utf8(std::string& text) {
  if (valid_utf8_bytes(text) != text.size()) text = to_valid_utf8(text);
}

}  // namespace evalrun
