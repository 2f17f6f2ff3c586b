#include <nlohmann/json.hpp>

#include "results/report.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json estimate_json(const Estimate& e) {
  return Json{{"value", e.value},
              {"ci_low", e.ci.low},
              {"ci_high", e.ci.high},
              {"ci_method", name(e.method)}};
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
              {"strict", p.strict},
              {"official", or_null(p.official)},
              {"official_artefacts", p.official_artefacts}};
}

Json row_json(const SuiteRow& row) {
  Json json{{"suite", row.suite},
            {"strategy", row.strategy},
            {"complete", row.complete()},
            {"planned", row.planned},
            {"scored", row.scored},
            {"missing", row.missing},
            {"unscored", row.unscored},
            {"model_errors", row.model_errors},
            {"infra_errors", row.infra_errors},
            {"first_error", row.first_error},
            {"strict", estimate_json(row.strict)},
            {"official", row.official ? estimate_json(*row.official) : Json(nullptr)},
            {"no_answer", row.no_answer},
            {"pass_at_k", Json::array()},
            {"buckets", Json::array()},
            {"answered", row.answered},
            {"calls_per_sample", row.calls_per_sample},
            {"prompt_per_sample", row.prompt_per_sample},
            {"completion_per_sample", row.completion_per_sample},
            {"discarded_per_sample", row.discarded_per_sample},
            {"seconds_per_sample", or_null(row.seconds_per_sample)},
            {"ledger", Json::array()}};
  for (const PassAtK& p : row.pass_at_k) json["pass_at_k"].push_back(pass_json(p));
  for (const BucketRow& bucket : row.buckets)
    json["buckets"].push_back({{"bucket", bucket.bucket},
                               {"planned", bucket.planned},
                               {"strict", estimate_json(bucket.strict)}});
  for (const StepLedger& line : row.ledger) json["ledger"].push_back(ledger_json(line));
  return json;
}

Json comparison_json(const Comparison& c) {
  return Json{{"suite", c.suite},
              {"base", c.base},
              {"strategy", c.strategy},
              {"complete", c.complete()},
              {"planned", c.planned},
              {"pairs", c.counts.pairs()},
              {"both", c.counts.both},
              {"only_base", c.counts.only_a},
              {"only_strategy", c.counts.only_b},
              {"neither", c.counts.neither},
              {"difference", c.paired.difference},
              {"ci_low", c.paired.ci.low},
              {"ci_high", c.paired.ci.high},
              {"p", c.paired.p_value},
              {"p_holm", c.p_holm},
              {"method", name(c.paired.method)},
              {"detectable", or_null(c.paired.detectable)},
              {"outcome", name(c.outcome)},
              {"words", verdict_words(c)}};
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
            {"unplanned_records", report.unplanned_records}};
  for (const SuiteRow& row : report.rows) json["results"].push_back(row_json(row));
  for (const Comparison& c : report.comparisons) json["comparisons"].push_back(comparison_json(c));
  for (const Disagreement& d : report.disagreements)
    json["disagreements"].push_back(disagreement_json(d));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
