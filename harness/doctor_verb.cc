// evalrun doctor: what this machine has and lacks, and what is lost without it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/machine.h"
#include "harness/plan.h"
#include "harness/verb.h"
#include "harness/version.h"
#include "scorers/sandbox/layers.h"
#include "scorers/sandbox/sandbox.h"
#include "tasks/crux.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

struct Diagnosis {
  std::vector<Layer> layers;
  std::string python;         // version; "" when programs cannot be run
  std::string sandbox_error;  // why not
  std::optional<std::string> crux_file;
  bool healthy() const { return sandbox_error.empty(); }
};

Diagnosis examine() {
  Diagnosis out;
  out.layers = probe_layers();
  SandboxOptions options;
  options.workers = 1;
  if (const auto sandbox = Sandbox::open(options))
    out.python = (*sandbox)->python_version();
  else
    out.sandbox_error = sandbox.error().message;
  out.crux_file = find_crux_file(suite_options(Settings{}));
  return out;
}

ordered_json to_json(const Diagnosis& d) {
  ordered_json out;
  out["version"] = kVersion;
  out["commit"] = kCommit;
  out["machine"] = ordered_json::parse(machine_json());
  out["sandbox"] = {{"works", d.healthy()}, {"error", d.sandbox_error}};
  out["sandbox"]["layers"] = ordered_json::array();
  for (const Layer& layer : d.layers)
    out["sandbox"]["layers"].push_back(
        {{"name", layer.name}, {"active", layer.active}, {"lost", layer.lost}});
  out["python"] = d.python;
  out["cruxeval"] = d.crux_file ? ordered_json(*d.crux_file) : ordered_json();
  return out;
}

void print_text(const Diagnosis& d) {
  fmt::print("evalrun {} ({})\n", kVersion, kCommit);
  const ordered_json machine = ordered_json::parse(machine_json());
  fmt::print("machine   {}, {} cores, {}\n", machine["cpu"].get<std::string>(),
             machine["cores"].get<int>(), machine["os"].get<std::string>());
  fmt::print("sandbox   {}\n", d.healthy() ? "works" : d.sandbox_error);
  for (const Layer& layer : d.layers)
    fmt::print("  {} {}{}{}\n", layer.active ? "yes" : "NO ", layer.name, layer.active ? "" : ": ",
               layer.active ? "" : layer.lost);
  fmt::print("python    {}\n", d.python.empty() ? "not run" : d.python);
  fmt::print("cruxeval  {}\n", d.crux_file ? *d.crux_file : "not here: evalrun fetch crux");
}

}  // namespace

Result<int> doctor_verb(const Arguments& arguments) {
  CLI::App app{"What this machine has and lacks. Exit code 3 when programs cannot be run safely.",
               "evalrun doctor"};
  bool json = false;
  app.add_flag("--json", json, "JSON alone on stdout");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const Diagnosis diagnosis = examine();
  if (json)
    fmt::print("{}\n", to_json(diagnosis).dump(2));
  else
    print_text(diagnosis);
  return diagnosis.healthy() ? kExitComplete : kExitIncomplete;
}

}  // namespace evalrun
