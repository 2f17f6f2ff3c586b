#include "hw/sim/gpu_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hw/sim/gpu_cost.h"
#include "hw/sim/gpu_offline.h"

namespace evalrun::sim {
namespace {

constexpr const char* kVidur = "microsoft/vidur data/profiling (MLSys 2024), medians";
constexpr const char* kGrid = "TensorRT-LLM v1.0 docs/source/performance/perf-overview.md";
constexpr const char* kWaferLlm = "WaferLLM (OSDI 2025) table 4, SGLang";
constexpr const char* kTrtBlog = "NVIDIA blog, December 2024, Llama 3.3 70B without draft model";

struct Inputs {
  const std::map<std::string, Machine>& machines;
  const std::map<std::string, ModelShape>& shapes;
  const GpuParameters& parameters;

  const GpuSpec& gpu(const std::string& name) const {
    return std::get<GpuSpec>(machines.at(name).spec);
  }
};

Status check_inputs(const Inputs& in) {
  for (const char* name : {"a100", "h100", "h200", "b200", "gb200"}) {
    const auto at = in.machines.find(name);
    if (at == in.machines.end()) {
      return input_error(fmt::format("machine {}: missing; add it to validate the GPUs", name));
    }
    if (!std::holds_alternative<GpuSpec>(at->second.spec)) {
      return input_error(fmt::format("machine {}: is no GPU; give it the fields of one", name));
    }
  }
  for (const char* name : {"llama3.1-8b", "llama3.3-70b", "llama3.1-405b", "llama2-13b",
                           "codellama-34b", "qwen2-72b"}) {
    if (!in.shapes.contains(name)) {
      return input_error(fmt::format("model {}: missing; add it to validate the GPUs", name));
    }
  }
  return {};
}

// One layer of Llama 2 70B, which has the dimensions of 3.3 70B, in 16 bit.
struct KernelRow {
  const char* machine;
  int gpus;
  int tokens;
  double microseconds[4];  // qkv, out, gate + up, down
  bool is_calibration[4];
};
constexpr KernelRow kKernelRows[] = {
    {"h100", 1, 1, {63, 48, 311, 171}, {false, true, true, false}},
    {"h100", 8, 1, {13, 9, 44, 22}, {true, false, false, false}},
    {"h100", 1, 4096, {982, 788, 5668, 2647}, {false, false, true, false}},
    {"a100", 1, 1, {110, 92, 580, 290}, {false, true, true, false}},
};

void add_kernels(const Inputs& in, std::vector<ValidationPoint>& points) {
  constexpr const char* kNames[4] = {"qkv", "out", "gate+up", "down"};
  constexpr double kOutputs[4] = {10240, 8192, 57344, 8192};
  constexpr double kInputs[4] = {8192, 8192, 8192, 28672};
  for (const KernelRow& row : kKernelRows) {
    for (int i = 0; i < 4; ++i) {
      // qkv and gate + up are cut by outputs, the others by inputs.
      const bool by_outputs = i % 2 == 0;
      const double outputs = kOutputs[i] / (by_outputs ? row.gpus : 1);
      const double inputs = kInputs[i] / (by_outputs ? 1 : row.gpus);
      const double seconds =
          matrix_s(in.parameters, in.gpu(row.machine), 2, row.tokens, outputs, inputs);
      points.push_back({"gpu kernels",
                        fmt::format("{} 1/{} of 70B {}, {} tokens, us", row.machine, row.gpus,
                                    kNames[i], row.tokens),
                        kVidur, row.microseconds[i], 1e6 * seconds, row.is_calibration[i]});
    }
  }
}

struct AllReduceRow {
  const char* machine;
  int gpus;
  double microseconds[4];  // of 2 KB, 158 KB, 5 MB, 67 MB
  bool is_calibration[4];
};
constexpr AllReduceRow kAllReduceRows[] = {
    {"h100", 8, {37, 27, 56, 322}, {true, false, false, true}},
    {"h100", 2, {7, 8, 45, 245}, {true, false, false, false}},
    {"a100", 8, {63, 61, 107, 675}, {false, false, false, true}},
};

void add_all_reduces(const Inputs& in, std::vector<ValidationPoint>& points) {
  constexpr double kBytes[4] = {2e3, 158e3, 5e6, 67e6};
  for (const AllReduceRow& row : kAllReduceRows) {
    for (int i = 0; i < 4; ++i) {
      const double seconds =
          all_reduce_s(in.parameters, in.gpu(row.machine), kVidurLike, row.gpus, kBytes[i]);
      points.push_back(
          {"gpu all-reduce",
           fmt::format("{} x{}, {:.0f} KB, us", row.machine, row.gpus, kBytes[i] / 1e3), kVidur,
           row.microseconds[i], 1e6 * seconds, row.is_calibration[i]});
    }
  }
}

struct GridColumn {
  const char* shape;
  const char* machine;
  int gpus;
  double bytes_per_weight;
  bool is_calibration;
  double tokens_per_s[9];
};
constexpr OfflinePlan kGridRows[9] = {
    {30000, 128, 128},  {3000, 128, 2048},  {1500, 128, 4096},
    {3000, 500, 2000},  {3000, 1000, 1000}, {3000, 2048, 128},
    {1500, 2048, 2048}, {1500, 5000, 500},  {1000, 20000, 2000},
};
constexpr GridColumn kGridColumns[] = {
    {"llama3.3-70b", "b200", 1, 0.5, true, {11147, 9922, 6831, 7762, 7007, 1339, 4783, 1459, 665}},
    {"llama3.3-70b",
     "gb200",
     1,
     0.5,
     false,
     {12189, 11309, 7849, 9028, 7326, 1450, 5646, 1602, 755}},
    {"llama3.3-70b", "h200", 1, 1, true, {3803, 4336, 2872, 3666, 2909, 442, 2003, 566, 283}},
    {"llama3.3-70b", "h100", 2, 1, false, {6378, 6651, 4199, 5222, 4205, 762, 3082, 898, 437}},
    {"llama3.1-405b", "b200", 4, 0.5, false, {6281, 8020, 6345, 6244, 5209, 749, 4212, 1048, 672}},
    {"llama3.1-405b", "gb200", 4, 0.5, false, {6740, 8151, 6608, 6540, 5389, 797, 4407, 1112, 739}},
    {"llama3.1-405b", "h200", 8, 1, false, {3814, 5348, 4741, 4724, 3330, 456, 2948, 650, 505}},
    {"llama3.1-405b", "h100", 8, 1, false, {3627, 4340, 3116, 3994, 2919, 453, 2296, 610, 345}},
    {"llama3.1-8b",
     "h200",
     1,
     1,
     false,
     {27911, 26221, 18027, 20770, 17744, 3538, 12194, 3902, 1804}},
    {"llama3.1-8b",
     "h100",
     1,
     1,
     true,
     {28312, 22714, 14325, 17660, 15220, 3450, 9305, 3459, 1351}},
};

void add_grid(const Inputs& in, std::vector<ValidationPoint>& points) {
  for (const GridColumn& column : kGridColumns) {
    const GpuOptions options{.gpus = column.gpus,
                             .bytes_per_weight = column.bytes_per_weight,
                             .bytes_per_kv_value = 1,
                             .memory_share = kTrtMemoryShare,
                             .pass_overhead_s = kTrtPassOverheadS,
                             .stack = kTensorRt,
                             .parameters = in.parameters};
    const GpuCost cost(in.gpu(column.machine), in.shapes.at(column.shape), options);
    for (int i = 0; i < 9; ++i) {
      const OfflinePlan& plan = kGridRows[i];
      const OfflineLimits limits = trtllm_limits(cost.kv_capacity_tokens(), plan);
      const OfflineResult result = offline_run(cost, plan, limits);
      points.push_back({"gpu offline",
                        fmt::format("{} on {} x{} {}-bit, {}/{}, tokens/s", column.shape,
                                    column.machine, column.gpus, 8 * column.bytes_per_weight,
                                    plan.input_tokens, plan.output_tokens),
                        kGrid, column.tokens_per_s[i], result.output_tokens_per_s,
                        column.is_calibration});
    }
  }
}

struct StreamRow {
  const char* shape;
  const char* machine;
  int gpus;
  double bytes_per_weight;
  const GpuStack* stack;
  std::int64_t context;
  double tokens_per_s;
  bool is_calibration;
};
constexpr StreamRow kStreamRows[] = {
    {"llama3.3-70b", "h200", 1, 1, &kTensorRt, 2048, 51.14, false},
    {"llama3.1-8b", "a100", 1, 2, &kSglang, 4096, 78.9, true},
    {"llama3.1-8b", "a100", 8, 2, &kSglang, 4096, 260.4, true},
    {"qwen2-72b", "a100", 8, 2, &kSglang, 4096, 51.2, true},
    {"qwen2-72b", "a100", 1, 2, &kSglang, 4096, 10.6, false},
    {"llama2-13b", "a100", 1, 2, &kSglang, 4096, 48.7, false},
    {"llama2-13b", "a100", 8, 2, &kSglang, 4096, 175.8, false},
    {"codellama-34b", "a100", 1, 2, &kSglang, 4096, 26.1, false},
    {"codellama-34b", "a100", 8, 2, &kSglang, 4096, 100.4, false},
};

void add_streams(const Inputs& in, std::vector<ValidationPoint>& points) {
  for (const StreamRow& row : kStreamRows) {
    const bool is_trt = row.stack == &kTensorRt;
    const GpuOptions options{.gpus = row.gpus,
                             .bytes_per_weight = row.bytes_per_weight,
                             .bytes_per_kv_value = is_trt ? 1.0 : 2.0,
                             .pass_overhead_s = is_trt ? kTrtPassOverheadS : kSglangPassOverheadS,
                             .stack = *row.stack,
                             .parameters = in.parameters};
    const GpuCost cost(in.gpu(row.machine), in.shapes.at(row.shape), options);
    const std::int64_t one = 1;
    const double seconds = cost.pass_s({&one, 1}, {&row.context, 1});
    points.push_back({"gpu batch 1",
                      fmt::format("{} on {} x{} {}, tokens/s", row.shape, row.machine, row.gpus,
                                  row.stack->name),
                      is_trt ? kTrtBlog : kWaferLlm, row.tokens_per_s, 1 / seconds,
                      row.is_calibration});
  }
}

}  // namespace

Result<std::vector<ValidationPoint>> validate_gpu(const std::map<std::string, Machine>& machines,
                                                  const std::map<std::string, ModelShape>& shapes,
                                                  const GpuParameters& parameters) {
  const Inputs in{machines, shapes, parameters};
  if (const Status status = check_inputs(in); !status) return std::unexpected(status.error());
  std::vector<ValidationPoint> points;
  add_kernels(in, points);
  add_all_reduces(in, points);
  add_grid(in, points);
  add_streams(in, points);
  return points;
}

GroupError group_error(const std::vector<ValidationPoint>& points, const std::string& group,
                       PointsOf which) {
  GroupError sum;
  for (const ValidationPoint& point : points) {
    if (point.group != group) continue;
    if (which == PointsOf::calibration && !point.is_calibration) continue;
    if (which == PointsOf::prediction && point.is_calibration) continue;
    const double error = std::abs(point.error());
    ++sum.points;
    sum.mean += error;
    sum.worst = std::max(sum.worst, error);
  }
  if (sum.points > 0) sum.mean /= sum.points;
  return sum;
}

}  // namespace evalrun::sim
