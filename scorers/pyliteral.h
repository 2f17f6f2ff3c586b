// Python literals, as ast.literal_eval of CPython 3.11 accepts them, without running any Python.
//
// Accepted: None True False ... numbers (one sign), str and bytes in every spelling, implicit
// concatenation, tuples (also bare: 1, 2), lists, sets, set(), dicts, parentheses, comments.
// Refused although literal_eval takes them: complex numbers, \N{...} escapes, hexadecimal integers
// of more than 4,300 decimal digits, texts of more than `max_bytes`.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "scorers/pyvalue.h"

namespace evalrun {

inline constexpr std::size_t kMaxLiteralBytes = std::size_t(1) << 20;
inline constexpr int kMaxLiteralDepth = 200;  // brackets in brackets; CPython's own limit

// Error: "byte N: why", counted in `text` with every end of line as one byte. Safe on hostile text:
// bounded in depth, time n log n.
Result<PyValue> parse_literal(std::string_view text, std::size_t max_bytes = kMaxLiteralBytes);

// One of Python's reserved words, such as "not".
bool is_keyword(std::string_view word);

// One argument of a call.
struct PyArgument {
  std::string name;  // empty: positional
  PyValue value;
};

// The arguments of f(...), without the parentheses; only literals. "" has none. Errors as above.
Result<std::vector<PyArgument>> parse_call_arguments(std::string_view text);

// The arguments as Python source again, such as "1, x=[2]".
std::string to_source(std::span<const PyArgument> arguments);

}  // namespace evalrun
