// evalrun train-sim: how long a training step takes on wafers and on GPUs, and whether it fits.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "harness/core/text.h"
#include "harness/sim_files.h"
#include "harness/train_sim_print.h"
#include "harness/verb.h"
#include "hw/sim/train_gpu_search.h"

namespace evalrun {
namespace {

using sim::GpuSpec;
using sim::Machine;
using sim::WaferSpec;

constexpr long kStepsMax = 1'000'000'000;

struct Settings {
  std::vector<std::string> machines{"cs3"};
  std::vector<int> systems{1, 2, 4, 8, 16};
  std::vector<int> gpus;  // empty: the fewest that hold the model
  std::string model;      // a name, or
  double parameters = 1e12;
  std::int64_t batch_tokens = 1 << 20;
  std::int64_t sequence = 2048;
  double memory_bytes = 0;
  bool is_half_duplex = false;
  bool spills_activations = false;
  long steps = 50;
};

// "55TB", "1.2PB", or one of the published sizes by that name.
Result<double> memory_of(const std::string& text) {
  std::size_t read = 0;
  double value = 0;
  try {
    value = std::stod(text, &read);
  } catch (const std::exception&) {
    read = 0;
  }
  const std::string unit = text.substr(std::min(read, text.size()));
  const double factor = unit == "GB" ? 1e9 : unit == "TB" ? 1e12 : unit == "PB" ? 1e15 : 0;
  if (read == 0 || factor == 0 || !(value > 0) || !std::isfinite(value * factor)) {
    std::string known;
    for (const sim::MemoryOption& option : sim::memory_options())
      known += fmt::format("{}{}", known.empty() ? "" : ", ", option.name);
    return usage_error(fmt::format("--memory {}: must be a size above 0 as 55TB (published: {})",
                                   to_printable(text, true), known));
  }
  return value * factor;
}

template <typename Value>
Result<Value> named(const std::map<std::string, Value>& all, const std::string& name,
                    const char* what) {
  if (const auto at = all.find(name); at != all.end()) return at->second;
  std::vector<std::string> names;
  for (const auto& [known, value] : all) names.push_back(known);
  return usage_error(
      fmt::format("{} {}: unknown{}", what, to_printable(name, true), did_you_mean(name, names)));
}

Result<sim::TrainJob> job_of(const Settings& settings, const std::string& models_dir) {
  if (settings.sequence < 1 || settings.batch_tokens < settings.sequence ||
      settings.batch_tokens % settings.sequence != 0)
    return usage_error(
        fmt::format("--batch-tokens {}: must be a multiple of --sequence {}, which is at least 1",
                    settings.batch_tokens, settings.sequence));
  sim::TrainJob job{.shape = {},
                    .sequence = settings.sequence,
                    .batch_sequences = settings.batch_tokens / settings.sequence};
  if (settings.model.empty()) {
    auto shape = sim::shape_for_parameters(settings.parameters);
    if (!shape) return std::unexpected(shape.error());
    job.shape = *std::move(shape);
  } else {
    const auto shapes = load_model_shapes(models_dir);
    if (!shapes) return std::unexpected(shapes.error());
    auto shape = named(*shapes, settings.model, "model");
    if (!shape) return std::unexpected(shape.error());
    job.shape = *std::move(shape);
  }
  if (Status status = check(job); !status) return std::unexpected(status.error());
  return job;
}

Result<WaferTrainRow> wafer_row(const WaferSpec& wafer, const sim::TrainJob& job,
                                const sim::WaferTrainOptions& options) {
  const auto step = train_on_wafers(wafer, job, options);
  if (!step) return std::unexpected(step.error());
  const auto scaling = wafer_scaling(wafer, job, options, options.systems);
  if (!scaling) return std::unexpected(scaling.error());
  return WaferTrainRow{options, *step, *scaling};
}

Status train_wafers(const WaferSpec& wafer, const sim::TrainJob& job, const Settings& settings,
                    MachineTraining& out) {
  sim::WaferTrainOptions options{.systems = 1,
                                 .memory_bytes = settings.memory_bytes,
                                 .is_full_duplex = !settings.is_half_duplex,
                                 .spills_activations = settings.spills_activations};
  for (const int systems : settings.systems) {
    options.systems = systems;
    auto row = wafer_row(wafer, job, options);
    if (!row) return std::unexpected(row.error());
    out.wafers.push_back(*std::move(row));
  }
  options.systems = settings.systems.front();
  for (const bool spills : {false, true})
    for (const bool is_full_duplex : {true, false}) {
      options.is_full_duplex = is_full_duplex;
      options.spills_activations = spills;
      auto row = wafer_row(wafer, job, options);
      if (!row) return std::unexpected(row.error());
      out.wafer_variants.push_back(*std::move(row));
    }
  return {};
}

Status train_gpus(const GpuSpec& gpu, const sim::TrainJob& job, const Settings& settings,
                  MachineTraining& out) {
  out.gpus_for_state = sim::gpus_for_bytes(gpu, sim::kStateBytes * double(parameters(job.shape)));
  const auto least = sim::least_gpus(gpu, job, {});
  if (least)
    out.gpus.push_back({least->layout.gpus(), true, *least});
  else
    out.least_missing = least.error().message;
  for (const int gpus : settings.gpus) {
    const auto best = sim::best_layout(gpu, job, gpus, {});
    if (!best) return std::unexpected(best.error());
    if (!out.gpus.empty() && out.gpus.front().is_least && out.gpus.front().gpus == gpus) continue;
    out.gpus.push_back({gpus, false, *best});
  }
  return {};
}

Result<TrainReport> train(const Settings& settings, const std::string& machines_dir,
                          const std::string& models_dir) {
  const auto machines = load_machines(machines_dir);
  if (!machines) return std::unexpected(machines.error());
  auto job = job_of(settings, models_dir);
  if (!job) return std::unexpected(job.error());
  TrainReport out{.job = *std::move(job), .steps = settings.steps, .machines = {}};
  for (const std::string& name : settings.machines) {
    auto machine = named(*machines, name, "machine");
    if (!machine) return std::unexpected(machine.error());
    MachineTraining one;
    one.machine = *std::move(machine);
    const auto* wafer = std::get_if<WaferSpec>(&one.machine.spec);
    const Status status =
        wafer != nullptr ? train_wafers(*wafer, out.job, settings, one)
                         : train_gpus(std::get<GpuSpec>(one.machine.spec), out.job, settings, one);
    if (!status) return std::unexpected(status.error());
    out.machines.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<int> train_sim_verb(const Arguments& arguments) {
  CLI::App app{
      "Training of a dense model, simulated: weight streaming on wafers, or tensor, pipeline and "
      "data parallel on GPUs. Exit code 0 once computed, whether or not the model fits.",
      "evalrun train-sim"};
  Settings settings;
  std::string memory = "55TB", machines_dir, models_dir;
  bool json = false;
  app.add_option("--machine", settings.machines, "machines, several with commas")->delimiter(',');
  app.add_option("--systems", settings.systems, "wafers: numbers of systems")->delimiter(',');
  app.add_option("--gpus", settings.gpus, "GPUs: numbers, besides the fewest that hold the model")
      ->delimiter(',');
  auto* count = app.add_option("--params", settings.parameters,
                               "parameters of a Llama-like model: 128 wide a layer up to 128 "
                               "layers, then wider");
  app.add_option("--model", settings.model, "a model by name")->excludes(count);
  app.add_option("--batch-tokens", settings.batch_tokens, "of a step, all systems together");
  app.add_option("--sequence", settings.sequence, "tokens of a sequence");
  app.add_option("--memory", memory, "wafers: size of MemoryX")->type_name("SIZE");
  app.add_flag("--half-duplex", settings.is_half_duplex, "wafers: the link goes one way at a time");
  app.add_flag("--spill", settings.spills_activations, "wafers: activations wait in MemoryX");
  app.add_option("--steps", settings.steps, "steps to sum time and energy over")
      ->check(CLI::Range(1L, kStepsMax));
  app.add_flag("--json", json, "JSON alone on stdout");
  add_sim_folder_flags(app, machines_dir, models_dir);
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto bytes = memory_of(memory);
  if (!bytes) return std::unexpected(bytes.error());
  settings.memory_bytes = *bytes;
  const auto report = train(settings, machines_dir, models_dir);
  if (!report) return std::unexpected(report.error());
  fmt::print("{}", json ? train_json(*report) : train_text(*report));
  return kExitComplete;
}

}  // namespace evalrun
