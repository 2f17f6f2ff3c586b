#include "harness/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "harness/generate.h"

namespace evalrun {
namespace {

constexpr double kSecondsMax = 1e10;          // 300 years; microseconds of it fit into 64 bits
constexpr std::int64_t kEpochUs = 1'000'000;  // simulated time 0: a time of 0 would be "unknown"

// The records of the plan in its order: strategy, suite, sample, epoch.
using Order = std::map<std::tuple<std::size_t, std::size_t, std::size_t, int>, const SampleRecord*>;

std::unordered_map<std::string_view, std::size_t> places(const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::size_t> out;
  for (std::size_t i = 0; i < names.size(); ++i) out.emplace(names[i], i);
  return out;
}

Order in_order(const RunInfo& run, std::span<const SampleRecord> samples) {
  std::unordered_map<std::string_view, std::size_t> suites;
  std::vector<std::unordered_map<std::string_view, std::size_t>> ids;
  for (const PlannedSuite& suite : run.suites) {
    suites.emplace(suite.name, ids.size());
    ids.push_back(places(suite.samples));
  }
  const auto strategies = places(run.strategies);
  Order order;
  for (const SampleRecord& record : samples) {
    const auto suite = suites.find(record.suite);
    const auto strategy = strategies.find(record.strategy);
    if (!record.model_error.empty() || suite == suites.end() || strategy == strategies.end())
      continue;
    const auto id = ids[suite->second].find(record.sample);
    if (id == ids[suite->second].end()) continue;
    order[{strategy->second, suite->second, id->second, record.epoch}] = &record;
  }
  return order;
}

CallKey key_of(const SampleRecord& sample, const StepUse& use) {
  return {sample.suite, sample.sample, sample.epoch, sample.strategy, use.path};
}

bool has_tokens(const Usage& usage) { return usage.prompt > 0; }

bool is_too_long(const StepUse& use) {
  constexpr std::int64_t kTokensMax = std::numeric_limits<std::int32_t>::max() / 2;
  return use.usage.prompt > kTokensMax || use.usage.completion > kTokensMax ||
         use.shared_tokens > kTokensMax;
}

// The steps of one sample at the end of the graph.
Status add_sample(const SampleRecord& sample, const std::string& source, StrategyCalls& calls,
                  SimCalls& all) {
  const auto first = std::int32_t(calls.graph.size());
  const std::vector<StepUse>& steps = sample.answer.steps;
  const auto is_step = [&](std::int32_t i) { return i >= 0 && std::size_t(i) < steps.size(); };
  for (const StepUse& use : steps) {
    const std::string where = source + ": " + to_string(key_of(sample, use)) + ": ";
    if (!use.after)
      return input_error(source +
                         ": made by a version that did not record what calls wait for; make the "
                         "run again from its own calls: evalrun run --target recorded --from DIR");
    if (!has_tokens(use.usage)) all.without_tokens.push_back(to_string(key_of(sample, use)));
    if (is_too_long(use)) return input_error(where + "usage: more tokens than can be");
    std::vector<std::int32_t> after;
    for (const std::int32_t other : *use.after) {
      if (!is_step(other)) return input_error(where + "after: there is no such step");
      after.push_back(first + other);
    }
    const bool shares = is_step(use.shared_with);
    calls.graph.add({.sample = std::int32_t(calls.samples.size()),
                     .prompt_tokens = std::int32_t(use.usage.prompt),
                     .completion_tokens = std::int32_t(use.usage.completion),
                     .shared_with = shares ? first + use.shared_with : -1,
                     .shared_tokens = shares ? std::int32_t(use.shared_tokens) : 0},
                    after);
    calls.steps.push_back({&sample, &use});
    all.call_tokens_max = std::max(all.call_tokens_max, use.usage.prompt + use.usage.completion);
  }
  ++calls.answered;
  if (!steps.empty()) calls.samples.push_back(&sample);
  return {};
}

Status check_graphs(const SimCalls& calls, const std::string& source) {
  for (const StrategyCalls& strategy : calls.strategies)
    if (Status s = strategy.graph.check(); !s)
      return input_error(source + ": " + strategy.strategy + ": " + s.error().message);
  return {};
}

std::int64_t to_us(double seconds) { return std::llround(seconds * 1e6); }

}  // namespace

Result<SimCalls> sim_calls(const RunInfo& run, std::span<const SampleRecord> samples,
                           const std::string& source) {
  SimCalls calls;
  std::size_t last = run.strategies.size();  // of `calls`, as an index into the plan
  for (const auto& [place, record] : in_order(run, samples)) {
    if (std::get<0>(place) != last) {
      last = std::get<0>(place);
      calls.strategies.emplace_back().strategy = run.strategies[last];
    }
    if (Status s = add_sample(*record, source, calls.strategies.back(), calls); !s)
      return std::unexpected(s.error());
  }
  std::erase_if(calls.strategies, [](const StrategyCalls& s) { return s.steps.empty(); });
  if (!calls.without_tokens.empty()) return calls;
  if (Status s = check_graphs(calls, source); !s) return std::unexpected(s.error());
  return calls;
}

std::string load_words(const SimLoad& load) {
  if (load.request_rate > 0)
    return fmt::format("open loop, {} samples a second arrive (Poisson)", load.request_rate);
  if (load.concurrency == 0) return "closed loop, all samples at once";
  return fmt::format("closed loop, {} sample{} at a time", load.concurrency,
                     load.concurrency == 1 ? "" : "s");
}

Result<std::vector<StrategyPlay>> play_all(const SimCalls& calls, const SimTarget& target,
                                           const SimLoad& load) {
  std::vector<StrategyPlay> plays;
  for (const StrategyCalls& strategy : calls.strategies) {
    std::vector<double> arrivals;
    if (load.request_rate > 0)
      for (const std::int64_t us :
           arrivals_us(strategy.samples.size(), load.request_rate, load.seed))
        arrivals.push_back(double(us) * 1e-6);
    sim::ServerOptions options;
    options.concurrency = load.concurrency;
    options.arrivals_s = arrivals;
    options.shares_prefixes = load.shares_prefixes;
    options.records_load = load.records_load;
    auto timeline = sim::play(strategy.graph, *target.cost, options);
    if (!timeline) return std::unexpected(timeline.error());
    if (timeline->end_s > kSecondsMax)
      return input_error(fmt::format("{} as {}: takes {:.3g} s, more than {:g} can be shown",
                                     target.name, target.as, timeline->end_s, kSecondsMax));
    StrategyPlay play{&strategy, std::move(*timeline), {}};
    std::vector<double> begin(strategy.samples.size(), std::numeric_limits<double>::infinity());
    std::vector<double> end(strategy.samples.size(), 0);
    for (std::size_t i = 0; i < strategy.graph.size(); ++i) {
      const auto sample = std::size_t(strategy.graph.call(i).sample);
      begin[sample] = std::min(begin[sample], play.timeline.calls[i].ready_s);
      end[sample] = std::max(end[sample], play.timeline.calls[i].done_s);
    }
    for (std::size_t s = 0; s < begin.size(); ++s) play.sample_s.push_back(end[s] - begin[s]);
    plays.push_back(std::move(play));
  }
  return plays;
}

std::vector<CallRecord> simulated_records(std::span<const StrategyPlay> plays) {
  std::vector<CallRecord> records;
  std::int64_t start_us = kEpochUs;
  for (const StrategyPlay& play : plays) {
    for (std::size_t i = 0; i < play.calls->steps.size(); ++i) {
      const auto& [sample, use] = play.calls->steps[i];
      const sim::CallTimes& times = play.timeline.calls[i];
      CallRecord& record = records.emplace_back();
      record.key = key_of(*sample, *use);
      record.completion.finish = use->finish;
      record.completion.usage = use->usage;
      record.completion.scheduled_us = start_us + to_us(times.ready_s);
      record.completion.sent_us = record.completion.scheduled_us;
      record.completion.first_us = start_us + to_us(times.first_s);
      record.completion.done_us = start_us + to_us(times.done_s);
    }
    start_us += to_us(play.timeline.end_s) + kEpochUs;
  }
  return records;
}

std::string simulated_words(const SimTarget& target, const SimLoad& load) {
  std::string words = fmt::format("{} as {}, {}", target.title, target.as, load_words(load));
  if (!load.shares_prefixes) words += ", no prefix shared";
  for (const std::string& assumption : target.assumed) words += "; ASSUMED: " + assumption;
  return words;
}

}  // namespace evalrun
