#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "scorers/answer_text.h"
#include "scorers/extract.h"
#include "scorers/pytoken.h"

namespace evalrun {
namespace {

constexpr std::array<std::string_view, 21> kWords = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The whole number at text[at] (digits, or a word of kWords in lower case): its decimal digits, and
// where it ends. Not a part of a longer word, nor of a decimal fraction such as 3.5.
std::optional<std::pair<std::string, std::size_t>> number_at(std::string_view text,
                                                             std::size_t at) {
  if (at > 0 && is_identifier_char(text[at - 1])) return std::nullopt;
  std::size_t end = at;
  while (end < text.size() && is_identifier_char(text[end])) ++end;
  const std::string_view token = text.substr(at, end - at);
  if (token.empty()) return std::nullopt;
  const auto word = std::ranges::find(kWords, token);
  if (word != kWords.end()) return std::pair(std::to_string(word - kWords.begin()), end);
  if (!std::ranges::all_of(token, is_digit)) return std::nullopt;
  const bool is_fraction = end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1]);
  const bool has_point = at > 1 && text[at - 1] == '.' && is_digit(text[at - 2]);
  if (is_fraction || has_point) return std::nullopt;
  const std::size_t zeros = std::min(token.find_first_not_of('0'), token.size() - 1);
  return std::pair(std::string(token.substr(zeros)), end);
}

struct Found {
  std::size_t at = 0;
  std::string digits;
  std::string_view rule;
};

void keep_later(std::optional<Found>& best, std::optional<Found> other) {
  if (other && (!best || other->at > best->at)) best = std::move(other);
}

// The last `marker` that a number follows, with only `between` and the word "is" between them.
std::optional<Found> last_marked(std::string_view text, std::string_view marker,
                                 std::string_view between, std::string_view rule) {
  for (std::size_t at = text.rfind(marker); at != text.npos; at = text.rfind(marker, at - 1)) {
    std::size_t from = std::min(text.find_first_not_of(between, at + marker.size()), text.size());
    if (text.substr(from).starts_with("is ") || text.substr(from).starts_with("is:")) {
      from = std::min(text.find_first_not_of(between, from + 3), text.size());
    }
    if (auto number = number_at(text, from)) return Found{at, std::move(number->first), rule};
    if (at == 0) break;
  }
  return std::nullopt;
}

// The last line, if it is a number and marks.
std::optional<Found> bare_last_line(std::string_view text) {
  text = python_strip(text);
  const std::size_t line = text.rfind('\n') + 1;
  const std::size_t from = std::min(text.find_first_not_of(" *_`", line), text.size());
  const auto number = number_at(text, from);
  if (!number || text.find_first_not_of(" *_`.", number->second) != text.npos) return std::nullopt;
  return Found{line, number->first, "last line"};
}

// The last number written in digits; a word such as "one" counts only where there is none.
std::optional<Found> last_number(std::string_view text) {
  std::optional<Found> word;
  for (std::size_t at = text.size(); at-- > 0;) {
    auto number = number_at(text, at);
    if (!number) continue;
    if (is_digit(text[at])) return Found{at, std::move(number->first), "last number"};
    if (!word) word = Found{at, std::move(number->first), "last number"};
  }
  return word;
}

}  // namespace

std::optional<Extracted> letters_answer(PromptForm form, std::string_view text) {
  const std::string said = lower(without_thinking(text));
  std::optional<Found> best = last_marked(said, "answer", " \t\n*_`:=-\"'([", "answer line");
  keep_later(best, last_marked(said, "\\boxed{", " \t*", "boxed"));
  keep_later(best, bare_last_line(said));
  if (!best && form == PromptForm::direct) best = last_number(said);
  if (!best) return std::nullopt;
  return Extracted{std::move(best->digits), best->rule};
}

}  // namespace evalrun
