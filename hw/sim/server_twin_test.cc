#include <gtest/gtest.h>

#include "hw/sim/gpu_cost.h"
#include "hw/sim/server.h"
#include "hw/sim/server_fixture.h"
#include "hw/sim/server_twin.h"
#include "hw/sim/test_machines.h"
#include "hw/sim/wafer_cost.h"

namespace evalrun::sim {
namespace {

// `tolerance` is relative; 0: equal.
void expect_near(double twin, double fast, double tolerance, const char* what, std::size_t i) {
  EXPECT_LE(std::abs(twin - fast), tolerance * std::abs(twin)) << what << " of call " << i;
}

void expect_same(const Timeline& twin, const Timeline& fast, double tolerance) {
  ASSERT_EQ(twin.calls.size(), fast.calls.size());
  for (std::size_t i = 0; i < twin.calls.size(); ++i) {
    expect_near(twin.calls[i].ready_s, fast.calls[i].ready_s, tolerance, "ready", i);
    expect_near(twin.calls[i].start_s, fast.calls[i].start_s, tolerance, "start", i);
    expect_near(twin.calls[i].first_s, fast.calls[i].first_s, tolerance, "first token", i);
    expect_near(twin.calls[i].done_s, fast.calls[i].done_s, tolerance, "end", i);
  }
  expect_near(twin.end_s, fast.end_s, tolerance, "last end", 0);
  expect_near(twin.busy_stage_s, fast.busy_stage_s, tolerance, "work", 0);
  EXPECT_EQ(twin.computed_prompt_tokens, fast.computed_prompt_tokens);
  EXPECT_EQ(twin.reused_prompt_tokens, fast.reused_prompt_tokens);
  EXPECT_EQ(twin.completion_tokens, fast.completion_tokens);
  EXPECT_EQ(twin.kv_peak_tokens, fast.kv_peak_tokens);
}

void compare(const CallGraph& graph, const CostModel& cost, const ServerOptions& options,
             double tolerance) {
  const Result<Timeline> fast = play(graph, cost, options);
  ASSERT_TRUE(fast) << fast.error().message;
  expect_same(ServerTwin(graph, cost, options).play(), *fast, tolerance);
}

struct Arrivals {
  std::vector<double> at_s;  // empty: closed loop
  ServerOptions options;
};

// Open or closed loop, few or many sequences, short or long pieces, sharing or not.
Arrivals random_options(std::mt19937& random, const CallGraph& graph) {
  Arrivals made;
  if (random() % 2)
    for (std::int32_t s = 0; s < graph.samples(); ++s)
      made.at_s.push_back((s ? made.at_s.back() : 0) + double(random() % 40'000) / 1024);
  made.options.concurrency = int(random() % 5);
  made.options.sequences_max = random() % 3 ? 256 : 1 + random() % 6;
  made.options.chunk_tokens = random() % 3 ? 1 + random() % 30 : 2048;
  made.options.shares_prefixes = random() % 4 != 0;
  return made;
}

void compare_random(unsigned seed, int stages) {
  SCOPED_TRACE(testing::Message() << "seed " << seed << ", stages " << stages);
  std::mt19937 random(seed);
  const CallGraph graph = random_graph(random, 1 + int(random() % 5), {});
  ToyCost cost = exact_toy(random, stages);
  cost.capacity_tokens = random() % 2 ? 85 + std::int64_t(random() % 300) : 1'000'000;
  Arrivals made = random_options(random, graph);
  made.options.arrivals_s = made.at_s;
  compare(graph, cost, made.options, 0);
}

// All seconds are multiples of 2^-10, so the two must be equal to the last bit, ties included.
TEST(ServerTwin, OneStageIsEqual) {
  for (unsigned seed = 0; seed < 1500 && !testing::Test::HasFailure(); ++seed)
    compare_random(seed, 1);
}

TEST(ServerTwin, APipelineIsEqual) {
  for (unsigned seed = 0; seed < 1500 && !testing::Test::HasFailure(); ++seed)
    compare_random(1000 + seed, 2 << seed % 3);
}

// Costs of any digits: sums of another order round otherwise. Closed loop, one stage: no two
// moments are compared, so nothing else can differ.
TEST(ServerTwin, AnyCostIsEqualButForRounding) {
  for (unsigned seed = 0; seed < 200 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> some(0, 1);
    ToyCost cost;
    cost.start_s = some(random), cost.sequence_s = some(random) / 10;
    cost.context_s = some(random) / 100, cost.prompt_s = some(random) / 10;
    cost.cached_s = some(random) / 100;
    const CallGraph graph = random_graph(random, 4, {});
    compare(graph, cost, {.concurrency = 2, .chunk_tokens = 16}, 1e-9);
  }
}

GpuCost h100(const char* model, int gpus) {
  return {
      std::get<GpuSpec>(test_machines().at("h100").spec), test_shapes().at(model), {.gpus = gpus}};
}

WaferCost cs3(const char* model) {
  auto cost = WaferCost::make(wse3(), test_shapes().at(model));
  EXPECT_TRUE(cost);
  return *cost;
}

const TokenRange kReal = {
    .prompt_min = 50, .prompt_max = 3000, .completion_min = 0, .completion_max = 200};

// Contexts enter a GPU's pass in a straight line.
TEST(ServerTwin, GpusAreEqualButForRounding) {
  for (unsigned seed = 0; seed < 15; ++seed) {
    std::mt19937 random(seed);
    const CallGraph graph = random_graph(random, 3, kReal);
    compare(graph, h100("llama3.1-8b", 1), {.concurrency = 2, .chunk_tokens = 512}, 1e-9);
  }
}

// A wafer's cores hold whole positions, which the server's straight line smooths out. A token more
// or less a core is a few cycles of ten thousand.
TEST(ServerTwin, AWaferIsEqualButForWholePositionsACore) {
  for (unsigned seed = 0; seed < 15; ++seed) {
    std::mt19937 random(seed);
    const CallGraph graph = random_graph(random, 3, kReal);
    compare(graph, cs3("llama3.1-8b"), {.concurrency = 2, .chunk_tokens = 512}, 5e-3);
  }
}

}  // namespace
}  // namespace evalrun::sim
