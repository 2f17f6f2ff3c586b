#include "harness/report_run.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

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

Result<Report> report_of(const RunFolder& folder, const std::optional<Slo>& slo) {
  const auto manifest = parse_manifest(folder.manifest(), folder.path("manifest.json"));
  if (!manifest) return std::unexpected(manifest.error());
  const auto calls = folder.calls();
  if (!calls) return std::unexpected(calls.error());
  const auto samples = folder.samples();
  if (!samples) return std::unexpected(samples.error());
  const auto scores = folder.scores();
  if (!scores) return std::unexpected(scores.error());
  ReportInput input;
  input.run = manifest->run;
  input.calls = *calls;
  input.samples = *samples;
  input.scores = *scores;
  input.metadata = metadata_of(manifest->run);
  input.slo = slo;
  return build_report(input);
}

void print_report(const Report& report, bool latency) {
  ReportStyle style = terminal_style();
  style.latency = latency;
  fmt::print("{}", report_text(report, style));
}

}  // namespace evalrun
