// How CPython spells values: float_repr_style "short", the quote rule of str and bytes.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "harness/core/check.h"
#include "scorers/pyvalue.h"

namespace evalrun {
namespace {

using Kind = PyValue::Kind;

// The shortest digits that read back as the same double; with an exponent iff the decimal point
// would stand before the fourth zero or behind the sixteenth digit (CPython's format code 'r').
std::string float_repr(double x, bool as_source) {
  if (std::isinf(x)) return std::string(x < 0 ? "-" : "") + (as_source ? "1e999" : "inf");
  if (std::isnan(x)) return "nan";
  char text[32] = {};  // zero-terminated for atoi
  const auto end = std::to_chars(text, text + sizeof text - 1, x, std::chars_format::scientific);
  CHECK(end.ec == std::errc());
  const std::string_view scientific(text, std::size_t(end.ptr - text));  // -d.ddde+xx
  const std::size_t e = scientific.find('e');
  const int exponent = std::atoi(text + e + 1);
  if (exponent < -4 || exponent >= 16) {
    return fmt::format("{}e{}{:02}", scientific.substr(0, e), exponent < 0 ? '-' : '+',
                       std::abs(exponent));
  }
  const bool is_negative = scientific[0] == '-';
  std::string digits;
  for (const char c : scientific.substr(0, e)) {
    if (c != '-' && c != '.') digits += c;
  }
  if (exponent < 0) {
    digits = "0." + std::string(std::size_t(-exponent - 1), '0') + digits;
  } else if (digits.size() <= std::size_t(exponent) + 1) {
    digits += std::string(std::size_t(exponent) + 1 - digits.size(), '0') + ".0";
  } else {
    digits.insert(std::size_t(exponent) + 1, 1, '.');
  }
  return (is_negative ? "-" : "") + digits;
}

// The code point at `at`, which moves behind it. Our own strings are well formed by construction.
std::uint32_t next_code_point(std::string_view utf8, std::size_t& at) {
  const auto byte = std::uint8_t(utf8[at++]);
  if (byte < 0x80) return byte;
  const int tail = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  std::uint32_t code = byte & (0x3fu >> tail);
  for (int i = 0; i < tail && at < utf8.size(); ++i) code = code << 6 | (utf8[at++] & 0x3fu);
  return code;
}

std::string escaped(std::uint32_t code, char quote) {
  if (code == '\n') return "\\n";
  if (code == '\r') return "\\r";
  if (code == '\t') return "\\t";
  if (code == '\\' || code == std::uint32_t(quote)) return {'\\', char(code)};
  if (code >= 0x20 && code < 0x7f) return {char(code)};
  if (code < 0x100) return fmt::format("\\x{:02x}", code);
  if (code < 0x10000) return fmt::format("\\u{:04x}", code);
  return fmt::format("\\U{:08x}", code);
}

void append_quoted(const PyValue& v, std::string& out) {
  const bool is_bytes = v.kind == Kind::bytes;
  const char quote = v.text.contains('\'') && !v.text.contains('"') ? '"' : '\'';
  if (is_bytes) out += 'b';
  out += quote;
  for (std::size_t at = 0; at < v.text.size();) {
    out += escaped(is_bytes ? std::uint8_t(v.text[at++]) : next_code_point(v.text, at), quote);
  }
  out += quote;
}

void append(const PyValue& v, bool as_source, std::string& out);

void append_items(const PyValue& v, bool as_source, std::string_view open, std::string_view close,
                  std::string& out) {
  out += open;
  for (std::size_t i = 0; i < v.items.size(); ++i) {
    if (i > 0) out += v.kind == Kind::dict && i % 2 == 1 ? ": " : ", ";
    append(v.items[i], as_source, out);
  }
  out += close;
}

void append(const PyValue& v, bool as_source, std::string& out) {
  switch (v.kind) {
    case Kind::none:
      out += "None";
      return;
    case Kind::ellipsis:
      out += as_source ? "..." : "Ellipsis";
      return;
    case Kind::boolean:
      out += v.truth ? "True" : "False";
      return;
    case Kind::integer:
      out += v.text;
      return;
    case Kind::real:
      out += float_repr(v.number, as_source);
      return;
    case Kind::string:
    case Kind::bytes:
      append_quoted(v, out);
      return;
    case Kind::tuple:
      return append_items(v, as_source, "(", v.items.size() == 1 ? ",)" : ")", out);
    case Kind::list:
      return append_items(v, as_source, "[", "]", out);
    case Kind::set:
      if (v.items.empty()) {
        out += "set()";
        return;
      }
      return append_items(v, as_source, "{", "}", out);
    case Kind::dict:
      return append_items(v, as_source, "{", "}", out);
  }
}

}  // namespace

std::string repr(const PyValue& value) {
  std::string out;
  append(value, false, out);
  return out;
}

std::string to_source(const PyValue& value) {
  std::string out;
  append(value, true, out);
  return out;
}

}  // namespace evalrun
