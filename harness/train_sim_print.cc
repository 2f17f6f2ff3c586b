#include "harness/train_sim_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>

namespace evalrun {
namespace {

using nlohmann::ordered_json;
using sim::GpuSpec;
using sim::WaferSpec;

constexpr double kJoulesPerKwh = 3.6e6;

std::string seconds(double value) {
  if (value >= 2 * 86400) return fmt::format("{:.1f} days", value / 86400);
  if (value >= 2 * 3600) return fmt::format("{:.1f} h", value / 3600);
  if (value >= 300) return fmt::format("{:.1f} min", value / 60);
  return fmt::format("{:.3g} s", value);
}

// Four digits are more than the models are worth.
std::string figure(double value) {
  return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::string times(std::optional<double> factor) {
  return factor ? fmt::format("{:.2f}x", *factor) : "-";
}

std::string share(std::optional<double> factor, int of) {
  return factor ? fmt::format("{:.0f} %", 100 * *factor / of) : "-";
}

double kwh(double power_w, double step_s, long steps) {
  return power_w * step_s * double(steps) / kJoulesPerKwh;
}

std::string wafer_table(const MachineTraining& machine, long steps) {
  std::string out = fmt::format(
      "  {:>7} {:>10} {:>8} {:>11} {:>6} {:>10} {:>9}  {:<18} {}\n", "systems", "s a step", "bound",
      "tokens/s", "MFU", fmt::format("{} steps", steps), "kWh", "same batch", "same batch each");
  for (const WaferTrainRow& row : machine.wafers) {
    if (!row.step.fits) {
      out += fmt::format("  {:>7} DOES NOT FIT: {}\n", row.options.systems, row.step.why_not);
      continue;
    }
    const int systems = row.options.systems;
    const auto speedup = [&](std::optional<double> factor) {
      return fmt::format("{} ({})", times(factor), share(factor, systems));
    };
    out += fmt::format("  {:>7} {:>10} {:>8} {:>11} {:>5.1f}% {:>10} {:>9}  {:<18} {}\n", systems,
                       figure(row.step.step_s), row.step.bound, figure(row.step.tokens_per_s),
                       100 * row.step.utilisation, seconds(row.step.step_s * double(steps)),
                       figure(kwh(row.step.power_w, row.step.step_s, steps)),
                       speedup(row.scaling.at_same_batch), speedup(row.scaling.at_same_batch_each));
  }
  return out;
}

std::string wafer_memory(const WaferTrainRow& row, std::int64_t sequence) {
  const sim::WaferTraining& step = row.step;
  return fmt::format(
      "  memory: {:.3g} TB of MemoryX's {:.3g} TB; on each wafer of {:.1f} GB a layer of {:.2f} GB "
      "and\n  {:.2f} GB for each sequence of {} tokens: {} at once\n",
      step.state_bytes / 1e12, row.options.memory_bytes / 1e12, step.sram_bytes / 1e9,
      step.layer_bytes / 1e9, step.activation_token_bytes * double(sequence) / 1e9, sequence,
      step.sequences_max);
}

std::string wafer_parts(const WaferTrainRow& row) {
  const sim::WaferTraining& step = row.step;
  return fmt::format(
      "  {} system{}: {} micro-batches of {} sequences; layers bound by arithmetic {} s + by "
      "streams "
      "{} s\n  + edges {:.3g} s + SwarmX {:.3g} s + fixed {:.3g} s; alone, the arithmetic takes {} "
      "s and the streams {} s\n",
      row.options.systems, row.options.systems == 1 ? "" : "s", step.micro_batches,
      step.micro_sequences, figure(step.parts.compute_s), figure(step.parts.stream_s),
      step.parts.edge_s, step.parts.tree_s, step.parts.fixed_s, figure(step.compute_only_s),
      figure(step.stream_only_s));
}

std::string variants_table(const std::vector<WaferTrainRow>& rows) {
  std::string out;
  for (const WaferTrainRow& row : rows)
    out += fmt::format("    {:<12} activations {:<18} {}\n",
                       row.options.is_full_duplex ? "full duplex," : "half duplex,",
                       row.options.spills_activations ? "leave the wafer:" : "stay on it:",
                       row.step.fits ? fmt::format("{} s a step, {} bound", figure(row.step.step_s),
                                                   row.step.bound)
                                     : "does not fit: " + row.step.why_not);
  return out;
}

std::string wafer_text(const MachineTraining& machine, const TrainReport& report) {
  std::string out = wafer_table(machine, report.steps);
  if (machine.wafers.empty()) return out;
  out += wafer_memory(machine.wafers.front(), report.job.sequence);
  for (const WaferTrainRow& row : machine.wafers)
    if (row.step.fits) out += wafer_parts(row);
  out +=
      fmt::format("  and if the link, or where activations wait, were otherwise (systems: {}):\n",
                  machine.wafers.front().options.systems);
  return out + variants_table(machine.wafer_variants);
}

std::string layout_text(const sim::GpuLayout& layout) {
  return fmt::format("tp {} pp {} dp {} ZeRO {}, micro-batch {}, pieces {}, recompute {}",
                     layout.tensor, layout.pipeline, layout.data, layout.zero,
                     layout.micro_sequences, layout.virtual_stages, name_of(layout.recompute));
}

std::string gpu_row_text(const GpuTrainRow& row, long steps) {
  const sim::GpuTraining& step = row.step;
  const sim::GpuMemoryParts& memory = step.memory;
  std::string out =
      step.fits ? fmt::format("  {:>7} {:>10} {:>16} {:>11} {:>5.1f}% {:>10} {:>9} {:>7.1f}%",
                              row.gpus, figure(step.step_s), step.bound, figure(step.tokens_per_s),
                              100 * step.utilisation, seconds(step.step_s * double(steps)),
                              figure(kwh(step.power_w, step.step_s, steps)), 100 * step.bubble)
                : fmt::format("  {:>7} DOES NOT FIT", row.gpus);
  out += fmt::format("{}\n          {}{}\n", row.is_least ? "  the fewest that hold it" : "",
                     step.fits ? "" : "nearest: ", layout_text(step.layout));
  return out +
         fmt::format(
             "          {:.1f} of {:.1f} GB: weights {:.1f}, gradients {:.1f}, optimizer {:.1f}, "
             "activations {:.1f}, working {:.1f}\n",
             memory.total_bytes() / 1e9, step.memory_limit_bytes / 1e9, memory.weights_bytes / 1e9,
             memory.gradients_bytes / 1e9, memory.optimizer_bytes / 1e9,
             memory.activations_bytes / 1e9, memory.working_bytes / 1e9);
}

std::string gpu_text(const MachineTraining& machine, long steps) {
  std::string out =
      fmt::format("  {:>7} {:>10} {:>16} {:>11} {:>6} {:>10} {:>9} {:>8}\n", "GPUs", "s a step",
                  "bound", "tokens/s", "MFU", fmt::format("{} steps", steps), "kWh", "bubble");
  for (const GpuTrainRow& row : machine.gpus) out += gpu_row_text(row, steps);
  if (!machine.least_missing.empty())
    out += fmt::format("  the fewest that hold it: {}\n", machine.least_missing);
  return out +
         fmt::format("  weights, gradients and optimizer alone are the memory of {:.0f} GPUs\n",
                     machine.gpus_for_state);
}

// Every number that is assumed, with its source.
std::vector<std::string> assumptions(const TrainReport& report) {
  const sim::WaferTrainParameters wafer;
  const sim::GpuTrainParameters gpu;
  std::vector<std::string> out{
      fmt::format("model: {}", report.job.shape.source),
      fmt::format(
          "state: {:.0f} bytes a parameter, 16-bit weight and gradient, 32-bit master, mean "
          "and variance (Rajbhandari et al. 2020)",
          sim::kStateBytes)};
  bool has_wafer = false, has_gpu = false;
  for (const MachineTraining& machine : report.machines)
    (std::holds_alternative<WaferSpec>(machine.machine.spec) ? has_wafer : has_gpu) = true;
  if (has_wafer) {
    out.push_back(
        fmt::format("wafer: {:.0f} % of dense peak; nobody published it, 10 to 70 % is plausible "
                    "(WaferLLM: 9 % "
                    "of a prompt pass, 70 % of one product)",
                    100 * wafer.compute_efficiency));
    out.push_back(
        fmt::format("wafer: weights are streamed twice, gradients back once, for every "
                    "micro-batch; {:.0f} layer held; {:.0f} B of a core reserved "
                    "(Cerebras on weight streaming; ours); "
                    "layers' inputs wait on the wafer, the rest is computed again",
                    wafer.layers_held, wafer.reserved_bytes_per_core));
    out.push_back(
        fmt::format("wafer: {:.1f} s of every step fixed, SwarmX of {:.0f} links down and "
                    "{:.0f} us a level: ours; power without MemoryX and SwarmX",
                    wafer.step_fixed_s, wafer.swarm_fan_out, 1e6 * wafer.swarm_hop_s));
  }
  if (has_gpu) {
    out.push_back(fmt::format(
        "GPU: {:.0f} GB/s to other nodes (400 Gb/s a GPU), {:.0f} % reached; kernels and NVLink as "
        "calibrated for inference; see evalrun validate-sim",
        gpu.node_link_bytes_per_s / 1e9, 100 * gpu.node_link_share));
    out.push_back(
        fmt::format("GPU: {:.0f} % of memory usable, {:.0f} % of tensor-parallel transfers "
                    "hidden; the fastest layout of those tried; power of the GPUs alone",
                    100 * gpu.memory_share, 100 * sim::kBridge.hidden_tensor_share));
  }
  out.push_back("no failures, stragglers, checkpoints or loading of data");
  return out;
}

ordered_json optional_json(std::optional<double> value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json wafer_json(const WaferTrainRow& row, long steps) {
  const sim::WaferTraining& step = row.step;
  ordered_json out{{"systems", row.options.systems},
                   {"full_duplex", row.options.is_full_duplex},
                   {"spills_activations", row.options.spills_activations},
                   {"fits", step.fits},
                   {"state_bytes", step.state_bytes},
                   {"memory_bytes", row.options.memory_bytes},
                   {"layer_bytes", step.layer_bytes},
                   {"sram_bytes", step.sram_bytes},
                   {"activation_bytes_per_token", step.activation_token_bytes}};
  if (!step.fits) {
    out["why_not"] = step.why_not;
    return out;
  }
  out.update({{"micro_batches", step.micro_batches},
              {"micro_sequences", step.micro_sequences},
              {"step_s", step.step_s},
              {"parts_s",
               {{"compute", step.parts.compute_s},
                {"stream", step.parts.stream_s},
                {"edge", step.parts.edge_s},
                {"swarm", step.parts.tree_s},
                {"fixed", step.parts.fixed_s}}},
              {"compute_only_s", step.compute_only_s},
              {"stream_only_s", step.stream_only_s},
              {"bound", step.bound},
              {"tokens_per_s", step.tokens_per_s},
              {"utilisation", step.utilisation},
              {"run_s", step.step_s * double(steps)},
              {"run_kwh", kwh(step.power_w, step.step_s, steps)}});
  return out;
}

ordered_json gpu_json(const GpuTrainRow& row, long steps) {
  const sim::GpuTraining& step = row.step;
  const sim::GpuLayout& layout = step.layout;
  ordered_json out{{"gpus", row.gpus},
                   {"least", row.is_least},
                   {"fits", step.fits},
                   {"layout",
                    {{"tensor", layout.tensor},
                     {"pipeline", layout.pipeline},
                     {"data", layout.data},
                     {"zero", layout.zero},
                     {"micro_sequences", layout.micro_sequences},
                     {"virtual_stages", layout.virtual_stages},
                     {"recompute", name_of(layout.recompute)}}},
                   {"memory_bytes",
                    {{"weights", step.memory.weights_bytes},
                     {"gradients", step.memory.gradients_bytes},
                     {"optimizer", step.memory.optimizer_bytes},
                     {"activations", step.memory.activations_bytes},
                     {"working", step.memory.working_bytes},
                     {"total", step.memory.total_bytes()},
                     {"limit", step.memory_limit_bytes}}}};
  if (!step.fits) return out;
  out.update({{"step_s", step.step_s},
              {"bound", step.bound},
              {"bubble", step.bubble},
              {"parts_s",
               {{"matrices", step.parts.matrix_s},
                {"attention", step.parts.attention_s},
                {"small", step.parts.small_s},
                {"head", step.parts.head_s},
                {"recompute", step.parts.recompute_s},
                {"tensor", step.parts.tensor_s},
                {"send", step.parts.send_s},
                {"bubble", step.parts.bubble_s},
                {"data", step.parts.data_s},
                {"optimizer", step.parts.optimizer_s}}},
              {"tokens_per_s", step.tokens_per_s},
              {"utilisation", step.utilisation},
              {"run_s", step.step_s * double(steps)},
              {"run_kwh", kwh(step.power_w, step.step_s, steps)}});
  return out;
}

}  // namespace

std::string train_text(const TrainReport& report) {
  const sim::ModelShape& shape = report.job.shape;
  std::string out = fmt::format(
      "*simulated*: training of {}, {:.4g} parameters ({} layers, {} wide, {} heads, {} key heads, "
      "feed-forward {})\n{} sequences of {} tokens a step = {:.4g} tokens; MFU = model flops of "
      "dense 16-bit peak\n",
      shape.name, double(parameters(shape)), shape.layers, shape.hidden, shape.heads,
      shape.kv_heads, shape.ffn, report.job.batch_sequences, report.job.sequence,
      report.job.batch_tokens());
  for (const MachineTraining& machine : report.machines) {
    out += fmt::format("\n{} (simulated)\n", machine.machine.title);
    out += std::holds_alternative<WaferSpec>(machine.machine.spec)
               ? wafer_text(machine, report)
               : gpu_text(machine, report.steps);
  }
  out += "\nassumed\n";
  for (const std::string& line : assumptions(report)) out += "  " + line + "\n";
  return out;
}

std::string train_json(const TrainReport& report) {
  const sim::ModelShape& shape = report.job.shape;
  ordered_json out{{"simulated", true},
                   {"model",
                    {{"name", shape.name},
                     {"parameters", parameters(shape)},
                     {"layers", shape.layers},
                     {"hidden", shape.hidden},
                     {"heads", shape.heads},
                     {"kv_heads", shape.kv_heads},
                     {"ffn", shape.ffn},
                     {"vocabulary", shape.vocabulary}}},
                   {"batch_tokens", report.job.batch_tokens()},
                   {"sequence", report.job.sequence},
                   {"steps", report.steps},
                   {"machines", ordered_json::array()}};
  for (const MachineTraining& machine : report.machines) {
    ordered_json rows = ordered_json::array(), variants = ordered_json::array();
    for (const WaferTrainRow& row : machine.wafers) {
      rows.push_back(wafer_json(row, report.steps));
      rows.back()["speedup_same_batch"] = optional_json(row.scaling.at_same_batch);
      rows.back()["speedup_same_batch_each"] = optional_json(row.scaling.at_same_batch_each);
    }
    for (const GpuTrainRow& row : machine.gpus) rows.push_back(gpu_json(row, report.steps));
    for (const WaferTrainRow& row : machine.wafer_variants)
      variants.push_back(wafer_json(row, report.steps));
    const bool is_wafer = std::holds_alternative<WaferSpec>(machine.machine.spec);
    ordered_json one{
        {"name", machine.machine.name}, {"kind", is_wafer ? "wafer" : "gpu"}, {"rows", rows}};
    if (is_wafer) one["variants"] = variants;
    if (!is_wafer) one["gpus_for_state"] = machine.gpus_for_state;
    out["machines"].push_back(one);
  }
  out["assumed"] = assumptions(report);
  return out.dump(2) + "\n";
}

}  // namespace evalrun
