#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "results/cruxeval_format.h"
#include "results/view.h"

namespace evalrun {
namespace {

// Value of one problem if all that is undecided were wrong, and if it were right.
struct Bounds {
  double low = 0;
  double high = 0;
};

std::vector<bool> flags(const View& view, std::size_t sample, bool undecided_are_right) {
  std::vector<GenerationFlag> generations;
  for (int epoch = 0; epoch < view.run.epochs; ++epoch) {
    const ScoreRecord* score = view.cell(sample, epoch).decided(ScorerKind::official);
    if (score == nullptr)
      generations.push_back({undecided_are_right, false});
    else
      generations.push_back({is_right(score), score->skipped});
  }
  return official_flags(generations);
}

OfficialPassAtK official_value(const std::vector<bool>& flags, int k) {
  return official_pass_at_k(int(flags.size()), int(std::count(flags.begin(), flags.end(), true)),
                            k);
}

Bounds problem_bounds(const View& view, std::size_t sample, ScorerKind scorer) {
  if (scorer == ScorerKind::official)
    return {official_value(flags(view, sample, false), 1).value,
            official_value(flags(view, sample, true), 1).value};
  int right = 0;
  int undecided = 0;
  for (int epoch = 0; epoch < view.run.epochs; ++epoch) {
    const ScoreRecord* score = view.cell(sample, epoch).decided(scorer);
    right += is_right(score);
    undecided += score == nullptr;
  }
  return {double(right) / view.run.epochs, double(right + undecided) / view.run.epochs};
}

Estimate estimate(const std::vector<double>& problems, int epochs) {
  if (epochs > 1) return mean_of_problems(problems);
  return proportion(int(std::count(problems.begin(), problems.end(), 1.0)), int(problems.size()));
}

// Over these samples; the interval spans what the undecided ones may still turn out to be.
Estimate accuracy(const View& view, const std::vector<std::size_t>& samples, ScorerKind scorer) {
  std::vector<double> low;
  std::vector<double> high;
  for (const std::size_t sample : samples) {
    const Bounds bounds = problem_bounds(view, sample, scorer);
    low.push_back(bounds.low);
    high.push_back(bounds.high);
  }
  Estimate result = estimate(low, view.run.epochs);
  result.ci.high = std::max(result.ci.high, estimate(high, view.run.epochs).ci.high);
  return result;
}

std::string error_line(const Cell& cell) {
  if (!cell.sample->model_error.empty()) return cell.sample->model_error;
  for (const ScoreRecord* score : {cell.strict, cell.official})
    if (score != nullptr && is_our_failure(score->verdict)) return score->explanation;
  return "";
}

void count_states(const View& view, SuiteRow& row) {
  view.for_each_cell([&](const Cell& cell) {
    ++row.planned;
    const CellState cell_state = state(cell, view.info().has_official);
    switch (cell_state) {
      case CellState::missing:
        ++row.missing;
        break;
      case CellState::unscored:
        ++row.unscored;
        break;
      case CellState::model_error:
        ++row.model_errors;
        break;
      case CellState::infra_error:
        ++row.infra_errors;
        break;
      case CellState::scored:
        ++row.scored;
        break;
    }
    const bool failed =
        cell_state == CellState::model_error || cell_state == CellState::infra_error;
    if (failed && row.first_error.empty()) row.first_error = error_line(cell);
    const ScoreRecord* score = cell.decided(ScorerKind::strict);
    row.no_answer += score != nullptr && score->verdict == Verdict::no_answer;
  });
}

StepLedger& ledger_line(std::vector<StepLedger>& ledger, const std::string& step) {
  for (StepLedger& line : ledger)
    if (line.step == step) return line;
  ledger.push_back({step, 0, 0, {}, 0});
  return ledger.back();
}

void add_steps(const Answer& answer, std::vector<StepLedger>& ledger) {
  for (const StepUse& use : answer.steps) {
    StepLedger& line = ledger_line(ledger, use.step);
    ++line.calls;
    line.usage += use.usage;
    if (!use.discarded) continue;
    ++line.discarded_calls;
    line.discarded_completion += use.usage.completion;
  }
}

void add_costs(const View& view, SuiteRow& row) {
  double seconds = 0;
  int timed = 0;
  view.for_each_cell([&](const Cell& cell) {
    if (!cell.answered()) return;
    ++row.answered;
    add_steps(cell.sample->answer, row.ledger);
    if (!cell.seconds) return;
    seconds += *cell.seconds;
    ++timed;
  });
  if (timed > 0) row.seconds_per_sample = seconds / timed;
  if (row.answered == 0) return;
  for (const StepLedger& line : row.ledger) {
    row.calls_per_sample += double(line.calls) / row.answered;
    row.prompt_per_sample += double(line.usage.prompt) / row.answered;
    row.completion_per_sample += double(line.usage.completion) / row.answered;
    row.discarded_per_sample += double(line.discarded_completion) / row.answered;
  }
}

PassAtK pass_at(int k, const View& view) {
  PassAtK result{k, 0, std::nullopt, 0};
  const std::size_t n = view.info().samples.size();
  double official = 0;
  for (std::size_t sample = 0; sample < n; ++sample) {
    int right = 0;
    for (int epoch = 0; epoch < view.run.epochs; ++epoch)
      right += is_right(view.cell(sample, epoch).decided(ScorerKind::strict));
    result.strict += pass_at_k(view.run.epochs, right, k).value() / double(n);
    const OfficialPassAtK value = official_value(flags(view, sample, false), k);
    official += value.value / double(n);
    result.official_artefacts += value.artefact;
  }
  if (view.info().has_official)
    result.official = official;
  else
    result.official_artefacts = 0;
  return result;
}

const std::string* bucket_of(const ReportInput& input, const std::string& suite,
                             const std::string& sample) {
  const auto found = input.metadata.find({suite, sample});
  if (found == input.metadata.end()) return nullptr;
  for (const auto& [key, value] : found->second)
    if (key == "bucket") return &value;
  return nullptr;
}

std::vector<BucketRow> buckets(const ReportInput& input, const View& view) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (std::size_t i = 0; i < view.info().samples.size(); ++i) {
    const std::string* bucket = bucket_of(input, view.info().name, view.info().samples[i]);
    if (bucket == nullptr) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.first == *bucket; });
    if (group == groups.end()) group = groups.insert(groups.end(), {*bucket, {}});
    group->second.push_back(i);
  }
  std::vector<BucketRow> rows;
  for (const auto& [bucket, samples] : groups)
    rows.push_back({bucket, int(samples.size()) * view.run.epochs,
                    accuracy(view, samples, ScorerKind::strict)});
  return rows;
}

}  // namespace

SuiteRow suite_row(const ReportInput& input, const View& view) {
  SuiteRow row;
  row.suite = view.info().name;
  row.strategy = view.run.strategies[view.strategy];
  std::vector<std::size_t> all(view.info().samples.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  count_states(view, row);
  row.strict = accuracy(view, all, ScorerKind::strict);
  if (view.info().has_official) row.official = accuracy(view, all, ScorerKind::official);
  if (view.run.epochs >= 5 && !all.empty()) row.pass_at_k.push_back(pass_at(5, view));
  row.buckets = buckets(input, view);
  add_costs(view, row);
  return row;
}

}  // namespace evalrun
