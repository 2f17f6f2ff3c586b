#include "runners/remote/wire_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = char(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Four hexadecimal digits, which the parser has checked.
std::uint32_t code_unit(std::string_view digits) {
  std::uint32_t unit = 0;
  for (const char c : digits.substr(0, 4)) unit = unit << 4 | std::uint32_t(hex_value(c));
  return unit;
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

// Takes the \uXXXX, or the pair of them, at the start of `raw`.
void append_unicode_escape(std::string& out, std::string_view& raw) {
  std::uint32_t code = code_unit(raw.substr(2));
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

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;  // a quote, a slash or a backslash
  }
}

// Eight bytes at a time, as one number.
constexpr std::uint64_t kLowBits = 0x0101010101010101, kHighBits = 0x8080808080808080;

std::uint64_t eight_bytes(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Whether a byte of the eight is below n (1 to 128): borrows reach a high bit that was clear.
bool has_byte_below(std::uint64_t word, std::uint64_t n) {
  return ((word - kLowBits * n) & ~word & kHighBits) != 0;
}

bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

bool has_special(std::uint64_t word) {
  return has_byte_below(word, 0x20) || has_byte_below(word ^ kLowBits * '"', 1) ||
         has_byte_below(word ^ kLowBits * '\\', 1);
}

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8)
    if ((eight_bytes(at) & kHighBits) != 0) return false;
  return std::all_of(at, end, [](char c) { return (c & 0x80) == 0; });
}

void append_escape(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  static constexpr std::string_view kNamed = "\b\f\n\r\t";
  const std::size_t named = kNamed.find(c);
  out += '\\';
  if (c == '"' || c == '\\')
    out += c;
  else if (named != std::string_view::npos)
    out += "bfnrt"[named];
  else
    out += {'u', '0', '0', kHex[c >> 4 & 15], kHex[c & 15]};
}

void append_escaped(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  const char* const end = text.data() + text.size();
  for (const char* from = text.data(); from != end;) {
    const char* to = find_json_special(from, end);
    out.append(from, to);
    if (to == end) break;
    append_escape(out, *to);
    from = to + 1;
  }
  out += '"';
}

}  // namespace

const char* find_json_special(const char* begin, const char* end) {
  while (end - begin >= 8 && !has_special(eight_bytes(begin))) begin += 8;
  while (begin != end && !is_special(*begin)) ++begin;
  return begin;
}

void append_unescaped(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t slash = std::min(raw.find('\\'), raw.size());
    out += raw.substr(0, slash);
    raw.remove_prefix(slash);
    if (raw.empty()) return;
    if (raw[1] == 'u') {
      append_unicode_escape(out, raw);
    } else {
      out += simple_escape(raw[1]);
      raw.remove_prefix(2);
    }
  }
}

void append_wire_string(std::string& out, std::string_view text) {
  if (is_ascii(text))
    append_escaped(out, text);
  else
    append_escaped(out, to_valid_utf8(text));
}

void make_valid_utf8(std::string& text) {
  if (!is_ascii(text)) text = to_valid_utf8(text);
}

}  // namespace evalrun
