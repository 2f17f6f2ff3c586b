// When a program's output is the expected one: as LiveCodeBench's grader sees it, and as we do.
#pragma once

#include <string>
#include <string_view>

#include "scorers/pyvalue.h"

namespace evalrun {

// grade_stdio of LiveCodeBench's evaluation/testing_util.py (28fef95), to the letter. Both texts,
// and each line of them, are stripped as Python strips; a line must be equal, or all its words be
// numbers equal as decimal.Decimal (6.0 == 6 == 6e0, NaN to nothing, no tolerance).
struct OfficialStdout {
  enum class Result {
    equal,
    different,
    raises,  // a signaling NaN: the grader itself fails, which it counts as a failed program
  };
  Result result = Result::equal;
  std::string message = {};  // the grader's error_message; of `raises`: its exception as str()
};
OfficialStdout compare_stdout_official(std::string_view output, std::string_view expected);

// grade_call_based of the same file: a tuple is made a list, but not one within another; then
// Python's ==. `expected` comes from JSON.
bool equal_result_official(PyValue output, const PyValue& expected);

// Ours. Blanks at the ends of lines and empty lines at the end do not count; then line by line the
// words must be equal, or equal numbers, or, where the expected word is written as a fraction (with
// a point or exponent), within 1e-6, absolute or relative, as contest judges commonly allow.
// "" when equal, else what differs first, in one short printable line.
std::string stdout_difference(std::string_view output, std::string_view expected);

// Ours. Tuples are lists, also within others; a number is within 1e-5 of an expected float (the
// tolerance in LeetCode's statements: "Answers within 10^-5 of the actual answer will be
// accepted"); else Python's ==. `expected` comes from JSON.
bool equal_result_strict(const PyValue& output, const PyValue& expected);

}  // namespace evalrun
