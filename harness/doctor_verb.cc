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
#include "scorers/sandbox/python.h"
#include "scorers/sandbox/sandbox.h"
#include "tasks/crux.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

// A Python package that programs may import.
struct Package {
  std::string name;
  std::string version;  // "" = a program in the sandbox cannot import it
};
struct Diagnosis {
  std::vector<Layer> layers;
  std::string python;       // version; "" when programs cannot be run
  std::string python_path;  // of the interpreter; "" when there is none
  std::vector<Package> packages;
  std::string sandbox_error;  // why not
  std::optional<std::string> crux_file;
  bool healthy() const { return sandbox_error.empty(); }
};

// Asked where it counts: as a program in the sandbox. pandas takes a while on a cold disk.
std::vector<Package> find_packages(Sandbox& sandbox) {
  std::vector<Package> packages{{"numpy", ""}, {"pandas", ""}};
  constexpr Limits kLimits{
      .cpu_ms = 30'000, .wall_ms = 60'000, .memory_bytes = std::int64_t{4} << 30, .processes = 64};
  for (Package& package : packages) {
    const std::string source =
        fmt::format("import {0}\nprint({0}.__version__, end='')", package.name);
    const RunResult result = sandbox.run({ProgramKind::program, source}, kLimits);
    if (result.status == RunStatus::ok) package.version = result.stdout_text;
  }
  return packages;
}

Diagnosis examine() {
  Diagnosis out;
  out.layers = probe_layers();
  SandboxOptions options;
  options.workers = 1;
  if (const auto python = find_python(options.python)) out.python_path = python->executable;
  if (const auto sandbox = Sandbox::open(options)) {
    out.python = (*sandbox)->python_version();
    out.packages = find_packages(**sandbox);
  } else {
    out.sandbox_error = sandbox.error().message;
  }
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
    out["sandbox"]["layers"].push_back({{"name", layer.name},
                                        {"active", layer.active},
                                        {"required", layer.required},
                                        {"lost", layer.lost}});
  out["python"] = d.python;
  out["python_path"] = d.python_path;
  out["python_packages"] = ordered_json::object();
  for (const Package& package : d.packages)
    out["python_packages"][package.name] =
        package.version.empty() ? ordered_json() : ordered_json(package.version);
  out["cruxeval"] = d.crux_file ? ordered_json(*d.crux_file) : ordered_json();
  return out;
}

// An optional layer is not shouted.
const char* mark(const Layer& layer) {
  return layer.active ? "yes" : layer.required ? "NO " : "no ";
}

void print_package(const Package& package) {
  if (!package.version.empty())
    fmt::print("  yes {} {}\n", package.name, package.version);
  else
    fmt::print(
        "  no  {0}: solutions that import it fail, and lcb-exec official lacks it (Debian: "
        "apt-get install python3-{0})\n",
        package.name);
}

void print_text(const Diagnosis& d) {
  fmt::print("evalrun {} ({})\n", kVersion, kCommit);
  const ordered_json machine = ordered_json::parse(machine_json());
  fmt::print("machine   {}, {} cores, {}\n", machine["cpu"].get<std::string>(),
             machine["cores"].get<int>(), machine["os"].get<std::string>());
  fmt::print("sandbox   {}\n", d.healthy() ? "works" : d.sandbox_error);
  for (const Layer& layer : d.layers)
    fmt::print("  {} {}{}{}\n", mark(layer), layer.name, layer.active ? "" : ": ",
               layer.active ? "" : layer.lost);
  fmt::print("python    {}{}{}\n", d.python.empty() ? "not run" : d.python,
             d.python_path.empty() ? "" : ", ", d.python_path);
  for (const Package& package : d.packages) print_package(package);
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
