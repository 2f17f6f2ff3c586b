// evalrun report DIR and evalrun export DIR: what a finished (or unfinished) run says.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/core/text.h"
#include "harness/report_run.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

Result<Report> report_of_dir(const std::string& dir) {
  const auto folder = RunFolder::open(dir, RunFolder::Mode::read);
  if (!folder) return std::unexpected(folder.error());
  return report_of(**folder);
}

int code_of(const Report& report) { return report.complete ? kExitComplete : kExitIncomplete; }

}  // namespace

Result<int> report_verb(const Arguments& arguments) {
  CLI::App app{"Print the result table of a run folder.", "evalrun report"};
  std::string dir;
  bool json = false, disagreements = false;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  app.add_flag("--json", json, "JSON alone on stdout (docs/schema/report-1.json)");
  app.add_flag("--disagreements", disagreements, "list every answer the two scorers judge apart");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto report = report_of_dir(dir);
  if (!report) return std::unexpected(report.error());
  if (json)
    fmt::print("{}", report_json(*report));
  else
    print_report(*report);
  if (disagreements && !json) fmt::print("\n{}", disagreements_text(*report));
  return code_of(*report);
}

Result<int> export_verb(const Arguments& arguments) {
  CLI::App app{"Write a run's results for other programs to import.", "evalrun export"};
  std::string dir, format = "leaderboard", out;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  app.add_option("--format", format, "leaderboard (docs/schema/leaderboard-1.json)")->type_name("");
  app.add_option("--out", out, "file to write (default: stdout)")->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const std::vector<std::string> formats{"leaderboard"};
  if (format != formats.front())
    return usage_error("--format: unknown format \"" + to_printable(format, true) + "\"" +
                       did_you_mean(format, formats) + "; known: leaderboard");
  const auto report = report_of_dir(dir);
  if (!report) return std::unexpected(report.error());
  const std::string text = leaderboard_json(*report);
  if (out.empty())
    fmt::print("{}", text);
  else if (Status s = write_file_atomically(out, text); !s)
    return std::unexpected(s.error());
  return code_of(*report);
}

}  // namespace evalrun
