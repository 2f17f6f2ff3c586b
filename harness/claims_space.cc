// Claims about memory, space, power and lines of code: arithmetic.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/claims_work.h"

namespace evalrun {
namespace {

// The sum of inputs that stand in the ledger as PREFIX + name.
double sum_of(ClaimWork& work, const std::string& prefix,
              std::initializer_list<const char*> names) {
  double sum = 0;
  for (const char* name : names) sum += work.input(prefix + name);
  return sum;
}

}  // namespace

Status claim_287_gb200(ClaimWork& work) {
  const double claimed = work.input("gpus.claimed"), memory = work.input("training.memoryx");
  const double gpu_memory =
      work.quantity(work.gpu("gb200").memory_bytes, "memory of one GPU of a GB200", "B");
  const double gpus =
      work.computed("GPUs that hold 55 TB", std::ceil(memory / gpu_memory), "GPUs", "rounded up");
  const double nominal_bytes = work.input("gpus.nominal");
  const double nominal = work.computed("the same with their nominal memory",
                                       std::ceil(memory / nominal_bytes), "GPUs", "rounded up");
  const double superchips =
      work.computed("GB200 superchips", std::ceil(nominal / work.input("gpus.superchip")),
                    "superchips", "two GPUs each");
  const double racks = work.computed("NVL72 racks", claimed / work.input("gpus.rack"), "racks",
                                     "claimed / GPUs of a rack");
  const double state = work.input("training.parameters") * work.input("training.bytes_high");
  const double needed =
      work.computed("GPUs that hold the training state", std::ceil(state / gpu_memory), "GPUs",
                    "18 bytes a parameter, activations not counted");
  return work.judge(
      is_near(gpus, claimed) ? ClaimVerdict::reproduced : ClaimVerdict::does_not_follow,
      fmt::format("55 TB are {:.0f} GPUs of {:.0f} GB ({:.0f} of {:.0f} GB), that is "
                  "{:.0f} GB200 superchips in {:.2f} racks; the model's state itself "
                  "needs {:.0f} GPUs",
                  gpus, gpu_memory / 1e9, nominal, nominal_bytes / 1e9, superchips, racks, needed));
}

Status claim_two_racks(ClaimWork& work) {
  const double claimed = work.input("racks.claimed"), units = work.input("racks.units");
  const double servers = work.computed(
      "servers of MemoryX", std::ceil(work.input("training.memoryx") / work.input("racks.server")),
      "servers", "55 TB / memory of a server, rounded up");
  const double height = work.computed("rack units", work.input("racks.cs3") + servers, "U",
                                      "the CS-3 and a unit a server; switches not counted");
  return work.judge(
      height <= claimed * units ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
      fmt::format("{:.0f} U of the {:.0f} of two racks, if a server of 1 U holds {:g} TB", height,
                  claimed * units, work.input("racks.server") / 1e12));
}

Status claim_one_percent(ClaimWork& work) {
  const double claimed = work.input("share.claimed"), gpus = work.input("gpus.claimed");
  const double in_a_rack = work.input("gpus.rack"), rack_w = work.input("gpus.rack_power");
  const double own_racks = work.input("racks.claimed");
  const double own_w = work.quantity(work.wafer("cs3").power_w, "power of one CS-3", "W");
  const double racks =
      work.computed("NVL72 racks of 287 GPUs", std::ceil(gpus / in_a_rack), "racks", "rounded up");
  const double space = work.computed("share of the space", own_racks / racks, "share",
                                     "racks of the CS-3 / those racks");
  const double power = work.computed("share of the power", own_w / (racks * rack_w), "share",
                                     "CS-3 / those racks; MemoryX counted as 0 W");
  const double for_space =
      work.computed("GPUs at which the space is 1 %", own_racks / claimed * in_a_rack, "GPUs",
                    "racks / share x GPUs of a rack");
  const double for_power =
      work.computed("GPUs at which the power is 1 %", own_w / claimed / rack_w * in_a_rack, "GPUs",
                    "power / share / rack's power x GPUs of a rack");
  return work.judge(
      space < claimed && power < claimed ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
      fmt::format("against 287 GPUs: {:.0f} % of the racks and {:.1f} % of the power, MemoryX not "
                  "counted; below 1 % only against {:.0f} GPUs (power) and {:.0f} (space)",
                  100 * space, 100 * power, for_power, for_space));
}

Status claim_565_lines(ClaimWork& work) {
  const double small = work.input("lines.giga"), large = work.input("lines.megatron");
  const double parts = work.computed(
      "gigaGPT, sum of its files",
      sum_of(work, "lines.giga.", {"configuration", "data", "eval", "model", "sample", "train"}),
      "lines", "sum");
  const double languages = work.computed(
      "Megatron-LM, sum of its languages",
      sum_of(work, "lines.megatron.", {"python", "header", "cpp", "cuda", "html", "shell", "make"}),
      "lines", "sum");
  const double less = work.computed("less code", 1 - small / large, "share", "1 - 565 / 20,507");
  const bool holds = is_near(parts, small, 0.01) && is_near(languages, large, 0.01);
  return work.judge(holds ? ClaimVerdict::reproduced : ClaimVerdict::does_not_follow,
                    fmt::format("gigaGPT's files add up to {:.0f}, Megatron-LM's languages to "
                                "{:.0f} ({:+.0f}): {:.1f} % less. gigaGPT has one architecture and "
                                "no parallelism of its own; the compiler it imports is not counted",
                                parts, languages, languages - large, 100 * less));
}

Status claim_565_lines_for_1t(ClaimWork& work) {
  const double tested = work.input("lines.tested"), claimed = work.input("training.parameters");
  work.input("lines.giga");
  const double times =
      work.computed("the claimed model over it", claimed / tested, "times", "division");
  return work.judge(tested >= claimed ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
                    fmt::format("the 565 lines are gigaGPT of December 2023, tested to {:.0f} "
                                "billion parameters; this model is {:.1f} times as large, a year "
                                "later",
                                tested / 1e9, times));
}

}  // namespace evalrun
