// The ledger of claims: every quantitative claim of the source article beside what we compute.
// Start reading here.
//
//   claims_ledger.h    the words and the numbers of others, as data (claims.toml)
//   claims_work.h      how a claim is computed and its steps are kept
//   claims_speed.cc    speed of answers: the simulator of machines
//   claims_cepo.cc     CePO's calls on machines
//   claims_scores.cc   accuracy: intervals of published scores
//   claims_training.cc training, memory, space, power, lines of code
//   claims_print.h     text and JSON
//
// Nothing here is a typed result: numbers are computed from the ledger's inputs and the machine and
// model files when the program runs, and the verdict follows from them by the rule that the ledger
// states. Pure functions, thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/claims_ledger.h"
#include "harness/core/result.h"
#include "hw/sim/machine.h"
#include "hw/sim/shape.h"
#include "results/stats.h"

namespace evalrun {

enum class ClaimVerdict {
  reproduced,         // we compute what was claimed
  consistent,         // it may be so; what must be assumed is said
  does_not_follow,    // from the numbers here
  cannot_be_checked,  // a number that it needs was not published
};
std::string_view name(ClaimVerdict verdict);
std::string_view meaning(ClaimVerdict verdict);  // one line

// Where the number of a step comes from.
enum class StepKind {
  published,  // by others
  derived,    // arithmetic on what others published, as the ledger says it
  assumed,    // ours: nobody published it
  computed,   // here, by arithmetic or statistics
  simulated,  // here, by hw/sim
};
std::string_view name(StepKind kind);

struct ClaimStep {
  StepKind kind = StepKind::computed;
  std::string what;
  double value = 0;  // in `unit`
  std::string unit;
  std::string from;  // the source, or how it was computed
};

// Two published scores and the difference, which is unpaired: only totals were published.
struct ClaimRow {
  std::string what;         // the benchmark
  double left = 0;          // fractions, as all here
  double right = 0;         // what it is compared with
  double problems = 0;      // answered by each
  bool is_assumed = false;  // the number of problems
  double standard_error = 0;
  Interval difference_ci;  // 95 %, Newcombe's for two independent proportions
  ClaimVerdict verdict = ClaimVerdict::cannot_be_checked;
  std::string word;  // "above", "tie", "below", "not published"
  double difference() const { return left - right; }
};

struct Claim {
  ClaimWords words;
  std::vector<ClaimStep> steps;  // inputs and what follows from them, in order
  std::vector<ClaimRow> rows;    // of claims about scores
  ClaimVerdict verdict = ClaimVerdict::cannot_be_checked;
  std::string finding;        // what we compute, in one or two lines
  bool is_simulated() const;  // a step is
};

using MachineMap = std::map<std::string, sim::Machine>;
using ShapeMap = std::map<std::string, sim::ModelShape>;

// In the ledger's order; `only` = "" all, or one name. Error (usage): a name that is none, with the
// nearest. Error (input): a machine or a model that is needed is missing, of the wrong kind, or too
// small for the model.
Result<std::vector<Claim>> evaluate_claims(const ClaimLedger& ledger, const MachineMap& machines,
                                           const ShapeMap& shapes, const std::string& only = "");

}  // namespace evalrun
