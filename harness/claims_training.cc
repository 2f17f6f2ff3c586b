// Claims about the training run of a model of 1 trillion parameters.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "harness/claims_work.h"
#include "hw/sim/train.h"
#include "hw/sim/train_wafer.h"

namespace evalrun {
namespace {

// The run as far as it is known: parameters and memory published, shape and batch the simulator's.
struct Run {
  sim::TrainJob job;
  sim::WaferTrainOptions options;
};

Result<Run> run_of(ClaimWork& work) {
  Run run;
  auto shape = sim::shape_for_parameters(work.input("training.parameters"));
  if (!shape) return std::unexpected(shape.error());
  run.job.shape = *std::move(shape);
  run.options.memory_bytes = work.input("training.memoryx");
  return run;
}

Result<sim::WaferTraining> training(ClaimWork& work, const Run& run) {
  return sim::train_on_wafers(work.wafer("cs3"), run.job, run.options);
}

constexpr const char* kModel = "train_on_wafers; the shape is shape_for_parameters', not published";

}  // namespace

Status claim_1t_on_one_cs3(ClaimWork& work) {
  const auto run = run_of(work);
  if (!run) return std::unexpected(run.error());
  const auto trained = training(work, *run);
  if (!trained) return std::unexpected(trained.error());
  if (!trained->fits)
    return work.judge(ClaimVerdict::does_not_follow,
                      "simulated: it does not fit: " + trained->why_not);
  const double state =
      work.simulated("weights, gradients and Adam's state", trained->state_bytes, "B", kModel);
  const double layer =
      work.simulated("16-bit weights of the largest layer", trained->layer_bytes, "B", kModel);
  const double sram = work.simulated("SRAM of one CS-3", trained->sram_bytes, "B",
                                     "cores and bytes a core of the machine's file, less reserved");
  return work.judge(
      ClaimVerdict::consistent,
      fmt::format("the state is {:.1f} of {:.0f} TB of MemoryX, a layer {:.1f} of "
                  "{:.1f} GB of SRAM: it fits, one layer after the other",
                  state / 1e12, run->options.memory_bytes / 1e12, layer / 1e9, sram / 1e9));
}

Status claim_55_tb(ClaimWork& work) {
  const double parameters = work.input("training.parameters");
  const double memory = work.input("training.memoryx");
  const double low =
      work.computed("training state, at least", parameters * work.input("training.bytes_low"), "B",
                    "parameters x bytes a parameter");
  const double high =
      work.computed("training state, at most", parameters * work.input("training.bytes_high"), "B",
                    "parameters x bytes a parameter");
  const double times = work.computed("MemoryX over it", memory / high, "times", "division");
  const ClaimVerdict verdict = is_near(high, memory) || is_near(low, memory)
                                   ? ClaimVerdict::reproduced
                               : high <= memory ? ClaimVerdict::consistent
                                                : ClaimVerdict::does_not_follow;
  return work.judge(verdict,
                    fmt::format("weights, gradients and Adam's state take {:.0f} to {:.0f} "
                                "TB: 55 TB hold them {:.1f} to {:.1f} times. Enough, not "
                                "needed",
                                low / 1e12, high / 1e12, times, memory / low));
}

Status claim_50_steps(ClaimWork& work) {
  const auto run = run_of(work);
  if (!run) return std::unexpected(run.error());
  const double steps = work.input("training.steps"), days = work.input("training.days");
  const double parameters = work.input("training.parameters");
  const auto trained = training(work, *run);
  if (!trained) return std::unexpected(trained.error());
  if (!trained->fits)
    return work.judge(ClaimVerdict::does_not_follow,
                      "simulated: it does not fit: " + trained->why_not);
  const double io =
      work.quantity(work.wafer("cs3").io_bytes_per_s, "link of the CS-3, each way", "B/s");
  const double floor = work.computed(
      "a step at least, weights twice in and gradients once out at 16 bits", 4 * parameters / io,
      "s", "4 bytes in a parameter / link, out at the same time");
  work.computed("the same if in and out share the link", 6 * parameters / io, "s",
                "6 bytes a parameter / link");
  work.computed("tokens of a step, ASSUMED", run->job.batch_tokens(), "tokens",
                "512 sequences of 2048, the simulator's default");
  const double step = work.simulated("a step", trained->step_s, "s", kModel);
  Run small = *run;
  small.job.batch_sequences = std::max<std::int64_t>(1, trained->sequences_max);
  const auto least = training(work, small);
  if (!least) return std::unexpected(least.error());
  work.computed("tokens that the wafer takes at once", small.job.batch_tokens(), "tokens",
                "sequences that its SRAM holds x 2048");
  const double least_step = work.simulated("a step of those", least->step_s, "s", kModel);
  const double least_taken =
      work.computed("all steps of those", steps * least_step / 86400, "days", "steps x seconds");
  const double taken = work.computed("all steps", steps * step / 86400, "days", "steps x seconds");
  const double needed = parameters * work.input("training.tokens_a_parameter");
  const double share =
      work.computed("share of a whole run", steps * run->job.batch_tokens() / needed, "share",
                    "tokens of the steps / (parameters x tokens a parameter)");
  return work.judge(
      least_taken <= days ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
      fmt::format("all {:g} in {:.2g} days at {:.0f} tokens a step, the least ({:.0f} s each; the "
                  "link allows {:.0f}), in {:.1f} days at a million ({:.0f} s, bound by {}), which "
                  "would be {:.1g} of a whole run: a test that it works, not a training",
                  steps, least_taken, small.job.batch_tokens(), least_step, floor, taken, step,
                  trained->bound, share));
}

Status claim_16_linear(ClaimWork& work) {
  const auto run = run_of(work);
  if (!run) return std::unexpected(run.error());
  const double systems = work.input("training.systems"), claimed = work.input("training.speedup");
  const double efficiency = work.computed("published efficiency", claimed / systems, "share",
                                          fmt::format("{:g} / {:g}", claimed, systems));
  const auto scaling =
      sim::wafer_scaling(work.wafer("cs3"), run->job, run->options, int(std::lround(systems)));
  if (!scaling) return std::unexpected(scaling.error());
  if (!scaling->at_same_batch || !scaling->at_same_batch_each)
    return work.judge(ClaimVerdict::does_not_follow, "simulated: the model does not fit");
  const double same = work.simulated("speedup at the same batch of all systems together",
                                     *scaling->at_same_batch, "times", kModel);
  const double each = work.simulated("speedup at the same batch of each system",
                                     *scaling->at_same_batch_each, "times", kModel);
  Run spilled = *run;
  spilled.options.spills_activations = true;
  const auto other = sim::wafer_scaling(work.wafer("cs3"), spilled.job, spilled.options,
                                        int(std::lround(systems)));
  if (!other) return std::unexpected(other.error());
  if (!other->at_same_batch)
    return work.judge(ClaimVerdict::does_not_follow, "simulated: the model does not fit");
  const double leaving = work.simulated("the same if activations leave the wafer",
                                        *other->at_same_batch, "times", kModel);
  const auto [low, high] = std::minmax({same, each, leaving});
  const bool is_within = claimed >= 0.98 * low && claimed <= 1.02 * high;
  return work.judge(
      efficiency < 0.9 ? ClaimVerdict::does_not_follow
      : is_within      ? ClaimVerdict::consistent
                       : ClaimVerdict::cannot_be_checked,
      fmt::format("published: {:g} times on {:g} systems, {:.1f} %; simulated: {:.1f} times at the "
                  "same batch in all, {:.1f} at the same batch each, {:.1f} if activations leave "
                  "the wafer. Which of these it was is not published",
                  claimed, systems, 100 * efficiency, same, each, leaving));
}

Status claim_accuracy_in_proportion(ClaimWork& work) {
  const double speedup = work.input("training.speedup"), guess = work.input("training.guess");
  const double product = work.computed("a guess's accuracy, in proportion", guess * speedup, "%",
                                       fmt::format("{:g} x {:g}", guess, speedup));
  const double most = work.computed("accuracy above which proportion passes 100 %", 100 / speedup,
                                    "%", fmt::format("100 / {:g}", speedup));
  return work.judge(product < 100 ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
                    fmt::format("whoever guesses among four answers would reach {:.0f} % on 16 "
                                "systems; anything above {:.1f} % passes 100 %. It is the speed of "
                                "training that grows",
                                product, most));
}

}  // namespace evalrun
