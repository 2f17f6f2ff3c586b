// evalrun validate-sim: what the simulator computes beside what was published, and what it misses.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/core/check.h"
#include "harness/sim_machine.h"
#include "harness/verb.h"
#include "hw/sim/gpu_validation.h"
#include "hw/sim/train_validation.h"
#include "hw/sim/wafer_validation.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;
using sim::GroupError;
using sim::PointsOf;
using sim::ValidationPoint;

constexpr double kWantedTokensPerS = 2100;  // of the 70B, October 2024
constexpr const char* kDrafts[] = {"llama3.2-1b", "llama3.2-3b", "llama3.1-8b"};

// What was asked of the simulator before it was built. One that misses stays in this table.
struct Bound {
  const char* name;
  std::initializer_list<const char*> groups;
  std::optional<double> mean_max;   // over all points, and over the predictions alone
  std::optional<double> worst_max;  // of every point
  bool holds_signs = false;         // a model's next grid is faster or slower as published
};

const Bound kBounds[] = {
    {"WaferLLM prefill and decode", {"wafer prefill", "wafer decode"}, 0.10, 0.25, true},
    {"WaferLLM end to end", {"wafer end to end"}, {}, 0.15},
    {"CS-3 published speeds, nothing assumed", {"cs3 bare"}, {}, 0.20},
    {"CS-3 at launch, host time assumed", {"cs3 launch, assumed"}, {}, 0.20},
    {"CS-3 later, speedup assumed", {"cs3 later, assumed"}, {}, 0.20},
    {"Vidur medians of matrices", {"gpu kernels"}, {}, 0.15},
    {"Vidur medians of all-reduces", {"gpu all-reduce"}, {}, 0.15},
    {"TensorRT-LLM throughput grid", {"gpu offline"}, 0.15, {}},
    {"GPU single streams", {"gpu batch 1"}, {}, 0.15},
};

// A bound and how it went.
struct Held {
  const Bound* bound = nullptr;
  GroupError all;
  GroupError predicted;
  bool signs_right = true;
  std::vector<const ValidationPoint*> outside;  // of worst_max
  bool is_kept() const {
    const double mean = std::max(all.mean, predicted.mean);
    return signs_right && outside.empty() && !(bound->mean_max && mean > *bound->mean_max);
  }
};

struct Validation {
  std::vector<ValidationPoint> points;
  std::vector<std::string> groups;  // as they come in `points`
  std::vector<Held> bounds;
  std::vector<sim::SpeculationNeed> needs;
  int calibration = 0;  // points
  bool is_few() const { return 3 * std::size_t(calibration) <= points.size(); }
};

std::string_view model_of(const ValidationPoint& point) {
  return std::string_view(point.what).substr(0, point.what.find(' '));
}

bool in_group(const ValidationPoint& point, const Bound& bound) {
  return std::ranges::any_of(bound.groups, [&](const char* name) { return point.group == name; });
}

Held held(const std::vector<ValidationPoint>& points, const Bound& bound) {
  Held out{.bound = &bound, .all = {}, .predicted = {}, .signs_right = true, .outside = {}};
  std::vector<ValidationPoint> own;  // as of one group
  const ValidationPoint* before = nullptr;
  for (const ValidationPoint& point : points) {
    if (!in_group(point, bound)) continue;
    if (bound.worst_max && !(std::abs(point.error()) <= *bound.worst_max))
      out.outside.push_back(&point);
    if (bound.holds_signs && before != nullptr && before->group == point.group &&
        model_of(*before) == model_of(point) &&
        (before->published < point.published) != (before->computed < point.computed))
      out.signs_right = false;
    before = &point;
    own.push_back(point);
    own.back().group = bound.name;
  }
  EVALRUN_CHECK_WHY(!own.empty(), bound.name);  // nothing to hold it against is not "kept"
  out.all = group_error(own, bound.name);
  out.predicted = group_error(own, bound.name, PointsOf::prediction);
  return out;
}

// GPUs that a user's files replace must reach as many others as the published figures used.
Status check_domains(const sim::Machines& machines) {
  for (const auto& [name, gpus] :
       {std::pair{"a100", 8}, {"h100", 8}, {"h200", 8}, {"b200", 4}, {"gb200", 4}}) {
    const auto at = machines.find(name);
    const auto* gpu = at == machines.end() ? nullptr : std::get_if<sim::GpuSpec>(&at->second.spec);
    if (gpu != nullptr && gpu->domain_gpus.value < gpus)
      return input_error(fmt::format(
          "machine {}: domain_gpus: {} is less than the {} that the published figures used", name,
          gpu->domain_gpus.value, gpus));
  }
  return {};
}

Result<Validation> validate(const std::string& machines_dir, const std::string& models_dir) {
  const auto data = load_sim_data(machines_dir, models_dir);
  if (!data) return std::unexpected(data.error());
  const auto& [machines, shapes] = *data;
  if (Status status = check_domains(machines); !status) return std::unexpected(status.error());
  auto wafer = sim::wafer_validation(machines, shapes);
  if (!wafer) return std::unexpected(wafer.error());
  auto gpu = sim::validate_gpu(machines, shapes);
  if (!gpu) return std::unexpected(gpu.error());
  const auto training = sim::train_validation(machines, shapes);
  if (!training) return std::unexpected(training.error());
  Validation out;
  out.points = *std::move(wafer);
  out.points.insert(out.points.end(), gpu->begin(), gpu->end());
  out.points.insert(out.points.end(), training->begin(), training->end());
  for (const ValidationPoint& point : out.points) {
    out.calibration += point.is_calibration ? 1 : 0;
    if (std::ranges::find(out.groups, point.group) == out.groups.end())
      out.groups.push_back(point.group);
  }
  for (const Bound& bound : kBounds) out.bounds.push_back(held(out.points, bound));
  for (const char* draft : kDrafts) {
    const auto needs = sim::speculation_needs(machines, shapes, draft, kWantedTokensPerS);
    if (!needs) return std::unexpected(needs.error());
    out.needs.insert(out.needs.end(), needs->begin(), needs->end());
  }
  return out;
}

// Four digits are more than the models are worth.
std::string figure(double value) {
  return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

void print_points(const Validation& validation, const std::string& group) {
  std::size_t width = 0;
  std::string sources;
  for (const ValidationPoint& point : validation.points) {
    if (point.group != group) continue;
    width = std::max(width, point.what.size());
    if (("; " + sources + "; ").find("; " + point.source + "; ") == std::string::npos)
      sources += (sources.empty() ? "" : "; ") + point.source;
  }
  fmt::print("\n{} (simulated), published: {}\n", group, sources);
  fmt::print("    {:<{}}  published   computed     error\n", "", width);
  for (const ValidationPoint& point : validation.points)
    if (point.group == group)
      fmt::print("  {} {:<{}} {:>10} {:>10} {:>+7.1f} %\n", point.is_calibration ? '*' : ' ',
                 point.what, width, figure(point.published), figure(point.computed),
                 100 * point.error());
}

void print_groups(const Validation& validation) {
  fmt::print("\nerrors (simulated)        all points               kept out of calibration\n");
  fmt::print("  {:<20} {:>6} {:>8} {:>8}   {:>6} {:>8} {:>8}\n", "", "points", "mean", "worst",
             "points", "mean", "worst");
  for (const std::string& group : validation.groups) {
    const GroupError all = group_error(validation.points, group);
    const GroupError own = group_error(validation.points, group, PointsOf::prediction);
    fmt::print("  {:<20} {:>6} {:>8} {:>8}   {:>6} {:>8} {:>8}\n", group, all.points,
               percent(all.mean), percent(all.worst), own.points, percent(own.mean),
               percent(own.worst));
  }
}

std::string bound_words(const Held& held) {
  const Bound& bound = *held.bound;
  std::string words;
  if (bound.mean_max)
    words +=
        fmt::format("; mean {}, {} of the predictions (at most {:.0f} %)", percent(held.all.mean),
                    percent(held.predicted.mean), 100 * *bound.mean_max);
  if (bound.worst_max)
    words += fmt::format(
        "; worst {} (at most {:.0f} %), {} of {} points outside; {} of the {} were fitted",
        percent(held.all.worst), 100 * *bound.worst_max, held.outside.size(), held.all.points,
        held.all.points - held.predicted.points, held.all.points);
  if (bound.holds_signs)
    words += held.signs_right ? "; both signs right" : "; a sign is wrong: see the table";
  return words.substr(2);
}

void print_bounds(const Validation& validation) {
  const auto missed =
      std::ranges::count_if(validation.bounds, [](const Held& held) { return !held.is_kept(); });
  fmt::print("\nbounds that were set before (simulated): {} of {} missed\n", missed,
             validation.bounds.size());
  for (const Held& held : validation.bounds) {
    fmt::print("  {:<6} {}: {}\n", held.is_kept() ? "kept" : "MISSED", held.bound->name,
               bound_words(held));
    for (const ValidationPoint* point : held.outside)
      fmt::print("           outside: {}: published {}, computed {}, {:+.1f} %\n", point->what,
                 figure(point->published), figure(point->computed), 100 * point->error());
  }
  fmt::print("  {:<6} points used for calibration: {} of {} ({}; at most a third)\n",
             validation.is_few() ? "kept" : "MISSED", validation.calibration,
             validation.points.size(),
             percent(double(validation.calibration) / double(validation.points.size())));
}

void print_needs(const std::vector<sim::SpeculationNeed>& needs) {
  fmt::print(
      "\nwhat must be ASSUMED for {:.0f} tokens/s of llama3.1-70b on the cs3 (simulated)\n"
      "  The share of drafted tokens that must be accepted; \"none\": not even all are enough.\n"
      "  Nobody published draft model, acceptance or speed of the kernels: this shows what would\n"
      "  do, not what was done.\n",
      kWantedTokensPerS);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const bool is_new_draft = i == 0 || needs[i].draft != needs[i - 1].draft;
    if (is_new_draft) {
      fmt::print("  {:<42}", "draft " + needs[i].draft + ", tokens drafted a round:");
      for (std::size_t j = i; j < needs.size() && needs[j].draft == needs[i].draft &&
                              needs[j].kernel_speedup == needs[i].kernel_speedup;
           ++j)
        fmt::print("{:>7}", needs[j].drafted_tokens);
    }
    if (is_new_draft || needs[i].kernel_speedup != needs[i - 1].kernel_speedup)
      fmt::print("\n    kernels {:.1f} times as fast as WaferLLM's   ", needs[i].kernel_speedup);
    fmt::print("{:>7}", needs[i].acceptance ? fmt::format("{:.2f}", *needs[i].acceptance) : "none");
    if (i + 1 == needs.size() || needs[i + 1].draft != needs[i].draft) fmt::print("\n");
  }
}

void print_text(const Validation& validation) {
  fmt::print(
      "*simulated*: what evalrun computes from first principles, beside what others published\n"
      "One set of parameters a kind of machine. * = a point that the parameters were chosen "
      "with.\n");
  for (const std::string& group : validation.groups) print_points(validation, group);
  print_groups(validation);
  print_bounds(validation);
  print_needs(validation.needs);
}

ordered_json to_json(const GroupError& error) {
  return {{"points", error.points}, {"mean_error", error.mean}, {"worst_error", error.worst}};
}

ordered_json to_json(const Held& held) {
  const auto limit = [](std::optional<double> max) { return max ? ordered_json(*max) : nullptr; };
  ordered_json outside = ordered_json::array(), groups = ordered_json::array();
  for (const ValidationPoint* point : held.outside) outside.push_back(point->what);
  for (const char* group : held.bound->groups) groups.push_back(group);
  return {{"name", held.bound->name},
          {"groups", groups},
          {"mean_error_max", limit(held.bound->mean_max)},
          {"worst_error_max", limit(held.bound->worst_max)},
          {"all", to_json(held.all)},
          {"predictions", to_json(held.predicted)},
          {"signs_right", held.bound->holds_signs ? ordered_json(held.signs_right) : nullptr},
          {"outside", outside},
          {"kept", held.is_kept()}};
}

ordered_json group_json(const Validation& validation, const std::string& group) {
  ordered_json points = ordered_json::array();
  for (const ValidationPoint& point : validation.points)
    if (point.group == group)
      points.push_back({{"what", point.what},
                        {"source", point.source},
                        {"published", point.published},
                        {"computed", point.computed},
                        {"error", point.error()},
                        {"calibration", point.is_calibration}});
  return {{"name", group},
          {"all", to_json(group_error(validation.points, group))},
          {"predictions", to_json(group_error(validation.points, group, PointsOf::prediction))},
          {"points", points}};
}

ordered_json to_json(const Validation& validation) {
  ordered_json out;
  out["simulated"] = true;
  out["calibration"] = {{"points", validation.calibration},
                        {"of", validation.points.size()},
                        {"kept", validation.is_few()}};
  out["bounds"] = ordered_json::array();
  for (const Held& held : validation.bounds) out["bounds"].push_back(to_json(held));
  out["groups"] = ordered_json::array();
  for (const std::string& group : validation.groups)
    out["groups"].push_back(group_json(validation, group));
  ordered_json needs = ordered_json::array();
  for (const sim::SpeculationNeed& need : validation.needs)
    needs.push_back({{"draft", need.draft},
                     {"drafted_tokens", need.drafted_tokens},
                     {"kernel_speedup", need.kernel_speedup},
                     {"acceptance", need.acceptance ? ordered_json(*need.acceptance) : nullptr}});
  out["speculation_needs"] = {{"tokens_per_s", kWantedTokensPerS},
                              {"machine", "cs3"},
                              {"model", "llama3.1-70b"},
                              {"assumed", needs}};
  return out;
}

}  // namespace

Result<int> validate_sim_verb(const Arguments& arguments) {
  CLI::App app{
      "The simulator of machines beside what was published about them. Exit code 0 once "
      "computed, whether or not a bound is missed.",
      "evalrun validate-sim"};
  bool json = false;
  std::string machines_dir, models_dir;
  app.add_flag("--json", json, "JSON alone on stdout");
  add_sim_folder_flags(app, machines_dir, models_dir);
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto validation = validate(machines_dir, models_dir);
  if (!validation) return std::unexpected(validation.error());
  if (json)
    fmt::print("{}\n", to_json(*validation).dump(2));
  else
    print_text(*validation);
  return kExitComplete;
}

}  // namespace evalrun
