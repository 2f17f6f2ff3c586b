#include "tasks/lcb.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "harness/core/hash.h"
#include "tasks/lcb_data.h"
#include "tasks/lcb_prompts.h"
#include "tasks/lcb_repair.h"
#include "tasks/lcb_select.h"
#include "tasks/mapped_file.h"

namespace evalrun {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

Metadata metadata_of(const LcbProblem& problem) {
  return {{"bucket", problem.difficulty},     {"problem", problem.question_id},
          {"platform", problem.platform},     {"contest_date", problem.contest_date},
          {"contest_id", problem.contest_id}, {"title", problem.title}};
}

Sample new_sample(std::string_view suite, std::string id, const LcbProblem& problem,
                  LcbAsked asked) {
  Sample sample;
  sample.id = std::move(id);
  sample.suite = suite;
  sample.question = std::move(asked.question);
  sample.direct = std::move(asked.direct);
  sample.cot = std::move(asked.cot);
  sample.metadata = metadata_of(problem);
  return sample;
}

PythonTests tests_of(const LcbCodeRow& row, CodeFence fence) {
  return {row.problem.func_name, [spans = row.tests] { return load_lcb_tests(spans); }, fence,
          std::string(lcb_erratum(row.problem))};
}

template <typename Row>
Status keep(const LcbOptions& options, std::vector<Row>& rows) {
  std::erase_if(rows, [&](const Row& row) { return !lcb_keeps(options, row.problem); });
  if (rows.empty())
    return usage_error("no problem is left after the filters by date, difficulty and platform");
  return {};
}

// What the load functions have in common: checks, rows, filters, prompts, then a sample a row.
// `load`: () -> Result<LcbRows<Row>>; `make`: (prompts, row) -> Sample.
template <typename Load, typename Make>
Result<Suite> build(std::string_view name, const SuiteOptions& options, LcbScenario scenario,
                    Load load, Make make) {
  if (auto ok = check_lcb_filters(options.lcb); !ok) return std::unexpected(ok.error());
  const auto prompts = LcbPrompts::load(options, scenario);
  if (!prompts) return std::unexpected(prompts.error());
  auto data = load();
  if (!data) return std::unexpected(data.error());
  if (auto ok = keep(options.lcb, data->rows); !ok) return std::unexpected(ok.error());
  Suite suite{std::string(name), {}, data->source.dataset, data->source.sha256, prompts->sha256()};
  suite.samples.reserve(data->rows.size());
  for (const auto& row : data->rows) suite.samples.push_back(make(*prompts, row));
  return suite;
}

Sample code_sample(std::string_view suite, const LcbPrompts& prompts, const LcbCodeRow& row) {
  Sample sample =
      new_sample(suite, row.problem.question_id, row.problem, prompts.code(row.problem));
  sample.metadata.emplace_back("starter_code", row.problem.starter_code);
  sample.check = tests_of(row, prompts.fence());
  return sample;
}

// --- lcb-repair ---

// An earlier run, and the rows of the problems that it attempted.
struct RepairData {
  LcbRows<LcbCodeRow> rows;                              // all of the release
  std::map<std::string, const LcbCodeRow*> by_question;  // into rows
  std::vector<LcbAttempt> attempts;                      // chosen ones, in the official order
  std::string dataset;
  std::string sha256;
};

Result<RepairData> load_repair(const SuiteOptions& options) {
  if (options.lcb.repair_from.empty())
    return usage_error("lcb-repair needs the graded run to repair: an ..._eval_all.json");
  const auto file = MappedFile::open(options.lcb.repair_from);
  if (!file) return std::unexpected(file.error());
  auto attempts = read_lcb_attempts(**file);
  if (!attempts) return std::unexpected(attempts.error());
  auto rows = load_lcb_code_rows(options);
  if (!rows) return std::unexpected(rows.error());

  RepairData data{*std::move(rows), {}, {}, "", ""};
  for (const LcbCodeRow& row : data.rows.rows) data.by_question[row.problem.question_id] = &row;
  for (LcbAttempt& attempt : *attempts) {
    const auto row = data.by_question.find(attempt.question_id);
    if (row == data.by_question.end())
      return input_error((*file)->name() + ": row " + std::to_string(attempt.row) + ": problem \"" +
                         attempt.question_id.substr(0, 100) + "\" is not in " +
                         data.rows.source.dataset + "; choose the release of that run");
    if (lcb_keeps(options.lcb, row->second->problem)) data.attempts.push_back(std::move(attempt));
  }
  if (data.attempts.empty())
    return usage_error("no problem is left after the filters by date, difficulty and platform");
  std::ranges::stable_sort(data.attempts, {}, &LcbAttempt::question_id);
  data.dataset = data.rows.source.dataset + ", attempts of " + (*file)->name();
  data.sha256 = sha256_hex(data.rows.source.sha256 + "\n" + sha256_hex((*file)->bytes()) + "\n");
  return data;
}

// A graded file of programs alone has them as outputs too: in fences, where the extraction looks.
std::string with_program(const LcbAttempt& attempt) {
  const bool bare = attempt.output == attempt.code && !attempt.output.contains("```");
  return bare ? "```python\n" + attempt.code + "\n```" : attempt.output;
}

Sample repair_sample(const LcbPrompts& prompts, const LcbCodeRow& row, const LcbAttempt& attempt) {
  std::string id = attempt.question_id;
  if (attempt.count > 1) id += "#" + std::to_string(attempt.index);
  LcbAsked asked;
  if (attempt.right)
    asked.question = row.problem.content;
  else
    asked = prompts.repair(row.problem, attempt);
  Sample sample = new_sample("lcb-repair", std::move(id), row.problem, std::move(asked));
  if (attempt.right) sample.given_answer = with_program(attempt);
  sample.metadata.emplace_back("earlier", attempt.right ? "right" : "wrong");
  sample.metadata.emplace_back("original_code", attempt.code);
  sample.check = tests_of(row, prompts.fence());
  return sample;
}

}  // namespace

Result<Suite> load_lcb(const SuiteOptions& options) {
  return build(
      "lcb", options, LcbScenario::code, [&] { return load_lcb_code_rows(options); },
      [](const LcbPrompts& prompts, const LcbCodeRow& row) {
        return code_sample("lcb", prompts, row);
      });
}

Result<Suite> load_lcb_mini(const SuiteOptions& options) {
  return build(
      "lcb-mini", options, LcbScenario::code, [] { return load_lcb_mini_rows(); },
      [](const LcbPrompts& prompts, const LcbCodeRow& row) {
        return code_sample("lcb-mini", prompts, row);
      });
}

Result<Suite> load_lcb_exec(const SuiteOptions& options) {
  return build(
      "lcb-exec", options, LcbScenario::exec, [&] { return load_lcb_exec_rows(options); },
      [](const LcbPrompts& prompts, const LcbExecRow& row) {
        Sample sample = new_sample("lcb-exec", row.id, row.problem, prompts.exec(row));
        sample.check = CallOutput{row.code, row.input, row.output};
        return sample;
      });
}

Result<Suite> load_lcb_testgen(const SuiteOptions& options) {
  return build(
      "lcb-testgen", options, LcbScenario::testgen, [&] { return load_lcb_testgen_rows(options); },
      [](const LcbPrompts& prompts, const LcbTestgenRow& row) {
        Sample sample =
            new_sample("lcb-testgen", row.problem.question_id + "_" + std::to_string(row.test_id),
                       row.problem, prompts.testgen(row));
        sample.check = TestOutput{row.test.output, prompts.fence()};
        return sample;
      });
}

Result<Suite> load_lcb_repair(const SuiteOptions& options) {
  if (auto ok = check_lcb_filters(options.lcb); !ok) return std::unexpected(ok.error());
  const auto prompts = LcbPrompts::load(options, LcbScenario::repair);
  if (!prompts) return std::unexpected(prompts.error());
  const auto data = load_repair(options);
  if (!data) return std::unexpected(data.error());
  Suite suite{"lcb-repair", {}, data->dataset, data->sha256, prompts->sha256()};
  suite.samples.reserve(data->attempts.size());
  for (const LcbAttempt& attempt : data->attempts)
    suite.samples.push_back(
        repair_sample(*prompts, *data->by_question.at(attempt.question_id), attempt));
  return suite;
}

Result<std::vector<LcbProblem>> lcb_problems(std::string_view suite, const SuiteOptions& options) {
  std::vector<LcbProblem> problems;
  if (suite == "lcb-repair") {
    const auto data = load_repair(options);
    if (!data) return std::unexpected(data.error());
    for (const LcbAttempt& attempt : data->attempts)
      if (attempt.index == 0)
        problems.push_back(data->by_question.at(attempt.question_id)->problem);
    return problems;
  }
  if (suite != "lcb" && suite != "lcb-mini")
    return usage_error("suite \"" + std::string(suite) + "\" has no code generation problems");
  auto data = suite == "lcb" ? load_lcb_code_rows(options) : load_lcb_mini_rows();
  if (!data) return std::unexpected(data.error());
  for (LcbCodeRow& row : data->rows)
    if (lcb_keeps(options.lcb, row.problem)) problems.push_back(std::move(row.problem));
  return problems;
}

}  // namespace evalrun
