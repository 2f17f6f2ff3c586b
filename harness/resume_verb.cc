// evalrun resume DIR: go on with a run that was stopped, from its manifest alone.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/execute.h"
#include "harness/open_run.h"
#include "harness/score_run.h"
#include "harness/verb.h"

namespace evalrun {

Result<int> resume_verb(const Arguments& arguments) {
  CLI::App app{"Go on with a run that was stopped. No finished call is repeated.",
               "evalrun resume"};
  std::string dir, show;
  int max_samples = -1;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  app.add_option("--show", show, "thinking, steps or full")->type_name("");
  app.add_option("--max-samples", max_samples, "samples in flight")->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());

  auto run = open_run(dir, RunFolder::Mode::append);
  if (!run) return std::unexpected(run.error());
  Settings settings = run->settings;
  const std::string where = "evalrun resume: --";
  if (!show.empty())
    if (Status s = set_setting(settings, "show", {{show}}, where + "show"); !s)
      return std::unexpected(s.error());
  if (max_samples >= 0)
    if (Status s = set_setting(settings, "max-samples", {{std::to_string(max_samples)}},
                               where + "max-samples");
        !s)
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
