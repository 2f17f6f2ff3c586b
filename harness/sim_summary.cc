#include "harness/sim_summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace evalrun {
namespace {

constexpr double kHoursAYear = 8766;

SimStep& step_of(std::vector<SimStep>& steps, const std::string& name) {
  const auto found = std::ranges::find(steps, name, &SimStep::step);
  return found != steps.end() ? *found : steps.emplace_back(name);
}

void add_calls(const StrategyPlay& play, SimRow& row) {
  std::vector<double> ttft_ms;
  double rates = 0;
  std::int64_t with_rate = 0;
  for (std::size_t i = 0; i < play.calls->steps.size(); ++i) {
    const sim::CallTimes& t = play.timeline.calls[i];
    SimStep& step = step_of(row.steps, play.calls->steps[i].use->step);
    ++step.calls;
    step.seconds += t.done_s - t.ready_s;
    step.wait_seconds += t.start_s - t.ready_s;
    step.ttft_seconds += t.first_s - t.ready_s;
    ttft_ms.push_back((t.first_s - t.ready_s) * 1e3);
    if (t.done_s <= t.first_s) continue;
    rates += (play.calls->graph.call(i).completion_tokens - 1) / (t.done_s - t.first_s);
    ++with_rate;
  }
  for (SimStep& step : row.steps)
    for (double* sum : {&step.seconds, &step.wait_seconds, &step.ttft_seconds})
      *sum /= double(step.calls);
  row.ttft_ms = spread_of(std::move(ttft_ms));
  row.tokens_per_s_a_call = with_rate > 0 ? rates / double(with_rate) : 0;
}

}  // namespace

SimRow summary_of(const SimTarget& target, const StrategyPlay& play, const SimPrices& prices) {
  const sim::Timeline& timeline = play.timeline;
  SimRow row;
  row.machine = target.name;
  row.as = target.as;
  row.title = target.title;
  row.assumed = target.assumed;
  row.strategy = play.calls->strategy;
  row.stages = timeline.stages;
  row.is_wafer = target.is_wafer;
  row.answered = play.calls->answered;
  row.samples = std::int64_t(play.sample_s.size());
  row.calls = std::int64_t(timeline.calls.size());
  row.sample_s = spread_of(play.sample_s);
  add_calls(play, row);
  row.end_s = timeline.end_s;
  row.utilisation = timeline.utilisation();
  const double prompts = double(timeline.computed_prompt_tokens + timeline.reused_prompt_tokens);
  row.reused = prompts > 0 ? double(timeline.reused_prompt_tokens) / prompts : 0;
  if (timeline.end_s > 0) row.tokens_per_s = double(timeline.completion_tokens) / timeline.end_s;
  const double samples = double(std::max<std::int64_t>(row.samples, 1));
  row.kj_per_sample = target.cost->power_w() * timeline.end_s / samples / 1e3;
  if (target.cost->price_usd() > 0) {
    const double hours = timeline.end_s / 3600;
    row.usd_per_sample = (target.cost->price_usd() * hours / (prices.years * kHoursAYear) +
                          target.cost->power_w() / 1e3 * hours * prices.usd_per_kwh) /
                         samples;
  }
  return row;
}

}  // namespace evalrun
