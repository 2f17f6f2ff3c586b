// evalrun resume DIR: go on with a run that was stopped, from its manifest alone.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/config.h"
#include "harness/execute.h"
#include "harness/open_run.h"
#include "harness/score_run.h"
#include "harness/verb.h"

namespace evalrun {

Result<int> resume_verb(const Arguments& arguments) {
  CLI::App app{"Go on with a run that was stopped. No finished call is repeated.",
               "evalrun resume"};
  std::string dir;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  // What does not change the answers may be another now; keys and headers are not kept.
  const auto flags = add_setting_flags(
      app, {"show", "max-samples", "max-cost", "max-total-tokens", "max-connections",
            "start-connections", "rpm", "tpm", "attempt-timeout", "stall-timeout", "timeout",
            "max-retries", "api-key-env", "api-key-file", "header", "proxy", "cacert", "prices"});
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());

  auto run = open_run(dir, RunFolder::Mode::append);
  if (!run) return std::unexpected(run.error());
  Settings settings = run->settings;
  for (const auto& [name, values] : flags->given)
    if (Status s = set_setting(settings, name, values, "evalrun resume: --" + name); !s)
      return std::unexpected(s.error());
  auto target = open_target(settings);
  if (!target) return std::unexpected(target.error());
  const auto plan = make_plan(settings, *target);
  if (!plan) return std::unexpected(plan.error());
  if (Status s = check_same_run(run->manifest.run, plan->info, run->folder->path("manifest.json"));
      !s)
    return std::unexpected(s.error());
  auto executor = open_executor(plan->suites, plan->settings);
  if (!executor) return std::unexpected(executor.error());
  fmt::print(stderr, "resuming {}\n", dir);
  return execute(*plan, *target, *run->folder, executor->get());
}

}  // namespace evalrun
