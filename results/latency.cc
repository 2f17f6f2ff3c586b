#include "results/latency.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "harness/core/text.h"
#include "results/busy.h"

namespace evalrun {
namespace {

double ms(std::int64_t us) { return double(us) * 1e-3; }

// What one call tells, in milliseconds; none where a time is missing or comes before its begin.
struct CallTimes {
  std::optional<double> ttft;
  std::optional<double> ttft_scheduled;
  std::optional<double> tpot;
  std::optional<double> latency;  // none: the call is untimed
  std::optional<double> latency_scheduled;
};

CallTimes times_of(const Completion& c) {
  CallTimes times;
  if (c.sent_us <= 0 || c.done_us < c.sent_us) return times;
  const bool is_scheduled = c.scheduled_us > 0 && c.scheduled_us <= c.sent_us;
  const bool has_first = c.first_us >= c.sent_us && c.first_us <= c.done_us;
  times.latency = ms(c.done_us - c.sent_us);
  if (is_scheduled) times.latency_scheduled = ms(c.done_us - c.scheduled_us);
  if (!has_first) return times;
  times.ttft = ms(c.first_us - c.sent_us);
  if (is_scheduled) times.ttft_scheduled = ms(c.first_us - c.scheduled_us);
  if (c.usage.completion >= 2)
    times.tpot = ms(c.done_us - c.first_us) / double(c.usage.completion - 1);
  return times;
}

// Whether every limit is met; none where a time is missing.
std::optional<bool> is_good(const CallTimes& times, std::int64_t tokens, const Slo& slo) {
  bool good = true;
  const auto is_known = [&](const std::optional<double>& limit,
                            const std::optional<double>& value) {
    if (limit && value) good = good && *value <= *limit;
    return !limit || value.has_value();
  };
  if (!is_known(slo.ttft_ms, times.ttft_scheduled)) return std::nullopt;
  if (!is_known(slo.latency_ms, times.latency_scheduled)) return std::nullopt;
  if (tokens >= 2 && !is_known(slo.tpot_ms, times.tpot)) return std::nullopt;
  return good;
}

// Collects the calls of one row.
class Collector {
 public:
  explicit Collector(const std::optional<Slo>& slo) {
    if (slo) goodput_.emplace(*slo, Goodput{});
  }

  void add(const Completion& c) {
    if (c.from_cache) {
      ++row_.from_cache;
      return;
    }
    ++row_.calls;
    row_.retried += c.attempts > 1;
    add_server(c.server);
    const CallTimes times = times_of(c);
    if (!times.latency) {
      ++row_.untimed;
      return;
    }
    add_times(c, times);
  }

  bool is_empty() const { return row_.calls + row_.from_cache == 0; }

  LatencyRow row(std::string suite, std::string strategy) &&;

 private:
  void add_server(const ServerTimes& server) {
    if (server == ServerTimes{}) return;
    queue_.push_back(ms(server.queue_us));
    prompt_.push_back(ms(server.prompt_us));
    completion_.push_back(ms(server.completion_us));
  }

  void add_times(const Completion& c, const CallTimes& times) {
    const auto keep = [](std::vector<double>& values, const std::optional<double>& value) {
      if (value) values.push_back(*value);
    };
    keep(ttft_, times.ttft);
    keep(ttft_scheduled_, times.ttft_scheduled);
    keep(tpot_, times.tpot);
    keep(latency_, times.latency);
    keep(latency_scheduled_, times.latency_scheduled);
    for (const auto& [bucket, count] : c.gaps) gaps_[bucket] += count;
    spans_.push_back({c.sent_us, c.done_us});
    row_.completion += c.usage.completion;
    if (*times.latency > 0)
      tokens_per_second_.push_back(double(c.usage.completion) / (*times.latency * 1e-3));
    if (!goodput_) return;
    auto& [slo, goodput] = *goodput_;
    const std::optional<bool> good = is_good(times, c.usage.completion, slo);
    goodput.n += good.has_value();
    goodput.good += good.value_or(false);
  }

  LatencyRow row_;
  std::vector<double> ttft_, ttft_scheduled_, tpot_, latency_, latency_scheduled_;  // ms
  std::vector<double> tokens_per_second_;
  std::vector<double> queue_, prompt_, completion_;  // ms
  GapCounts gaps_;
  std::vector<Span> spans_;
  std::optional<std::pair<Slo, Goodput>> goodput_;
};

Spread gap_spread(const GapCounts& gaps) {
  Spread spread;
  if (gaps.empty()) return spread;
  double sum_us = 0;
  for (const auto& [bucket, count] : gaps) {
    spread.n += count;
    sum_us += double(count) * gap_us(bucket);
  }
  spread.mean = sum_us * 1e-3 / double(spread.n);
  spread.p50 = gap_quantile_us(gaps, 0.5) * 1e-3;
  spread.p90 = gap_quantile_us(gaps, 0.9) * 1e-3;
  spread.p99 = gap_quantile_us(gaps, 0.99) * 1e-3;
  spread.max = gap_us(gaps.rbegin()->first) * 1e-3;
  return spread;
}

LatencyRow Collector::row(std::string suite, std::string strategy) && {
  row_.suite = std::move(suite);
  row_.strategy = std::move(strategy);
  const auto timed = std::int64_t(spans_.size());
  row_.busy_seconds = covered_seconds(std::move(spans_));
  const auto per_second = [&](double n) {
    return row_.busy_seconds > 0 ? n / row_.busy_seconds : 0;
  };
  row_.tokens_per_second = per_second(double(row_.completion));
  row_.requests_per_second = per_second(double(timed));
  row_.ttft_ms = spread_of(std::move(ttft_));
  row_.ttft_scheduled_ms = spread_of(std::move(ttft_scheduled_));
  row_.itl_ms = gap_spread(gaps_);
  row_.tpot_ms = spread_of(std::move(tpot_));
  row_.latency_ms = spread_of(std::move(latency_));
  row_.latency_scheduled_ms = spread_of(std::move(latency_scheduled_));
  row_.request_tokens_per_second = spread_of(std::move(tokens_per_second_));
  row_.server.n = std::int64_t(queue_.size());
  row_.server.queue_ms = spread_of(std::move(queue_)).p50;
  row_.server.prompt_ms = spread_of(std::move(prompt_)).p50;
  row_.server.completion_ms = spread_of(std::move(completion_)).p50;
  if (goodput_) {
    Goodput goodput = goodput_->second;
    if (goodput.n > 0) goodput.share = double(goodput.good) / double(goodput.n);
    goodput.per_second = per_second(double(goodput.good));
    row_.goodput = goodput;
  }
  return std::move(row_);
}

std::optional<double>* limit_named(Slo& slo, std::string_view name) {
  if (name == "ttft") return &slo.ttft_ms;
  if (name == "tpot") return &slo.tpot_ms;
  if (name == "latency" || name == "e2el") return &slo.latency_ms;
  return nullptr;
}

}  // namespace

Result<Slo> parse_slo(std::string_view text) {
  Slo slo;
  for (const std::string_view word : split(text, ',')) {
    const std::string said = "--slo: \"" + to_printable(word.substr(0, 60), true) + "\": ";
    const std::size_t at = word.find_first_of("=:");
    if (at == std::string_view::npos)
      return usage_error(said + "needs a name and milliseconds, such as ttft=500");
    std::optional<double>* limit = limit_named(slo, strip(word.substr(0, at)));
    if (limit == nullptr) return usage_error(said + "known are ttft, tpot and latency");
    if (*limit) return usage_error(said + "is given twice");
    const std::string_view number = strip(word.substr(at + 1));
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size() ||
        !std::isfinite(value) || value <= 0)
      return usage_error(said + "needs a number of milliseconds above 0");
    *limit = value;
  }
  if (!slo.ttft_ms && !slo.tpot_ms && !slo.latency_ms)
    return usage_error(
        "--slo: needs limits in milliseconds, such as ttft=500,tpot=50,latency=10000");
  return slo;
}

Spread spread_of(std::vector<double> values) {
  Spread spread;
  if (values.empty()) return spread;
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double p) {
    return values[std::size_t(std::max(std::ceil(p * double(values.size())), 1.0)) - 1];
  };
  spread.n = std::int64_t(values.size());
  for (const double value : values) spread.mean += value / double(values.size());
  spread.p50 = quantile(0.5);
  spread.p90 = quantile(0.9);
  spread.p99 = quantile(0.99);
  spread.max = values.back();
  return spread;
}

Latency latency_of(const RunInfo& run, std::span<const CallRecord> calls,
                   const std::optional<Slo>& slo) {
  using Key = std::pair<std::string_view, std::string_view>;
  std::map<Key, Collector> by_row;
  for (const PlannedSuite& suite : run.suites)
    for (const std::string& strategy : run.strategies)
      by_row.emplace(Key{suite.name, strategy}, Collector(slo));
  Collector all(slo);
  for (const CallRecord& call : calls) {
    if (call.completion.finish == Finish::error) continue;
    const auto row = by_row.find({call.key.suite, call.key.strategy});
    if (row == by_row.end()) continue;
    row->second.add(call.completion);
    all.add(call.completion);
  }
  Latency latency{slo, std::move(all).row("", ""), {}};
  for (const PlannedSuite& suite : run.suites)
    for (const std::string& strategy : run.strategies)
      if (Collector& row = by_row.at({suite.name, strategy}); !row.is_empty())
        latency.rows.push_back(std::move(row).row(suite.name, strategy));
  return latency;
}

}  // namespace evalrun
