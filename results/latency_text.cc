// The sections on latency and cost of the report for a person.
#include <fmt/format.h>

#include <utility>

#include "results/report.h"
#include "results/report_words.h"
#include "results/table.h"

namespace evalrun {
namespace {

std::string cell(const Spread& spread, double Spread::*member) {
  return spread.n == 0 ? "-" : milliseconds(spread.*member);
}

std::string rate(const LatencyRow& row, double value) {
  return row.busy_seconds > 0 ? amount(value) : "-";
}

std::string row_name(const LatencyRow& row) {
  return row.suite.empty() ? "all" : shown(row.suite) + " " + shown(row.strategy);
}

std::string limits(const Slo& slo) {
  std::string out;
  const auto add = [&](std::string_view name, const std::optional<double>& limit) {
    if (limit) out += fmt::format("{}{} <= {} ms", out.empty() ? "" : ", ", name, *limit);
  };
  add("TTFT", slo.ttft_ms);
  add("TPOT", slo.tpot_ms);
  add("latency", slo.latency_ms);
  return out;
}

std::string goodput_line(const LatencyRow& row, const Slo& slo) {
  const Goodput& goodput = *row.goodput;
  std::string line = fmt::format("Goodput ({}, from scheduling): ", limits(slo));
  if (goodput.n == 0) return line + "no call has the times that this needs";
  line += fmt::format("{} % of {}, {} requests/s", percent(goodput.share),
                      plural(goodput.n, "call"), rate(row, goodput.per_second));
  if (goodput.n < row.calls)
    line += fmt::format("; {} without the times that this needs", row.calls - goodput.n);
  return line;
}

std::string counts_line(const LatencyRow& row) {
  std::string line = fmt::format("{}: {}", row_name(row), plural(row.calls, "call"));
  if (row.retried > 0) line += fmt::format(", {} sent more than once", row.retried);
  if (row.untimed > 0) line += fmt::format(", {} without times left out", row.untimed);
  if (row.from_cache > 0) line += fmt::format("; {} more from the cache left out", row.from_cache);
  return line;
}

std::string spreads_table(const LatencyRow& row) {
  Table table({{"ms", false}, {"n"}, {"mean"}, {"p50"}, {"p90"}, {"p99"}, {"max"}});
  const auto add = [&](std::string name, const Spread& spread) {
    table.add({std::move(name), std::to_string(spread.n), cell(spread, &Spread::mean),
               cell(spread, &Spread::p50), cell(spread, &Spread::p90), cell(spread, &Spread::p99),
               cell(spread, &Spread::max)});
  };
  add("TTFT", row.ttft_ms);
  add("TTFT (scheduled)", row.ttft_scheduled_ms);
  add("ITL", row.itl_ms);
  add("TPOT", row.tpot_ms);
  add("latency", row.latency_ms);
  add("latency (scheduled)", row.latency_scheduled_ms);
  return table.text();
}

std::string full_row(const LatencyRow& row, const std::optional<Slo>& slo, int width) {
  std::string out = wrapped(counts_line(row), width);
  if (row.calls == 0) return out;
  out += spreads_table(row);
  if (row.busy_seconds > 0)
    out += wrapped(
        fmt::format(
            "Throughput: {} output tokens/s and {} requests/s over {:.2f} s with calls under "
            "way; a request: {} tokens/s (median)",
            amount(row.tokens_per_second), amount(row.requests_per_second), row.busy_seconds,
            amount(row.request_tokens_per_second.p50)),
        width);
  if (row.server.n > 0)
    out += wrapped(
        fmt::format("The server's own medians, of {}: queue {}, prompt {}, completion {} "
                    "ms",
                    plural(row.server.n, "call"), milliseconds(row.server.queue_ms),
                    milliseconds(row.server.prompt_ms), milliseconds(row.server.completion_ms)),
        width);
  if (slo && row.goodput) out += wrapped(goodput_line(row, *slo), width);
  return out;
}

// One line a row; what does not fit is left out.
std::string short_table(const std::vector<const LatencyRow*>& rows, int width) {
  Table table({{"calls of", false},
               {"n"},
               {"TTFT p50"},
               {"p99"},
               {"TPOT p50"},
               {"p99"},
               {"latency p50"},
               {"p99"},
               {"tokens/s"},
               {"requests/s"}});
  for (const LatencyRow* row : rows)
    table.add({row_name(*row), std::to_string(row->calls), cell(row->ttft_ms, &Spread::p50),
               cell(row->ttft_ms, &Spread::p99), cell(row->tpot_ms, &Spread::p50),
               cell(row->tpot_ms, &Spread::p99), cell(row->latency_ms, &Spread::p50),
               cell(row->latency_ms, &Spread::p99), rate(*row, row->tokens_per_second),
               rate(*row, row->requests_per_second)});
  return table.width() <= width ? table.text() : table.select({0, 1, 2, 3, 6, 7, 8}).text();
}

}  // namespace

std::string latency_text(const Report& report, const ReportStyle& style) {
  const Latency& latency = report.latency;
  const bool is_remote = !report.run.traffic.empty();
  if (!style.latency && !is_remote && !latency.slo && !style.is_simulated) return "";
  std::string out = heading("Latency (ms, from sending unless \"scheduled\")", style);
  if (is_remote) out += wrapped("Traffic: " + shown(report.run.traffic), style.width);
  std::vector<const LatencyRow*> rows;
  for (const LatencyRow& row : latency.rows) rows.push_back(&row);
  if (rows.size() != 1) rows.push_back(&latency.all);
  if (style.latency) {
    for (const LatencyRow* row : rows)
      out += (row == rows.front() ? "" : "\n") + full_row(*row, latency.slo, style.width);
    return out;
  }
  out += short_table(rows, style.width);
  if (latency.slo) out += wrapped(goodput_line(latency.all, *latency.slo), style.width);
  return out;
}

std::string cost_text(const Report& report, const ReportStyle& style) {
  const std::optional<Price>& price = report.run.price;
  if (!price)
    return report.run.traffic.empty() || style.is_simulated
               ? ""
               : heading("Cost in US dollars", style) +
                     wrapped("unknown: there is no price for this model (--prices FILE has one)",
                             style.width);
  const auto or_none = [](const std::optional<double>& usd) { return usd ? dollars(*usd) : "-"; };
  Table table({{"suite", false},
               {"strategy", false},
               {"a sample"},
               {"a right answer"},
               {"in all"},
               {"saved by the cache"}});
  for (const SuiteRow& row : report.rows)
    if (row.cost_usd)
      table.add({shown(row.suite), shown(row.strategy), or_none(row.cost_usd->per_sample),
                 or_none(row.cost_usd->per_right), dollars(row.cost_usd->paid),
                 dollars(row.cost_usd->from_cache)});
  return heading("Cost in US dollars", style) + table.text() +
         wrapped(
             fmt::format("All calls of the answered samples, thrown-away ones included; a "
                         "million tokens: prompt ${}, cached ${}, completion ${} (as of {}, {})",
                         price->prompt_usd, price->cached_usd, price->completion_usd,
                         shown(price->as_of), shown(price->source)),
             style.width);
}

}  // namespace evalrun
