// Records laid out by the plan: one cell for each sample, epoch and strategy that the manifest
// names, whether or not anything is known of it. Internal to results.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/core/records.h"
#include "results/report.h"

namespace evalrun {

enum class CellState {
  missing,      // no answer yet
  unscored,     // answered; a verdict is still to come
  model_error,  // ours or the target's
  infra_error,  // ours
  scored,       // every scorer of the suite came to a verdict on the answer
};

struct Cell {
  const SampleRecord* sample = nullptr;  // an answer counts more than a model_error, then the last
  const ScoreRecord* strict = nullptr;
  const ScoreRecord* official = nullptr;
  std::optional<double> seconds;  // see SuiteRow::seconds_per_sample
  Usage from_cache;               // of its calls: tokens that an answer cache gave, so not paid for

  const ScoreRecord* score(ScorerKind scorer) const {
    return scorer == ScorerKind::strict ? strict : official;
  }
  bool answered() const { return sample != nullptr && sample->model_error.empty(); }
  // The verdict that counts, or nullptr: not answered, not scored, or a failure of ours.
  const ScoreRecord* decided(ScorerKind scorer) const {
    const ScoreRecord* s = answered() ? score(scorer) : nullptr;
    return s != nullptr && !is_our_failure(s->verdict) ? s : nullptr;
  }
};

CellState state(const Cell& cell, bool has_official);

class Joined {
 public:
  // Keeps pointers into the input's spans and a reference to its plan.
  explicit Joined(const ReportInput& input);

  // Indices as in RunInfo: suites, its samples, strategies; epoch from 0.
  const Cell& cell(std::size_t suite, std::size_t sample, int epoch, std::size_t strategy) const;
  // Records that name a suite, sample, epoch or strategy which is not in the plan.
  int unplanned() const { return unplanned_; }

 private:
  using Index = std::unordered_map<std::string_view, std::size_t>;

  std::size_t position(std::size_t suite, std::size_t sample, int epoch,
                       std::size_t strategy) const;
  // The cell of a record, or nullptr (and counted) when it is not in the plan.
  Cell* find(std::string_view suite, std::string_view sample, int epoch, std::string_view strategy);
  void add_calls(std::span<const CallRecord> calls);

  const RunInfo& run_;
  Index suites_;
  Index strategies_;
  std::vector<Index> samples_;        // a suite
  std::vector<std::size_t> offsets_;  // of each suite's first cell
  std::vector<Cell> cells_;
  int unplanned_ = 0;
};

}  // namespace evalrun
