#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/accuracy.h"
#include "results/view.h"

namespace evalrun {
namespace {

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
  });
}

void count_verdicts(const View& view, SuiteRow& row) {
  std::map<Verdict, int> counts;
  view.for_each_cell([&](const Cell& cell) {
    if (const ScoreRecord* score = cell.decided(ScorerKind::strict)) ++counts[score->verdict];
  });
  row.no_answer = counts.contains(Verdict::no_answer) ? counts[Verdict::no_answer] : 0;
  row.verdicts.assign(counts.begin(), counts.end());
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

std::optional<Cost> cost_of(const View& view) {
  if (!view.run.price) return std::nullopt;
  Usage all;
  Usage from_cache;
  int answered = 0;
  int right = 0;
  view.for_each_cell([&](const Cell& cell) {
    if (!cell.answered()) return;
    ++answered;
    right += is_right(cell.decided(ScorerKind::strict));
    for (const StepUse& step : cell.sample->answer.steps) all += step.usage;
    from_cache += cell.from_cache;
  });
  Cost cost;
  cost.from_cache = cost_usd(*view.run.price, from_cache);
  cost.paid = std::max(cost_usd(*view.run.price, all) - cost.from_cache, 0.0);
  if (answered > 0) cost.per_sample = cost.paid / answered;
  if (right > 0) cost.per_right = cost.paid / right;
  return cost;
}

std::vector<BucketRow> buckets(const View& view) {
  std::vector<std::pair<std::string_view, std::vector<std::size_t>>> groups;
  for (std::size_t i = 0; i < view.info().samples.size(); ++i) {
    const std::string_view bucket = view.problems.metadata_value(i, "bucket");
    if (bucket.empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.first == bucket; });
    if (group == groups.end()) group = groups.insert(groups.end(), {bucket, {}});
    group->second.push_back(i);
  }
  std::vector<BucketRow> rows;
  for (const auto& [bucket, samples] : groups)
    rows.push_back({std::string(bucket), int(samples.size()) * view.run.epochs,
                    accuracy(view, samples, ScorerKind::strict)});
  return rows;
}

std::optional<WithoutErrata> without_errata(const View& view) {
  std::vector<std::size_t> kept;
  std::set<std::size_t> left_out;  // problems
  for (std::size_t i = 0; i < view.info().samples.size(); ++i) {
    if (view.problems.metadata_value(i, "erratum").empty())
      kept.push_back(i);
    else
      left_out.insert(view.problems.of_sample[i]);
  }
  if (left_out.empty() || kept.empty()) return std::nullopt;
  return WithoutErrata{int(left_out.size()), int(kept.size()) * view.run.epochs,
                       accuracy(view, kept, ScorerKind::strict)};
}

}  // namespace

SuiteRow suite_row(const View& view) {
  SuiteRow row;
  row.suite = view.info().name;
  row.strategy = view.run.strategies[view.strategy];
  std::vector<std::size_t> all(view.info().samples.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  row.samples = int(all.size());
  row.problems = int(view.problems.count);
  count_states(view, row);
  count_verdicts(view, row);
  row.strict = accuracy(view, all, ScorerKind::strict);
  if (view.info().has_official) row.official = accuracy(view, all, ScorerKind::official);
  row.without_errata = without_errata(view);
  if (!all.empty())
    for (const int k : pass_at_ks(view.run.epochs)) row.pass_at_k.push_back(pass_at(view, k));
  row.buckets = buckets(view);
  add_costs(view, row);
  row.cost_usd = cost_of(view);
  return row;
}

}  // namespace evalrun
