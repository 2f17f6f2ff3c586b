// Number and string tokens of Python 3.11 (reference manual, 2.4), for the literal parser.
#pragma once

#include <cstddef>
#include <string_view>

#include "harness/core/result.h"
#include "scorers/pyvalue.h"

namespace evalrun {

// An integer or float, without sign, at source[at]; `at` moves behind it. Complex numbers and, as
// in CPython, integers of more than 4,300 decimal digits are refused.
Result<PyValue> parse_number(std::string_view source, std::size_t& at);

// Does a str or bytes literal, with its prefix, begin at source[at]? (f-strings too.)
bool starts_string(std::string_view source, std::size_t at);

// One str or bytes literal at source[at]; `at` moves behind it. Newlines in `source` are \n alone.
// f-strings and \N{...} escapes are refused.
Result<PyValue> parse_string(std::string_view source, std::size_t& at);

inline bool is_identifier_char(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (static_cast<unsigned char>(c) >= 0x80);
}

}  // namespace evalrun
