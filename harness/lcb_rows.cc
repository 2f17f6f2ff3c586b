#include "harness/lcb_rows.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <map>

#include "harness/core/text.h"
#include "harness/sample_metadata.h"
#include "tasks/lcb.h"

namespace evalrun {
namespace {

// What samples know of their problem; all that the scenarios without programs write.
LcbProblem known_problem(const Sample& sample) {
  LcbProblem problem;
  problem.title = sample_metadata(sample, "title");
  problem.platform = sample_metadata(sample, "platform");
  problem.question_id = sample_metadata(sample, "problem");
  problem.contest_id = sample_metadata(sample, "contest_id");
  problem.contest_date = sample_metadata(sample, "contest_date");
  problem.starter_code = sample_metadata(sample, "starter_code");
  problem.difficulty = sample_metadata(sample, "bucket");
  return problem;
}

bool is_of_programs(const Suite& suite) {
  return lcb_scenario(suite) == LcbScenario::code_generation ||
         lcb_scenario(suite) == LcbScenario::self_repair;
}

using Statements = std::map<std::string, std::string>;  // by question_id

Result<Statements> statements(const Suite& suite, const SuiteOptions& options) {
  Statements out;
  if (!is_of_programs(suite)) return out;
  const auto problems = lcb_problems(suite.name, options);
  if (!problems) return std::unexpected(problems.error());
  for (const auto& problem : *problems) out[problem.question_id] = problem.content;
  return out;
}

Result<LcbRow> row_of(const Sample& sample, const Statements& texts,
                      const SampleGenerations& answer, const std::vector<ScoreOutcome>& outcomes) {
  LcbRow row;
  row.problem = known_problem(sample);
  if (const auto text = texts.find(row.problem.question_id); text != texts.end())
    row.problem.content = text->second;
  row.outputs = answer.generations;
  for (const ScoreOutcome& outcome : outcomes) {
    row.codes.push_back(outcome.extracted);
    row.graded.push_back(outcome.verdict == Verdict::right);
    if (outcome.details.empty()) {  // testgen, exec: the flag is all there is
      row.results.push_back({outcome.verdict == Verdict::right ? 1 : 0});
      continue;
    }
    auto grade = parse_lcb_details(outcome.details);
    if (!grade) return input_error(answer.id + ": details: " + grade.error().message);
    row.results.push_back(std::move(grade->results));
    row.metadata.push_back(std::move(grade->metadata));
  }
  if (row.metadata.size() != row.graded.size()) row.metadata.clear();
  return row;
}

// Each attempt at a problem that was repaired is a sample of ours; there they share a row.
void append_attempt(LcbRow& row, const LcbRow& next) {
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(row.outputs, next.outputs);
  append(row.codes, next.codes);
  append(row.graded, next.graded);
  append(row.results, next.results);
  append(row.metadata, next.metadata);
  append(*row.original_codes, *next.original_codes);
}

Result<std::int64_t> milliseconds_of(const std::string& date) {
  if (date.empty()) return 0;
  int year = 0;
  unsigned month = 0, day = 0;
  char rest = 0;
  const int read = std::sscanf(date.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest);
  const std::chrono::year_month_day parsed{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
  if (read != 3 || !parsed.ok())
    return usage_error("--model-date: \"" + to_printable(date, true) + "\" is no YYYY-MM-DD");
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::sys_days(parsed).time_since_epoch())
      .count();
}

}  // namespace

LcbScenario lcb_scenario(const Suite& suite) {
  if (suite.name == "lcb-exec") return LcbScenario::code_execution;
  if (suite.name == "lcb-testgen") return LcbScenario::test_output;
  if (suite.name == "lcb-repair") return LcbScenario::self_repair;
  return LcbScenario::code_generation;
}

std::vector<LcbKey> lcb_keys(const Suite& suite) {
  std::vector<LcbKey> keys;
  const bool has_test = lcb_scenario(suite) == LcbScenario::test_output;
  for (const Sample& sample : suite.samples) {
    const std::string problem = sample_metadata(sample, "problem");
    if (has_test)  // ids are question_id "_" test_id
      keys.push_back({problem, sample.id.substr(problem.size() + 1)});
    else
      keys.push_back({sample.id, ""});
  }
  return keys;
}

Result<std::vector<LcbRow>> lcb_rows(const Suite& suite, const SuiteOptions& options,
                                     const std::vector<SampleGenerations>& answers,
                                     const Judged& judged) {
  const auto texts = statements(suite, options);
  if (!texts) return std::unexpected(texts.error());
  std::vector<LcbRow> rows;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    auto row = row_of(suite.samples[i], *texts, answers[i], judged.outcomes[i]);
    if (!row) return std::unexpected(row.error());
    const bool repair = lcb_scenario(suite) == LcbScenario::self_repair;
    if (repair) row->original_codes = {sample_metadata(suite.samples[i], "original_code")};
    if (repair && !rows.empty() && rows.back().problem.question_id == row->problem.question_id)
      append_attempt(rows.back(), *row);
    else
      rows.push_back(std::move(*row));
  }
  return rows;
}

Result<std::string> lcb_file(const std::string& format, const Suite& suite,
                             std::span<const LcbRow> rows, LcbModel model,
                             const std::string& model_date) {
  if (format == "lcb-eval") return lcb_eval_json(lcb_scenario(suite), rows);
  if (!is_of_programs(suite))
    return usage_error(
        fmt::format("{}: {} has only lcb-eval: the other files hold programs", format, suite.name));
  if (format == "lcb-output") return lcb_output_json(rows);
  if (format == "lcb-eval-all") return lcb_eval_all_json(rows);
  const auto date = milliseconds_of(model_date);
  if (!date) return std::unexpected(date.error());
  model.release_date_ms = *date;
  if (model.repr.empty()) model.repr = model.name;
  return lcb_performances_json(rows, model);
}

}  // namespace evalrun
