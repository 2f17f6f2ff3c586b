#include "scorers/lcb_compare.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/text.h"
#include "scorers/answer_text.h"
#include "scorers/decimal.h"
#include "scorers/lcb_metadata.h"

namespace evalrun {
namespace {

using Kind = PyValue::Kind;

constexpr double kWordTolerance = 1e-6;
constexpr double kFloatTolerance = 1e-5;
constexpr std::size_t kMaxShownBytes = 40;

// text.split("\n") in Python.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == text.npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> stripped_lines(std::string_view text) {
  std::vector<std::string_view> lines = lines_of(python_strip(text));
  for (std::string_view& line : lines) line = python_strip(line);
  return lines;
}

std::optional<std::vector<PyDecimal>> decimals_of(std::string_view line) {
  std::vector<PyDecimal> decimals;
  for (const std::string_view word : python_words(line)) {
    auto decimal = parse_decimal(word);
    if (!decimal) return std::nullopt;
    decimals.push_back(std::move(*decimal));
  }
  return decimals;
}

// a == b of two lists of Decimal: the lengths first, then pair by pair up to the first difference.
OfficialStdout::Result compare_lists(const std::vector<PyDecimal>& a,
                                     const std::vector<PyDecimal>& b) {
  using Result = OfficialStdout::Result;
  constexpr auto kSignaling = PyDecimal::Kind::signaling_nan;
  if (a.size() != b.size()) return Result::different;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].kind == kSignaling || b[i].kind == kSignaling) return Result::raises;
    if (!decimal_equal(a[i], b[i])) return Result::different;
  }
  return Result::equal;
}

OfficialStdout::Result compare_lines(std::string_view output, std::string_view expected) {
  if (output == expected) return OfficialStdout::Result::equal;
  const auto ours = decimals_of(output);
  if (!ours) return OfficialStdout::Result::different;
  const auto theirs = decimals_of(expected);
  return theirs ? compare_lists(*ours, *theirs) : OfficialStdout::Result::different;
}

std::vector<std::string_view> lines_without_empty_end(std::string_view text) {
  std::vector<std::string_view> lines = lines_of(text);
  while (!lines.empty() && python_strip(lines.back()).empty()) lines.pop_back();
  return lines;
}

bool equal_words(std::string_view word, std::string_view expected) {
  if (word == expected) return true;
  const auto ours = parse_decimal(word);
  const auto theirs = parse_decimal(expected);
  if (!ours || !theirs) return false;
  if (decimal_equal(*ours, *theirs)) return true;
  constexpr auto kFinite = PyDecimal::Kind::finite;
  if (ours->kind != kFinite || theirs->kind != kFinite) return false;
  if (expected.find_first_of(".eE") == expected.npos) return false;
  const double a = to_double(*ours);
  const double b = to_double(*theirs);
  return std::isfinite(a) && std::abs(a - b) <= kWordTolerance * std::max(1.0, std::abs(b));
}

std::string shown(std::string_view text) {
  const bool is_long = text.size() > kMaxShownBytes;
  return to_printable(to_valid_utf8(text.substr(0, kMaxShownBytes)), true) + (is_long ? "..." : "");
}

std::string line_difference(std::string_view output, std::string_view expected) {
  const auto ours = python_words(output);
  const auto theirs = python_words(expected);
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    if (equal_words(ours[i], theirs[i])) continue;
    return fmt::format("word {} is {}, expected {}", i + 1, shown(ours[i]), shown(theirs[i]));
  }
  if (ours.size() == theirs.size()) return "";
  return fmt::format("{} words, expected {}", ours.size(), theirs.size());
}

bool is_sequence(const PyValue& v) { return v.kind == Kind::list || v.kind == Kind::tuple; }

// Finite numbers only; nothing for others and for integers beyond a double.
std::optional<double> finite_number(const PyValue& v) {
  double number = v.number;
  if (v.kind == Kind::boolean) number = v.truth ? 1 : 0;
  if (v.kind == Kind::integer) number = std::strtod(v.text.c_str(), nullptr);
  const bool is_number = v.kind == Kind::boolean || v.kind == Kind::integer || v.kind == Kind::real;
  return is_number && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// JSON's keys are strings; the dict's own order does not count.
bool equal_dicts(const PyValue& output, const PyValue& expected) {
  if (output.items.size() != expected.items.size()) return false;
  const auto sorted = [](const PyValue& dict) {
    std::vector<std::pair<std::string_view, const PyValue*>> pairs;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      if (dict.items[i].kind == Kind::string) {
        pairs.emplace_back(dict.items[i].text, &dict.items[i + 1]);
      }
    }
    std::ranges::sort(pairs, {}, [](const auto& pair) { return pair.first; });
    return pairs;
  };
  return std::ranges::equal(sorted(output), sorted(expected), [](const auto& a, const auto& b) {
    return a.first == b.first && equal_result_strict(*a.second, *b.second);
  });
}

}  // namespace

OfficialStdout compare_stdout_official(std::string_view output, std::string_view expected) {
  using Result = OfficialStdout::Result;
  const auto ours = stripped_lines(output);
  const auto theirs = stripped_lines(expected);
  if (ours.size() != theirs.size()) {
    return {Result::different, "Wrong answer: mismatched output length"};
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Result result = compare_lines(ours[i], theirs[i]);
    if (result == Result::equal) continue;
    if (result == Result::raises) return {result, "[<class 'decimal.InvalidOperation'>]"};
    return {result, fmt::format("Wrong answer at output_line_idx={}: {} != {}", i,
                                truncate_as_grader(to_valid_utf8(ours[i])),
                                truncate_as_grader(to_valid_utf8(theirs[i])))};
  }
  return {};
}

bool equal_result_official(PyValue output, const PyValue& expected) {
  if (output.kind == Kind::tuple) output.kind = Kind::list;
  return python_equal(output, expected);
}

std::string stdout_difference(std::string_view output, std::string_view expected) {
  const auto ours = lines_without_empty_end(output);
  const auto theirs = lines_without_empty_end(expected);
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    const std::string difference = line_difference(ours[i], theirs[i]);
    if (!difference.empty()) return fmt::format("line {}: {}", i + 1, difference);
  }
  if (ours.size() == theirs.size()) return "";
  return fmt::format("{} lines, expected {}", ours.size(), theirs.size());
}

bool equal_result_strict(const PyValue& output, const PyValue& expected) {
  if (expected.kind == Kind::list) {
    return is_sequence(output) &&
           std::ranges::equal(output.items, expected.items, equal_result_strict);
  }
  if (expected.kind == Kind::dict) {
    return output.kind == Kind::dict && equal_dicts(output, expected);
  }
  if (python_equal(output, expected)) return true;
  if (expected.kind != Kind::real) return false;
  const auto ours = finite_number(output);
  return ours && std::isfinite(expected.number) &&
         std::abs(*ours - expected.number) <= kFloatTolerance;
}

}  // namespace evalrun
