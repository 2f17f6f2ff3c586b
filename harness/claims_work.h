// What the functions that compute claims share: inputs and machines by name, and a record of each
// step. Internal to harness/claims*.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/claims.h"
#include "hw/sim/gpu_cost.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun {

inline constexpr double kTolerance = 0.20;  // of "reproduced", where the rule says nothing else

// |computed / claimed - 1| <= tolerance.
bool is_near(double computed, double claimed, double tolerance = kTolerance);

class ClaimWork {
 public:
  ClaimWork(const ClaimLedger& ledger, const MachineMap& machines, const ShapeMap& shapes,
            Claim& claim)
      : ledger_(ledger), machines_(machines), shapes_(shapes), claim_(claim) {}

  // The ledger's number, kept as a step the first time. CHECK: it is there.
  double input(const std::string& name);
  const ClaimInput* find(const std::string& name) const;  // no step; nullptr: not published
  // A number of a machine's file, kept as a step.
  double quantity(const sim::Quantity& quantity, const std::string& what, const std::string& unit);
  // Keeps a step and hands the value on.
  double computed(const std::string& what, double value, const std::string& unit,
                  const std::string& how);
  double simulated(const std::string& what, double value, const std::string& unit,
                   const std::string& how);
  void row(ClaimRow row) { claim_.rows.push_back(std::move(row)); }
  const std::vector<ClaimRow>& rows() const { return claim_.rows; }
  Status judge(ClaimVerdict verdict, std::string finding);  // always success

  // Of kinds that evaluate_claims() has checked; CHECK otherwise.
  const sim::WaferSpec& wafer(const std::string& name) const;
  const sim::GpuSpec& gpu(const std::string& name) const;
  const sim::ModelShape& shape(const std::string& name) const;

 private:
  const ClaimLedger& ledger_;
  const MachineMap& machines_;
  const ShapeMap& shapes_;
  Claim& claim_;
  std::set<std::string> seen_;  // inputs that are steps already
};

// One stream's tokens/s after so many tokens, on as few wafers as hold the model.
Result<double> wafer_stream(const sim::WaferSpec& wafer, const sim::ModelShape& shape,
                            const sim::WaferOptions& options, double context);
// The same on GPUs that split the model. Error (input): it does not fit.
Result<double> gpu_stream(const sim::GpuSpec& gpu, const sim::ModelShape& shape, double gpus,
                          double bytes_per_weight, double context);
// Error (input) when the machine has too little memory, or its domain fewer GPUs.
Result<sim::GpuCost> make_gpu_cost(const sim::GpuSpec& gpu, const sim::ModelShape& shape,
                                   double gpus, double bytes_per_weight);

// A row from two scores in per cent of `problems` each: standard error sqrt(sum p (1 - p) / n);
// interval by R. G. Newcombe, Stat. Med. 17 (1998) 873-890, method 10: Wilson's intervals of the
// two joined by squaring and adding. The word is "above" or "below" where the interval is, else
// "tie".
ClaimRow score_row(const std::string& what, double left_percent, double right_percent,
                   double problems);
Interval unpaired_interval(double left, double left_n, double right, double right_n);

// What computes one claim.
struct ClaimFunction {
  std::string_view name;
  Status (*compute)(ClaimWork& work);
};

// claims_speed.cc
Status claim_2100_tokens(ClaimWork& work);
Status claim_450_at_launch(ClaimWork& work);
Status claim_969_of_405b(ClaimWork& work);
Status claim_16_times_gpu(ClaimWork& work);
// claims_cepo.cc
Status claim_o1_minutes(ClaimWork& work);
Status claim_only_in_real_time(ClaimWork& work);
Status claim_100_effective(ClaimWork& work);
// claims_scores.cc
Status claim_surpasses_405b(ClaimWork& work);
Status claim_31_matches_405b(ClaimWork& work);
Status claim_level_of_sonnet(ClaimWork& work);
Status claim_grows_without_end(ClaimWork& work);
// claims_training.cc
Status claim_1t_on_one_cs3(ClaimWork& work);
Status claim_55_tb(ClaimWork& work);
Status claim_50_steps(ClaimWork& work);
Status claim_16_linear(ClaimWork& work);
Status claim_accuracy_in_proportion(ClaimWork& work);
// claims_space.cc
Status claim_287_gb200(ClaimWork& work);
Status claim_two_racks(ClaimWork& work);
Status claim_one_percent(ClaimWork& work);
Status claim_565_lines(ClaimWork& work);
Status claim_565_lines_for_1t(ClaimWork& work);

}  // namespace evalrun
