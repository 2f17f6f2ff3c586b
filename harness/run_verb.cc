// evalrun run: from words on the command line to a finished run folder.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "harness/config.h"
#include "harness/core/clock.h"
#include "harness/core/hash.h"
#include "harness/execute.h"
#include "harness/machine.h"
#include "harness/plan.h"
#include "harness/progress.h"
#include "harness/score_run.h"
#include "harness/verb.h"
#include "results/manifest.h"

namespace evalrun {
namespace {

std::string joined(const std::vector<std::string>& names, char separator) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += separator;
    out += name;
  }
  return out;
}

// "auto" depends on the model: a small one gets the compact prompts and budgets. A recorded run is
// asked as it was asked then, or its answers would not fit the questions.
Result<Requested> resolve_auto(const SettingFlags& flags, const Requested& requested,
                               const Target& target) {
  const Settings* source = target.source ? &*target.source : nullptr;
  std::string profile = requested.settings.prompt_profile;
  if (profile == "auto") profile = source ? source->prompt_profile : prompt_profile_for(target);
  std::string preset = requested.settings.cepo_preset;
  if (preset == "auto")
    preset = source ? source->cepo_preset : profile == "compact" ? "compact" : "jan2025";
  auto resolved = resolve_settings(flags, preset);
  if (!resolved) return resolved;
  const auto& names = resolved->names;
  const bool seed_given = std::find(names.begin(), names.end(), "seed") != names.end();
  if (source != nullptr && !seed_given) resolved->settings.seed = source->seed;
  resolved->settings.prompt_profile = profile;
  resolved->settings.cepo_preset = preset;
  return resolved;
}

std::string default_folder(const RunPlan& plan, const std::string& created) {
  std::string time = created;
  std::replace(time.begin(), time.end(), ':', '-');
  return fmt::format("runs/{}-{}-{}", time, joined(plan.settings.suites, '+'),
                     joined(plan.info.strategies, '+'));
}

// The folder with its manifest. A name that is taken gets a number, unless the user chose it.
Result<std::unique_ptr<RunFolder>> create_folder(RunPlan& plan, const Requested& requested) {
  plan.info.created = utc_time(wall_us());
  const bool chosen = !plan.settings.out.empty();
  const std::string base = chosen ? plan.settings.out : default_folder(plan, plan.info.created);
  std::string dir = base;
  for (int i = 2; !chosen && std::filesystem::exists(dir); ++i) dir = fmt::format("{}-{}", base, i);
  Manifest manifest;
  manifest.requested_json = settings_json(requested.settings, &requested.names);
  manifest.effective_json = settings_json(plan.settings);
  manifest.machine_json = machine_json();
  plan.info.run_id = sha256_hex(plan.info.created + dir + manifest.effective_json).substr(0, 16);
  manifest.run = plan.info;
  return RunFolder::create(dir, manifest_json(manifest));
}

void announce(const RunPlan& plan, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) fmt::print(stderr, "** {}\n", note);
  if (!plan.info.scope.empty()) fmt::print(stderr, "limited to {}\n", plan.info.scope);
  fmt::print(stderr, "model {}, strategies {}, {} answers to get\n", plan.info.model_name,
             joined(plan.info.strategies, ','), plan.items.size());
}

Result<int> run_resolved(const SettingFlags& flags) {
  const auto first = resolve_settings(flags, "");
  if (!first) return std::unexpected(first.error());
  auto target = open_target(first->settings);
  if (!target) return std::unexpected(target.error());
  auto requested = resolve_auto(flags, *first, *target);
  if (!requested) return std::unexpected(requested.error());
  std::vector<std::string> notes;
  if (requested->settings.demo) notes = apply_demo(requested->settings);
  auto plan = make_plan(requested->settings, *target);
  if (!plan) return std::unexpected(plan.error());
  auto executor = open_executor(plan->suites, plan->settings);
  if (!executor) return std::unexpected(executor.error());
  auto folder = create_folder(*plan, *first);
  if (!folder) return std::unexpected(folder.error());
  announce(*plan, notes);
  return execute(*plan, *target, **folder, executor->get());
}

}  // namespace

Result<int> run_verb(const Arguments& arguments) {
  CLI::App app{"Ask the model, score the answers, report.", "evalrun run"};
  const auto flags = add_setting_flags(app);
  add_config_flag(app, *flags);
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  return run_resolved(*flags);
}

}  // namespace evalrun
