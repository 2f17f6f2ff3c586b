// One file's blank, comment and code lines, as cloc 1.96 counts them. Pure functions, thread-safe,
// linear in the text.
//
// What cloc does, and so do we: a blank line counts as blank unless the line before ends in "\"; a
// line with code and a comment is code; a triple-quoted string of Python is a comment wherever it
// stands; a comment mark inside a string counts as one; an unclosed "/*" is code; a first line
// "#!" is code. Bytes are compared, so that text need not be UTF-8.
// Not done: cloc's second pass over HTML ("<! -- >" with spaces) and over Markdown's "[//]: #
// (...)".
#pragma once

#include <string>
#include <string_view>

namespace evalrun {

struct LineCount {
  long blank = 0;
  long comment = 0;
  long code = 0;
  LineCount& operator+=(const LineCount& other);
  bool operator==(const LineCount&) const = default;
};

struct LineLanguage;
// Of the file's name alone, or for names that say nothing of its first line's "#!"; nullptr: none
// that we count. `head`: the file's beginning.
const LineLanguage* line_language(std::string_view file_name, std::string_view head);
std::string_view name(const LineLanguage& language);

LineCount count_text(const LineLanguage& language, std::string_view text);

// Whether the first 512 bytes look binary to Perl's -B, which cloc asks: a zero byte, or more than
// a third of the bytes odd in what is no UTF-8.
bool looks_binary(std::string_view text);

}  // namespace evalrun
