#include "scorers/answer_text.h"

#include <algorithm>

#include "scorers/pytoken.h"

namespace evalrun {
namespace {

// What str.isspace() says beyond ASCII (Unicode's White_Space), as UTF-8.
constexpr std::string_view kWideSpaces[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 28 && c <= 31); }

std::size_t leading_space(std::string_view s) {
  if (!s.empty() && is_ascii_space(s[0])) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (s.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t trailing_space(std::string_view s) {
  if (!s.empty() && is_ascii_space(s.back())) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (s.ends_with(space)) return space.size();
  }
  return 0;
}

// Behind the string literal whose first quote is text[at]; nothing if it is not closed.
std::optional<std::size_t> skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool is_triple = text.substr(at).starts_with(std::string(3, quote));
  const std::size_t quotes = is_triple ? 3 : 1;
  for (std::size_t i = at + quotes; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '\n' && !is_triple) {
      return std::nullopt;
    } else if (text.substr(i).starts_with(text.substr(at, quotes))) {
      return i + quotes;
    }
  }
  return std::nullopt;
}

char closing_of(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

}  // namespace

std::string_view python_strip(std::string_view utf8) {
  while (const std::size_t n = leading_space(utf8)) utf8.remove_prefix(n);
  while (const std::size_t n = trailing_space(utf8)) utf8.remove_suffix(n);
  return utf8;
}

std::vector<std::string_view> python_words(std::string_view utf8) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;  // of the word that goes on at `at`
  std::size_t at = 0;
  const auto end_word = [&] {
    if (at > begin) words.push_back(utf8.substr(begin, at - begin));
  };
  while (at < utf8.size()) {
    const std::size_t space = leading_space(utf8.substr(at));
    if (space > 0) {
      end_word();
      begin = at + space;
    }
    at += std::max<std::size_t>(space, 1);
  }
  end_word();
  return words;
}

std::string without_thinking(std::string_view text) {
  constexpr std::string_view kOpen = "<think>";
  constexpr std::string_view kClose = "</think>";
  std::string kept;
  std::size_t at = 0;
  std::size_t open = text.find(kOpen);
  std::size_t close = text.find(kClose);
  while (open != text.npos || close != text.npos) {
    if (close < open) {  // closes what began before the text did
      kept.clear();
    } else {
      kept += text.substr(at, open - at);
      if (close == text.npos) return kept;
    }
    at = close + kClose.size();
    if (open < at) open = text.find(kOpen, at);
    close = text.find(kClose, at);
  }
  return kept += text.substr(at);
}

std::optional<std::size_t> matching_bracket(std::string_view text, std::size_t open) {
  std::string closers;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') {
      closers += closing_of(c);
    } else if (c == ')' || c == ']' || c == '}') {
      if (closers.back() != c) return std::nullopt;
      closers.pop_back();
      if (closers.empty()) return i;
    } else if (c == '\'' || c == '"') {
      const auto end = skip_string(text, i);
      if (!end) return std::nullopt;
      i = *end - 1;
    } else if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    }
  }
  return std::nullopt;
}

std::size_t expression_end(std::string_view text, std::size_t from, bool stop_at_comma) {
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') {
      const auto close = matching_bracket(text, i);
      if (!close) return std::min(text.find('\n', i), text.size());
      i = *close;
    } else if (c == '\'' || c == '"') {
      const auto end = skip_string(text, i);
      if (!end) return std::min(text.find('\n', i), text.size());
      i = *end - 1;
    } else if (std::string_view("\n#`;)]}").contains(c) || (stop_at_comma && c == ',')) {
      return i;
    }
  }
  return text.size();
}

std::vector<CallSpan> calls_of(std::string_view name, std::string_view text) {
  std::vector<CallSpan> calls;
  if (name.empty()) return calls;
  const std::string opening = std::string(name) + "(";
  int unclosed = 0;
  for (std::size_t at = text.find(opening); at != text.npos; at = text.find(opening, at)) {
    const bool is_whole_name =
        at == 0 || (!is_identifier_char(text[at - 1]) && text[at - 1] != '.');
    const bool is_definition = text.substr(0, at).ends_with("def ");
    if (!is_whole_name || is_definition) {
      ++at;
      continue;
    }
    const std::size_t open = at + name.size();
    if (const auto close = matching_bracket(text, open)) {
      calls.push_back({at, open, *close});
      at = *close;
    } else if (++at, ++unclosed == 32) {
      break;
    }
  }
  return calls;
}

std::vector<FencedBlock> fenced_blocks(std::string_view text) {
  std::vector<FencedBlock> blocks;
  std::optional<FencedBlock> open;  // its body reaches to the end of the text until it is closed
  const auto close_at = [&](std::size_t line) {
    open->body.remove_suffix(text.size() - line);
    blocks.push_back(*open);
    open.reset();
  };
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::string_view words = python_strip(text.substr(line, end - line));
    if (words.starts_with("```")) {
      const bool is_one_line = words.size() > 6 && words.ends_with("```");
      const std::string_view tag = python_strip(words.substr(3));
      const bool only_opens = !is_one_line && !tag.empty();
      if (is_one_line && !open) {
        blocks.push_back({line, words.substr(3, words.size() - 6)});
      } else {
        const bool closes = open.has_value();
        if (closes) close_at(line);
        if (!closes || only_opens) {
          open = FencedBlock{line, text.substr(std::min(end + 1, text.size())), tag};
        }
      }
    }
    line = end + 1;
  }
  if (open) blocks.push_back(*open);
  return blocks;
}

std::optional<FencedBlock> last_fenced_block(std::string_view text) {
  const std::vector<FencedBlock> blocks = fenced_blocks(text);
  return blocks.empty() ? std::nullopt : std::optional(blocks.back());
}

}  // namespace evalrun
