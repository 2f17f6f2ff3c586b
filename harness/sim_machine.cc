#include "harness/sim_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>

#include "harness/core/text.h"
#include "harness/sim_files.h"
#include "hw/sim/gpu_cost.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun {
namespace {

constexpr int kUnitsMax = 1 << 20;

// The one of that name in `known`, or a usage error.
template <typename T>
Result<const T*> find(const std::map<std::string, T>& known, const std::string& name,
                      const std::string& what) {
  const auto found = known.find(name);
  if (found != known.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [key, value] : known) names.push_back(key);
  return usage_error(fmt::format("{}: unknown \"{}\"{}; known: {}", what, to_printable(name, true),
                                 did_you_mean(name, names), fmt::join(names, ", ")));
}

struct Named {
  std::string name;
  int units = 0;  // 0 = not said
};

// "h100x8" is eight of h100, unless a machine is called that.
Named split_units(const SimData& data, const std::string& text) {
  const std::size_t x = text.rfind('x');
  if (data.machines.contains(text) || x == text.npos || x + 1 == text.size()) return {text};
  int units = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + x + 1, end, units);
  if (error != std::errc() || stop != end || units < 1 || units > kUnitsMax) return {text};
  return {text.substr(0, x), units};
}

Result<std::optional<sim::WaferSpeculation>> parse_speculation(const SimData& data,
                                                               const std::string& text) {
  if (text.empty()) return std::nullopt;
  sim::WaferSpeculation speculation;
  std::vector<std::string> parts;
  for (const auto& part : std::views::split(text, ':'))
    parts.emplace_back(part.begin(), part.end());
  const auto is_number = [](const std::string& part, auto& out) {
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc() && stop == part.data() + part.size();
  };
  if (parts.size() != 3 || !is_number(parts[1], speculation.drafted_tokens) ||
      !is_number(parts[2], speculation.acceptance) || speculation.drafted_tokens < 1 ||
      speculation.drafted_tokens > 64 || !(speculation.acceptance >= 0) ||
      !(speculation.acceptance <= 1))
    return usage_error("--assume-speculation: \"" + to_printable(text, true) +
                       "\" is not DRAFT:TOKENS:ACCEPTANCE, such as llama3.2-1b:4:0.8");
  const auto draft = find(data.shapes, parts[0], "--assume-speculation");
  if (!draft) return std::unexpected(draft.error());
  speculation.draft = **draft;
  return speculation;
}

std::string weights_words(double bytes) { return fmt::format("weights of {} bits", 8 * bytes); }

Status add_wafer(const SimData& data, const sim::WaferSpec& spec, const sim::ModelShape& shape,
                 int wafers, const SimAssumptions& assumptions, std::int64_t call_tokens_max,
                 SimTarget& target) {
  auto speculation = parse_speculation(data, assumptions.speculation);
  if (!speculation) return std::unexpected(speculation.error());
  sim::WaferOptions options;
  options.bytes_per_weight = assumptions.bytes_per_weight;
  options.wafers = wafers;
  options.min_kv_tokens = std::max(options.min_kv_tokens, call_tokens_max);
  options.speculation = std::move(*speculation);
  options.kernel_speedup = assumptions.kernel_speedup;
  options.service_s_per_wafer = assumptions.host_us * 1e-6;
  auto cost = sim::WaferCost::make(spec, shape, options);
  if (!cost) return std::unexpected(cost.error());
  target.title = fmt::format("{} x {}", cost->placement().wafers, target.title);
  if (options.speculation)
    target.assumed.push_back(fmt::format(
        "speculation: {} drafts {} tokens, {} of them kept", options.speculation->draft.name,
        options.speculation->drafted_tokens, options.speculation->acceptance));
  if (options.kernel_speedup != 1)
    target.assumed.push_back(
        fmt::format("kernels {} times as fast as WaferLLM's", options.kernel_speedup));
  if (assumptions.host_us > 0)
    target.assumed.push_back(fmt::format("{} us of host time a wafer", assumptions.host_us));
  target.is_wafer = true;
  target.cost = std::make_unique<sim::WaferCost>(std::move(*cost));
  return {};
}

// 0: not on all that reach each other.
int gpus_that_fit(const sim::GpuSpec& gpu, const sim::ModelShape& shape, sim::GpuOptions options,
                  std::int64_t tokens) {
  for (options.gpus = 1; options.gpus <= gpu.domain_gpus.value; options.gpus *= 2)
    if (sim::GpuCost(gpu, shape, options).kv_capacity_tokens() >= tokens) return options.gpus;
  return 0;
}

Status add_gpus(const sim::GpuSpec& gpu, const sim::ModelShape& shape, int gpus,
                const SimAssumptions& assumptions, std::int64_t call_tokens_max,
                SimTarget& target) {
  if (!assumptions.speculation.empty() || assumptions.kernel_speedup != 1 ||
      assumptions.host_us > 0)
    return usage_error(target.name +
                       ": speculation, faster kernels and host time can be assumed of wafers only");
  sim::GpuOptions options;
  options.gpus = std::max(gpus, 1);
  options.bytes_per_weight = assumptions.bytes_per_weight;
  if (options.gpus > gpu.domain_gpus.value)
    return usage_error(
        fmt::format("{}: {} of these reach each other at full speed; give at most "
                    "that many",
                    target.name, gpu.domain_gpus.value));
  auto cost = std::make_unique<sim::GpuCost>(gpu, shape, options);
  if (cost->kv_capacity_tokens() < call_tokens_max) {
    const int enough = gpus_that_fit(gpu, shape, options, call_tokens_max);
    return input_error(fmt::format(
        "{} does not fit on {}: {:.1f} GB of {} and {:.1f} GB of KV cache for the longest call "
        "need more than {:.0f} % of {:.1f} GB{}",
        shape.name, target.name, cost->weight_bytes() / 1e9,
        weights_words(options.bytes_per_weight),
        cost->kv_bytes_per_token() * double(call_tokens_max) / 1e9, 100 * options.memory_share,
        gpu.memory_bytes.value * options.gpus / 1e9,
        enough > options.gpus
            ? fmt::format("; {}x{} would hold it",
                          target.name.substr(0, target.name.rfind(fmt::format("x{}", gpus))),
                          enough)
            : ""));
  }
  target.title = fmt::format("{} x {}", options.gpus, target.title);
  target.cost = std::move(cost);
  return {};
}

}  // namespace

Result<SimData> load_sim_data(const std::string& machines_dir, const std::string& models_dir) {
  auto machines = load_machines(machines_dir);
  if (!machines) return std::unexpected(machines.error());
  auto shapes = load_model_shapes(models_dir);
  if (!shapes) return std::unexpected(shapes.error());
  return SimData{std::move(*machines), std::move(*shapes)};
}

Result<SimTarget> make_sim_target(const SimData& data, const std::string& flag,
                                  const std::string& machine, const std::string& as,
                                  const SimAssumptions& assumptions, std::int64_t call_tokens_max) {
  const Named named = split_units(data, machine);
  const auto found = find(data.machines, named.name, flag);
  if (!found) return std::unexpected(found.error());
  const auto shape = find(data.shapes, as, "--as");
  if (!shape) return std::unexpected(shape.error());
  SimTarget target;
  target.name = machine;
  target.as = as;
  target.title = (*found)->title;
  if (assumptions.bytes_per_weight != 2)
    target.assumed.push_back(weights_words(assumptions.bytes_per_weight));
  const auto* wafer = std::get_if<sim::WaferSpec>(&(*found)->spec);
  const Status added =
      wafer ? add_wafer(data, *wafer, **shape, named.units, assumptions, call_tokens_max, target)
            : add_gpus(std::get<sim::GpuSpec>((*found)->spec), **shape, named.units, assumptions,
                       call_tokens_max, target);
  if (!added) return std::unexpected(added.error());
  return target;
}

}  // namespace evalrun
