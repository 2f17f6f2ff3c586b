// evalrun score: a run folder again, or a file of generations that somebody else's tool made.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/config.h"
#include "harness/open_run.h"
#include "harness/report_run.h"
#include "harness/score_file.h"
#include "harness/score_run.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

Result<int> score_folder(const std::string& dir, const FileQuery& query) {
  auto run = open_run(dir, RunFolder::Mode::append);
  if (!run) return std::unexpected(run.error());
  if (!query.settings.data.empty()) run->settings.data = query.settings.data;
  run->settings.unsafe_no_sandbox |= query.settings.unsafe_no_sandbox;
  const auto suites = reload_suites(*run);
  if (!suites) return std::unexpected(suites.error());
  const auto executor = open_executor(*suites, run->settings);
  if (!executor) return std::unexpected(executor.error());
  if (Status s = score_run(*run->folder, *suites, executor->get(), query.settings.score_workers);
      !s)
    return std::unexpected(s.error());
  const auto report = report_of(*run->folder);
  if (!report) return std::unexpected(report.error());
  print_report(*report);
  return report->complete ? kExitComplete : kExitIncomplete;
}

}  // namespace

Result<int> score_verb(const Arguments& arguments) {
  CLI::App app{"Score a run folder again, or a file of generations that another tool made.",
               "evalrun score"};
  FileQuery query;
  std::string dir;
  app.add_option("dir", dir, "run folder")->type_name("");
  app.add_option("--generations", query.generations,
                 "file of answers: CRUXEval's {\"sample_0\": [...]}, or what LiveCodeBench's "
                 "custom_evaluator takes")
      ->type_name("");
  app.add_option("--scorer", query.scorer, "official, strict or both")->type_name("");
  app.add_option("--out-format", query.out_format, kOutFormats)->type_name("");
  app.add_option("--out", query.out, "file to write (default: stdout)")->type_name("");
  app.add_option("--model-name", query.model.name, "of lcb-performances")->type_name("");
  app.add_option("--model-date", query.model_date, "of lcb-performances: release, YYYY-MM-DD")
      ->type_name("");
  const auto flags = add_setting_flags(
      app, {"suite", "data", "limit", "sample-id", "release", "start-date", "end-date",
            "difficulty", "platform", "score-workers", "unsafe-no-sandbox"});
  add_config_flag(app, *flags);
  app.add_option_function<std::string>(
         "--workers", [&](const std::string& n) { flags->given["score-workers"] = {n}; },
         "the same as --score-workers")
      ->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto requested = resolve_settings(*flags, "");
  if (!requested) return std::unexpected(requested.error());
  query.settings = requested->settings;
  query.settings.prompt_profile = "full";
  const auto& names = requested->names;
  const bool suite_given = std::find(names.begin(), names.end(), "suite") != names.end();
  if (!dir.empty() && query.generations.empty()) return score_folder(dir, query);
  if (dir.empty() && !query.generations.empty() && suite_given) return score_file(query);
  return usage_error("score: needs a run folder, or --suite S --generations FILE");
}

}  // namespace evalrun
