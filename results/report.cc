#include "results/report.h"

#include <algorithm>

#include "harness/core/check.h"
#include "results/view.h"

namespace evalrun {
namespace {

void count_pair(bool base_right, bool other_right, PairedCounts& counts) {
  if (base_right && other_right)
    ++counts.both;
  else if (base_right)
    ++counts.only_a;
  else if (other_right)
    ++counts.only_b;
  else
    ++counts.neither;
}

Comparison compare(const View& base, const View& other) {
  Comparison c;
  c.suite = base.info().name;
  c.base = base.run.strategies[base.strategy];
  c.strategy = base.run.strategies[other.strategy];
  c.planned = int(base.info().samples.size()) * base.run.epochs;
  std::vector<PairedCounts> problems(base.problems.count);
  for (std::size_t sample = 0; sample < base.info().samples.size(); ++sample) {
    const int pairs_before = c.counts.pairs();
    for (int epoch = 0; epoch < base.run.epochs; ++epoch) {
      const ScoreRecord* a = base.cell(sample, epoch).decided(ScorerKind::strict);
      const ScoreRecord* b = other.cell(sample, epoch).decided(ScorerKind::strict);
      if (a == nullptr || b == nullptr) continue;
      count_pair(is_right(a), is_right(b), problems[base.problems.of_sample[sample]]);
      count_pair(is_right(a), is_right(b), c.counts);
    }
    c.samples += c.counts.pairs() > pairs_before;
  }
  for (const PairedCounts& problem : problems) c.problems += problem.pairs() > 0;
  c.paired = base.problems.independent(base.run.epochs) ? compare_pairs(c.counts)
                                                        : compare_clusters(problems);
  return c;
}

void add_comparisons(const Joined& joined, const std::vector<Problems>& problems, Report& report) {
  const std::vector<std::string>& strategies = report.run.strategies;
  const auto named = std::find(strategies.begin(), strategies.end(), "baseline");
  const std::size_t base = named == strategies.end() ? 0 : std::size_t(named - strategies.begin());
  for (std::size_t suite = 0; suite < report.run.suites.size(); ++suite)
    for (std::size_t other = 0; other < strategies.size(); ++other)
      if (other != base)
        report.comparisons.push_back(compare({joined, report.run, problems[suite], suite, base},
                                             {joined, report.run, problems[suite], suite, other}));
  std::vector<double> p_values;
  for (const Comparison& c : report.comparisons) p_values.push_back(c.paired.p_value);
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    Comparison& c = report.comparisons[i];
    c.p_holm = adjusted[i];
    c.comparisons = int(adjusted.size());
    if (c.p_holm < kSignificance)
      c.outcome = c.paired.difference > 0 ? Outcome::better : Outcome::worse;
  }
}

void add_disagreements(const View& view, std::vector<Disagreement>& out) {
  for (std::size_t sample = 0; sample < view.info().samples.size(); ++sample)
    for (int epoch = 0; epoch < view.run.epochs; ++epoch) {
      const ScoreRecord* official = view.cell(sample, epoch).decided(ScorerKind::official);
      const ScoreRecord* strict = view.cell(sample, epoch).decided(ScorerKind::strict);
      if (official == nullptr || strict == nullptr || is_right(official) == is_right(strict))
        continue;
      out.push_back({strict->suite, strict->sample, epoch, strict->strategy, official->verdict,
                     official->skipped, strict->verdict, strict->explanation});
    }
}

}  // namespace

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::better:
      return "better";
    case Outcome::worse:
      return "worse";
    case Outcome::not_shown:
      return "not_shown";
  }
  CHECK(false);
  return "";
}

Report build_report(const ReportInput& input) {
  CHECK(input.run.epochs >= 1);
  const Joined joined(input);
  Report report;
  report.run = input.run;
  for (PlannedSuite& suite : report.run.suites) suite.metadata.clear();  // input.metadata counts
  report.unplanned_records = joined.unplanned();
  report.latency = latency_of(input.run, input.calls, input.slo);
  std::vector<Problems> problems;  // a suite
  for (const PlannedSuite& suite : input.run.suites) problems.push_back(problems_of(input, suite));
  for (std::size_t suite = 0; suite < input.run.suites.size(); ++suite)
    for (std::size_t strategy = 0; strategy < input.run.strategies.size(); ++strategy) {
      const View view{joined, input.run, problems[suite], suite, strategy};
      report.rows.push_back(suite_row(view));
      add_disagreements(view, report.disagreements);
    }
  add_comparisons(joined, problems, report);
  report.complete =
      !report.rows.empty() && std::all_of(report.rows.begin(), report.rows.end(),
                                          [](const SuiteRow& row) { return row.complete(); });
  return report;
}

}  // namespace evalrun
