#include "hw/sim/wafer_validation.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

constexpr std::int64_t kPaperTokens = 4096;     // prompt of table 3, context of table 4
constexpr std::int64_t kServiceContext = 1024;  // a short chat, as speeds of services are taken
constexpr double kLaunch8b = 1800, kLaunch70b = 450, kLater70b = 2100, kLater405b = 969;
constexpr double kCepo70b = 2200;

// Tokens/s at three sides. The calibration points are the first and the last of a marked row.
struct PaperRow {
  const char* model;
  std::array<double, 3> tokens_per_s;
  bool is_calibration;
};
constexpr std::array kPrefillSides = {480, 600, 720};
constexpr PaperRow kPrefill[] = {{"llama3.1-8b", {20320.6, 25037.2, 27686.5}, true},
                                 {"llama2-13b", {13685.1, 16854.2, 17498.3}, false},
                                 {"codellama-34b", {5471.4, 7540.1, 8526.0}, false},
                                 {"qwen2-72b", {2785.2, 3775.5, 4421.6}, true}};
constexpr std::array kDecodeSides = {420, 540, 660};
constexpr PaperRow kDecode[] = {{"llama3.1-8b", {2699.9, 2501.5, 2243.3}, true},
                                {"llama2-13b", {2039.2, 1899.4, 1739.8}, false},
                                {"codellama-34b", {1450.8, 1407.7, 1359.2}, false},
                                {"qwen2-72b", {839.7, 824.3, 787.1}, true}};

struct EndToEndRow {
  const char* model;
  int prefill_side, decode_side;
  std::array<double, 4> tokens_per_s;  // at the four pairs below
};
constexpr std::array<std::pair<int, int>, 4> kInOut = {
    {{2048, 128}, {4096, 128}, {2048, 2048}, {4096, 4096}}};
constexpr EndToEndRow kEndToEnd[] = {{"llama3.1-8b", 660, 360, {764.4, 604.4, 2370.3, 2459.0}},
                                     {"llama2-13b", 750, 375, {473.9, 414.0, 1690.3, 1826.0}}};

// Seconds of the layers alone: what the paper's kernels time.
double prompt_s(const WaferCost& cost, std::int64_t tokens) {
  const PromptChunk prompt{.tokens = tokens, .context = 0};
  return cost.breakdown({.prompts = {&prompt, 1}}).layers_s();
}
double token_s(const WaferCost& cost, std::int64_t context) {
  return cost.breakdown({.decoding = 1, .context = context}).layers_s();
}

Status add_paper_rows(const WaferSpec& wse2, const Shapes& shapes, bool is_prefill,
                      std::vector<ValidationPoint>& points) {
  for (const PaperRow& row : is_prefill ? kPrefill : kDecode) {
    for (int i = 0; i < 3; ++i) {
      const int side = is_prefill ? kPrefillSides[i] : kDecodeSides[i];
      const Result<WaferCost> cost = WaferCost::make(
          wse2, shapes.at(row.model),
          {.decode_side = side, .prefill_side = side, .prompts_by_gemm_only = true});
      if (!cost) return std::unexpected(cost.error());
      const double tokens = is_prefill ? double(kPaperTokens) : 1;
      const double seconds =
          is_prefill ? prompt_s(*cost, kPaperTokens) : token_s(*cost, kPaperTokens);
      points.push_back({.group = is_prefill ? "wafer prefill" : "wafer decode",
                        .what = fmt::format("{} {}x{}, tokens/s", row.model, side, side),
                        .source = is_prefill ? "WaferLLM table 3" : "WaferLLM table 4",
                        .published = row.tokens_per_s[i],
                        .computed = tokens / seconds,
                        .is_calibration = row.is_calibration && i != 1});
    }
  }
  return {};
}

Status add_end_to_end(const WaferSpec& wse2, const Shapes& shapes,
                      std::vector<ValidationPoint>& points) {
  for (const EndToEndRow& row : kEndToEnd) {
    const Result<WaferCost> cost = WaferCost::make(wse2, shapes.at(row.model),
                                                   {.decode_side = row.decode_side,
                                                    .prefill_side = row.prefill_side,
                                                    .prompts_by_gemm_only = true});
    if (!cost) return std::unexpected(cost.error());
    for (std::size_t i = 0; i < kInOut.size(); ++i) {
      const auto [in, out] = kInOut[i];
      double seconds = prompt_s(*cost, in);
      for (int token = 0; token < out; ++token) seconds += token_s(*cost, in + token);
      points.push_back({.group = "wafer end to end",
                        .what = fmt::format("{} {} in, {} out, tokens/s", row.model, in, out),
                        .source = "WaferLLM table 2",
                        .published = row.tokens_per_s[i],
                        .computed = out / seconds});
    }
  }
  return {};
}

// Tokens/s of one stream; 0: does not fit, which wafer_validation() has ruled out before.
double stream_tokens_per_s(const WaferSpec& spec, const ModelShape& shape,
                           const WaferOptions& options) {
  const Result<WaferCost> cost = WaferCost::make(spec, shape, options);
  return cost ? 1 / cost->token_s(kServiceContext) : 0;
}

// A speed of the service, computed under the options that `group` stands for.
struct ServicePoint {
  const char* group;
  const char* model;
  const char* source;
  double published;
  bool is_calibration;
};

void add_service(const WaferSpec& wse3, const Shapes& shapes,
                 std::vector<ValidationPoint>& points) {
  constexpr const char* kAugust = "Cerebras, 2024-08-27";
  constexpr const char* kOctober = "Cerebras, 2024-10-24";
  constexpr const char* kNovember = "Cerebras, 2024-11-18";
  constexpr const char* kCepo = "Cerebras, CePO documentation, 2024-12 (Llama 3.3)";
  const ModelShape& small = shapes.at("llama3.1-8b");
  const double bare = stream_tokens_per_s(wse3, small, {});
  const Result<WaferCost> placed = WaferCost::make(wse3, small);
  const int wafers = placed ? placed->placement().wafers : 1;
  const WaferOptions launch = {.service_s_per_wafer =
                                   std::max(0.0, 1 / kLaunch8b - 1 / bare) / wafers};
  const WaferOptions later = {.kernel_speedup = kernel_speedup_needed(
                                  wse3, shapes.at("llama3.1-70b"), {}, kServiceContext, kLater70b)};
  const std::string launch_words =
      fmt::format("assuming {:.0f} us of host time a wafer", launch.service_s_per_wafer * 1e6);
  const std::string later_words = fmt::format(
      "assuming {:.2f} times WaferLLM's kernels, speculation included", later.kernel_speedup);
  const auto add = [&](const ServicePoint& point, const WaferOptions& options,
                       const std::string& assumption) {
    points.push_back({.group = point.group,
                      .what = fmt::format("{}, tokens/s, {}", point.model, assumption),
                      .source = point.source,
                      .published = point.published,
                      .computed = stream_tokens_per_s(wse3, shapes.at(point.model), options),
                      .is_calibration = point.is_calibration});
  };
  const char* group = "cs3 bare";
  const std::string none = "nothing assumed";
  add({group, "llama3.1-8b", kAugust, kLaunch8b, false}, {}, none);
  add({group, "llama3.1-70b", kAugust, kLaunch70b, false}, {}, none);
  add({group, "llama3.1-70b", kOctober, kLater70b, false}, {}, none);
  add({group, "llama3.1-405b", kNovember, kLater405b, false}, {}, none);
  group = "cs3 launch, assumed";
  add({group, "llama3.1-8b", kAugust, kLaunch8b, true}, launch, launch_words);
  add({group, "llama3.1-70b", kAugust, kLaunch70b, false}, launch, launch_words);
  group = "cs3 later, assumed";
  add({group, "llama3.1-70b", kOctober, kLater70b, true}, later, later_words);
  add({group, "llama3.1-405b", kNovember, kLater405b, false}, later, later_words);
  add({group, "llama3.1-70b", kCepo, kCepo70b, false}, later, later_words);
}

Result<WaferSpec> wafer_named(const Machines& machines, const std::string& name) {
  const auto found = machines.find(name);
  if (found == machines.end())
    return input_error(fmt::format("machine {}: missing: add its file", name));
  const WaferSpec* spec = std::get_if<WaferSpec>(&found->second.spec);
  if (!spec) return input_error(fmt::format("machine {}: is no wafer: give its cores", name));
  return *spec;
}

Status check_shapes(const Shapes& shapes, std::initializer_list<std::string> names) {
  for (const std::string& name : names)
    if (!shapes.contains(name))
      return input_error(fmt::format("model {}: missing: add its file", name));
  return {};
}

}  // namespace

Result<std::vector<ValidationPoint>> wafer_validation(const Machines& machines,
                                                      const Shapes& shapes) {
  const Result<WaferSpec> wse2 = wafer_named(machines, "cs2");
  if (!wse2) return std::unexpected(wse2.error());
  const Result<WaferSpec> wse3 = wafer_named(machines, "cs3");
  if (!wse3) return std::unexpected(wse3.error());
  Status status = check_shapes(shapes, {"llama3.1-8b", "llama3.1-70b", "llama3.1-405b",
                                        "llama2-13b", "codellama-34b", "qwen2-72b"});
  std::vector<ValidationPoint> points;
  if (status) status = add_paper_rows(*wse2, shapes, true, points);
  if (status) status = add_paper_rows(*wse2, shapes, false, points);
  if (status) status = add_end_to_end(*wse2, shapes, points);
  if (!status) return std::unexpected(status.error());
  for (const char* model : {"llama3.1-8b", "llama3.1-70b", "llama3.1-405b"})
    if (const auto cost = WaferCost::make(*wse3, shapes.at(model)); !cost)
      return std::unexpected(cost.error());
  add_service(*wse3, shapes, points);
  return points;
}

Result<std::vector<SpeculationNeed>> speculation_needs(const Machines& machines,
                                                       const Shapes& shapes,
                                                       const std::string& draft,
                                                       double tokens_per_s) {
  const Result<WaferSpec> wse3 = wafer_named(machines, "cs3");
  if (!wse3) return std::unexpected(wse3.error());
  if (const Status status = check_shapes(shapes, {"llama3.1-70b", draft}); !status)
    return std::unexpected(status.error());
  const ModelShape& shape = shapes.at("llama3.1-70b");
  if (const auto cost = WaferCost::make(*wse3, shape); !cost) return std::unexpected(cost.error());
  std::vector<SpeculationNeed> needs;
  for (const double speedup : {1.0, 1.5, 2.0, 2.5})
    for (const int drafted : {2, 4, 6, 8}) {
      const WaferOptions options = {
          .speculation = WaferSpeculation{.draft = shapes.at(draft), .drafted_tokens = drafted},
          .kernel_speedup = speedup};
      needs.push_back(
          {.draft = draft,
           .drafted_tokens = drafted,
           .kernel_speedup = speedup,
           .acceptance = acceptance_needed(*wse3, shape, options, kServiceContext, tokens_per_s)});
    }
  return needs;
}

}  // namespace evalrun::sim
