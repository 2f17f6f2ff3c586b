#include "hw/sim/gpu_offline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "harness/core/check.h"

namespace evalrun::sim {
namespace {

constexpr std::array<std::int64_t, 15> kGraphBatches = {1,   2,   4,   8,    16,   32,   64,  128,
                                                        256, 384, 512, 1024, 2048, 4096, 8192};

std::int64_t round_up(double value, std::int64_t step) {
  return std::int64_t(std::ceil(value / double(step))) * step;
}

// Requests that entered together: they leave together.
struct Cohort {
  std::int64_t requests = 0;
  std::int64_t passes_left = 0;
};

class Run {
 public:
  Run(const GpuCost& cost, const OfflinePlan& plan, const OfflineLimits& limits, std::int64_t slots)
      : cost_(cost), plan_(plan), limits_(limits), slots_(slots), waiting_(plan.requests) {}

  OfflineResult play() {
    while (waiting_ > 0 || running_ > 0) {
      const std::int64_t entering = entering_now();
      CHECK(entering > 0 || running_ > 0);
      if (entering > 0) {
        prompt_pass(entering);
      } else {
        decode_passes(cohorts_.front().passes_left);
      }
      leave();
    }
    result_.output_tokens_per_s =
        double(plan_.requests * plan_.output_tokens) / std::max(result_.seconds, 1e-300);
    return result_;
  }

 private:
  std::int64_t entering_now() const {
    const std::int64_t by_tokens = (limits_.pass_tokens_max - running_) / plan_.input_tokens;
    return std::max<std::int64_t>(0, std::min({waiting_, slots_ - running_, by_tokens}));
  }

  void prompt_pass(std::int64_t entering) {
    const double input = double(plan_.input_tokens);
    const double count = double(entering);
    const GpuPassWork work{.tokens = double(running_) + count * input,
                           .sequences = double(running_ + entering),
                           .kv_tokens = cached_ + double(running_) + count * input,
                           .score_pairs = input > 1 ? count * input * (input + 1) / 2 : 0};
    const double pass_s = cost_.parts(work).total_s();
    result_.prompt_pass_s += pass_s;
    advance(1, pass_s);
    waiting_ -= entering;
    running_ += entering;
    cached_ += count * input;
    cohorts_.push_back({entering, plan_.output_tokens - 1});
    result_.sequences_max = std::max(result_.sequences_max, running_);
  }

  // The time of a pass is linear in the cached tokens: n equal passes cost n times the middle one.
  void decode_passes(std::int64_t passes) {
    const double rows = padded(running_);
    const double middle = 1 + double(passes - 1) / 2;
    const GpuPassWork work{.tokens = rows,
                           .sequences = rows,
                           .kv_tokens = cached_ + double(running_) * middle + (rows - running_),
                           .score_pairs = 0};
    advance(passes, double(passes) * cost_.parts(work).total_s());
  }

  double padded(std::int64_t batch) const {
    const auto at = std::ranges::lower_bound(limits_.graph_batches, batch);
    return double(at == limits_.graph_batches.end() ? batch : std::min(*at, graph_top()));
  }
  // No graph is recorded beyond the batch limit, the limit itself is.
  std::int64_t graph_top() const { return std::max(limits_.batch_max, running_); }

  void advance(std::int64_t passes, double seconds) {
    result_.seconds += seconds;
    result_.passes += passes;
    cached_ += double(running_ * passes);
    for (Cohort& cohort : cohorts_) cohort.passes_left -= passes;
  }

  void leave() {
    while (!cohorts_.empty() && cohorts_.front().passes_left <= 0) {
      const std::int64_t gone = cohorts_.front().requests;
      running_ -= gone;
      cached_ -= double(gone * (plan_.input_tokens + plan_.output_tokens - 1));
      cohorts_.pop_front();
    }
  }

  const GpuCost& cost_;
  const OfflinePlan plan_;
  const OfflineLimits limits_;
  const std::int64_t slots_;
  std::int64_t waiting_;
  std::int64_t running_ = 0;
  double cached_ = 0;  // tokens of the running sequences in the KV cache
  std::deque<Cohort> cohorts_;
  OfflineResult result_;
};

}  // namespace

std::span<const std::int64_t> trtllm_graph_batches() { return kGraphBatches; }

OfflineLimits trtllm_limits(std::int64_t kv_capacity_tokens, const OfflinePlan& plan) {
  const double whole = double(plan.input_tokens + plan.output_tokens);
  const double batch = std::min(double(kv_capacity_tokens) / whole, 4096.0);
  const double tokens =
      std::min(batch * (1 + double(plan.input_tokens) / double(plan.output_tokens)), 32768.0);
  OfflineLimits limits;
  limits.batch_max = batch < 256    ? std::max<std::int64_t>(64, round_up(batch, 32))
                     : batch < 1024 ? round_up(batch, 128)
                                    : round_up(batch, 256);
  limits.pass_tokens_max = tokens < 4096   ? std::max<std::int64_t>(2048, round_up(tokens, 256))
                           : tokens < 8192 ? round_up(tokens, 512)
                                           : round_up(tokens, 1024);
  limits.pass_tokens_max = std::max(limits.pass_tokens_max, plan.input_tokens + limits.batch_max);
  limits.graph_batches = kGraphBatches;
  return limits;
}

OfflineResult offline_run(const GpuCost& cost, const OfflinePlan& plan,
                          const OfflineLimits& limits) {
  CHECK(plan.requests >= 0 && plan.input_tokens > 0 && plan.output_tokens > 0);
  const std::int64_t whole = plan.input_tokens + plan.output_tokens;
  const std::int64_t slots = std::min(limits.batch_max, cost.kv_capacity_tokens() / whole);
  if (slots <= 0 || plan.requests == 0) return {};
  CHECK(limits.pass_tokens_max >= plan.input_tokens);
  return Run(cost, plan, limits, slots).play();
}

}  // namespace evalrun::sim
