#include "scorers/extract.h"

#include <algorithm>

#include "harness/core/check.h"
#include "scorers/answer_text.h"
#include "scorers/extract_code.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

bool asks_for_call(const Check& check) { return std::holds_alternative<PythonAssert>(check); }

// Of the function whose call or value is asked for; a view into the check.
std::string_view function_name(const Check& check) {
  const auto* output = std::get_if<CallOutput>(&check);
  if (output == nullptr) return "f";
  return python_strip(std::string_view(output->call).substr(0, output->call.find('(')));
}

bool is_literal(std::string_view text) { return parse_literal(text).has_value(); }

// text.split(separator)[1] in Python, for a text that contains the separator.
std::string_view second_piece(std::string_view text, std::string_view separator) {
  text.remove_prefix(text.find(separator) + separator.size());
  return text.substr(0, text.find(separator));
}

// Drops quoting marks of Markdown around the whole: **x**, `x`.
std::string_view without_markdown(std::string_view text) {
  text = python_strip(text);
  for (const std::string_view mark : {"**", "`", "**"}) {
    if (text.size() >= 2 * mark.size() && text.starts_with(mark) && text.ends_with(mark)) {
      text = python_strip(text.substr(mark.size(), text.size() - 2 * mark.size()));
    }
  }
  return text;
}

// The value right of the = or == behind a call; nothing if none stands there, or the "??" of a
// repeated question.
std::optional<std::string_view> asserted_value(std::string_view text, const CallSpan& call) {
  const std::size_t sign = text.find_first_not_of(" \t*`", call.close + 1);
  if (sign == text.npos || text[sign] != '=') return std::nullopt;
  const std::size_t from =
      text.find_first_not_of(" \t*`", sign + (text.substr(sign, 2) == "==" ? 2 : 1));
  if (from == text.npos || text[from] == '?' || text[from] == '\n') return std::nullopt;
  return text.substr(from, expression_end(text, from, true) - from);
}

// The last call of the function that a value is asserted of.
std::optional<std::pair<CallSpan, std::string_view>> last_assertion(std::string_view function,
                                                                    std::string_view text) {
  const std::vector<CallSpan> calls = calls_of(function, text);
  for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
    if (const auto value = asserted_value(text, *call)) return std::pair(*call, *value);
  }
  return std::nullopt;
}

std::optional<std::string> read_call(std::string_view function, std::string_view piece) {
  const auto assertion = last_assertion(function, piece);
  const std::vector<CallSpan> calls = calls_of(function, piece);
  if (calls.empty()) return std::nullopt;
  const CallSpan& call = assertion ? assertion->first : calls.back();
  return std::string(piece.substr(call.open + 1, call.close - call.open - 1));
}

// The spelling of a value that comes nearest to a literal; the whole if none is one.
std::optional<std::string> read_value(std::string_view function, std::string_view piece) {
  if (const auto assertion = last_assertion(function, piece)) piece = assertion->second;
  piece = without_markdown(piece);
  if (piece.starts_with("==")) piece = python_strip(piece.substr(2));
  if (piece.empty()) return std::nullopt;
  if (!is_literal(piece)) {
    const std::size_t from = std::min(piece.find_first_not_of(" *`"), piece.size());
    const std::string_view line = piece.substr(from, expression_end(piece, from, false) - from);
    for (const std::string_view shorter :
         {line, line.substr(0, line.find_last_not_of(" *.") + 1)}) {
      if (is_literal(without_markdown(shorter))) return std::string(without_markdown(shorter));
    }
  }
  return std::string(piece);
}

std::optional<std::string> read_text(const Check& check, std::string_view text) {
  const std::string_view function = function_name(check);
  return asks_for_call(check) ? read_call(function, text) : read_value(function, text);
}

std::optional<std::string> read_piece(const Check& check, std::string_view piece) {
  if (const auto block = last_fenced_block(piece)) piece = block->body;
  return read_text(check, piece);
}

// The last [ANSWER] block that is not blank.
std::optional<std::string_view> answer_block(PromptForm form, std::string_view text) {
  constexpr std::string_view kOpen = "[ANSWER]";
  constexpr std::string_view kClose = "[/ANSWER]";
  if (form == PromptForm::direct && text.find(kClose) < text.find(kOpen)) {
    return text.substr(0, text.find(kClose));
  }
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t open = text.substr(0, end).rfind(kOpen);
    if (open == text.npos) break;
    const std::string_view rest = text.substr(open + kOpen.size(), end - open - kOpen.size());
    const std::string_view body = rest.substr(0, rest.find(kClose));
    if (!python_strip(body).empty()) return body;
    end = open;
  }
  return std::nullopt;
}

struct AnswerLine {
  std::size_t begin;
  std::string_view rest;  // of the text, behind "Answer:"
};

// The last "answer:" in any case, Markdown allowed around the colon.
std::optional<AnswerLine> last_answer_line(std::string_view text) {
  constexpr std::string_view kWord = "answer";
  for (std::size_t end = text.size(); end >= kWord.size(); --end) {
    const std::size_t begin = end - kWord.size();
    const bool matches = std::ranges::equal(text.substr(begin, kWord.size()), kWord, {},
                                            [](char c) { return char(c | 0x20); });
    if (!matches) continue;
    const std::size_t colon = text.find_first_not_of(" *_", end);
    if (colon == text.npos || text[colon] != ':') continue;
    const std::size_t rest = text.find_first_not_of(" *_\n", colon + 1);
    if (rest != text.npos) return AnswerLine{begin, text.substr(rest)};
  }
  return std::nullopt;
}

}  // namespace

std::string official_answer(const Check& check, PromptForm form, std::string_view text) {
  CHECK(std::holds_alternative<ExactLiteral>(check) || std::holds_alternative<PythonAssert>(check));
  if (form == PromptForm::cot) {
    if (!text.contains("[ANSWER]")) {
      return std::string(python_strip(text.substr(text.rfind('\n') + 1)));
    }
    text = python_strip(second_piece(text, "[ANSWER]"));
  }
  if (!asks_for_call(check)) {
    return std::string(python_strip(text.contains("==") ? second_piece(text, "==") : text));
  }
  text = text.substr(0, text.find("=="));
  if (!text.contains("assert f")) return std::string(python_strip(text));
  return std::string(python_strip("f" + std::string(python_strip(second_piece(text, "assert f")))));
}

std::optional<Extracted> strict_reading(const Check& check, std::string_view answer) {
  if (std::holds_alternative<LetterCount>(check)) {
    return letters_answer(PromptForm::direct, answer);
  }
  if (std::holds_alternative<PythonTests>(check)) {
    if (python_strip(answer).empty()) return std::nullopt;
    return Extracted{std::string(answer), "extracted answer"};
  }
  if (std::holds_alternative<TestOutput>(check)) return strict_test_output(answer);
  const auto text = read_piece(check, answer);
  return text ? std::optional(Extracted{*text, "extracted answer"}) : std::nullopt;
}

std::optional<Extracted> strict_answer(const Check& check, PromptForm form, std::string_view text) {
  if (std::holds_alternative<LetterCount>(check)) return letters_answer(form, text);
  if (std::holds_alternative<TestOutput>(check)) return strict_test_output(text);
  if (const auto* tests = std::get_if<PythonTests>(&check)) {
    return strict_program(tests->fence, text);
  }
  const std::string said = without_thinking(text);
  const auto found = [&](std::optional<std::string> answer, std::string_view rule) {
    return answer ? std::optional(Extracted{*answer, rule}) : std::nullopt;
  };
  if (const auto block = answer_block(form, said)) {
    return found(read_piece(check, *block), "[ANSWER] block");
  }
  if (last_assertion(function_name(check), said)) {
    return found(read_text(check, said), "assertion");
  }
  const auto code = last_fenced_block(said);
  const auto line = last_answer_line(said);
  if (code && (!line || code->begin > line->begin)) {
    return found(read_piece(check, code->body), "code block");
  }
  if (line) return found(read_piece(check, line->rest), "answer line");
  if (form == PromptForm::direct) return found(read_piece(check, said), "whole text");
  return std::nullopt;
}

}  // namespace evalrun
