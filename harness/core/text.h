// Text helpers that every folder needs.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// The whole file. Error: the path and the system's reason.
Result<std::string> read_file(const std::string& path);

// Writes to a sibling and renames, so that a reader sees the old or the new file, never half.
Status write_file_atomically(const std::string& path, std::string_view bytes);

// Python's str.strip() for ASCII whitespace.
std::string_view strip(std::string_view text);

// Pieces between separators: "a,b" -> {a, b}; "" -> {}. Views into text.
std::vector<std::string_view> split(std::string_view text, char separator);

// Replaces each "{name}" by its value in one pass (values are never searched again); every other
// byte, other braces included, stays.
std::string fill_template(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values);

// The nearest of `known` by edit distance, as ` (did you mean "x"?)`, or "" when nothing is near.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> known);

// Each byte that is not part of well-formed UTF-8 becomes U+FFFD (Unicode 15, 3.9, best practice).
std::string to_valid_utf8(std::string_view bytes);

// Safe to print on a terminal: control characters, escapes and bidirectional overrides become
// visible \x1b style text; newline and tab stay unless `one_line`. Model output is hostile.
std::string to_printable(std::string_view utf8, bool one_line = false);

}  // namespace evalrun
