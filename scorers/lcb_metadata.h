// What LiveCodeBench's grader writes about a graded program (evaluation/testing_util.py and
// compute_code_generation_metrics.py, 28fef95): a list of result codes, one a test up to the first
// failure, and a JSON object of metadata. Repair prompts are made from it, and its numbers are what
// others compare with, so keys and words are the grader's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scorers/pyvalue.h"

namespace evalrun {

// Result codes. A program is right if all of its codes are above 0.
inline constexpr int kLcbRight = 1;       // true
inline constexpr int kLcbWrongValue = 0;  // false: a called function's value
inline constexpr int kLcbWrong = -2;      // a whole program's output; also for kLcbNoResult
inline constexpr int kLcbTimeLimit = -3;
inline constexpr int kLcbRuntimeError = -4;
inline constexpr int kLcbNoResult = -5;  // error_code only: the process died without a result

// {"results": [true, -2], "metadata": <metadata>}, compact.
std::string lcb_details(const std::vector<int>& results, std::string_view metadata);

// The metadata objects, as JSON. Texts may be any bytes (what is no UTF-8 becomes U+FFFD).
std::string lcb_passed(double seconds);  // the program's, CPU time
std::string lcb_wrong(std::string_view output, std::string_view inputs, std::string_view expected,
                      std::string_view message);
// code is kLcbTimeLimit or kLcbRuntimeError; error: repr() of the exception.
std::string lcb_raised(int code, std::string_view error, std::string_view inputs,
                       std::string_view expected);
// Nothing could be tested; error: str() of the exception.
std::string lcb_untestable(std::string_view error);
std::string lcb_no_result();

// The first and the last 150 of more than 300 characters, as the grader cuts every text.
std::string truncate_as_grader(std::string_view utf8);

// str(value) in Python, but for characters beyond ASCII within containers, which are escaped.
std::string python_str(const PyValue& value);

}  // namespace evalrun
