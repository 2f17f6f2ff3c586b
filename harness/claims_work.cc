#include "harness/claims_work.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "harness/core/check.h"

namespace evalrun {

bool is_near(double computed, double claimed, double tolerance) {
  return std::abs(computed - claimed) <= tolerance * std::abs(claimed);
}

double ClaimWork::input(const std::string& name) {
  const ClaimInput* input = find(name);
  EVALRUN_CHECK_WHY(input != nullptr, name.c_str());
  if (seen_.insert(name).second) {
    const StepKind kind = input->status == "published" ? StepKind::published
                          : input->status == "derived" ? StepKind::derived
                                                       : StepKind::assumed;
    claim_.steps.push_back({kind, input->what, input->value, input->unit, input->source});
  }
  return input->value;
}

const ClaimInput* ClaimWork::find(const std::string& name) const {
  const auto at = ledger_.inputs.find(name);
  return at == ledger_.inputs.end() ? nullptr : &at->second;
}

double ClaimWork::quantity(const sim::Quantity& quantity, const std::string& what,
                           const std::string& unit) {
  claim_.steps.push_back({quantity.is_derived ? StepKind::derived : StepKind::published, what,
                          quantity.value, unit, quantity.source});
  return quantity.value;
}

double ClaimWork::computed(const std::string& what, double value, const std::string& unit,
                           const std::string& how) {
  claim_.steps.push_back({StepKind::computed, what, value, unit, how});
  return value;
}

double ClaimWork::simulated(const std::string& what, double value, const std::string& unit,
                            const std::string& how) {
  claim_.steps.push_back({StepKind::simulated, what, value, unit, how});
  return value;
}

Status ClaimWork::judge(ClaimVerdict verdict, std::string finding) {
  claim_.verdict = verdict;
  claim_.finding = std::move(finding);
  return {};
}

const sim::WaferSpec& ClaimWork::wafer(const std::string& name) const {
  return std::get<sim::WaferSpec>(machines_.at(name).spec);
}
const sim::GpuSpec& ClaimWork::gpu(const std::string& name) const {
  return std::get<sim::GpuSpec>(machines_.at(name).spec);
}
const sim::ModelShape& ClaimWork::shape(const std::string& name) const { return shapes_.at(name); }

Result<double> wafer_stream(const sim::WaferSpec& wafer, const sim::ModelShape& shape,
                            const sim::WaferOptions& options, double context) {
  const auto cost = sim::WaferCost::make(wafer, shape, options);
  if (!cost) return std::unexpected(cost.error());
  return 1 / cost->token_s(std::int64_t(context));
}

Result<sim::GpuCost> make_gpu_cost(const sim::GpuSpec& gpu, const sim::ModelShape& shape,
                                   double gpus, double bytes_per_weight) {
  if (gpu.domain_gpus.value < gpus)
    return input_error(fmt::format("a machine's domain_gpus: {} is less than the {} that {} is on",
                                   gpu.domain_gpus.value, gpus, shape.name));
  sim::GpuCost cost(gpu, shape, {.gpus = int(gpus), .bytes_per_weight = bytes_per_weight});
  if (cost.kv_capacity_tokens() == 0)
    return input_error(fmt::format("{} with {} bytes a weight does not fit on {} GPUs of {:.0f} GB",
                                   shape.name, bytes_per_weight, gpus,
                                   gpu.memory_bytes.value / 1e9));
  return cost;
}

Result<double> gpu_stream(const sim::GpuSpec& gpu, const sim::ModelShape& shape, double gpus,
                          double bytes_per_weight, double context) {
  const auto cost = make_gpu_cost(gpu, shape, gpus, bytes_per_weight);
  if (!cost) return std::unexpected(cost.error());
  const std::int64_t one = 1, before = std::int64_t(context);
  const sim::CostModel& model = *cost;
  return 1 / model.pass_s({&one, 1}, {&before, 1});
}

Interval unpaired_interval(double left, double left_n, double right, double right_n) {
  const Interval l = wilson(left * left_n, left_n), r = wilson(right * right_n, right_n);
  const double difference = left - right;
  return {.low = difference - std::hypot(left - l.low, r.high - right),
          .high = difference + std::hypot(l.high - left, right - r.low)};
}

ClaimRow score_row(const std::string& what, double left_percent, double right_percent,
                   double problems) {
  ClaimRow row;
  row.what = what;
  row.left = left_percent / 100, row.right = right_percent / 100, row.problems = problems;
  row.standard_error = std::sqrt((row.left * (1 - row.left) + row.right * (1 - row.right)) /
                                 std::max(1.0, problems));
  row.difference_ci = unpaired_interval(row.left, problems, row.right, problems);
  row.word = row.difference_ci.low > 0 ? "above" : row.difference_ci.high < 0 ? "below" : "tie";
  return row;
}

}  // namespace evalrun
