#include <nlohmann/json.hpp>

#include "results/json_parts.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

// What was not measured is null, never 0.
Json spread_json(const Spread& spread) {
  if (spread.n == 0) return nullptr;
  return Json{{"n", spread.n},     {"mean", spread.mean}, {"p50", spread.p50},
              {"p90", spread.p90}, {"p99", spread.p99},   {"max", spread.max}};
}

Json server_json(const ServerMedians& server) {
  if (server.n == 0) return nullptr;
  return Json{{"n", server.n},
              {"queue_ms", server.queue_ms},
              {"prompt_ms", server.prompt_ms},
              {"completion_ms", server.completion_ms}};
}

Json goodput_json(const LatencyRow& row) {
  if (!row.goodput || row.goodput->n == 0) return nullptr;
  return Json{{"n", row.goodput->n},
              {"good", row.goodput->good},
              {"share", row.goodput->share},
              {"per_second", row.goodput->per_second}};
}

Json row_json(const LatencyRow& row) {
  const auto rate = [&](double value) {
    return row.busy_seconds > 0 ? Json(value) : Json(nullptr);
  };
  return Json{{"suite", row.suite},
              {"strategy", row.strategy},
              {"calls", row.calls},
              {"from_cache", row.from_cache},
              {"untimed", row.untimed},
              {"retried", row.retried},
              {"ttft_ms", spread_json(row.ttft_ms)},
              {"ttft_scheduled_ms", spread_json(row.ttft_scheduled_ms)},
              {"itl_ms", spread_json(row.itl_ms)},
              {"tpot_ms", spread_json(row.tpot_ms)},
              {"latency_ms", spread_json(row.latency_ms)},
              {"latency_scheduled_ms", spread_json(row.latency_scheduled_ms)},
              {"busy_seconds", row.busy_seconds},
              {"completion", row.completion},
              {"tokens_per_second", rate(row.tokens_per_second)},
              {"requests_per_second", rate(row.requests_per_second)},
              {"request_tokens_per_second", spread_json(row.request_tokens_per_second)},
              {"server", server_json(row.server)},
              {"goodput", goodput_json(row)}};
}

Json slo_json(const std::optional<Slo>& slo) {
  if (!slo) return nullptr;
  const auto limit = [](const std::optional<double>& ms) { return ms ? Json(*ms) : Json(nullptr); };
  return Json{{"ttft_ms", limit(slo->ttft_ms)},
              {"tpot_ms", limit(slo->tpot_ms)},
              {"latency_ms", limit(slo->latency_ms)}};
}

}  // namespace

Json latency_json(const Latency& latency) {
  Json json{
      {"slo", slo_json(latency.slo)}, {"all", row_json(latency.all)}, {"rows", Json::array()}};
  for (const LatencyRow& row : latency.rows) json["rows"].push_back(row_json(row));
  return json;
}

}  // namespace evalrun
