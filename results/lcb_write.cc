#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/lcb_format.h"
#include "results/stats.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// As json.dump(value, file, indent=4).
std::string dump(const Json& json) {
  return json.dump(4, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

Json output_json(const LcbRow& row) {
  CHECK(!row.outputs.empty() && row.codes.size() == row.outputs.size());
  const LcbProblem& p = row.problem;
  return Json{{"question_title", p.title},      {"question_content", p.content},
              {"platform", p.platform},         {"question_id", p.question_id},
              {"contest_id", p.contest_id},     {"contest_date", p.contest_date},
              {"starter_code", p.starter_code}, {"difficulty", p.difficulty},
              {"output_list", row.outputs},     {"code_list", row.codes}};
}

double pass_at_1(const LcbRow& row) {
  CHECK(!row.outputs.empty() && row.graded.size() == row.outputs.size());
  return double(row.right()) / double(row.graded.size());
}

// The official rule: all of them positive.
int right_results(const LcbRow& row) {
  return int(
      std::count_if(row.results.begin(), row.results.end(), [](const std::vector<int>& tests) {
        return std::all_of(tests.begin(), tests.end(), [](int test) { return test > 0; });
      }));
}

Json results_json(const LcbRow& row) {
  Json json = Json::array();
  for (const std::vector<int>& tests : row.results) {
    Json list = Json::array();
    for (const int test : tests)
      list.push_back(test == 0 || test == 1 ? Json(test == 1) : Json(test));
    json.push_back(std::move(list));
  }
  return json;
}

// Adds "pass@k" to `metrics` and each problem's to `detail`.
void add_pass_at_k(int k, std::span<const LcbRow> rows, Json& metrics, Json& detail) {
  const std::string key = "pass@" + std::to_string(k);
  double sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double value = pass_at_k(int(rows[i].results.size()), right_results(rows[i]), k).value();
    detail[key][std::to_string(i)] = value;
    sum += value;
  }
  metrics[key] = sum / double(rows.size());
}

Json metrics_json(LcbScenario scenario, std::span<const LcbRow> rows) {
  int answers = int(rows.front().results.size());  // that every problem has
  for (const LcbRow& row : rows) answers = std::min(answers, int(row.results.size()));
  CHECK(answers >= 1);
  Json metrics = Json::object();
  Json detail = Json::object();
  if (scenario == LcbScenario::code_execution) {
    add_pass_at_k(1, rows, metrics, detail);
    return Json{{"pass@1", 100 * metrics["pass@1"].get<double>()}};
  }
  if (scenario == LcbScenario::test_output) answers = std::min(answers, 5);
  for (const int k : pass_at_ks(answers)) add_pass_at_k(k, rows, metrics, detail);
  metrics["detail"] = std::move(detail);
  return metrics;
}

// The number that text[at, at + width) is; one that no date has when it is none.
unsigned number_at(std::string_view text, std::size_t at, std::size_t width) {
  constexpr unsigned kNone = 99;
  if (at + width > text.size()) return kNone;
  unsigned value = kNone;
  const char* end = text.data() + at + width;
  const auto parsed = std::from_chars(text.data() + at, end, value);
  return parsed.ec == std::errc() && parsed.ptr == end ? value : kNone;
}

// "2023-08-21T00:00:00" or "2023-08-21", in UTC.
Result<sys_seconds> parse_date(const std::string& text) {
  namespace chrono = std::chrono;
  const chrono::year_month_day day{chrono::year(int(number_at(text, 0, 4))),
                                   chrono::month(number_at(text, 5, 2)),
                                   chrono::day(number_at(text, 8, 2))};
  const bool has_time = text.size() == 19;
  const unsigned hour = has_time ? number_at(text, 11, 2) : 0;
  const unsigned minute = has_time ? number_at(text, 14, 2) : 0;
  const unsigned second = has_time ? number_at(text, 17, 2) : 0;
  const std::string expected =
      fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
  const std::string time = has_time ? fmt::format("T{:02}:{:02}:{:02}", hour, minute, second) : "";
  if (!day.ok() || hour > 23 || minute > 59 || second > 59 || text != expected + time)
    return input_error("contest_date: \"" + to_printable(text.substr(0, 40), true) +
                       "\" is no date like 2023-08-21T00:00:00");
  return sys_days(day) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second);
}

std::int64_t milliseconds(sys_seconds time) {
  return std::int64_t(time.time_since_epoch().count()) * 1000;
}

// The first days of the months from that of `first` to the one after that of `last`.
Json date_marks_json(sys_seconds first, sys_seconds last) {
  using namespace std::chrono;
  const auto month_of = [](sys_seconds time) {
    const year_month_day day{floor<days>(time)};
    return day.year() / day.month();
  };
  Json marks = Json::array();
  const year_month end = month_of(last) + months(1);
  for (year_month month = month_of(first); month <= end; month += months(1))
    marks.push_back(milliseconds(sys_days(month / day(1))));
  return marks;
}

Json performance_json(const LcbRow& row, const LcbModel& model, sys_seconds contest) {
  return Json{{"question_id", row.problem.question_id},
              {"model", model.repr},
              {"date", milliseconds(contest + std::chrono::days(1))},
              {"difficulty", row.problem.difficulty},
              {"pass@1", pass_at_1(row) * 100},
              {"platform", row.problem.platform}};
}

}  // namespace

std::string lcb_output_json(std::span<const LcbRow> rows) {
  Json file = Json::array();
  for (const LcbRow& row : rows) file.push_back(output_json(row));
  return dump(file);
}

std::string lcb_eval_json(LcbScenario scenario, std::span<const LcbRow> rows) {
  CHECK(!rows.empty());
  const bool programs =
      scenario == LcbScenario::code_generation || scenario == LcbScenario::self_repair;
  Json results = Json::object();
  Json metadata = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(!programs || rows[i].metadata.size() == rows[i].results.size());
    results[std::to_string(i)] = results_json(rows[i]);
    metadata.push_back(rows[i].metadata);
  }
  Json file = Json::array({metrics_json(scenario, rows), std::move(results)});
  if (programs) file.push_back(std::move(metadata));
  return dump(file);
}

std::string lcb_eval_all_json(std::span<const LcbRow> rows) {
  Json file = Json::array();
  for (const LcbRow& row : rows) {
    Json json = output_json(row);
    json["graded_list"] = row.graded;
    json["pass@1"] = pass_at_1(row);
    json["metadata"] = row.metadata;
    if (row.original_codes) json["original_code_list"] = *row.original_codes;
    file.push_back(std::move(json));
  }
  return dump(file);
}

Result<std::string> lcb_performances_json(std::span<const LcbRow> rows, const LcbModel& model) {
  Json performances = Json::array();
  sys_seconds first = sys_seconds::max();
  sys_seconds last = sys_seconds::min();
  for (const LcbRow& row : rows) {
    const Result<sys_seconds> contest = parse_date(row.problem.contest_date);
    if (!contest) return std::unexpected(contest.error());
    performances.push_back(performance_json(row, model, *contest));
    first = std::min(first, *contest);
    last = std::max(last, *contest);
  }
  return dump(Json{{"performances", std::move(performances)},
                   {"models", Json::array({Json{{"model_name", model.name},
                                                {"model_repr", model.repr},
                                                {"model_style", model.style},
                                                {"release_date", model.release_date_ms},
                                                {"link", model.link}}})},
                   {"date_marks", rows.empty() ? Json::array() : date_marks_json(first, last)}});
}

}  // namespace evalrun
