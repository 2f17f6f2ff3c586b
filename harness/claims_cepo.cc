// Claims about how long CePO takes: its calls on machines.
//
// The graph, for N candidates of n proposals each (cepo_settings.h): N n plans, N n executions, N
// reviews, N final answers, N ratings (pairwise N (N - 1), majority none). "One after the other" is
// how the published version ran; "in parallel" runs each of these stages at once, which leaves a
// chain of one call a stage. Every accepted attempt counts, a rejected one does not: this is the
// shortest sample.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/claims_work.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {
namespace {

struct CallStage {
  const char* name = "";
  int calls = 0;
  double prompt_tokens = 0;  // of one call
};

std::vector<CallStage> cepo_stages(const CepoSettings& settings, double task, double written) {
  const int candidates = settings.bestofn_n;
  const int proposals = candidates * settings.planning_n;
  const bool is_pairwise = settings.bestofn_rating_type == CepoRating::pairwise;
  const int ratings = is_pairwise ? candidates * (candidates - 1)
                      : settings.bestofn_rating_type == CepoRating::majority ? 0
                                                                             : candidates;
  return {{"plan", proposals, 2 * task},  // the question stands there twice
          {"execute", proposals, 2 * task + written},
          {"review", candidates, task + settings.planning_n * written},
          {"final", candidates, task + written},
          {"rate", ratings, task + (is_pairwise ? 2 : 1) * written}};
}

int calls_of(const std::vector<CallStage>& stages) {
  int calls = 0;
  for (const CallStage& stage : stages) calls += stage.calls;
  return calls;
}

int chain_of(const std::vector<CallStage>& stages) {
  return int(std::ranges::count_if(stages, [](const auto& stage) { return stage.calls > 0; }));
}

// `width` calls at once on a machine that does nothing else. The first token comes after the
// prompt's pass, but no sooner than the service's.
double calls_s(const sim::CostModel& machine, const CallStage& stage, int width, double written,
               double first_token_s) {
  const int in_a_pass = (width + machine.stages() - 1) / machine.stages();
  const std::vector<std::int64_t> prompt(std::size_t(in_a_pass), std::int64_t(stage.prompt_tokens));
  const std::vector<std::int64_t> none(prompt.size(), 0), one(prompt.size(), 1);
  const std::vector<std::int64_t> middle(prompt.size(),
                                         std::int64_t(stage.prompt_tokens + written / 2));
  return std::max(first_token_s, machine.pass_s(prompt, none)) +
         (written - 1) * machine.pass_s(one, middle);
}

struct CepoSeconds {
  double sequential = 0;
  double parallel = 0;
};

CepoSeconds cepo_seconds(const sim::CostModel& machine, const std::vector<CallStage>& stages,
                         double written, double first_token_s) {
  CepoSeconds out;
  for (const CallStage& stage : stages) {
    if (stage.calls == 0) continue;
    out.sequential += stage.calls * calls_s(machine, stage, 1, written, first_token_s);
    out.parallel += calls_s(machine, stage, stage.calls, written, first_token_s);
  }
  return out;
}

// Decoding `gain` times as fast by a draft model: what a single stream was measured to gain.
class Speculating final : public sim::CostModel {
 public:
  Speculating(const sim::CostModel& machine, double gain) : machine_(machine), gain_(gain) {}
  using sim::CostModel::pass_s;
  double pass_s(const sim::Batch& batch) const override {
    return machine_.pass_s(batch) / (batch.prompts.empty() ? gain_ : 1);
  }
  int stages() const override { return machine_.stages(); }
  std::int64_t kv_capacity_tokens() const override { return machine_.kv_capacity_tokens(); }
  double power_w() const override { return machine_.power_w(); }
  double price_usd() const override { return machine_.price_usd(); }

 private:
  const sim::CostModel& machine_;
  double gain_;
};

struct CepoInputs {
  std::vector<CallStage> stages;
  double written = 0;        // tokens of a call
  double first_token_s = 0;  // of the service
};

CepoInputs cepo_inputs(ClaimWork& work) {
  CepoInputs in;
  in.written = work.input("cepo.call_tokens");
  in.stages = cepo_stages({}, work.input("cepo.task_tokens"), in.written);
  in.first_token_s = work.input("speed.first_token");
  work.computed("calls of a sample", calls_of(in.stages), "calls",
                "N (2 n + 2) + N for the default settings, no attempt rejected");
  work.computed("longest chain", chain_of(in.stages), "calls",
                "plan, execute, review, final, rate");
  return in;
}

// The service as of October 2024: all that makes 2,100 out of the simulated speed, as one gain.
Result<sim::WaferCost> service(ClaimWork& work) {
  const double wanted = work.input("speed.70b"), context = work.input("assumed.context");
  const sim::ModelShape& shape = work.shape("llama3.3-70b");
  const double gain = work.simulated(
      "gain over WaferLLM's kernels that gives the service's speed",
      sim::kernel_speedup_needed(work.wafer("cs3"), shape, {}, std::int64_t(context), wanted),
      "times", "kernel_speedup_needed, an assumption");
  if (!(gain > 0))
    return input_error(
        fmt::format("machine cs3: no kernels are fast enough for {} tokens/s with "
                    "its io_bytes_per_s; give it more",
                    wanted));
  return sim::WaferCost::make(work.wafer("cs3"), shape, {.kernel_speedup = gain});
}

CepoSeconds simulated_cepo(ClaimWork& work, const CepoInputs& in, const sim::CostModel& machine,
                           const std::string& words) {
  const CepoSeconds s = cepo_seconds(machine, in.stages, in.written, in.first_token_s);
  work.simulated("CePO on " + words + ", one call after the other", s.sequential, "s",
                 "prompt's pass and token passes of each call");
  work.simulated("CePO on " + words + ", in parallel", s.parallel, "s", "a chain of its stages");
  return s;
}

}  // namespace

Status claim_o1_minutes(ClaimWork& work) {
  const double minute = work.input("limit.minute"), attempts = work.input("o1.attempts");
  const double o1 = work.input("o1.high") / std::max(1.0, attempts);
  work.computed("an attempt of o1 at high effort, at least", o1, "s", "exercise / attempts");
  const double mini = work.input("o1.mini");
  const CepoInputs in = cepo_inputs(work);
  const auto wafer = service(work);
  if (!wafer) return std::unexpected(wafer.error());
  const auto board =
      make_gpu_cost(work.gpu("h100"), work.shape("llama3.3-70b"), work.input("gpu.count"), 1);
  if (!board) return std::unexpected(board.error());
  const CepoSeconds cs3 = simulated_cepo(work, in, *wafer, "the CS-3");
  const CepoSeconds gpu = simulated_cepo(work, in, *board, "H100 in 8 bits");
  const double gain = work.input("gpu.speculation");
  const CepoSeconds drafted =
      simulated_cepo(work, in, Speculating(*board, gain), "H100 in 8 bits with a draft model");
  const auto bare = sim::WaferCost::make(work.wafer("cs3"), work.shape("llama3.3-70b"));
  if (!bare) return std::unexpected(bare.error());
  simulated_cepo(work, in, *bare, "the CS-3 with nothing assumed");
  const double hardware =
      work.computed("what the hardware contributes", gpu.sequential / cs3.sequential, "times",
                    "H100 over CS-3, one call after the other");
  const double fair =
      work.computed("the same if both speculate", drafted.sequential / cs3.sequential, "times",
                    "the CS-3's 2,100 include speculation");
  const double graph =
      work.computed("what the call graph contributes on the CS-3", cs3.sequential / cs3.parallel,
                    "times", "one after the other over in parallel");
  const double graph_gpu =
      work.computed("what the call graph contributes on H100", gpu.sequential / gpu.parallel,
                    "times", "one after the other over in parallel");
  const bool holds = o1 >= minute && cs3.sequential < minute;
  return work.judge(
      holds ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
      fmt::format("o1 (high) {:.0f} s an attempt at least, o1-mini {:.0f} s an exercise; CePO "
                  "{:.0f} s on the CS-3, {:.0f} s on eight H100 ({:.0f} s in parallel). Hardware "
                  "{:.1f} times ({:.1f} if both speculate), call graph {:.1f} times on the CS-3, "
                  "{:.1f} on H100",
                  o1, mini, cs3.sequential, gpu.sequential, gpu.parallel, hardware, fair, graph,
                  graph_gpu));
}

Status claim_only_in_real_time(ClaimWork& work) {
  const double limit = work.input("limit.attention");
  const double mini = work.input("o1.mini") / std::max(1.0, work.input("o1.attempts"));
  work.computed("an attempt of o1-mini, at least", mini, "s", "exercise / attempts");
  const CepoInputs in = cepo_inputs(work);
  const auto wafer = service(work);
  if (!wafer) return std::unexpected(wafer.error());
  const double count = work.input("gpu.count");
  const auto h100 = make_gpu_cost(work.gpu("h100"), work.shape("llama3.3-70b"), count, 1);
  if (!h100) return std::unexpected(h100.error());
  const auto h200 = make_gpu_cost(work.gpu("h200"), work.shape("llama3.3-70b"), count, 1);
  if (!h200) return std::unexpected(h200.error());
  const double gain = work.input("gpu.speculation");
  const auto parallel = [&](const sim::CostModel& machine, const std::string& words) {
    return simulated_cepo(work, in, machine, words).parallel;
  };
  const double own = parallel(*wafer, "the CS-3");
  const double plain = parallel(*h100, "H100 in 8 bits");
  const double drafted = parallel(Speculating(*h100, gain), "H100 in 8 bits with a draft model");
  const double larger = parallel(Speculating(*h200, gain), "H200 in 8 bits with a draft model");
  const double other = std::min({mini, plain, drafted, larger});
  // Nearer than the simulator is exact, a limit that the source does not name decides nothing.
  const double margin = 1 + kTolerance;
  const bool is_refuted = own > margin * limit || other <= limit / margin;
  const bool holds = own <= limit && other > margin * limit;
  return work.judge(
      is_refuted ? ClaimVerdict::does_not_follow
      : holds    ? ClaimVerdict::consistent
                 : ClaimVerdict::cannot_be_checked,
      fmt::format(
          "in parallel {:.1f} s on the CS-3; eight H100 {:.0f} s, with a draft model {:.1f} "
          "s, eight H200 with one {:.1f} s. The source names no limit; {:g} s is ours",
          own, plain, drafted, larger, limit));
}

Status claim_100_effective(ClaimWork& work) {
  const double claimed = work.input("speed.effective"), speed = work.input("speed.70b");
  const std::vector<CallStage> stages = cepo_stages({}, 0, 0);  // no tokens: only counted
  const double calls = work.computed("calls of a sample", calls_of(stages), "calls",
                                     "N (2 n + 2) + N for the default settings");
  const double chain = work.computed("longest chain", chain_of(stages), "calls",
                                     "plan, execute, review, final, rate");
  const double low = work.computed("visible tokens/s, one call after the other", speed / calls,
                                   "tokens/s", fmt::format("{:g} / {:g}", speed, calls));
  const double high = work.computed("visible tokens/s, in parallel", speed / chain, "tokens/s",
                                    fmt::format("{:g} / {:g}", speed, chain));
  return work.judge(is_near(low, claimed) || is_near(high, claimed) ? ClaimVerdict::reproduced
                    : low <= claimed && claimed <= high             ? ClaimVerdict::consistent
                                                                    : ClaimVerdict::does_not_follow,
                    fmt::format("one visible answer of {:g} calls: {:.0f} tokens/s one after the "
                                "other, {:.0f} in parallel",
                                calls, low, high));
}

}  // namespace evalrun
