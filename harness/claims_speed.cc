// Claims about the speed of answers.
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "harness/claims_work.h"

namespace evalrun {
namespace {

using sim::ModelShape;
using sim::WaferOptions;
using sim::WaferSpec;

constexpr const char* kStream = "one stream, WaferCost::token_s";
constexpr const char* kBoard = "one stream, GpuCost::pass_s";

// The draft model that has to be kept least often.
struct BestDraft {
  std::string name;
  int drafted_tokens = 0;
  std::optional<double> acceptance;  // nullopt: none is enough, however often it is kept
};

BestDraft best_draft(ClaimWork& work, double speedup, double context, double wanted) {
  BestDraft best;
  for (const char* draft : {"llama3.2-1b", "llama3.2-3b", "llama3.1-8b"})
    for (const int drafted : {2, 4, 6, 8}) {
      const auto needed =
          sim::acceptance_needed(work.wafer("cs3"), work.shape("llama3.1-70b"),
                                 {.speculation = sim::WaferSpeculation{.draft = work.shape(draft),
                                                                       .drafted_tokens = drafted},
                                  .kernel_speedup = speedup},
                                 std::int64_t(context), wanted);
      if (needed && (!best.acceptance || *needed < *best.acceptance))
        best = {draft, drafted, needed};
    }
  return best;
}

ClaimVerdict of_bare_and_assumed(double bare, double assumed, double claimed) {
  return is_near(bare, claimed)      ? ClaimVerdict::reproduced
         : is_near(assumed, claimed) ? ClaimVerdict::consistent
                                     : ClaimVerdict::does_not_follow;
}

}  // namespace

Status claim_2100_tokens(ClaimWork& work) {
  const double claimed = work.input("speed.70b"), context = work.input("assumed.context");
  const WaferSpec& cs3 = work.wafer("cs3");
  const ModelShape& shape = work.shape("llama3.1-70b");
  work.quantity(cs3.clock_hz, "clock of the CS-3", "Hz");
  const auto bare = wafer_stream(cs3, shape, {}, context);
  if (!bare) return std::unexpected(bare.error());
  work.simulated("70B on the CS-3, nothing assumed", *bare, "tokens/s", kStream);
  const auto cs2 = wafer_stream(work.wafer("cs2"), shape, {}, context);
  if (!cs2) return std::unexpected(cs2.error());
  work.simulated("70B on the CS-2, which the article names", *cs2, "tokens/s", kStream);
  const double gain =
      work.simulated("gain needed over WaferLLM's kernels, speculation included",
                     sim::kernel_speedup_needed(cs3, shape, {}, std::int64_t(context), claimed),
                     "times", "kernel_speedup_needed; 0 would mean that no gain is enough");
  const double speedup = work.input("assumed.kernel_speedup");
  const double limit = work.input("assumed.acceptance");
  const BestDraft best = best_draft(work, speedup, context, claimed);
  std::string need = "no draft model is enough with kernels as fast as assumed";
  if (best.acceptance) {
    work.simulated(fmt::format("share of {} tokens drafted by {} that must be kept with them",
                               best.drafted_tokens, best.name),
                   *best.acceptance, "share", "acceptance_needed, least of 3 drafts x 2, 4, 6, 8");
    need = fmt::format(
        "or kernels {:g} times as fast and {} whose tokens are kept {:.0f} % of the "
        "time",
        speedup, best.name, 100 * *best.acceptance);
  }
  const ClaimVerdict verdict = is_near(*bare, claimed) ? ClaimVerdict::reproduced
                               : best.acceptance && *best.acceptance <= limit
                                   ? ClaimVerdict::consistent
                                   : ClaimVerdict::does_not_follow;
  return work.judge(verdict,
                    fmt::format("{:.0f} tokens/s with nothing assumed; {:.0f} needs {:.2f} "
                                "times that from kernels and speculation, {}",
                                *bare, claimed, gain, need));
}

Status claim_450_at_launch(ClaimWork& work) {
  const double claimed = work.input("speed.70b_launch"), small = work.input("speed.8b_launch");
  const double context = work.input("assumed.context");
  const WaferSpec& cs3 = work.wafer("cs3");
  const auto placed = sim::WaferCost::make(cs3, work.shape("llama3.1-8b"));
  if (!placed) return std::unexpected(placed.error());
  const auto bare = wafer_stream(cs3, work.shape("llama3.1-70b"), {}, context);
  if (!bare) return std::unexpected(bare.error());
  const double bare_small =
      work.simulated("8B on the CS-3, nothing assumed", 1 / placed->token_s(std::int64_t(context)),
                     "tokens/s", kStream);
  work.simulated("70B on the CS-3, nothing assumed", *bare, "tokens/s", kStream);
  const double host =
      work.computed("host time a wafer that explains the 8B",
                    std::max(0.0, 1 / small - 1 / bare_small) / placed->placement().wafers, "s",
                    fmt::format("(1 / {:g} - 1 / simulated) / {} wafers, an assumption", small,
                                placed->placement().wafers));
  const auto assumed =
      wafer_stream(cs3, work.shape("llama3.1-70b"), {.service_s_per_wafer = host}, context);
  if (!assumed) return std::unexpected(assumed.error());
  work.simulated("70B on the CS-3 with it", *assumed, "tokens/s", kStream);
  return work.judge(of_bare_and_assumed(*bare, *assumed, claimed),
                    fmt::format("{:.0f} tokens/s with nothing assumed, {:.0f} with {:.0f} us of "
                                "host time a wafer, which the 8B's {:g} would explain",
                                *bare, *assumed, host * 1e6, small));
}

Status claim_969_of_405b(ClaimWork& work) {
  const double claimed = work.input("speed.405b"), known = work.input("speed.70b");
  const double context = work.input("assumed.context");
  const WaferSpec& cs3 = work.wafer("cs3");
  const ModelShape& shape = work.shape("llama3.1-405b");
  const auto bare = wafer_stream(cs3, shape, {}, context);
  if (!bare) return std::unexpected(bare.error());
  work.simulated("405B on the CS-3, nothing assumed", *bare, "tokens/s", kStream);
  const double gain = work.simulated(
      "gain over WaferLLM's kernels that explains the 70B, speculation included",
      sim::kernel_speedup_needed(cs3, work.shape("llama3.1-70b"), {}, std::int64_t(context), known),
      "times", "kernel_speedup_needed, an assumption");
  double assumed = 0;
  if (gain > 0) {
    const auto stream = wafer_stream(cs3, shape, {.kernel_speedup = gain}, context);
    if (!stream) return std::unexpected(stream.error());
    assumed = *stream;
  }
  work.simulated("405B on the CS-3 with the same gain", assumed, "tokens/s", kStream);
  return work.judge(of_bare_and_assumed(*bare, assumed, claimed),
                    fmt::format("{:.0f} tokens/s with nothing assumed, {:.0f} with the gain of "
                                "{:.2f} that the 70B's {:g} needs",
                                *bare, assumed, gain, known));
}

Status claim_16_times_gpu(ClaimWork& work) {
  const double claimed = work.input("speed.times_gpu"), wafer = work.input("speed.70b");
  const double gpus = work.input("gpu.count"), context = work.input("assumed.context");
  const double speculation = work.input("gpu.speculation");
  const double implied = work.computed("speed of that service", wafer / claimed, "tokens/s",
                                       fmt::format("{:g} / {:g}", wafer, claimed));
  const ModelShape& shape = work.shape("llama3.1-70b");
  struct Board {
    const char* words;
    const char* gpu;
    double bytes_per_weight;
    double tokens_per_s = 0;
  } boards[] = {{"70B on H100, 8-bit weights", "h100", 1},
                {"70B on H100, 16-bit weights", "h100", 2},
                {"70B on H200, 8-bit weights", "h200", 1}};
  for (Board& board : boards) {
    const auto speed =
        gpu_stream(work.gpu(board.gpu), shape, gpus, board.bytes_per_weight, context);
    if (!speed) return std::unexpected(speed.error());
    board.tokens_per_s = work.simulated(board.words, *speed, "tokens/s", kBoard);
  }
  const double ratio =
      work.computed("2,100 over the first", wafer / boards[0].tokens_per_s, "times", "division");
  const double fair = work.computed(
      "the same once the GPUs have a draft model too", ratio / speculation, "times",
      fmt::format("over {:g}: the 2,100 include speculation, the GPUs' stream does not",
                  speculation));
  const bool is_between =
      wafer / boards[2].tokens_per_s <= claimed && claimed <= wafer / boards[1].tokens_per_s;
  return work.judge(is_near(ratio, claimed) ? ClaimVerdict::reproduced
                    : is_between            ? ClaimVerdict::consistent
                                            : ClaimVerdict::does_not_follow,
                    fmt::format("eight H100 write {:.0f} tokens/s for one user (the claim implies "
                                "{:.0f}): {:.1f} times; {:.1f} if the GPUs speculate as well",
                                boards[0].tokens_per_s, implied, ratio, fair));
}

}  // namespace evalrun
