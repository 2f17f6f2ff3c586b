#include "hw/sim/train_validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <iterator>

#include "hw/sim/train_gpu.h"
#include "hw/sim/train_wafer.h"

namespace evalrun::sim {
namespace {

constexpr const char* kTable1 =
    "Narayanan et al. 2021, table 1; micro-batches and interleaving: Megatron-LM, "
    "examples/sc21/run_table_1.sh";
constexpr const char* kTable2 = "Narayanan et al. 2021, table 2";
constexpr const char* kRecompute =
    "Korthikanti et al. 2022, tables 3 and 5; also the README of Megatron-LM";
constexpr const char* kLlama3 = "The Llama 3 Herd of Models, table 4";
constexpr const char* kBridgePage = "Megatron Bridge, docs/performance-summary.md, 25.11";

// How a source counts.
enum class Unit {
  tflops_recomputed,  // 96 B s l h^2 (1 + s / 6h + V / 16lh), recomputation and full square counted
  utilisation,        // 72 B s l h^2 (1 + s / 6h + V / 12lh) of the peak, percent
  model_tflops,       // train_flops_per_token
  tokens,             // tokens/s of a GPU
};

struct Row {
  const char* what;
  const char* source;
  const char* machine;
  const char* group;
  // GPT as GPT-3, or a model by name.
  std::int64_t layers, hidden, heads;
  const char* model;
  std::int64_t sequence, batch;
  GpuLayout layout;
  const TrainStack* stack;
  double bytes_per_weight;
  Unit unit;
  double published;
  bool is_calibration = false;
};

constexpr std::int64_t kGptVocabulary = 51'200;
constexpr double kA100NodeLink = 25e9;  // Selene: one 200 Gb/s port a GPU

constexpr const char* kMegatron = "train megatron";
constexpr const char* kZero = "train zero 3";
constexpr const char* kLlama = "train llama";

constexpr GpuLayout ptd(int tensor, int pipeline, int data, int micro, int pieces) {
  return {tensor, pipeline, data, 0, micro, pieces, Recompute::full, false};
}
constexpr GpuLayout zero3(int data, int micro) {
  return {1, 1, data, 3, micro, 1, Recompute::full, false};
}
constexpr GpuLayout selective(int tensor, int pipeline, int micro, int pieces) {
  return {tensor, pipeline, 1, 0, micro, pieces, Recompute::attention, true};
}

constexpr Row table1(const char* what, std::int64_t layers, std::int64_t hidden, std::int64_t heads,
                     std::int64_t batch, GpuLayout layout, double published) {
  return {what,      kTable1, "a100", kMegatron, layers,         hidden, heads,
          "",        2048,    batch,  layout,    &kMegatron2021, 2,      Unit::tflops_recomputed,
          published, false};
}
constexpr Row table2(const char* what, const char* group, std::int64_t layers, std::int64_t hidden,
                     std::int64_t heads, std::int64_t batch, GpuLayout layout,
                     const TrainStack& stack, double published, bool is_calibration = false) {
  return {what,      kTable2,       "a100", group,  layers, hidden, heads,
          "",        2048,          batch,  layout, &stack, 2,      Unit::tflops_recomputed,
          published, is_calibration};
}
constexpr Row less(const char* what, std::int64_t layers, std::int64_t hidden, std::int64_t heads,
                   std::int64_t batch, GpuLayout layout, double published) {
  return {what,      kRecompute, "a100", kMegatron, layers,         hidden, heads,
          "",        2048,       batch,  layout,    &kMegatron2021, 2,      Unit::utilisation,
          published, false};
}
constexpr Row llama(const char* what, const char* source, const char* machine, const char* model,
                    std::int64_t batch, GpuLayout layout, double bytes_per_weight, Unit unit,
                    double published) {
  return {what,
          source,
          machine,
          kLlama,
          0,
          0,
          0,
          model,
          8192,
          batch,
          layout,
          bytes_per_weight < 2 ? &kBridge : &kFused,
          bytes_per_weight,
          unit,
          published,
          false};
}

const Row kRows[] = {
    table1("1.7B, 32 A100, TFLOP/s a GPU", 24, 2304, 24, 512, ptd(1, 1, 32, 16, 1), 137),
    table1("3.6B, 64 A100, TFLOP/s a GPU", 30, 3072, 32, 512, ptd(2, 1, 32, 16, 1), 138),
    table1("7.5B, 128 A100, TFLOP/s a GPU", 36, 4096, 32, 512, ptd(4, 1, 32, 16, 1), 142),
    table1("18.4B, 256 A100, TFLOP/s a GPU", 40, 6144, 48, 1024, ptd(8, 1, 32, 8, 1), 135),
    table1("39.1B, 512 A100, TFLOP/s a GPU", 48, 8192, 64, 1536, ptd(8, 2, 32, 4, 1), 138),
    table1("76.1B, 1,024 A100, TFLOP/s a GPU", 60, 10240, 80, 1792, ptd(8, 4, 32, 2, 3), 140),
    table1("145.6B, 1,536 A100, TFLOP/s a GPU", 80, 12288, 96, 2304, ptd(8, 8, 24, 2, 2), 148),
    table1("310.1B, 1,920 A100, TFLOP/s a GPU", 96, 16384, 128, 2160, ptd(8, 16, 15, 1, 2), 155),
    table1("529.6B, 2,520 A100, TFLOP/s a GPU", 105, 20480, 128, 2520, ptd(8, 35, 9, 1, 3), 163),
    table1("1,008B, 3,072 A100, TFLOP/s a GPU", 128, 25600, 160, 3072, ptd(8, 64, 6, 1, 1), 163),
    table2("174.6B, 384 A100, TFLOP/s a GPU", kMegatron, 96, 12288, 96, 1536, ptd(8, 12, 4, 1, 1),
           kMegatron2021, 153),
    table2("174.6B, 768 A100, TFLOP/s a GPU", kMegatron, 96, 12288, 96, 1536, ptd(8, 12, 8, 1, 1),
           kMegatron2021, 149),
    table2("174.6B, 1,536 A100, TFLOP/s a GPU", kMegatron, 96, 12288, 96, 1536,
           ptd(8, 12, 16, 1, 1), kMegatron2021, 141),
    table2("529.6B, 560 A100, TFLOP/s a GPU", kMegatron, 105, 20480, 128, 2240, ptd(8, 35, 2, 1, 1),
           kMegatron2021, 171),
    table2("529.6B, 1,120 A100, TFLOP/s a GPU", kMegatron, 105, 20480, 128, 2240,
           ptd(8, 35, 4, 1, 1), kMegatron2021, 167),
    table2("529.6B, 2,240 A100, TFLOP/s a GPU", kMegatron, 105, 20480, 128, 2240,
           ptd(8, 35, 8, 1, 1), kMegatron2021, 159),
    table2("174.6B, ZeRO-3, 384 A100, TFLOP/s a GPU", kZero, 96, 12288, 96, 1536, zero3(384, 4),
           kDeepSpeed2021, 144, true),
    table2("174.6B, ZeRO-3, 768 A100, TFLOP/s a GPU", kZero, 96, 12288, 96, 1536, zero3(768, 2),
           kDeepSpeed2021, 88),
    table2("174.6B, ZeRO-3, 1,536 A100, TFLOP/s a GPU", kZero, 96, 12288, 96, 1536, zero3(1536, 1),
           kDeepSpeed2021, 44, true),
    table2("529.6B, ZeRO-3, 640 A100, TFLOP/s a GPU", kZero, 105, 20480, 128, 2560, zero3(640, 4),
           kDeepSpeed2021, 138),
    table2("529.6B, ZeRO-3, 1,120 A100, TFLOP/s a GPU", kZero, 105, 20480, 128, 2240,
           zero3(1120, 2), kDeepSpeed2021, 98),
    table2("529.6B, ZeRO-3, 2,240 A100, TFLOP/s a GPU", kZero, 105, 20480, 128, 2240,
           zero3(2240, 1), kDeepSpeed2021, 48),
    less("22B, 8 A100, utilisation %", 48, 6144, 64, 4, selective(8, 1, 4, 1), 41.5),
    less("175B, 64 A100, utilisation %", 96, 12288, 96, 64, selective(8, 8, 1, 3), 51.4),
    less("530B, 280 A100, utilisation %", 105, 20480, 128, 280, selective(8, 35, 1, 3), 56.0),
    less("1T, 512 A100, utilisation %", 128, 25600, 160, 512, selective(8, 64, 1, 1), 56.3),
    llama("405B BF16, 8,192 H100, TFLOP/s a GPU", kLlama3, "h100", "llama3.1-405b", 2048,
          {8, 16, 64, 1, 1, 4, Recompute::none, true}, 2, Unit::model_tflops, 430),
    llama("405B BF16, 16,384 H100, TFLOP/s a GPU", kLlama3, "h100", "llama3.1-405b", 2048,
          {8, 16, 128, 1, 1, 4, Recompute::none, true}, 2, Unit::model_tflops, 400),
    llama("8B FP8, 8 H100, tokens/s a GPU", kBridgePage, "h100", "llama3.1-8b", 128,
          {1, 1, 8, 3, 1, 1, Recompute::none, false}, 1, Unit::tokens, 14451),
    llama("70B FP8, 64 H100, tokens/s a GPU", kBridgePage, "h100", "llama3.3-70b", 128,
          {4, 8, 2, 1, 1, 5, Recompute::none, true}, 1, Unit::tokens, 1602),
    llama("8B FP8, 8 B200, tokens/s a GPU", kBridgePage, "b200", "llama3.1-8b", 128,
          {1, 1, 8, 1, 2, 1, Recompute::none, false}, 1, Unit::tokens, 30624),
    llama("8B FP8, 8 GB200, tokens/s a GPU", kBridgePage, "gb200", "llama3.1-8b", 128,
          {1, 1, 8, 1, 2, 1, Recompute::none, false}, 1, Unit::tokens, 31508),
    llama("70B FP8, 64 GB200, tokens/s a GPU", kBridgePage, "gb200", "llama3.3-70b", 256,
          {1, 1, 64, 3, 2, 1, Recompute::none, false}, 1, Unit::tokens, 4312),
    llama("405B FP8, 256 GB200, tokens/s a GPU", kBridgePage, "gb200", "llama3.1-405b", 1536,
          {4, 16, 4, 1, 1, 4, Recompute::none, true}, 1, Unit::tokens, 813),
};

// GPT-3's layer has two matrices of 4 h; three of 8/3 h are the same parameters and arithmetic.
ModelShape gpt_shape(const Row& row) {
  return {.name = "gpt",
          .layers = row.layers,
          .hidden = row.hidden,
          .heads = row.heads,
          .kv_heads = row.heads,
          .head_dim = row.hidden / row.heads,
          .ffn = std::llround(8.0 * double(row.hidden) / 3),
          .vocabulary = kGptVocabulary,
          .has_tied_embedding = true,
          .source = row.source};
}

double counted_flops(const Row& row, double passes, double vocabulary_share) {
  const double h = double(row.hidden), s = double(row.sequence), l = double(row.layers);
  return 24 * passes * double(row.batch) * s * l * h * h *
         (1 + s / (6 * h) + double(kGptVocabulary) / (vocabulary_share * l * h));
}

double in_unit(const Row& row, const GpuSpec& gpu, const GpuTraining& step) {
  const double gpus = step.layout.gpus();
  switch (row.unit) {
    case Unit::tflops_recomputed:
      return counted_flops(row, 4, 16) / (step.step_s * gpus) / 1e12;
    case Unit::utilisation:
      return 100 * counted_flops(row, 3, 12) / (step.step_s * gpus) / gpu.bf16_flops_per_s.value;
    case Unit::model_tflops:
      return step.utilisation * gpu.bf16_flops_per_s.value / 1e12;
    case Unit::tokens:
      return step.tokens_per_s / gpus;
  }
  return 0;
}

Result<const Machine*> machine_of(const Machines& machines, const std::string& name) {
  const auto at = machines.find(name);
  if (at == machines.end()) return input_error(fmt::format("no machine {}", name));
  return &at->second;
}

Result<ValidationPoint> point_of(const Row& row, const Machines& machines, const Shapes& shapes,
                                 const GpuTrainParameters& parameters) {
  const auto machine = machine_of(machines, row.machine);
  if (!machine) return std::unexpected(machine.error());
  const auto* gpu = std::get_if<GpuSpec>(&(*machine)->spec);
  if (gpu == nullptr) return input_error(fmt::format("machine {}: is no GPU", row.machine));
  TrainJob job{.shape = {}, .sequence = row.sequence, .batch_sequences = row.batch};
  if (row.layers > 0) {
    job.shape = gpt_shape(row);
  } else {
    const auto shape = shapes.find(row.model);
    if (shape == shapes.end()) return input_error(fmt::format("no model {}", row.model));
    job.shape = shape->second;
  }
  GpuTrainOptions options{
      .bytes_per_weight = row.bytes_per_weight, .stack = *row.stack, .parameters = parameters};
  if (std::string_view(row.machine) == "a100")
    options.parameters.node_link_bytes_per_s = kA100NodeLink;
  const auto step = train_on_gpus(*gpu, job, row.layout, options);
  if (!step) return input_error(fmt::format("{}: {}", row.what, step.error().message));
  return ValidationPoint{.group = row.group,
                         .what = row.what,
                         .source = row.source,
                         .published = row.published,
                         .computed = in_unit(row, *gpu, *step),
                         .is_calibration = row.is_calibration};
}

// A trillion parameters, each system with the largest micro-batch that it holds: the source does
// not say whether the batch grew with the systems.
Result<ValidationPoint> scaling_point(const Machines& machines) {
  const auto machine = machine_of(machines, "cs3");
  if (!machine) return std::unexpected(machine.error());
  const auto* wafer = std::get_if<WaferSpec>(&(*machine)->spec);
  if (wafer == nullptr) return input_error("machine cs3: is no wafer");
  auto shape = shape_for_parameters(1e12);
  if (!shape) return std::unexpected(shape.error());
  const TrainJob job{.shape = *std::move(shape), .sequence = 2048, .batch_sequences = 1};
  const auto scaling = wafer_scaling(*wafer, job, {}, 16);
  if (!scaling) return std::unexpected(scaling.error());
  if (!scaling->at_same_batch_each)
    return input_error("machine cs3: does not hold a model of 1e12 parameters");
  return ValidationPoint{.group = "train wafers",
                         .what = "1T on 16 CS-3 over one, batch grows with them",
                         .source = "press text on the run with Sandia, 2024-12",
                         .published = 15.3,
                         .computed = *scaling->at_same_batch_each,
                         .is_calibration = false};
}

}  // namespace

Result<std::vector<ValidationPoint>> train_validation(const Machines& machines,
                                                      const Shapes& shapes,
                                                      const GpuTrainParameters& parameters) {
  std::vector<ValidationPoint> points;
  for (const Row& row : kRows) {
    auto point = point_of(row, machines, shapes, parameters);
    if (!point) return std::unexpected(point.error());
    points.push_back(*std::move(point));
  }
  auto scaling = scaling_point(machines);
  if (!scaling) return std::unexpected(scaling.error());
  points.push_back(*std::move(scaling));
  return points;
}

}  // namespace evalrun::sim
