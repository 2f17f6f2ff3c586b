#include "harness/probe_print.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalrun {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kModelsPrinted = 5;

bool is_tls(const ProbeReport& report) { return report.base_url.starts_with("https:"); }

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("{:<13} {}\n", label, text);
}

std::string reached_words(const ProbeReport& report) {
  if (report.models_status == 0) return "not by GET /models: " + report.models_error;
  return fmt::format("yes, {}; GET /models: HTTP {} in {:.1f} ms, connecting included",
                     is_tls(report) ? "by TLS, certificate verified" : "without TLS",
                     report.models_status, report.models_ms);
}

std::string models_words(const ProbeReport& report) {
  if (!report.models_error.empty()) return "no list: " + report.models_error;
  std::string words = std::to_string(report.models_count);
  const std::size_t n = std::min(report.models.size(), kModelsPrinted);
  for (std::size_t i = 0; i < n; ++i) words += (i == 0 ? ": " : ", ") + report.models[i];
  return words + (report.models_count > n ? ", …" : "");
}

std::string model_words(const ProbeReport& report) {
  if (report.model.empty()) return "none asked: --model NAME is needed for the rest";
  if (!report.is_listed) return report.model;
  return report.model + (*report.is_listed ? ", in the list" : ", NOT in the list");
}

std::string finding_words(const Finding& finding) {
  const auto with_detail = [&](const std::string& word) {
    return finding.detail.empty() ? word : word + ": " + finding.detail;
  };
  switch (finding.support) {
    case Support::yes:
      return with_detail("yes");
    case Support::ignored:
      return with_detail("accepted, but not obeyed");
    case Support::refused:
      return with_detail("refused");
    case Support::none_seen:
      return "none seen " + finding.detail;
    case Support::not_tested:
      break;
  }
  return "not tested (" + finding.detail + ")";
}

std::string label_of(Feature feature) {
  std::string label(name(feature));
  if (feature != Feature::max_tokens) std::ranges::replace(label, '_', ' ');
  return label;
}

std::string median_words(const Median& median, std::string_view unit, std::string_view why_not) {
  if (median.n == 0) return fmt::format("not measured ({})", why_not);
  return fmt::format("{:.1f} {} (median of {} streamed call{})", median.value, unit, median.n,
                     median.n == 1 ? "" : "s");
}

std::string spent_words(const ProbeReport& report) {
  std::string words = fmt::format("{} calls, {} prompt + {} completion tokens", report.calls,
                                  report.usage.prompt, report.usage.completion);
  if (report.uncounted > 0)
    words += fmt::format(", and {} answers that do not say", report.uncounted);
  return words;
}

ordered_json median_json(const Median& median) {
  return {{"median", median.n == 0 ? ordered_json() : ordered_json(median.value)}, {"n", median.n}};
}

template <typename T>
ordered_json or_null(bool is_known, const T& value) {
  return is_known ? ordered_json(value) : ordered_json();
}

}  // namespace

std::string probe_text(const ProbeReport& report) {
  std::string out = line("endpoint", fmt::format("{} ({})", report.base_url, name(report.api)));
  out += line("reachable", reached_words(report));
  out += line("models", models_words(report));
  out += line("model", model_words(report));
  for (std::size_t i = 0; i < kFeatures; ++i)
    out += line(label_of(Feature(i)), finding_words(report.findings[i]));
  out += line("TTFT", median_words(report.ttft_ms, "ms", "no text was streamed"));
  out += line("output", median_words(report.output_tokens_per_s, "tokens/s after the first",
                                     "no stream that tells its tokens came piece by piece"));
  if (report.rate_limits.empty()) out += line("rate limits", "no headers about them");
  for (const std::string& header : report.rate_limits)
    out += line(&header == &report.rate_limits.front() ? "rate limits" : "", header);
  return out + line("spent", spent_words(report));
}

std::string probe_json(const ProbeReport& report) {
  ordered_json features = ordered_json::object();
  for (std::size_t i = 0; i < kFeatures; ++i)
    features[std::string(name(Feature(i)))] = {{"support", name(report.findings[i].support)},
                                               {"detail", report.findings[i].detail}};
  const bool has_response = report.models_status != 0;
  const bool has_list = report.models_error.empty();
  const ordered_json json = {
      {"base_url", report.base_url},
      {"api", name(report.api)},
      {"reachable",
       {{"tls", is_tls(report)},
        {"models_status", or_null(has_response, report.models_status)},
        {"models_ms", or_null(has_response, report.models_ms)}}},
      {"models",
       {{"error", or_null(!has_list, report.models_error)},
        {"count", or_null(has_list, report.models_count)},
        {"ids", report.models}}},
      {"model",
       {{"id", or_null(!report.model.empty(), report.model)},
        {"listed", or_null(report.is_listed.has_value(), report.is_listed.value_or(false))}}},
      {"answered", report.is_answered},
      {"features", features},
      {"speed",
       {{"ttft_ms", median_json(report.ttft_ms)},
        {"output_tokens_per_s", median_json(report.output_tokens_per_s)}}},
      {"rate_limits", report.rate_limits},
      {"spent",
       {{"calls", report.calls},
        {"prompt_tokens", report.usage.prompt},
        {"completion_tokens", report.usage.completion},
        {"reasoning_tokens", report.usage.reasoning},
        {"answers_without_usage", report.uncounted}}}};
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
