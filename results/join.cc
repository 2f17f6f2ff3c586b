#include "results/join.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "results/busy.h"

namespace evalrun {
namespace {

struct CellCalls {
  std::vector<Span> spans;
  bool all_timed = true;
  std::map<std::string_view, Usage> from_cache;  // by path; of several calls the last counts
};

bool is_better(const SampleRecord& candidate, const SampleRecord* current) {
  return current == nullptr || candidate.model_error.empty() || !current->model_error.empty();
}

}  // namespace

CellState state(const Cell& cell, bool has_official) {
  if (cell.sample == nullptr) return CellState::missing;
  if (!cell.answered()) return CellState::model_error;
  const auto any = [&](Verdict verdict) {
    return (cell.strict != nullptr && cell.strict->verdict == verdict) ||
           (has_official && cell.official != nullptr && cell.official->verdict == verdict);
  };
  if (any(Verdict::model_error)) return CellState::model_error;
  if (any(Verdict::infra_error)) return CellState::infra_error;
  if (cell.strict == nullptr || (has_official && cell.official == nullptr))
    return CellState::unscored;
  return CellState::scored;
}

Joined::Joined(const ReportInput& input) : run_(input.run) {
  std::size_t cells = 0;
  for (std::size_t s = 0; s < run_.suites.size(); ++s) {
    suites_[run_.suites[s].name] = s;
    Index& samples = samples_.emplace_back();
    for (std::size_t i = 0; i < run_.suites[s].samples.size(); ++i)
      samples[run_.suites[s].samples[i]] = i;
    offsets_.push_back(cells);
    cells += run_.suites[s].samples.size() * std::size_t(run_.epochs) * run_.strategies.size();
  }
  for (std::size_t i = 0; i < run_.strategies.size(); ++i) strategies_[run_.strategies[i]] = i;
  cells_.resize(cells);
  for (const SampleRecord& record : input.samples) {
    Cell* cell = find(record.suite, record.sample, record.epoch, record.strategy);
    if (cell != nullptr && is_better(record, cell->sample)) cell->sample = &record;
  }
  for (const ScoreRecord& record : input.scores) {
    Cell* cell = find(record.suite, record.sample, record.epoch, record.strategy);
    if (cell == nullptr) continue;
    (record.scorer == ScorerKind::strict ? cell->strict : cell->official) = &record;
  }
  add_calls(input.calls);
}

void Joined::add_calls(std::span<const CallRecord> calls) {
  std::vector<CellCalls> by_cell(cells_.size());
  for (const CallRecord& call : calls) {
    const Completion& c = call.completion;
    if (c.finish == Finish::error) continue;
    Cell* cell = find(call.key.suite, call.key.sample, call.key.epoch, call.key.strategy);
    if (cell == nullptr) continue;
    CellCalls& calls_of_cell = by_cell[std::size_t(cell - cells_.data())];
    if (c.from_cache)
      calls_of_cell.from_cache[call.key.path] = c.usage;
    else if (!calls_of_cell.from_cache.empty())
      calls_of_cell.from_cache.erase(call.key.path);
    if (c.scheduled_us > 0 && c.done_us >= c.scheduled_us) {
      calls_of_cell.spans.push_back({c.scheduled_us, c.done_us});
    } else {
      calls_of_cell.all_timed = false;
    }
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    CellCalls& calls_of_cell = by_cell[i];
    for (const auto& [path, usage] : calls_of_cell.from_cache) cells_[i].from_cache += usage;
    if (calls_of_cell.all_timed && !calls_of_cell.spans.empty() && cells_[i].answered())
      cells_[i].seconds = covered_seconds(std::move(calls_of_cell.spans));
  }
}

std::size_t Joined::position(std::size_t suite, std::size_t sample, int epoch,
                             std::size_t strategy) const {
  return offsets_[suite] +
         (sample * std::size_t(run_.epochs) + std::size_t(epoch)) * run_.strategies.size() +
         strategy;
}

const Cell& Joined::cell(std::size_t suite, std::size_t sample, int epoch,
                         std::size_t strategy) const {
  return cells_[position(suite, sample, epoch, strategy)];
}

Cell* Joined::find(std::string_view suite, std::string_view sample, int epoch,
                   std::string_view strategy) {
  const auto suite_at = suites_.find(suite);
  const auto strategy_at = strategies_.find(strategy);
  if (suite_at != suites_.end() && strategy_at != strategies_.end() && epoch >= 0 &&
      epoch < run_.epochs) {
    const Index& samples = samples_[suite_at->second];
    if (const auto sample_at = samples.find(sample); sample_at != samples.end())
      return &cells_[position(suite_at->second, sample_at->second, epoch, strategy_at->second)];
  }
  ++unplanned_;
  return nullptr;
}

}  // namespace evalrun
