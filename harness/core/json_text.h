// JSON strings, both ways, byte by byte: what Json (json.h) reads with and what every writer of
// JSON by hand escapes with. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evalrun {

// Appends `text` as a JSON string, quotes included. Control characters, the quote and the backslash
// are escaped, everything else stays as it is; each ill-formed piece of UTF-8 (a maximal subpart,
// Unicode 15, table 3-8) becomes U+FFFD. Byte for byte what nlohmann::json's dump() writes with
// error_handler_t::replace.
void append_json_string(std::string& out, std::string_view text);

// Appends what stands between the quotes of a well-formed JSON string. Bytes that are no UTF-8
// stay; a \u escape of half a surrogate pair becomes U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);

// The first character that cannot stand in a JSON string as it is (a quote, a backslash, a control
// character), or `end`.
const char* find_json_special(const char* begin, const char* end);

// 0 to 15, or -1 of what is no hexadecimal digit.
int hex_value(char c);

// How many bytes, from the first on, are well-formed UTF-8 (Unicode 15, table 3-7): text.size() if
// all are. Costs next to nothing for ASCII.
std::size_t valid_utf8_bytes(std::string_view text);

// to_valid_utf8 (text.h) that leaves a text alone which is valid.
void make_valid_utf8(std::string& text);

}  // namespace evalrun
