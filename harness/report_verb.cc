// evalrun report DIR and evalrun export DIR: what a finished (or unfinished) run says.
#include <fmt/core.h>

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "harness/core/text.h"
#include "harness/export_lcb.h"
#include "harness/report_run.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

Result<Report> report_of_dir(const std::string& dir, const std::optional<Slo>& slo = std::nullopt) {
  const auto folder = RunFolder::open(dir, RunFolder::Mode::read);
  if (!folder) return std::unexpected(folder.error());
  return report_of(**folder, slo);
}

int code_of(const Report& report) { return report.complete ? kExitComplete : kExitIncomplete; }

struct Exported {
  std::string text;
  int exit = kExitComplete;
};

Result<Exported> exported(const LcbExport& query) {
  const std::vector<std::string> formats{"leaderboard", "lcb-output", "lcb-eval", "lcb-eval-all",
                                         "lcb-performances"};
  if (std::find(formats.begin(), formats.end(), query.format) == formats.end())
    return usage_error(fmt::format("--format: unknown format \"{}\"{}; known: {}",
                                   to_printable(query.format, true),
                                   did_you_mean(query.format, formats), fmt::join(formats, ", ")));
  if (query.format != formats.front()) {
    auto text = export_lcb(query);
    if (!text) return std::unexpected(text.error());
    return Exported{std::move(*text)};
  }
  const auto report = report_of_dir(query.dir);
  if (!report) return std::unexpected(report.error());
  return Exported{leaderboard_json(*report), code_of(*report)};
}

}  // namespace

Result<int> report_verb(const Arguments& arguments) {
  CLI::App app{"Print the result table of a run folder.", "evalrun report"};
  std::string dir, slo_text;
  bool json = false, disagreements = false, latency = false;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  app.add_flag("--json", json, "JSON alone on stdout (docs/schema/report-1.json)");
  app.add_flag("--disagreements", disagreements, "list every answer the two scorers judge apart");
  app.add_flag("--latency", latency, "every distribution of TTFT, ITL, TPOT and request latency");
  const CLI::Option* slo_given =
      app.add_option("--slo", slo_text,
                     "goodput under limits in milliseconds, such as ttft=500,tpot=50,latency=10000")
          ->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  std::optional<Slo> slo;
  if (slo_given->count() > 0) {
    const auto parsed = parse_slo(slo_text);
    if (!parsed) return std::unexpected(parsed.error());
    slo = *parsed;
  }
  const auto report = report_of_dir(dir, slo);
  if (!report) return std::unexpected(report.error());
  if (json)
    fmt::print("{}", report_json(*report));
  else
    print_report(*report, latency);
  if (disagreements && !json) fmt::print("\n{}", disagreements_text(*report));
  return code_of(*report);
}

Result<int> export_verb(const Arguments& arguments) {
  CLI::App app{"Write a run's results for other programs to import.", "evalrun export"};
  LcbExport query{.dir = {},
                  .format = "leaderboard",
                  .suite = {},
                  .strategy = {},
                  .model = {},
                  .model_date = {}};
  std::string out;
  app.add_option("dir", query.dir, "run folder")->required()->type_name("");
  app.add_option(
         "--format", query.format,
         "leaderboard (docs/schema/leaderboard-1.json), or LiveCodeBench's own: lcb-output, "
         "lcb-eval, lcb-eval-all, lcb-performances")
      ->type_name("");
  app.add_option("--suite", query.suite, "lcb-*: which suite of the run")->type_name("");
  app.add_option("--strategy", query.strategy, "lcb-*: which strategy of the run")->type_name("");
  app.add_option("--model-name", query.model.name, "lcb-performances")->type_name("");
  app.add_option("--model-date", query.model_date, "lcb-performances: its release, YYYY-MM-DD")
      ->type_name("");
  app.add_option("--out", out, "file to write (default: stdout)")->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto text = exported(query);
  if (!text) return std::unexpected(text.error());
  if (out.empty())
    fmt::print("{}", text->text);
  else if (Status s = write_file_atomically(out, text->text); !s)
    return std::unexpected(s.error());
  return text->exit;
}

}  // namespace evalrun
