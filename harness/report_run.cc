#include "harness/report_run.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/settings.h"
#include "harness/sim_target.h"
#include "results/manifest.h"

namespace evalrun {
namespace {

ReportStyle terminal_style() {
  ReportStyle style;
  if (::isatty(STDOUT_FILENO) != 1) return style;
  style.color = std::getenv("NO_COLOR") == nullptr;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::clamp<int>(size.ws_col, 80, 160);
  return style;
}

MetadataBySample metadata_of(const RunInfo& run) {
  MetadataBySample metadata;
  for (const PlannedSuite& suite : run.suites)
    for (const auto& [key, values] : suite.metadata)
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!values[i].empty())
          metadata[{suite.name, suite.samples[i]}].emplace_back(key, values[i]);
  return metadata;
}

}  // namespace

Report report_of(const RunRecords& records, const std::optional<Slo>& slo) {
  ReportInput input;
  input.run = records.run;
  input.calls = records.calls;
  input.samples = records.samples;
  input.scores = records.scores;
  input.metadata = metadata_of(records.run);
  input.slo = slo;
  return build_report(input);
}

Result<Report> report_of(const RunFolder& folder, const std::optional<Slo>& slo) {
  const std::string source = folder.path("manifest.json");
  auto manifest = parse_manifest(folder.manifest(), source);
  if (!manifest) return std::unexpected(manifest.error());
  auto calls = folder.calls();
  if (!calls) return std::unexpected(calls.error());
  auto samples = folder.samples();
  if (!samples) return std::unexpected(samples.error());
  auto scores = folder.scores();
  if (!scores) return std::unexpected(scores.error());
  RunRecords records{std::move(manifest->run), std::move(*calls), std::move(*samples),
                     std::move(*scores)};
  if (!records.run.simulated.empty()) {
    const auto settings = parse_settings_json(manifest->effective_json, source);
    if (!settings) return std::unexpected(settings.error());
    if (Status s = simulate_times(*settings, folder.path("samples.jsonl"), records); !s)
      return std::unexpected(s.error());
  }
  return report_of(records, slo);
}

void print_report(const Report& report, bool latency) {
  ReportStyle style = terminal_style();
  style.latency = latency;
  fmt::print("{}", report_text(report, style));
}

}  // namespace evalrun
