// Asks an endpoint what it supports and how fast it is. The questions are in probe_questions.h,
// what their answers show in probe_findings.h; this sends the ones and keeps the others.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "runners/remote/probe_findings.h"
#include "runners/remote/remote_model.h"

namespace evalrun {

enum class Feature {
  system_role,
  seed,
  stop,
  max_tokens,
  n,
  logprobs,
  streaming,
  stream_usage,
  reasoning,
};
inline constexpr std::size_t kFeatures = 9;
std::string_view name(Feature feature);  // "stream_usage"

// All texts are printable, at most some 300 bytes long, and without secrets.
struct ProbeReport {
  std::string base_url;
  Api api = Api::openai;

  int models_status = 0;            // HTTP status of GET /models; 0 = no response came
  double models_ms = 0;             // its time, connecting included; 0 = no response came
  std::string models_error;         // why there is no list; "" = there is one
  std::size_t models_count = 0;     // in the list
  std::vector<std::string> models;  // its first ones
  std::string model;                // that was asked; "" = none, so nothing else was either
  std::optional<bool> is_listed;    // the model is in the list; none: there is no list

  std::array<Finding, kFeatures> findings;  // by Feature
  Median ttft_ms, output_tokens_per_s;      // of streamed calls, over a connection that was open
  std::vector<std::string> rate_limits;     // "name: value" of the first answer that has any

  int calls = 0;             // requests that were sent
  int uncounted = 0;         // answers without usage
  Usage usage;               // of the others
  bool is_answered = false;  // the plain question got an answer

  Finding& operator[](Feature feature) { return findings[std::size_t(feature)]; }
  const Finding& operator[](Feature feature) const { return findings[std::size_t(feature)]; }
};

// Some 12 small requests, one after the other. Without options.wire.model the only model of the
// list is asked; where there are more, or none, the findings say that it must be named. Error
// (target): the endpoint cannot be reached, or refuses the key.
Result<ProbeReport> probe(const RemoteOptions& options);

}  // namespace evalrun
