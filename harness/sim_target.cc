#include "harness/sim_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/core/text.h"

namespace evalrun {

namespace {
const std::vector<std::string> kContentTargets = {"local", "remote", "recorded"};
}  // namespace

bool is_content_target(const std::string& target) {
  return std::ranges::find(kContentTargets, target) != kContentTargets.end();
}

SimAssumptions sim_assumptions(const Settings& settings) {
  return {.bytes_per_weight = double(std::atoi(settings.weight_bits.c_str())) / 8,
          .speculation = settings.assume_speculation,
          .kernel_speedup = settings.assume_kernel_speedup,
          .host_us = settings.assume_host_us};
}

SimLoad sim_load(const Settings& settings) {
  return {.concurrency = settings.max_samples > 0 ? settings.max_samples : 1,
          .request_rate = settings.request_rate,
          .seed = settings.seed,
          .shares_prefixes = !settings.no_prefix_sharing};
}

Result<Target> open_simulated(const Settings& settings) {
  const std::string near = did_you_mean(settings.target, kContentTargets);
  if (settings.as.empty())
    return usage_error(fmt::format(
        "--target {}: is none of {}{}; a simulated machine needs --as MODEL, the model that it "
        "plays, such as --target cs3 --as llama3.3-70b",
        to_printable(settings.target, true), fmt::join(kContentTargets, ", "), near));
  const auto data = load_sim_data(settings.machines, settings.models);
  if (!data) return std::unexpected(data.error());
  // A cache of one token: what the calls will need is not known yet.
  const auto machine = make_sim_target(*data, "--target", settings.target, settings.as,
                                       sim_assumptions(settings), 1);
  if (!machine) return std::unexpected(machine.error());
  Settings content = settings;
  content.target = settings.content;
  content.as.clear();
  auto target = open_target(content);
  if (!target) return target;
  target->simulated = simulated_words(*machine, sim_load(settings));
  return target;
}

Status simulate_times(const Settings& settings, const std::string& source, RunRecords& records) {
  const auto data = load_sim_data(settings.machines, settings.models);
  if (!data) return std::unexpected(data.error());
  const auto calls = sim_calls(records.run, records.samples, source);
  if (!calls) return std::unexpected(calls.error());
  if (!calls->without_tokens.empty())
    return input_error(fmt::format(
        "{}: {} call(s) without token counts cannot be simulated, such "
        "as {}",
        source, calls->without_tokens.size(), to_printable(calls->without_tokens.front(), true)));
  const auto target = make_sim_target(*data, "--target", settings.target, settings.as,
                                      sim_assumptions(settings), calls->call_tokens_max);
  if (!target) return std::unexpected(target.error());
  const auto plays = play_all(*calls, *target, sim_load(settings));
  if (!plays) return std::unexpected(plays.error());
  records.calls = simulated_records(*plays);
  records.run.simulated = simulated_words(*target, sim_load(settings));
  return {};
}

}  // namespace evalrun
