// The two forms of a summary: tables for a person, JSON for programs.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "harness/sim_summary.h"
#include "results/table.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

// Three figures that count: "0.0123", "1.23", "12.3", "1234".
std::string figure(double value) {
  if (value == 0) return "0";
  return value < 100 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

std::vector<std::string> names_of(const SimRow& row) {
  return {row.machine, row.as, to_printable(row.strategy, true)};
}

std::string time_table(const SimSummary& summary) {
  Table table({{"machine", false},
               {"model", false},
               {"strategy", false},
               {"strict %"},
               {"s a sample"},
               {"p50"},
               {"p99"},
               {"TTFT ms"},
               {"tokens/s a call"}});
  for (const SimRow& row : summary.rows) {
    auto cells = names_of(row);
    cells.push_back(row.accuracy ? fmt::format("{:.1f}", 100 * *row.accuracy) : "-");
    for (const double value : {row.sample_s.mean, row.sample_s.p50, row.sample_s.p99,
                               row.ttft_ms.p50, row.tokens_per_s_a_call})
      cells.push_back(figure(value));
    table.add(std::move(cells));
  }
  return "Time - simulated\n" + table.text();
}

std::string cost_table(const SimSummary& summary) {
  Table table({{"machine", false},
               {"model", false},
               {"strategy", false},
               {"calls"},
               {"tokens/s"},
               {"busy %"},
               {"prompt reused %"},
               {"kJ a sample"},
               {"$ for 1,000"}});
  for (const SimRow& row : summary.rows) {
    auto cells = names_of(row);
    cells.push_back(std::to_string(row.calls));
    cells.push_back(figure(row.tokens_per_s));
    cells.push_back(fmt::format("{:.1f}", 100 * row.utilisation));
    cells.push_back(fmt::format("{:.0f}", 100 * row.reused));
    cells.push_back(figure(row.kj_per_sample));
    cells.push_back(row.usd_per_sample ? figure(1000 * *row.usd_per_sample) : "-");
    table.add(std::move(cells));
  }
  return "Load and cost - simulated\n" + table.text();
}

// A strategy of one kind of call says nothing here that the first table does not.
std::string step_table(const SimSummary& summary) {
  Table table({{"machine", false},
               {"model", false},
               {"strategy", false},
               {"step", false},
               {"calls"},
               {"s a call"},
               {"waits for room"},
               {"to first token"}});
  bool any = false;
  for (const SimRow& row : summary.rows) {
    if (row.steps.size() < 2) continue;
    for (const SimStep& step : row.steps) {
      any = true;
      auto cells = names_of(row);
      cells.push_back(to_printable(step.step, true));
      cells.push_back(std::to_string(step.calls));
      for (const double value : {step.seconds, step.wait_seconds, step.ttft_seconds})
        cells.push_back(figure(value));
      table.add(std::move(cells));
    }
  }
  return any ? "\nSteps - simulated\n" + table.text() : "";
}

std::string notes(const SimSummary& summary, int width) {
  std::string out;
  std::vector<std::string> said;
  for (const SimRow& row : summary.rows) {
    std::string line = fmt::format("{} as {}: {}", row.machine, row.as, row.title);
    if (row.stages > 1) line += fmt::format(", a pipeline of {} stages", row.stages);
    for (const std::string& assumption : row.assumed) line += "; ASSUMED: " + assumption;
    if (std::ranges::find(said, line) != said.end()) continue;
    said.push_back(line);
    out += wrapped(line, width, "  ");
  }
  std::string kj =
      "kJ: rated power over the whole time, idle or not; GPUs without their hosts, a "
      "wafer's whole system.";
  if (std::ranges::any_of(summary.rows,
                          [](const SimRow& row) { return row.usd_per_sample.has_value(); }))
    kj += fmt::format(" $: purchase price over {} years and ${} a kWh, where the price is known.",
                      summary.prices.years, summary.prices.usd_per_kwh);
  out += wrapped(kj, width, "  ");
  if (std::ranges::any_of(summary.rows, [](const SimRow& row) { return row.is_wafer; }))
    out += wrapped(
        "Wafers: only single streams were ever published to check against (evalrun validate-sim); "
        "several calls at once, and pieces of a prompt in several stages, are predictions.",
        width, "  ");
  for (const SimRow& row : summary.rows)
    if (row.answered < row.planned && row.machine == summary.rows.front().machine &&
        row.as == summary.rows.front().as)
      out += wrapped(fmt::format("INCOMPLETE: {} has {} of {} answers; the rest is not played.",
                                 to_printable(row.strategy, true), row.answered, row.planned),
                     width, "  ");
  for (const SimRefusal& refusal : summary.refused)
    out += wrapped(fmt::format("{} as {}: not played: {}", refusal.machine, refusal.as,
                               to_printable(refusal.why, true)),
                   width, "  ");
  return out;
}

Json spread_json(const Spread& spread) {
  return {{"mean", spread.mean},
          {"p50", spread.p50},
          {"p90", spread.p90},
          {"p99", spread.p99},
          {"max", spread.max}};
}

Json row_json(const SimRow& row) {
  Json json{{"machine", row.machine},
            {"as", row.as},
            {"title", row.title},
            {"assumed", row.assumed},
            {"strategy", row.strategy},
            {"stages", row.stages},
            {"planned", row.planned},
            {"answered", row.answered},
            {"samples", row.samples},
            {"calls", row.calls},
            {"accuracy", row.accuracy ? Json(*row.accuracy) : Json(nullptr)},
            {"seconds_per_sample", spread_json(row.sample_s)},
            {"ttft_ms", spread_json(row.ttft_ms)},
            {"tokens_per_second_per_call", row.tokens_per_s_a_call},
            {"tokens_per_second", row.tokens_per_s},
            {"utilisation", row.utilisation},
            {"seconds", row.end_s},
            {"prompt_reused", row.reused},
            {"kj_per_sample", row.kj_per_sample},
            {"usd_per_sample", row.usd_per_sample ? Json(*row.usd_per_sample) : Json(nullptr)},
            {"steps", Json::array()}};
  for (const SimStep& step : row.steps)
    json["steps"].push_back({{"step", step.step},
                             {"calls", step.calls},
                             {"seconds", step.seconds},
                             {"wait_seconds", step.wait_seconds},
                             {"ttft_seconds", step.ttft_seconds}});
  return json;
}

}  // namespace

std::string summary_text(const SimSummary& summary, int width) {
  std::string out = wrapped(fmt::format("SIMULATED, not measured: the calls of {} ({}), {}.",
                                        summary.run_dir, summary.run_id, summary.load),
                            width);
  if (!summary.rows.empty())
    out += "\n" + time_table(summary) + "\n" + cost_table(summary) + step_table(summary);
  return out + "\n" + notes(summary, width);
}

std::string summary_json(const SimSummary& summary) {
  Json json{{"schema", "evalrun-simulation/1"}, {"simulated", true},
            {"run_id", summary.run_id},         {"load", summary.load},
            {"years", summary.prices.years},    {"usd_per_kwh", summary.prices.usd_per_kwh},
            {"results", Json::array()},         {"refused", Json::array()}};
  for (const SimRow& row : summary.rows) json["results"].push_back(row_json(row));
  for (const SimRefusal& refusal : summary.refused)
    json["refused"].push_back(
        {{"machine", refusal.machine}, {"as", refusal.as}, {"why", refusal.why}});
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
