// LiveCodeBench's answers within a model's text: programs, assertions, values. Pure functions; the
// text is hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/core/types.h"
#include "scorers/extract.h"

namespace evalrun {

// LiveCodeBench's own rules (lcb_runner/utils/extraction_utils.py at 28fef95), to the character.
// Thinking is not dropped: its fences count.

// A program. A fence line is one that holds "```", wherever; the program is what stands between the
// last two, "" if there are fewer. CodeFence::python_tag: lines that hold "PYTHON]" are the fences
// if there are two. (There the official function ends without a result, and its run with an error;
// the lines that it picks are used as for the other styles.) CodeFence::none: the stripped text.
std::string official_program(CodeFence fence, std::string_view text);

// A test output prediction: the last line that begins with "assert"; else the lines between the
// first line that holds "```python" (or "```Python"; else any "```") and the next fence line. "" if
// there is none. python_tag: the first two lines that hold "PYTHON]".
std::string official_test_output(CodeFence fence, std::string_view text);

// A code execution: what stands between the first and the second "==", if one occurs, in the cot
// form searched behind the first "[ANSWER]" (to the second one) if that occurs; of it, what stands
// before "[/ANSWER]", or the first line.
std::string official_call_output(PromptForm form, std::string_view text);

// Our rules. Thinking is dropped first; blank programs do not count; then, for a program:
//   1. "[PYTHON] block", for CodeFence::python_tag: behind the last "[PYTHON]", up to "[/PYTHON]"
//   2. "python block": the last ``` block with the tag python (python3, py, ...), which needs no
//      closing fence at the end of the text
//   3. "code block": the last ``` block without a tag whose first line could be Python's
//   4. "whole text", if it holds no ``` and its first line could be Python's
std::optional<Extracted> strict_program(CodeFence fence, std::string_view text);

// For a test output, the text of a value:
//   1. "assertion": right of the == of the last line that begins with "assert" and has one
//   2. "code block": the last ``` block, if it is a Python literal
//   3. "whole text", if it is one
std::optional<Extracted> strict_test_output(std::string_view text);

}  // namespace evalrun
