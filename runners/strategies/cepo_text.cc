#include "runners/strategies/cepo_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;  // keeps the order in which the model wrote

constexpr std::string_view kOpen = "<think>", kClose = "</think>";
constexpr auto npos = std::string_view::npos;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (c & 0x80) != 0;
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

// True, and `text` moves behind it, when it begins with `prefix` (lower case) in any letter case.
bool take(std::string_view& text, std::string_view prefix) {
  const bool same =
      text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                 [](char p, char t) { return p == lower(t); });
  if (same) text.remove_prefix(prefix.size());
  return same;
}

// White space and Markdown's emphasis: judges like to write "**Rating:** [[7]]".
void skip_spaces_and_stars(std::string_view& text) {
  while (!text.empty() && (is_space(text[0]) || text[0] == '*')) text.remove_prefix(1);
}

// The run of digits at the front, cut off.
std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

// The digits of the first "LABEL [[digits]]"; "" when there is none.
std::string_view find_verdict(std::string_view text, std::string_view label) {
  for (; !text.empty(); text.remove_prefix(1)) {
    std::string_view rest = text;
    if (!take(rest, label)) continue;
    skip_spaces_and_stars(rest);
    if (!take(rest, "[[")) continue;
    const std::string_view digits = take_digits(rest);
    if (!digits.empty() && rest.starts_with("]]")) return digits;
  }
  return {};
}

std::optional<int> number_to(std::string_view digits, int max) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - !digits.empty()));
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  if (value > max) return std::nullopt;
  return value;
}

// Length of the string literal at the front of `text`, both delimiters included; 0 = none. A failed
// search proves that no such delimiter is left on the line, because the caller skips escapes in
// pairs too: so normalise_answer is linear.
std::size_t literal_size(std::string_view text) {
  if (text[0] != '\'' && text[0] != '"') return 0;
  for (std::size_t i = 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == text[0]) return i + 1;
    if (text[i] == '\\') ++i;
  }
  return 0;
}

void add_approach(std::vector<std::string>& approaches, std::string_view text) {
  text = strip(text);
  if (!text.empty()) approaches.emplace_back(text);
}

std::vector<std::string> approaches_of_json(const Json& json) {
  std::vector<std::string> approaches;
  for (const Json& value : json) {
    if (value.is_string()) add_approach(approaches, value.get_ref<const std::string&>());
  }
  if (!approaches.empty() || json.size() != 1 || !json.front().is_structured()) return approaches;
  for (const Json& value : json.front()) {
    if (value.is_string()) add_approach(approaches, value.get_ref<const std::string&>());
  }
  return approaches;
}

// The JSON value from the first `open` to the last `close`, or a discarded one.
Json json_between(std::string_view text, char open, char close) {
  const std::size_t begin = text.find(open), end = text.rfind(close);
  if (begin == npos || end == npos || end < begin) return Json(Json::value_t::discarded);
  return Json::parse(text.substr(begin, end - begin + 1), nullptr, /*allow_exceptions=*/false);
}

// True, and the marker is cut off, when the line begins with "1.", "2)", "3:", "-" or "*".
bool take_list_marker(std::string_view& line) {
  std::string_view rest = line;
  const bool numbered = !take_digits(rest).empty();
  const std::string_view marks = numbered ? ".):" : "-*";
  if (rest.size() < 2 || marks.find(rest[0]) == npos || !is_space(rest[1])) return false;
  line = strip(rest.substr(1));
  return !line.empty();
}

struct Lines {
  std::vector<std::string> items;  // of a numbered or bulleted list, without their markers
  std::vector<std::string> plain;  // all others
};

Lines sort_lines(std::string_view text) {
  Lines lines;
  for (std::string_view line : split(text, '\n')) {
    line = strip(line);
    if (line.starts_with("```")) continue;
    const bool is_item = take_list_marker(line);
    add_approach(is_item ? lines.items : lines.plain, line);
  }
  return lines;
}

std::vector<std::string> find_approaches(std::string_view text, int count) {
  Lines lines = sort_lines(text);
  if (int(lines.items.size()) >= count) return lines.items;
  Json json = json_between(text, '{', '}');
  if (!json.is_object()) json = json_between(text, '[', ']');
  std::vector<std::string> approaches;
  if (json.is_structured()) approaches = approaches_of_json(json);
  if (!approaches.empty()) return approaches;
  if (!lines.items.empty()) return lines.items;
  // A cut-off JSON value is no list of lines: its braces would become approaches.
  const bool has_braces = text.find('{') != npos;
  return int(lines.plain.size()) == count && !has_braces ? lines.plain : approaches;
}

}  // namespace

std::string strip_think(std::string_view text) {
  std::string rest;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find(kOpen, at);
    const std::size_t close = open == npos ? npos : text.find(kClose, open);
    if (close == npos) break;
    rest += text.substr(at, open - at);
    at = close + kClose.size();
  }
  rest += text.substr(at);
  if (const std::size_t close = rest.rfind(kClose); close != npos)
    rest.erase(0, close + kClose.size());
  if (const std::size_t open = rest.find(kOpen); open != npos) rest.erase(open);
  return rest.size() == text.size() ? rest : std::string(strip(rest));
}

std::optional<int> parse_rating(std::string_view judgement) {
  return number_to(find_verdict(judgement, "rating:"), 10);
}

std::optional<int> parse_better_response(std::string_view judgement) {
  return number_to(find_verdict(judgement, "better response:"), 1);
}

std::string normalise_answer(std::string_view text) {
  std::string out;
  bool gap = false;  // white space since the last byte of `out`
  for (text = strip(text); !text.empty();) {
    const std::size_t literal = literal_size(text);
    if (literal > 0) {
      out += '"';
      out += text.substr(1, literal - 2);
      out += '"';
      text.remove_prefix(literal);
      gap = false;
      continue;
    }
    const std::size_t size = text[0] == '\\' && text.size() > 1 ? 2 : 1;
    if (is_space(text[0])) {
      gap = true;
    } else {
      if (gap && !out.empty() && is_word(out.back()) && is_word(text[0])) out += ' ';
      out += text.substr(0, size);
      gap = false;
    }
    text.remove_prefix(size);
  }
  return out;
}

std::vector<std::string> parse_approaches(std::string_view text, int count) {
  std::vector<std::string> approaches = find_approaches(strip_think(text), count);
  if (int(approaches.size()) > count) approaches.resize(std::size_t(count));
  return approaches;
}

}  // namespace evalrun
