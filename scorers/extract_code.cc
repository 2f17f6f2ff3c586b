#include "scorers/extract_code.h"

#include <algorithm>
#include <array>
#include <vector>

#include "scorers/answer_text.h"
#include "scorers/pyliteral.h"
#include "scorers/pytoken.h"

namespace evalrun {
namespace {

// A line of a text: text.substr(begin, end - begin), without its \n.
struct Line {
  std::size_t begin, end;
};

template <typename Predicate>
std::vector<Line> lines_where(std::string_view text, Predicate is_wanted) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (is_wanted(text.substr(begin, end - begin))) lines.push_back({begin, end});
    begin = end + 1;
  }
  return lines;
}

std::vector<Line> lines_with(std::string_view text, std::string_view mark) {
  return lines_where(text, [&](std::string_view line) { return line.contains(mark); });
}

// The lines between two others, without the last end of line.
std::string between(std::string_view text, const Line& first, const Line& second) {
  if (second.begin <= first.end + 1) return "";
  return std::string(text.substr(first.end + 1, second.begin - first.end - 2));
}

// What stands behind the first `mark`, to the second one.
std::string_view second_piece(std::string_view text, std::string_view mark) {
  text.remove_prefix(text.find(mark) + mark.size());
  return text.substr(0, text.find(mark));
}

bool is_blank(std::string_view text) { return python_strip(text).empty(); }

bool is_python_tag(std::string_view tag) {
  std::string word;
  for (const char c : tag) {
    if (!is_identifier_char(c)) break;
    word += c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
  }
  constexpr std::array<std::string_view, 6> kTags = {"python", "python3", "py",
                                                     "py3",    "pypy",    "pypy3"};
  return std::ranges::find(kTags, word) != kTags.end();
}

// Could it be what is assigned to: a, b or x[1: 2] or y: int, but not two words side by side?
bool is_target(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_identifier_char(text[i]) && !std::string_view(" ,.*[]:").contains(text[i]))
      return false;
    const bool joins_words = i > 0 && i + 1 < text.size() && text[i] == ' ' &&
                             is_identifier_char(text[i - 1]) && is_identifier_char(text[i + 1]);
    if (joins_words) return false;
  }
  return true;
}

// `name = ...`, `a, b = ...`, `name(...)`, `x.y(...)`: a statement that begins with a name.
bool is_simple_statement(std::string_view line) {
  const std::size_t end = line.find_first_of("=(");
  if (end == 0 || end == line.npos) return false;
  const std::string_view target = line.substr(0, end);
  return is_target(target) && (line[end] == '=' || !target.ends_with(' '));
}

bool could_begin_python(std::string_view line) {
  for (const std::string_view word : {"import ", "from ", "def ", "class ", "async def ", "@"}) {
    if (line.starts_with(word)) return !line.ends_with('.');
  }
  for (const std::string_view word : {"if ", "for ", "while ", "with ", "try:"}) {
    if (line.starts_with(word)) return line.ends_with(':');
  }
  return line.starts_with("\"\"\"") || line.starts_with("'''") || is_simple_statement(line);
}

// By its first line that is neither blank nor a comment.
bool could_be_program(std::string_view text) {
  const auto lines = lines_where(text, [](std::string_view line) {
    const std::string_view words = python_strip(line);
    return !words.empty() && !words.starts_with('#');
  });
  if (lines.empty()) return false;
  return could_begin_python(
      python_strip(text.substr(lines[0].begin, lines[0].end - lines[0].begin)));
}

std::optional<std::string_view> python_tag_block(std::string_view text) {
  constexpr std::string_view kOpen = "[PYTHON]";
  const std::size_t open = text.rfind(kOpen);
  if (open == text.npos) return std::nullopt;
  const std::string_view rest = text.substr(open + kOpen.size());
  return rest.substr(0, rest.find("[/PYTHON]"));
}

// Right of the first == outside of brackets, up to the end of the expression.
std::optional<std::string_view> asserted_value(std::string_view assertion) {
  std::size_t at = 0;
  while (at < assertion.size() && !assertion.substr(at).starts_with("==")) {
    if (std::string_view("([{").contains(assertion[at])) {
      const auto close = matching_bracket(assertion, at);
      if (!close) return std::nullopt;
      at = *close;
    } else if (assertion[at] == '\n') {
      return std::nullopt;
    }
    ++at;
  }
  if (at >= assertion.size()) return std::nullopt;
  const std::size_t from = std::min(assertion.find_first_not_of(" \t", at + 2), assertion.size());
  const auto value =
      python_strip(assertion.substr(from, expression_end(assertion, from, true) - from));
  return value.empty() ? std::nullopt : std::optional(value);
}

std::optional<std::string_view> last_asserted_value(std::string_view text) {
  const auto assertions = lines_where(
      text, [](std::string_view line) { return python_strip(line).starts_with("assert"); });
  for (auto line = assertions.rbegin(); line != assertions.rend(); ++line) {
    if (const auto value = asserted_value(text.substr(line->begin))) return value;
  }
  return std::nullopt;
}

std::optional<Extracted> found(std::string_view text, std::string_view rule) {
  return Extracted{std::string(text), rule};
}

}  // namespace

std::string official_program(CodeFence fence, std::string_view text) {
  if (fence == CodeFence::none) return std::string(python_strip(text));
  std::vector<Line> fences;
  if (fence == CodeFence::python_tag) fences = lines_with(text, "PYTHON]");
  if (fences.size() < 2) fences = lines_with(text, "```");
  return fences.size() < 2 ? "" : between(text, fences[fences.size() - 2], fences.back());
}

std::string official_test_output(CodeFence fence, std::string_view text) {
  const auto assertions =
      lines_where(text, [](std::string_view line) { return line.starts_with("assert"); });
  if (!assertions.empty()) {
    const Line& last = assertions.back();
    return std::string(text.substr(last.begin, last.end - last.begin));
  }
  std::vector<Line> fences = lines_with(text, fence == CodeFence::python_tag ? "PYTHON]" : "```");
  if (fence != CodeFence::python_tag) {
    const auto first_python = std::ranges::find_if(fences, [&](const Line& line) {
      const std::string_view words = text.substr(line.begin, line.end - line.begin);
      return words.contains("```python") || words.contains("```Python");
    });
    if (first_python != fences.end()) fences.erase(fences.begin(), first_python);
  }
  return fences.size() < 2 ? "" : between(text, fences[0], fences[1]);
}

std::string official_call_output(PromptForm form, std::string_view text) {
  constexpr std::string_view kClose = "[/ANSWER]";
  if (form == PromptForm::cot && text.contains("[ANSWER]")) {
    text = python_strip(second_piece(text, "[ANSWER]"));
  }
  if (text.contains("==")) text = python_strip(second_piece(text, "=="));
  text = text.substr(0, text.contains(kClose) ? text.find(kClose) : text.find('\n'));
  return std::string(python_strip(text));
}

std::optional<Extracted> strict_program(CodeFence fence, std::string_view text) {
  const std::string said = without_thinking(text);
  if (fence == CodeFence::python_tag) {
    const auto block = python_tag_block(said);
    if (block && !is_blank(*block)) return found(*block, "[PYTHON] block");
  }
  auto blocks = fenced_blocks(said);
  std::erase_if(blocks, [](const FencedBlock& block) { return is_blank(block.body); });
  std::ranges::reverse(blocks);
  for (const FencedBlock& block : blocks) {
    if (is_python_tag(block.tag)) return found(block.body, "python block");
  }
  for (const FencedBlock& block : blocks) {
    if (block.tag.empty() && could_be_program(block.body)) return found(block.body, "code block");
  }
  if (!said.contains("```") && could_be_program(said)) return found(said, "whole text");
  return std::nullopt;
}

std::optional<Extracted> strict_test_output(std::string_view text) {
  const std::string said = without_thinking(text);
  if (const auto value = last_asserted_value(said)) return found(*value, "assertion");
  const auto block = last_fenced_block(said);
  const std::string_view piece = python_strip(block ? block->body : std::string_view(said));
  if (!parse_literal(piece)) return std::nullopt;
  return found(piece, block ? "code block" : "whole text");
}

}  // namespace evalrun
