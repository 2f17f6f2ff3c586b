#include "harness/export_lcb.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/core/text.h"
#include "harness/judged.h"
#include "harness/lcb_rows.h"
#include "harness/open_run.h"
#include "harness/plan.h"

namespace evalrun {
namespace {

using Place = std::tuple<std::string, int>;  // sample, epoch

// `asked`, or the only one there is.
Result<std::string> choose(const char* flag, const std::string& asked,
                           const std::vector<std::string>& known) {
  if (asked.empty() && known.size() == 1) return known.front();
  if (std::find(known.begin(), known.end(), asked) != known.end()) return asked;
  return usage_error(fmt::format("export: {} must be one of the run's: {}{}", flag,
                                 fmt::join(known, ", "), did_you_mean(asked, known)));
}

Result<std::string> choose_suite(const OpenedRun& run, const std::string& asked) {
  std::vector<std::string> known;
  for (const PlannedSuite& suite : run.manifest.run.suites)
    if (suite.name.starts_with("lcb")) known.push_back(suite.name);
  return choose("--suite", asked, known);
}

// The suite with the planned samples only.
Result<Suite> planned_suite(const OpenedRun& run, const std::string& name) {
  auto suites = reload_suites(run);
  if (!suites) return std::unexpected(suites.error());
  if (Status s = choose_samples(run.settings, *suites); !s) return std::unexpected(s.error());
  const auto found = std::find_if(suites->begin(), suites->end(),
                                  [&](const Suite& suite) { return suite.name == name; });
  if (found == suites->end()) return input_error("export: the run has no sample of " + name);
  return std::move(*found);
}

ScoreOutcome outcome_of(const ScoreRecord& record) {
  ScoreOutcome outcome;
  outcome.verdict = record.verdict;
  outcome.skipped = record.skipped;
  outcome.extracted = record.extracted;
  outcome.explanation = record.explanation;
  outcome.details = record.details;
  return outcome;
}

struct Records {
  std::map<Place, std::string> texts;
  std::map<Place, ScoreOutcome> outcomes;
};

Result<Records> read_records(const RunFolder& folder, const std::string& suite,
                             const std::string& strategy) {
  Records out;
  auto samples = folder.samples();
  if (!samples) return std::unexpected(samples.error());
  auto scores = folder.scores();
  if (!scores) return std::unexpected(scores.error());
  for (SampleRecord& record : *samples)
    if (record.suite == suite && record.strategy == strategy && record.model_error.empty())
      out.texts[{record.sample, record.epoch}] = std::move(record.answer.text);
  for (const ScoreRecord& record : *scores)
    if (record.suite == suite && record.strategy == strategy &&
        record.scorer == ScorerKind::official && !is_our_failure(record.verdict))
      out.outcomes[{record.sample, record.epoch}] = outcome_of(record);
  return out;
}

// The answers of all epochs to each sample.
Status collect(const Suite& suite, int epochs, Records& records,
               std::vector<SampleGenerations>& answers, Judged& judged) {
  for (const Sample& sample : suite.samples) {
    answers.push_back({sample.id, {}});
    judged.outcomes.emplace_back();
    for (int epoch = 0; epoch < epochs; ++epoch) {
      const auto text = records.texts.find({sample.id, epoch});
      const auto outcome = records.outcomes.find({sample.id, epoch});
      if (text == records.texts.end() || outcome == records.outcomes.end())
        return system_error(fmt::format(
            "export: {} epoch {} has no answer or no verdict, and these files cannot say so: "
            "`evalrun resume` the run first",
            sample.id, epoch));
      answers.back().generations.push_back(text->second);
      judged.outcomes.back().push_back(outcome->second);
    }
  }
  return {};
}

}  // namespace

Result<std::string> export_lcb(const LcbExport& query) {
  const auto run = open_run(query.dir, RunFolder::Mode::read);
  if (!run) return std::unexpected(run.error());
  const auto name = choose_suite(*run, query.suite);
  if (!name) return std::unexpected(name.error());
  const auto strategy = choose("--strategy", query.strategy, run->manifest.run.strategies);
  if (!strategy) return std::unexpected(strategy.error());
  const auto suite = planned_suite(*run, *name);
  if (!suite) return std::unexpected(suite.error());
  auto records = read_records(*run->folder, *name, *strategy);
  if (!records) return std::unexpected(records.error());
  std::vector<SampleGenerations> answers;
  Judged judged{ScorerKind::official, {}, {}, 0};
  if (Status s = collect(*suite, run->manifest.run.epochs, *records, answers, judged); !s)
    return std::unexpected(s.error());
  const auto rows = lcb_rows(*suite, suite_options(run->settings), answers, judged);
  if (!rows) return std::unexpected(rows.error());
  return lcb_file(query.format, *suite, *rows, query.model, query.model_date);
}

}  // namespace evalrun
