// JSON strings, both ways. Internal to wire.
#pragma once

#include <string>
#include <string_view>

namespace evalrun {

// Appends `text` as a JSON string with its quotes; each byte that is no UTF-8 becomes U+FFFD.
void append_wire_string(std::string& out, std::string_view text);

// Appends what stands between the quotes of a well-formed JSON string. Bytes that are no UTF-8
// stay; a \u escape of half a surrogate pair becomes U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);

// The first character that cannot stand in a JSON string as it is (a quote, a backslash, a control
// character), or `end`.
const char* find_json_special(const char* begin, const char* end);

// to_valid_utf8 that costs next to nothing for ASCII.
void make_valid_utf8(std::string& text);

}  // namespace evalrun
