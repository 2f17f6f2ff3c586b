#include <nlohmann/json.hpp>

#include "results/json_parts.h"
#include "results/report.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ledger_json(const StepLedger& line) {
  return Json{{"step", line.step},
              {"calls", line.calls},
              {"discarded_calls", line.discarded_calls},
              {"prompt", line.usage.prompt},
              {"cached", line.usage.cached},
              {"completion", line.usage.completion},
              {"reasoning", line.usage.reasoning},
              {"discarded_completion", line.discarded_completion}};
}

Json pass_json(const PassAtK& p) {
  return Json{{"k", p.k},
              {"strict", p.strict.value},
              {"strict_ci_low", p.strict.ci.low},
              {"strict_ci_high", p.strict.ci.high},
              {"strict_ci_method", name(p.strict.method)},
              {"official", or_null(p.official)},
              {"official_artefacts", p.official_artefacts}};
}

Json verdicts_json(const SuiteRow& row) {
  Json json = Json::object();
  for (const auto& [verdict, count] : row.verdicts) json[std::string(name(verdict))] = count;
  return json;
}

// What a row says of right and wrong; the rest of it is costs.
Json accuracy_json(const SuiteRow& row) {
  Json json{{"strict", estimate_json(row.strict)},
            {"official", row.official ? estimate_json(*row.official) : Json(nullptr)},
            {"without_errata",
             row.without_errata ? without_errata_json(*row.without_errata) : Json(nullptr)},
            {"no_answer", row.no_answer},
            {"verdicts", verdicts_json(row)},
            {"pass_at_k", Json::array()},
            {"buckets", Json::array()}};
  for (const PassAtK& p : row.pass_at_k) json["pass_at_k"].push_back(pass_json(p));
  for (const BucketRow& bucket : row.buckets)
    json["buckets"].push_back({{"bucket", bucket.bucket},
                               {"planned", bucket.planned},
                               {"strict", estimate_json(bucket.strict)}});
  return json;
}

Json row_json(const SuiteRow& row) {
  Json json{{"suite", row.suite},
            {"strategy", row.strategy},
            {"complete", row.complete()},
            {"samples", row.samples},
            {"problems", row.problems},
            {"planned", row.planned},
            {"scored", row.scored},
            {"missing", row.missing},
            {"unscored", row.unscored},
            {"model_errors", row.model_errors},
            {"infra_errors", row.infra_errors},
            {"first_error", row.first_error}};
  json.update(accuracy_json(row));
  json.update(Json{{"answered", row.answered},
                   {"calls_per_sample", row.calls_per_sample},
                   {"prompt_per_sample", row.prompt_per_sample},
                   {"completion_per_sample", row.completion_per_sample},
                   {"discarded_per_sample", row.discarded_per_sample},
                   {"seconds_per_sample", or_null(row.seconds_per_sample)},
                   {"cost_usd", cost_json(row.cost_usd)},
                   {"ledger", Json::array()}});
  for (const StepLedger& line : row.ledger) json["ledger"].push_back(ledger_json(line));
  return json;
}

Json comparison_json(const Comparison& c) {
  Json json{{"suite", c.suite},
            {"base", c.base},
            {"strategy", c.strategy},
            {"complete", c.complete()},
            {"planned", c.planned},
            {"pairs", c.counts.pairs()},
            {"samples", c.samples},
            {"problems", c.problems},
            {"both", c.counts.both},
            {"only_base", c.counts.only_a},
            {"only_strategy", c.counts.only_b},
            {"neither", c.counts.neither}};
  json.update(difference_json(c));
  json.update(Json{{"detectable", or_null(c.paired.detectable)},
                   {"outcome", name(c.outcome)},
                   {"words", verdict_words(c)}});
  return json;
}

Json disagreement_json(const Disagreement& d) {
  return Json{{"suite", d.suite},
              {"sample", d.sample},
              {"epoch", d.epoch},
              {"strategy", d.strategy},
              {"official", name(d.official)},
              {"official_skipped", d.official_skipped},
              {"strict", name(d.strict)},
              {"strict_explanation", d.strict_explanation}};
}

}  // namespace

std::string report_json(const Report& report) {
  Json json{{"schema", "evalrun-report/1"},
            {"complete", report.complete},
            {"run", Json::parse(run_info_json(report.run))},
            {"results", Json::array()},
            {"comparisons", Json::array()},
            {"disagreements", Json::array()},
            {"latency", latency_json(report.latency)},
            {"unplanned_records", report.unplanned_records}};
  for (const SuiteRow& row : report.rows) json["results"].push_back(row_json(row));
  for (const Comparison& c : report.comparisons) json["comparisons"].push_back(comparison_json(c));
  for (const Disagreement& d : report.disagreements)
    json["disagreements"].push_back(disagreement_json(d));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
