// The answer within a model's text. Pure functions; the text is hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/core/types.h"

namespace evalrun {

// CRUXEval's own rules (openai/openai_prompt.py of facebookresearch/cruxeval, commit 190faf1), to
// the character. `check` is ExactLiteral or PythonAssert.
//   cot:    without "[ANSWER]" the last line; else what stands between the first and the second one
//   output: if "==" occurs, what stands between the first and the second one
//   input:  if "==" occurs, what stands before it; then, if "assert f" occurs, "f" and what stands
//           between the first and the second one
// A cot answer without "[ANSWER]" is not cut further. Everything is stripped as Python strips.
std::string official_answer(const Check& check, PromptForm form, std::string_view text);

struct Extracted {
  // crux-o: the text of the value. crux-i: the argument list of f, without the parentheses.
  // letters: decimal digits. lcb: a program, or the text of a value. Not checked to be a literal.
  std::string text;
  std::string_view rule;  // which rule found it, such as "assertion"
};

// Our own rules. PythonTests: strict_program, TestOutput: strict_test_output, both in
// extract_code.h; LetterCount: letters_answer. For the others f is the function that the check
// calls. Thinking is dropped first; then the first of these that is present decides:
//   1. "[ANSWER] block": the last one that is not blank; a missing [/ANSWER] allowed, and in the
//      direct form a missing [ANSWER] too (the prompt ends with it)
//   2. "assertion": the last f(...) == X (or = X) in the text; X ends before a comma or comment
//   3. "code block" or "answer line": the last ``` block or the last "Answer: ...", whichever is
//   later
//   4. "whole text", direct form only
// What it found is then read as a call of f, or as a value: within a code block if it holds one,
// right of f(...) == if it holds that, without Markdown around it; if the whole is no literal but
// its first line is (brackets may go on to later lines), that line. Nothing found: no answer.
std::optional<Extracted> strict_answer(const Check& check, PromptForm form, std::string_view text);

// The last step alone, for a text that already is an extracted answer (a file of generations).
std::optional<Extracted> strict_reading(const Check& check, std::string_view answer);

// letters: the latest of "Answer: N", \boxed{N} and a last line that is nothing but N; else, in the
// direct form, the last whole number of the text, or the last number word (zero ... twenty) if
// there is none in digits.
std::optional<Extracted> letters_answer(PromptForm form, std::string_view text);

}  // namespace evalrun
