// evalrun probe: what an endpoint supports, before a run is paid for.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/config.h"
#include "harness/probe_print.h"
#include "harness/remote_options.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

// A run may wait long for an answer of thousands of tokens; here they are a few hundred.
constexpr double kAttemptTimeoutS = 120;

Result<ProbeReport> probe_with(const SettingFlags& flags) {
  auto requested = resolve_settings(flags, "");
  if (!requested) return std::unexpected(requested.error());
  if (!flags.given.contains("attempt-timeout"))
    requested->settings.attempt_timeout_s = kAttemptTimeoutS;
  const auto options = remote_options(requested->settings);
  if (!options) return std::unexpected(options.error());
  return probe(*options);
}

}  // namespace

Result<int> probe_verb(const Arguments& arguments) {
  CLI::App app{
      "What an endpoint supports and how fast it is, from some 12 small calls. Exit code 3 when it "
      "cannot be reached or does not answer.",
      "evalrun probe"};
  const auto flags = add_setting_flags(
      app, {"provider", "base-url", "model", "api", "api-key-env", "api-key-file", "header",
            "model-arg", "proxy", "cacert", "attempt-timeout", "stall-timeout"});
  bool json = false;
  app.add_flag("--json", json, "JSON alone on stdout");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto report = probe_with(*flags);
  if (!report) return std::unexpected(report.error());
  fmt::print("{}", json ? probe_json(*report) : probe_text(*report));
  // Without a model nothing could be asked, and all that can be known was said.
  return report->is_answered || report->model.empty() ? kExitComplete : kExitIncomplete;
}

}  // namespace evalrun
