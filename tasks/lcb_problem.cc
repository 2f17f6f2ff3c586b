#include "tasks/lcb_problem.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tasks/row_fields.h"

namespace evalrun {
namespace {

using Field = std::pair<std::string_view, std::string*>;

Status take_texts(const RowFields& row, std::initializer_list<Field> fields) {
  for (const auto& [key, out] : fields)
    if (auto ok = row.text(key, *out); !ok) return ok;
  return {};
}

Status take_ids(const RowFields& row, std::initializer_list<Field> fields) {
  for (const auto& [key, out] : fields) {
    if (auto ok = row.id(key, *out); !ok) return ok;
    if (!is_safe_id(*out))
      return input_error(std::string(key) +
                         ": expected 1 to 100 letters, digits or any of \"._-\"");
  }
  return {};
}

Status check_one_of(std::string_view key, std::string_view value,
                    std::span<const std::string_view> known) {
  if (std::ranges::find(known, value) != known.end()) return {};
  std::string names;
  for (std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  return input_error(std::string(key) + ": expected one of " + names + ", found \"" +
                     std::string(value.substr(0, 40)) + "\"");
}

bool starts_with_a_day(std::string_view text) {
  static constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return false;
  return text.size() == kShape.size() || text[kShape.size()] == 'T' || text[kShape.size()] == ' ';
}

// ISO text, or the milliseconds since 1970 (UTC) that pandas writes for a timestamp column.
Status take_date(const RowFields& row, std::string& out) {
  std::string text;
  if (auto ok = row.id("contest_date", text); !ok) return ok;
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error == std::errc() && end == text.data() + text.size() && text.size() > 8) {
    const std::chrono::sys_seconds second{std::chrono::seconds(ms / 1000)};
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(second - day);
    out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()),
                      unsigned(date.month()), unsigned(date.day()), time.hours().count(),
                      time.minutes().count(), time.seconds().count());
    return {};
  }
  if (!starts_with_a_day(text))
    return input_error("contest_date: expected YYYY-MM-DDTHH:MM:SS or milliseconds since 1970");
  if (text.size() == 10) text += "T00:00:00";
  text[10] = 'T';
  out = std::move(text);
  return {};
}

// What the rows of all three data sets have.
Status take_common(const RowFields& row, LcbProblem& problem) {
  if (auto ok = take_ids(row, {{"question_id", &problem.question_id}}); !ok) return ok;
  if (auto ok = row.id("contest_id", problem.contest_id); !ok) return ok;
  if (auto ok = take_date(row, problem.contest_date); !ok) return ok;
  if (auto ok = row.text("difficulty", problem.difficulty); !ok) return ok;
  return check_one_of("difficulty", problem.difficulty, kLcbDifficulties);
}

// `metadata` is JSON in a string: {"func_name": "…"} or {}.
Status take_func_name(const RowFields& row, std::string& out) {
  std::string text;
  if (auto ok = row.text("metadata", text); !ok) return ok;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return input_error("metadata: expected a JSON object in a string");
  const auto found = json.find("func_name");
  if (found == json.end() || found->is_null()) return {};
  if (!found->is_string()) return input_error("metadata: func_name: expected a string");
  out = found->get<std::string>();
  return {};
}

// Lower case, every run of other characters one '-': "Find the Peaks" -> "find-the-peaks".
std::string slug_of(std::string_view title) {
  std::string slug;
  for (char c : title) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      slug += c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

// A whole number from 0; the error names `key`.
Status parse_number(std::string_view key, std::string_view digits, int& out) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (error == std::errc() && end == digits.data() + digits.size() && out >= 0) return {};
  return input_error(std::string(key) + ": expected a number" +
                     (key == "id" ? " after a \"_\"" : ""));
}

struct Erratum {
  std::string_view id;  // question_id, or slug of the title
  std::string_view fault;
};

// ERRATA.md at 28fef95.
constexpr std::string_view kSeveral = "several right answers";
constexpr std::string_view kInteractive = "interactive";
constexpr std::string_view kBadTests = "bad tests";
constexpr Erratum kErrata[] = {
    {"abc311_c", kSeveral},
    {"abc326_d", kSeveral},
    {"abc327_b", kSeveral},
    {"abc333_e", kSeveral},
    {"abc343_a", kSeveral},
    {"abc343_e", kSeveral},
    {"abc362_c", kSeveral},
    {"arc185_c", kSeveral},
    {"find-words-containing-character", kSeveral},
    {"find-the-peaks", kSeveral},
    {"generate-binary-strings-without-adjacent-zeros", kSeveral},
    {"abc337_e", kInteractive},
    {"abc355_e", kInteractive},
    {"abc350_c", kBadTests},
    {"arc189_a", kBadTests},
    {"apply-operations-to-make-string-empty", kBadTests},
    {"most-frequent-ids", kBadTests},
};

}  // namespace

Result<LcbCodeRow> parse_lcb_code_row(std::shared_ptr<const MappedFile> file, std::size_t line,
                                      std::span<const JsonMember> members) {
  const RowFields row(members);
  LcbCodeRow out;
  LcbProblem& problem = out.problem;
  if (auto ok = take_common(row, problem); !ok) return std::unexpected(ok.error());
  if (auto ok = take_texts(row, {{"question_title", &problem.title},
                                 {"question_content", &problem.content},
                                 {"platform", &problem.platform},
                                 {"starter_code", &problem.starter_code}});
      !ok)
    return std::unexpected(ok.error());
  if (auto ok = check_one_of("platform", problem.platform, kLcbPlatforms); !ok)
    return std::unexpected(ok.error());
  if (auto ok = take_func_name(row, problem.func_name); !ok) return std::unexpected(ok.error());
  const auto public_tests = row.raw_string("public_test_cases");
  if (!public_tests) return std::unexpected(public_tests.error());
  const auto private_tests = row.raw_string("private_test_cases");
  if (!private_tests) return std::unexpected(private_tests.error());
  out.tests = {std::move(file), line, *public_tests, *private_tests};
  return out;
}

Result<LcbExecRow> parse_lcb_exec_row(std::span<const JsonMember> members) {
  const RowFields row(members);
  LcbExecRow out;
  if (auto ok = take_common(row, out.problem); !ok) return std::unexpected(ok.error());
  if (auto ok = take_ids(row, {{"id", &out.id}}); !ok) return std::unexpected(ok.error());
  if (auto ok = take_texts(row, {{"function_name", &out.problem.func_name},
                                 {"code", &out.code},
                                 {"input", &out.input},
                                 {"output", &out.output}});
      !ok)
    return std::unexpected(ok.error());
  if (auto ok = parse_number("id", out.id.substr(out.id.find('_') + 1), out.number); !ok)
    return std::unexpected(ok.error());
  out.problem.platform = "leetcode";  // all of them; the data set has no such field
  return out;
}

Result<LcbTestgenRow> parse_lcb_testgen_row(std::span<const JsonMember> members) {
  const RowFields row(members);
  LcbTestgenRow out;
  LcbProblem& problem = out.problem;
  std::string tests, test_id;
  if (auto ok = take_common(row, problem); !ok) return std::unexpected(ok.error());
  if (auto ok = row.id("test_id", test_id); !ok) return std::unexpected(ok.error());
  if (auto ok = parse_number("test_id", test_id, out.test_id); !ok)
    return std::unexpected(ok.error());
  if (auto ok = take_texts(row, {{"question_title", &problem.title},
                                 {"question_content", &problem.content},
                                 {"starter_code", &problem.starter_code},
                                 {"function_name", &problem.func_name},
                                 {"test", &tests}});
      !ok)
    return std::unexpected(ok.error());
  auto list = parse_lcb_tests(tests);
  if (!list) return input_error("test: " + list.error().message);
  if (list->empty()) return input_error("test: expected one test, found none");
  out.test = std::move(list->front());  // the official scorer reads the first one only
  problem.platform = "leetcode";        // as for execution-v2
  return out;
}

std::string_view lcb_erratum(const LcbProblem& problem) {
  const std::string slug = slug_of(problem.title);
  for (const Erratum& erratum : kErrata)
    if (erratum.id == problem.question_id || erratum.id == slug) return erratum.fault;
  return "";
}

}  // namespace evalrun
