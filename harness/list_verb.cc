// evalrun list: the tables of the registry.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "harness/registry.h"
#include "harness/sim_machine.h"
#include "harness/verb.h"
#include "runners/remote/providers.h"
#include "tasks/lcb_style.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

std::string members_of(const SuiteGroup& group) {
  std::string out;
  for (std::string_view member : group.members)
    out += (out.empty() ? "" : " + ") + std::string(member);
  return out;
}

void print_text(const SimData& sim) {
  fmt::print("suites\n");
  for (const SuiteGroup& group : suite_groups())
    fmt::print("  {:<13} {:>5}  {} ({})\n", group.name, "", group.description, members_of(group));
  for (const SuiteInfo& suite : suites())
    fmt::print("  {:<13} {:>5}  {}\n", suite.name, suite.default_size, suite.description);
  fmt::print("strategies\n");
  for (const Strategy& strategy : strategies())
    fmt::print("  {:<13} {}\n", strategy.name, strategy.description);
  fmt::print("styles of LiveCodeBench's prompts (--lcb-style)\n");
  for (const LcbStyle& style : lcb_prompt_styles())
    fmt::print("  {:<21} {}\n", style.name, style.official);
  fmt::print("providers (--provider)\n");
  for (const Provider& provider : providers())
    fmt::print("  {:<13} {}\n", provider.name, provider.description);
  fmt::print("targets\n");
  for (const TargetInfo& target : targets())
    fmt::print("  {:<13} {}\n", target.name, target.description);
  fmt::print("simulated machines (--target, simulate --machine)\n");
  for (const auto& [name, machine] : sim.machines) fmt::print("  {:<13} {}\n", name, machine.title);
  fmt::print("models that they play (--as)\n");
  for (const auto& [name, shape] : sim.shapes)
    fmt::print("  {:<13} {:>5.1f} billion parameters\n", name,
               double(sim::parameters(shape)) / 1e9);
}

ordered_json list_json(const SimData& sim) {
  ordered_json out = {{"groups", ordered_json::array()},     {"suites", ordered_json::array()},
                      {"strategies", ordered_json::array()}, {"lcb_styles", ordered_json::array()},
                      {"providers", ordered_json::array()},  {"targets", ordered_json::array()},
                      {"machines", ordered_json::array()},   {"models", ordered_json::array()}};
  for (const auto& [name, machine] : sim.machines)
    out["machines"].push_back({{"name", name}, {"title", machine.title}});
  for (const auto& [name, shape] : sim.shapes)
    out["models"].push_back({{"name", name}, {"parameters", sim::parameters(shape)}});
  for (const SuiteGroup& group : suite_groups())
    out["groups"].push_back(
        {{"name", group.name},
         {"description", group.description},
         {"members", std::vector<std::string>(group.members.begin(), group.members.end())}});
  for (const SuiteInfo& suite : suites())
    out["suites"].push_back({{"name", suite.name},
                             {"description", suite.description},
                             {"samples", suite.default_size},
                             {"licence", suite.licence}});
  for (const Strategy& strategy : strategies())
    out["strategies"].push_back({{"name", strategy.name}, {"description", strategy.description}});
  for (const LcbStyle& style : lcb_prompt_styles())
    out["lcb_styles"].push_back({{"name", style.name}, {"official", style.official}});
  for (const Provider& provider : providers())
    out["providers"].push_back({{"name", provider.name},
                                {"description", provider.description},
                                {"base_url", provider.base_url},
                                {"key_env", provider.key_env}});
  for (const TargetInfo& target : targets())
    out["targets"].push_back({{"name", target.name}, {"description", target.description}});
  return out;
}

}  // namespace

Result<int> list_verb(const Arguments& arguments) {
  CLI::App app{"Suites, strategies and targets.", "evalrun list"};
  bool json = false;
  app.add_flag("--json", json, "JSON alone on stdout");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto sim = load_sim_data("", "");
  if (!sim) return std::unexpected(sim.error());
  if (json)
    fmt::print("{}\n", list_json(*sim).dump(2));
  else
    print_text(*sim);
  return 0;
}

}  // namespace evalrun
