#include <nlohmann/json.hpp>

#include "results/json_parts.h"
#include "results/report.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

// What every result of a row carries, whatever the metric.
struct Metric {
  ScorerKind scorer = ScorerKind::strict;
  std::string metric;                  // "accuracy", "pass@1", "pass@5", ...
  double value = 0;                    // fraction
  const Estimate* interval = nullptr;  // none for the official pass@k, k > 1
  int artefacts = 0;
};

Json result_json(const SuiteRow& row, const Metric& m) {
  const bool has_interval = m.interval != nullptr;
  return Json{{"suite", row.suite},
              {"strategy", row.strategy},
              {"scorer", name(m.scorer)},
              {"metric", m.metric},
              {"value", m.value},
              {"ci_low", has_interval ? Json(m.interval->ci.low) : Json(nullptr)},
              {"ci_high", has_interval ? Json(m.interval->ci.high) : Json(nullptr)},
              {"ci_method", has_interval ? Json(name(m.interval->method)) : Json(nullptr)},
              {"n", row.scored},
              {"samples", row.samples},
              {"problems", row.problems},
              {"planned", row.planned},
              {"complete", row.complete()},
              {"no_answer", row.no_answer},
              {"artefacts", m.artefacts},
              {"calls_per_sample", row.calls_per_sample},
              {"tokens_per_sample",
               {{"prompt", row.prompt_per_sample},
                {"completion", row.completion_per_sample},
                {"discarded", row.discarded_per_sample}}},
              {"seconds_per_sample",
               row.seconds_per_sample ? Json(*row.seconds_per_sample) : Json(nullptr)},
              {"cost_usd", cost_json(row.cost_usd)}};
}

void add_results(const SuiteRow& row, Json& results) {
  results.push_back(
      result_json(row, {ScorerKind::strict, "accuracy", row.strict.value, &row.strict, 0}));
  if (row.without_errata)
    results.back()["without_errata"] = without_errata_json(*row.without_errata);
  if (row.official)
    results.push_back(
        result_json(row, {ScorerKind::official, "pass@1", row.official->value, &*row.official, 0}));
  for (const PassAtK& p : row.pass_at_k) {
    if (p.k == 1) continue;  // the two above
    const std::string metric = "pass@" + std::to_string(p.k);
    results.push_back(result_json(row, {ScorerKind::strict, metric, p.strict.value, &p.strict, 0}));
    if (p.official)
      results.push_back(result_json(
          row, {ScorerKind::official, metric, *p.official, nullptr, p.official_artefacts}));
  }
}

Json suites_json(const Report& report) {
  Json suites = Json::array();
  for (const PlannedSuite& suite : report.run.suites) {
    int scored = 0;  // under the strategy that has most
    for (const SuiteRow& row : report.rows)
      if (row.suite == suite.name) scored = std::max(scored, row.scored);
    suites.push_back({{"name", suite.name},
                      {"dataset", suite.dataset},
                      {"dataset_sha256", suite.dataset_sha256},
                      {"prompts_sha256", suite.prompts_sha256},
                      {"n", scored},
                      {"planned", suite.samples.size() * std::size_t(report.run.epochs)}});
  }
  return suites;
}

Json comparison_json(const Comparison& c) {
  Json json{{"suite", c.suite},
            {"base", c.base},
            {"strategy", c.strategy},
            {"scorer", name(ScorerKind::strict)}};
  json.update(difference_json(c));
  json.update(Json{{"n", c.counts.pairs()},
                   {"samples", c.samples},
                   {"problems", c.problems},
                   {"planned", c.planned},
                   {"only_base", c.counts.only_a},
                   {"only_strategy", c.counts.only_b},
                   {"outcome", name(c.outcome)}});
  return json;
}

Json scorers_json(const RunInfo& run) {
  Json scorers = Json::array();
  for (const auto& [scorer, version] : run.scorer_versions)
    scorers.push_back({{"name", scorer}, {"version", version}});
  return scorers;
}

}  // namespace

std::string leaderboard_json(const Report& report) {
  const RunInfo& run = report.run;
  Json json{
      {"schema", "evalrun-leaderboard/1"},
      {"run_id", run.run_id},
      {"created", run.created},
      {"complete", report.complete},
      {"scope", run.scope},
      {"tool", {{"name", "evalrun"}, {"version", run.tool_version}, {"commit", run.commit}}},
      {"model", {{"name", run.model_name}, {"sha256", run.model_sha256}, {"target", run.target}}},
      {"price", price_json(run.price)},
      {"traffic", run.traffic},
      {"seed", run.seed},
      {"epochs", run.epochs},
      {"suites", suites_json(report)},
      {"strategies", run.strategies},
      {"scorers", scorers_json(run)},
      {"results", Json::array()},
      {"comparisons", Json::array()}};
  if (!run.simulated.empty()) json["simulated"] = run.simulated;
  for (const SuiteRow& row : report.rows) add_results(row, json["results"]);
  for (const Comparison& c : report.comparisons) json["comparisons"].push_back(comparison_json(c));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
