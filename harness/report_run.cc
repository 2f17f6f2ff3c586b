#include "harness/report_run.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/plan.h"
#include "harness/registry.h"
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

// What generated suites know of their samples, such as the difficulty bucket. Suites that need a
// data file are left out: a report must work where the data is not.
MetadataBySample generated_metadata(const Manifest& manifest) {
  MetadataBySample metadata;
  const auto settings = parse_settings_json(manifest.effective_json, "manifest.json");
  if (!settings) return metadata;
  for (const PlannedSuite& planned : manifest.run.suites) {
    const auto info = find_suites({planned.name});
    if (!info || info->front()->takes_data_file) continue;
    const auto suite = info->front()->load(suite_options(*settings));
    if (!suite || suite->dataset_sha256 != planned.dataset_sha256) continue;
    for (const Sample& sample : suite->samples)
      metadata[{planned.name, sample.id}] = sample.metadata;
  }
  return metadata;
}

}  // namespace

Result<Report> report_of(const RunFolder& folder) {
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
  input.metadata = generated_metadata(*manifest);
  return build_report(input);
}

void print_report(const Report& report) { fmt::print("{}", report_text(report, terminal_style())); }

}  // namespace evalrun
