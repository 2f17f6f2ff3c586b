// manifest.json: what a run is, as it was planned before its first call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

struct PlannedSuite {
  std::string name;                  // such as "crux-o"
  std::string dataset;               // where the samples come from, such as "cruxeval.jsonl"
  std::string dataset_sha256;        // of that file
  std::string prompts_sha256;        // over the prompt texts
  bool has_official = false;         // there is an official scorer for it
  std::vector<std::string> samples;  // planned ids, in suite order: with epochs, THE denominator
  // What reports know of the samples: a key such as "problem" and its value for each of them ("" =
  // none). Kept here, so that a report needs no dataset.
  std::vector<std::pair<std::string, std::vector<std::string>>> metadata = {};
  bool operator==(const PlannedSuite&) const = default;
};

struct RunInfo {
  std::string run_id;
  std::string created;  // ISO 8601, UTC, such as "2026-01-31T12:00:00Z"
  std::string tool_version;
  std::string commit;
  std::string target;        // such as "local"
  std::string model_name;    // as the user named it
  std::string model_sha256;  // "" when the target does not show its weights
  std::uint64_t seed = 0;
  int epochs = 1;  // answers a sample, at least 1
  std::vector<PlannedSuite> suites;
  std::vector<std::string> strategies;  // in the order they were asked for
  std::vector<std::pair<std::string, std::string>> scorer_versions;  // such as {"strict", "1"}
  // How requests were sent, such as "closed loop, 64 samples in flight, up to 64 connections"; "" =
  // no remote endpoint.
  std::string traffic;
  std::optional<Price> price;  // none: the cost is unknown, which is not 0
  // "" = times were measured. Else they were computed, and this says of what machine and model, how
  // loaded, and what was assumed; every table, file and chart says so too.
  std::string simulated = {};
  std::string scope;  // "" or what was left out, such as "limited to 12 of 800 samples"
  bool operator==(const RunInfo&) const = default;
};

// The whole file. The last three are JSON texts of the harness, kept as they are.
struct Manifest {
  RunInfo run;
  std::string requested_json = "{}";  // settings as the user gave them
  std::string effective_json = "{}";  // settings as they were used
  std::string machine_json = "{}";
};

// Stable key order, one line. `parse` is the inverse; its errors (input) are
// "SOURCE: KEY: reason", also for a suite, sample or strategy that is named twice.
std::string run_info_json(const RunInfo& run);
Result<RunInfo> parse_run_info(std::string_view text, const std::string& source);

// {"format", "run", "requested", "effective", "machine"}, indented, with a newline at its end.
// CHECKs that the three texts are JSON. parse_manifest refuses another format than
// "evalrun-run/1".
std::string manifest_json(const Manifest& manifest);
Result<Manifest> parse_manifest(std::string_view text, const std::string& source);

}  // namespace evalrun
