// What holds for every call graph and machine, and where "faster hardware ends sooner" holds.
//
// A list scheduler has anomalies (Graham, "Bounds on multiprocessing timing anomalies", 1969): on a
// faster machine a call can end sooner, its follower enter another batch, and all end later. So:
// - all times scale with all passes, exactly, on any graph;
// - where calls never meet (chains, one sample at a time), a machine that is faster in any pass and
//   slower in none ends no call later, and a longer prompt ends none sooner. The pieces of a prompt
//   must be the same for both (chunk_tokens_for and the placement on a wafer choose by machine);
// - in a closed loop on one stage (all GPUs here) everything happens at the ends of one row of
//   passes, so who is in which pass does not depend on their times: the same promise on any graph;
// - elsewhere only bounds that themselves never rise with a faster machine are promised.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "hw/sim/gpu_cost.h"
#include "hw/sim/server.h"
#include "hw/sim/server_fixture.h"
#include "hw/sim/test_machines.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

constexpr double kRounding = 1e-9;  // relative
const TokenRange kReal = {
    .prompt_min = 1, .prompt_max = 3000, .completion_min = 0, .completion_max = 600};

Timeline played(const CallGraph& graph, const CostModel& cost, const ServerOptions& options) {
  Result<Timeline> timeline = play(graph, cost, options);
  EXPECT_TRUE(timeline) << timeline.error().message;
  if (timeline) return std::move(*timeline);
  Timeline none;
  none.calls.resize(graph.size());
  return none;
}

std::unique_ptr<CostModel> gpus(const GpuSpec& gpu, const char* model, int count) {
  return std::make_unique<GpuCost>(gpu, test_shapes().at(model), GpuOptions{.gpus = count});
}
GpuSpec h100() { return std::get<GpuSpec>(test_machines().at("h100").spec); }

std::unique_ptr<CostModel> wafers(const WaferSpec& spec, const char* model,
                                  const WaferOptions& options = {}) {
  auto cost = WaferCost::make(spec, test_shapes().at(model), options);
  EXPECT_TRUE(cost) << cost.error().message;
  return std::make_unique<WaferCost>(std::move(*cost));
}

std::vector<std::unique_ptr<CostModel>> real_machines() {
  std::vector<std::unique_ptr<CostModel>> machines;
  machines.push_back(gpus(h100(), "llama3.1-8b", 1));
  machines.push_back(gpus(h100(), "llama3.1-70b", 8));
  for (const char* model : {"llama3.1-8b", "llama3.1-70b", "llama3.1-405b"})
    machines.push_back(wafers(wse3(), model));
  return machines;
}

// ---- invariants

void check_calls(const CallGraph& graph, const Timeline& timeline) {
  double end_s = 0;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const CallTimes& times = timeline.calls[i];
    EXPECT_GE(times.ready_s, 0) << i;
    EXPECT_LE(times.ready_s, times.start_s) << i;
    EXPECT_LT(times.start_s, times.first_s) << i;
    EXPECT_LE(times.first_s, times.done_s) << i;
    EXPECT_EQ(times.first_s<times.done_s, graph.call(i).completion_tokens> 1) << i;
    // Sent at the very moment when the last one that it waits for has ended.
    double before_s = 0;
    for (const std::int32_t before : graph.after(i))
      before_s = std::max(before_s, timeline.calls[std::size_t(before)].done_s);
    if (!graph.after(i).empty()) {
      EXPECT_EQ(times.ready_s, before_s) << i;
    }
    end_s = std::max(end_s, times.done_s);
  }
  EXPECT_EQ(timeline.end_s, end_s);
}

void check_sums(const CallGraph& graph, const Timeline& timeline) {
  std::int64_t prompts = 0, completions = 0;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    prompts += graph.call(i).prompt_tokens;
    completions += graph.call(i).completion_tokens;
  }
  EXPECT_EQ(timeline.computed_prompt_tokens + timeline.reused_prompt_tokens, prompts);
  EXPECT_EQ(timeline.completion_tokens, completions);
  EXPECT_LE(timeline.busy_stage_s, timeline.stages * timeline.end_s * (1 + kRounding));
}

void check_load(const Timeline& timeline, const CostModel& cost, const ServerOptions& options) {
  EXPECT_LE(timeline.kv_peak_tokens, cost.kv_capacity_tokens());
  double last_s = 0;
  std::int64_t peak = 0;
  for (const LoadPoint& point : timeline.load) {
    EXPECT_GE(point.at_s, last_s);
    EXPECT_GE(point.running, 0);
    EXPECT_LE(point.running, options.sequences_max);
    EXPECT_GE(point.waiting, 0);
    EXPECT_EQ(point.kv_tokens > 0, point.running > 0);
    last_s = point.at_s;
    peak = std::max(peak, point.kv_tokens);
  }
  EXPECT_EQ(peak, timeline.kv_peak_tokens);
}

// At most so many samples between their first call's sending and their last call's end.
void check_closed_loop(const CallGraph& graph, const Timeline& timeline, int concurrency) {
  const double forever = std::numeric_limits<double>::infinity();
  std::vector<double> begin_s(std::size_t(graph.samples()), forever), end_s(begin_s.size(), 0);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const auto sample = std::size_t(graph.call(i).sample);
    begin_s[sample] = std::min(begin_s[sample], timeline.calls[i].ready_s);
    end_s[sample] = std::max(end_s[sample], timeline.calls[i].done_s);
  }
  for (const double at_s : begin_s) {
    int in_flight = 0;
    for (std::size_t s = 0; s < begin_s.size(); ++s)
      in_flight += begin_s[s] <= at_s && at_s < end_s[s];
    EXPECT_LE(in_flight, concurrency > 0 ? concurrency : graph.samples());
  }
  // Somebody is always at work, for no longer than the passes take one after the other.
  EXPECT_LE(timeline.end_s, timeline.busy_stage_s * (1 + kRounding));
}

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.empty() || a.size() != b.size()) return a.empty() && b.empty();
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

void check_all(const CallGraph& graph, const CostModel& cost, const ServerOptions& options) {
  const Timeline timeline = played(graph, cost, options);
  check_calls(graph, timeline);
  check_sums(graph, timeline);
  check_load(timeline, cost, options);
  if (options.arrivals_s.empty()) check_closed_loop(graph, timeline, options.concurrency);
  const Timeline again = played(graph, cost, options);
  EXPECT_TRUE(same_bytes(timeline.calls, again.calls));
  EXPECT_EQ(timeline.busy_stage_s, again.busy_stage_s);
  EXPECT_EQ(timeline.load.size(), again.load.size());
}

void check_random(std::mt19937& random, const CallGraph& graph, const CostModel& cost,
                  double mean_gap_s) {
  ServerOptions options = {.concurrency = int(random() % 5),
                           .shares_prefixes = random() % 4 != 0,
                           .sequences_max = random() % 2 ? 256 : 1 + std::int64_t(random() % 9),
                           .chunk_tokens = random() % 2 ? 0 : 1 + std::int64_t(random() % 700),
                           .records_load = true};
  std::vector<double> arrivals_s;
  std::exponential_distribution<double> gap(1 / mean_gap_s);
  for (std::int32_t s = 0; random() % 2 && s < graph.samples(); ++s)
    arrivals_s.push_back((s ? arrivals_s.back() : 0) + gap(random));
  arrivals_s.resize(arrivals_s.empty() ? 0 : std::size_t(graph.samples()),
                    arrivals_s.empty() ? 0 : arrivals_s.back());
  options.arrivals_s = arrivals_s;
  check_all(graph, cost, options);
}

TEST(ServerInvariants, HoldForToyMachines) {
  for (unsigned seed = 0; seed < 1000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const CallGraph graph = random_graph(random, 1 + int(random() % 8), {});
    ToyCost cost = exact_toy(random, 1 + int(random() % 7));
    cost.capacity_tokens = random() % 2 ? 85 + std::int64_t(random() % 300) : 1'000'000;
    check_random(random, graph, cost, 20);
  }
}

TEST(ServerInvariants, HoldForRealMachines) {
  for (const auto& cost : real_machines())
    for (unsigned seed = 0; seed < 60 && !testing::Test::HasFailure(); ++seed) {
      SCOPED_TRACE(seed);
      std::mt19937 random(seed);
      const CallGraph graph = random_graph(random, 1 + int(random() % 20), kReal);
      check_random(random, graph, *cost, 2);
    }
}

// ---- scaling

struct Scaled : CostModel {
  const CostModel& cost;
  double factor;
  Scaled(const CostModel& c, double f) : cost(c), factor(f) {}
  using CostModel::pass_s;
  double pass_s(const Batch& batch) const override { return factor * cost.pass_s(batch); }
  int stages() const override { return cost.stages(); }
  std::int64_t chunk_tokens() const override { return cost.chunk_tokens(); }
  std::int64_t kv_capacity_tokens() const override { return cost.kv_capacity_tokens(); }
  double power_w() const override { return cost.power_w(); }
  double price_usd() const override { return cost.price_usd(); }
};

// By a power of two, so that nothing rounds otherwise.
TEST(ServerMonotony, TimesScaleWithAllPasses) {
  for (const auto& cost : real_machines())
    for (unsigned seed = 0; seed < 10; ++seed) {
      std::mt19937 random(seed);
      const CallGraph graph = random_graph(random, 10, kReal);
      const Timeline one = played(graph, *cost, {.concurrency = 4});
      const Timeline four = played(graph, Scaled(*cost, 4), {.concurrency = 4});
      for (std::size_t i = 0; i < graph.size(); ++i) {
        EXPECT_EQ(4 * one.calls[i].ready_s, four.calls[i].ready_s);
        EXPECT_EQ(4 * one.calls[i].start_s, four.calls[i].start_s);
        EXPECT_EQ(4 * one.calls[i].first_s, four.calls[i].first_s);
        EXPECT_EQ(4 * one.calls[i].done_s, four.calls[i].done_s);
      }
      EXPECT_EQ(4 * one.busy_stage_s, four.busy_stage_s);
    }
}

// ---- calls that never meet

CallGraph chains(unsigned seed, const TokenRange& range) {
  std::mt19937 random(seed);
  RandomGraph made(random, range);
  for (std::int32_t s = 0; s < 6; ++s) made.add_chain(s, 1 + int(random() % 5));
  return std::move(made.graph);
}

void expect_never_later(const CallGraph& graph, const CostModel& faster, const CostModel& slower,
                        const ServerOptions& options = {.concurrency = 1, .chunk_tokens = 256}) {
  const Timeline soon = played(graph, faster, options);
  const Timeline late = played(graph, slower, options);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    EXPECT_LE(soon.calls[i].first_s, late.calls[i].first_s * (1 + kRounding)) << i;
    EXPECT_LE(soon.calls[i].done_s, late.calls[i].done_s * (1 + kRounding)) << i;
  }
}

TEST(ServerMonotony, AFasterGpuEndsNoChainLater) {
  const auto slower = gpus(h100(), "llama3.1-70b", 8);
  for (Quantity GpuSpec::*what :
       {&GpuSpec::memory_bytes_per_s, &GpuSpec::link_bytes_per_s, &GpuSpec::bf16_flops_per_s}) {
    GpuSpec spec = h100();
    (spec.*what).value *= 1.3;
    const auto faster = gpus(spec, "llama3.1-70b", 8);
    for (unsigned seed = 0; seed < 10; ++seed)
      expect_never_later(chains(seed, kReal), *faster, *slower);
  }
}

TEST(ServerMonotony, AFasterWaferEndsNoChainLater) {
  const auto base = WaferCost::make(wse3(), test_shapes().at("llama3.1-70b"));
  ASSERT_TRUE(base);
  const WaferOptions same_place = {.decode_side = base->placement().decode_side,
                                   .prefill_side = base->placement().prefill_side,
                                   .wafers = base->placement().wafers};
  for (const auto& [what, factor] : {std::pair(&WaferSpec::clock_hz, 1.1),
                                     {&WaferSpec::hop_cycles, 0.5},
                                     {&WaferSpec::link_bytes_per_cycle, 2.0},
                                     {&WaferSpec::io_bytes_per_s, 2.0},
                                     {&WaferSpec::sram_bytes_per_core_per_cycle, 1.5}}) {
    WaferSpec spec = wse3();
    (spec.*what).value *= factor;
    const auto faster = wafers(spec, "llama3.1-70b", same_place);
    ASSERT_EQ(faster->stages(), base->stages());
    for (unsigned seed = 0; seed < 10; ++seed)
      expect_never_later(chains(seed, kReal), *faster, *base);
  }
}

// Without sharing: a longer prompt can lend more to the next one.
TEST(ServerMonotony, ALongerPromptEndsNoChainSooner) {
  for (const auto& cost : real_machines())
    for (unsigned seed = 0; seed < 10; ++seed) {
      const CallGraph graph = chains(seed, kReal);
      CallGraph longer;
      std::mt19937 random(seed);
      const std::size_t changed = random() % graph.size();
      for (std::size_t i = 0; i < graph.size(); ++i) {
        GraphCall call = graph.call(i);
        if (i == changed) call.prompt_tokens += 1 + std::int32_t(random() % 300);
        longer.add(call, graph.after(i));
      }
      const ServerOptions one_by_one = {.concurrency = 1, .shares_prefixes = false};
      const Timeline soon = played(graph, *cost, one_by_one);
      const Timeline late = played(longer, *cost, one_by_one);
      for (std::size_t i = 0; i < graph.size(); ++i)
        EXPECT_LE(soon.calls[i].done_s, late.calls[i].done_s * (1 + kRounding));
      EXPECT_LT(soon.calls[changed].done_s, late.calls[changed].done_s);
    }
}

// ---- calls that meet

TEST(ServerMonotony, AFasterMachineOfOneStageEndsNoCallLater) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    const CallGraph graph = random_graph(random, 1 + int(random() % 8), {});
    ToyCost slow = exact_toy(random, 1);
    slow.capacity_tokens = random() % 2 ? 85 + std::int64_t(random() % 300) : 1'000'000;
    ToyCost fast = slow;
    for (double ToyCost::*part : {&ToyCost::start_s, &ToyCost::sequence_s, &ToyCost::context_s,
                                  &ToyCost::prompt_s, &ToyCost::cached_s})
      fast.*part *= double(1 + random() % 10) / 10;
    expect_never_later(graph, fast, slow, {.concurrency = int(random() % 4), .chunk_tokens = 32});
  }
}

TEST(ServerMonotony, AFasterGpuEndsNoCallLater) {
  const auto slower = gpus(h100(), "llama3.1-70b", 8);
  GpuSpec spec = h100();
  spec.memory_bytes_per_s.value *= 1.3;
  const auto faster = gpus(spec, "llama3.1-70b", 8);
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    expect_never_later(random_graph(random, 10, kReal), *faster, *slower, {.concurrency = 4});
  }
}

// What the passes of a graph come to, whatever the order, with cached_s = 0 and nothing shared:
// their linear part is given; only the starts depend on who shares a pass. A pass with a prompt
// ends one or is full; one without gives somebody a token.
struct Bounds {
  double work_min_s = 0, work_max_s = 0;  // all passes together
  double path_s = 0;                      // the longest path of calls, each alone
};

Bounds bounds_of(const CallGraph& graph, const ToyCost& cost, std::int64_t chunk_tokens) {
  Bounds bounds;
  double linear_s = 0, prompts = 0, decoded = 0;
  std::vector<double> path_s(graph.size());
  for (std::size_t i = 0; i < graph.size(); ++i) {  // the fixture's calls wait for earlier ones
    const GraphCall& call = graph.call(i);
    const double more = std::max(0, call.completion_tokens - 1);
    const double contexts = more * call.prompt_tokens + more * (more - 1) / 2;
    const double decode_s = more * cost.sequence_s + contexts * cost.context_s;
    linear_s += call.prompt_tokens * cost.prompt_s + decode_s;
    prompts += call.prompt_tokens;
    decoded += more;
    for (const std::int32_t before : graph.after(i))
      path_s[i] = std::max(path_s[i], path_s[std::size_t(before)]);
    path_s[i] += (1 + more) * cost.start_s + call.prompt_tokens * cost.prompt_s / cost.stage_count +
                 decode_s;
    bounds.path_s = std::max(bounds.path_s, path_s[i]);
  }
  bounds.work_min_s = linear_s + cost.start_s;
  bounds.work_max_s =
      linear_s + cost.start_s * (double(graph.size()) + prompts / double(chunk_tokens) + decoded);
  return bounds;
}

TEST(ServerMonotony, AnyGraphStaysWithinBoundsThatFallWithAFasterMachine) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    CallGraph graph;
    while (graph.size() == 0) graph = random_graph(random, 1 + int(random() % 6), {});
    ToyCost slow = exact_toy(random, 1 + int(random() % 5));
    slow.cached_s = 0;
    ToyCost fast = slow;
    for (double ToyCost::*part :
         {&ToyCost::start_s, &ToyCost::sequence_s, &ToyCost::context_s, &ToyCost::prompt_s})
      fast.*part *= double(1 + random() % 10) / 10;
    const ServerOptions options = {
        .concurrency = int(random() % 4), .shares_prefixes = false, .chunk_tokens = 32};
    for (const ToyCost& cost : {slow, fast}) {
      const Bounds bounds = bounds_of(graph, cost, options.chunk_tokens);
      const Timeline timeline = played(graph, cost, options);
      EXPECT_GE(timeline.busy_stage_s, bounds.work_min_s * (1 - kRounding));
      EXPECT_LE(timeline.busy_stage_s, bounds.work_max_s * (1 + kRounding));
      EXPECT_GE(timeline.end_s, bounds.work_min_s / cost.stage_count * (1 - kRounding));
      EXPECT_GE(timeline.end_s, bounds.path_s * (1 - kRounding));
      EXPECT_LE(timeline.end_s, bounds.work_max_s * (1 + kRounding));
    }
    const Bounds slow_bounds = bounds_of(graph, slow, options.chunk_tokens);
    const Bounds fast_bounds = bounds_of(graph, fast, options.chunk_tokens);
    EXPECT_LE(fast_bounds.work_max_s, slow_bounds.work_max_s);
    EXPECT_LE(fast_bounds.path_s, slow_bounds.path_s);
  }
}

// So that nobody promises more: a pipeline in closed loop, found by trying.
TEST(ServerMonotony, AFasterPipelineCanEndLater) {
  int later = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    std::mt19937 random(seed);
    const CallGraph graph = random_graph(random, 3, {});
    const ToyCost slow = exact_toy(random, 2);
    ToyCost fast = slow;
    fast.prompt_s /= 2;
    const ServerOptions options = {.concurrency = 2, .chunk_tokens = 32};
    later += played(graph, fast, options).end_s > played(graph, slow, options).end_s;
  }
  EXPECT_GT(later, 0);
}

}  // namespace
}  // namespace evalrun::sim
