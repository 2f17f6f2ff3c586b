#include "harness/open_run.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/registry.h"

namespace evalrun {
namespace {

Status same(const std::string& source, const std::string& key, const std::string& then,
            const std::string& now) {
  if (then == now) return {};
  return input_error(
      fmt::format("{}: {}: the run was made with {}, here it is {}; restore it, or "
                  "start a new run",
                  source, key, then.empty() ? "nothing" : then, now.empty() ? "nothing" : now));
}

Status same_suite(const std::string& source, const PlannedSuite& then, const PlannedSuite& now) {
  const std::string key = "suite " + then.name + ": ";
  if (Status s = same(source, key + "name", then.name, now.name); !s) return s;
  if (Status s = same(source, key + "dataset_sha256", then.dataset_sha256, now.dataset_sha256); !s)
    return s;
  if (Status s = same(source, key + "prompts_sha256", then.prompts_sha256, now.prompts_sha256); !s)
    return s;
  if (then.samples != now.samples)
    return input_error(fmt::format("{}: {}samples: the chosen samples differ", source, key));
  return {};
}

}  // namespace

Result<OpenedRun> open_run(const std::string& dir, RunFolder::Mode mode) {
  OpenedRun run;
  auto folder = RunFolder::open(dir, mode);
  if (!folder) return std::unexpected(folder.error());
  run.folder = std::move(*folder);
  const std::string source = run.folder->path("manifest.json");
  auto manifest = parse_manifest(run.folder->manifest(), source);
  if (!manifest) return std::unexpected(manifest.error());
  run.manifest = std::move(*manifest);
  auto settings = parse_settings_json(run.manifest.effective_json, source);
  if (!settings) return std::unexpected(settings.error());
  run.settings = std::move(*settings);
  return run;
}

Status check_same_run(const RunInfo& then, const RunInfo& now, const std::string& source) {
  if (Status s = same(source, "model_sha256", then.model_sha256, now.model_sha256); !s) return s;
  if (Status s = same(source, "suites", std::to_string(then.suites.size()),
                      std::to_string(now.suites.size()));
      !s)
    return s;
  for (std::size_t i = 0; i < then.suites.size(); ++i)
    if (Status s = same_suite(source, then.suites[i], now.suites[i]); !s) return s;
  if (then.strategies != now.strategies)
    return input_error(source + ": strategies: this build resolves other strategies");
  return {};
}

Result<std::vector<Suite>> reload_suites(const OpenedRun& run) {
  const std::string source = run.folder->path("manifest.json");
  std::vector<Suite> suites;
  for (const PlannedSuite& planned : run.manifest.run.suites) {
    const auto info = find_suites({planned.name});
    if (!info) return std::unexpected(info.error());
    auto suite = info->front()->load(suite_options(run.settings));
    if (!suite) return std::unexpected(suite.error());
    if (Status s = same(source, "suite " + planned.name + ": dataset_sha256",
                        planned.dataset_sha256, suite->dataset_sha256);
        !s)
      return std::unexpected(s.error());
    suites.push_back(std::move(*suite));
  }
  return suites;
}

}  // namespace evalrun
