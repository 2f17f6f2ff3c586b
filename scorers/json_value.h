// JSON as Python's json.loads reads it, into Python values: what LiveCodeBench's graders compare
// with.
#pragma once

#include <cstddef>
#include <string_view>

#include "harness/core/result.h"
#include "scorers/pyvalue.h"

namespace evalrun {

inline constexpr int kMaxJsonDepth = 200;  // arrays and objects in each other
// Of an integer; LiveCodeBench's grader sets sys.set_int_max_str_digits to it.
inline constexpr std::size_t kMaxJsonDigits = 50'000;

// Arrays are lists, objects dicts (of equal keys the last value counts, at the first one's place),
// numbers with a point or exponent floats (1e999 is infinite), others integers of any size; also
// NaN, Infinity and -Infinity. A lone surrogate \ud800 stays, as its three bytes; a byte order mark
// and control characters in strings are refused. Bytes beyond ASCII are taken over as they are.
// Error: "byte N: why". Safe on hostile text: bounded in depth, time n log n.
Result<PyValue> parse_json(std::string_view text);

}  // namespace evalrun
