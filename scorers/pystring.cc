#include <cstdint>
#include <optional>
#include <string>

#include "scorers/pytoken.h"

namespace evalrun {
namespace {

struct Prefix {
  bool is_raw = false;
  bool is_bytes = false;
  bool is_format = false;
  std::size_t size = 0;  // characters before the quote
};

// The prefix of a string literal at source[at]: nothing, or one of r u b f br rb fr rf in any case.
std::optional<Prefix> scan_prefix(std::string_view source, std::size_t at) {
  Prefix prefix;
  bool is_unicode = false;
  for (;; ++prefix.size) {
    if (at + prefix.size >= source.size() || prefix.size > 2) return std::nullopt;
    const char c = source[at + prefix.size];
    if (c == '\'' || c == '"') return prefix;
    const char lower = char(c | 0x20);
    bool& flag = lower == 'r'   ? prefix.is_raw
                 : lower == 'b' ? prefix.is_bytes
                 : lower == 'f' ? prefix.is_format
                                : is_unicode;
    const bool is_known = lower == 'r' || lower == 'b' || lower == 'f' || lower == 'u';
    if (!is_known || flag || is_unicode) return std::nullopt;
    if (lower == 'u' && prefix.size > 0) return std::nullopt;
    if (lower != 'r' && prefix.size > 0 && !prefix.is_raw) return std::nullopt;
    flag = true;
  }
}

// Generalized UTF-8: surrogates too, since a Python str may hold them.
void append_utf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += char(0xc0 | code >> 6);
    out += char(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += char(0xe0 | code >> 12);
    out += char(0x80 | (code >> 6 & 0x3f));
    out += char(0x80 | (code & 0x3f));
  } else {
    out += char(0xf0 | code >> 18);
    out += char(0x80 | (code >> 12 & 0x3f));
    out += char(0x80 | (code >> 6 & 0x3f));
    out += char(0x80 | (code & 0x3f));
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Exactly `count` hexadecimal digits at body[at], or nothing.
std::optional<std::uint32_t> scan_hex(std::string_view body, std::size_t& at, int count) {
  std::uint32_t code = 0;
  for (int i = 0; i < count; ++i, ++at) {
    if (at >= body.size() || hex_value(body[at]) < 0) return std::nullopt;
    code = code << 4 | std::uint32_t(hex_value(body[at]));
  }
  return code;
}

std::uint32_t scan_octal(std::string_view body, std::size_t& at) {
  std::uint32_t code = 0;
  for (int i = 0; i < 3 && at < body.size() && body[at] >= '0' && body[at] <= '7'; ++i, ++at) {
    code = code << 3 | std::uint32_t(body[at] - '0');
  }
  return code;
}

void append_code(std::uint32_t code, bool is_bytes, std::string& out) {
  if (is_bytes) {
    out += char(code & 0xff);
  } else {
    append_utf8(code, out);
  }
}

// \a \b ... for one character, 0 for every other letter.
char simple_escape(char c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"':
      return c;
    case 'a':
      return '\a';
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
    case 'v':
      return '\v';
    default:
      return 0;
  }
}

// The escape whose backslash stands before body[at]. Error: malformed.
Status append_escape(std::string_view body, std::size_t& at, bool is_bytes, std::string& out) {
  const char c = body[at];
  if (c == '\n') return ++at, Status();
  if (const char plain = simple_escape(c)) return ++at, out += plain, Status();
  if (c >= '0' && c <= '7') return append_code(scan_octal(body, at), is_bytes, out), Status();
  const int digits = c == 'x' ? 2 : is_bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits > 0) {
    const auto code = scan_hex(body, ++at, digits);
    if (!code || *code > 0x10ffff) return input_error(std::string("malformed \\") + c + " escape");
    return append_code(*code, is_bytes, out), Status();
  }
  if (c == 'N' && !is_bytes) return input_error("\\N{...} escapes are not supported");
  out +=
      '\\';  // Python keeps an unknown escape as it stands; what follows is an ordinary character
  return {};
}

Status decode(std::string_view body, const Prefix& prefix, std::string& out) {
  for (std::size_t at = 0; at < body.size();) {
    if (prefix.is_bytes && static_cast<unsigned char>(body[at]) >= 0x80) {
      return input_error("bytes can only contain ASCII literal characters");
    }
    const char c = body[at++];
    if (c != '\\' || prefix.is_raw) {
      out += c;
    } else if (Status status = append_escape(body, at, prefix.is_bytes, out); !status) {
      return status;
    }
  }
  return {};
}

}  // namespace

bool starts_string(std::string_view source, std::size_t at) {
  return scan_prefix(source, at).has_value();
}

Result<PyValue> parse_string(std::string_view source, std::size_t& at) {
  const auto prefix = scan_prefix(source, at);
  if (!prefix) return input_error("not a string literal");
  if (prefix->is_format) return input_error("f-strings are not literals");
  at += prefix->size;
  const char quote = source[at];
  const bool is_triple = source.substr(at).starts_with(std::string(3, quote));
  const std::size_t quotes = is_triple ? 3 : 1;
  const std::size_t begin = at + quotes;
  for (std::size_t end = begin; end < source.size(); ++end) {
    if (source[end] == '\\') {
      ++end;  // also in raw strings: the backslash keeps the next character from closing
    } else if (source[end] == '\n' && !is_triple) {
      break;
    } else if (source.substr(end).starts_with(std::string_view(source).substr(at, quotes))) {
      PyValue value{.kind = prefix->is_bytes ? PyValue::Kind::bytes : PyValue::Kind::string};
      if (Status status = decode(source.substr(begin, end - begin), *prefix, value.text); !status) {
        return std::unexpected(status.error());
      }
      at = end + quotes;
      return value;
    }
  }
  return input_error("unterminated string literal");
}

}  // namespace evalrun
