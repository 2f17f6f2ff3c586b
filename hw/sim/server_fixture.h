// Toy machines and random call graphs for the tests and the bench of the simulated server.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "hw/sim/call_graph.h"
#include "hw/sim/cost.h"

namespace evalrun::sim {

// A pass whose seconds are a sum that one can add up by hand.
struct ToyCost : CostModel {
  double start_s = 0;     // of any pass
  double sequence_s = 0;  // a decoding sequence
  double context_s = 0;   // a token in the cache of a decoding sequence
  double prompt_s = 0;    // a prompt's token
  double cached_s = 0;    // a token in the cache under a piece of a prompt
  int stage_count = 1;
  std::int64_t capacity_tokens = 1'000'000;

  using CostModel::pass_s;
  double pass_s(const Batch& batch) const override {
    double seconds =
        start_s + sequence_s * double(batch.decoding) + context_s * double(batch.context);
    for (const PromptChunk& prompt : batch.prompts)
      seconds += prompt_s * double(prompt.tokens) + cached_s * double(prompt.context);
    return seconds;
  }
  int stages() const override { return stage_count; }
  std::int64_t kv_capacity_tokens() const override { return capacity_tokens; }
  double power_w() const override { return 0; }
  double price_usd() const override { return 0; }
};

// Every number a small multiple of 2^-10, so that sums of any order are exact and events that ought
// to be at one moment are at one moment. `stages` must be a power of two.
inline ToyCost exact_toy(std::mt19937& random, int stages) {
  const auto some = [&](unsigned max) {
    return double(stages) * double(random() % (max + 1)) / 1024;
  };
  ToyCost cost;
  cost.start_s = some(2000) + stages;
  cost.sequence_s = some(300);
  cost.context_s = some(20);
  cost.prompt_s = some(100);
  cost.cached_s = some(8);
  cost.stage_count = stages;
  return cost;
}

// Bounds of random token counts, both inclusive.
struct TokenRange {
  std::int32_t prompt_min = 1, prompt_max = 60;
  std::int32_t completion_min = 0, completion_max = 25;
};

class RandomGraph {
 public:
  RandomGraph(std::mt19937& random, const TokenRange& range) : random_(random), range_(range) {}

  // Each call waits for any of those before it, each with the same chance.
  void add_dag(std::int32_t sample, int calls) {
    const auto first = std::int32_t(graph.size());
    for (std::int32_t i = 0; i < calls; ++i) {
      std::vector<std::int32_t> after;
      for (std::int32_t j = 0; j < i; ++j)
        if (random_() % 3 == 0) after.push_back(first + j);
      const std::int32_t shared =
          i > 0 && random_() % 2 ? first + std::int32_t(random_() % unsigned(i)) : -1;
      add(sample, after, shared < first ? -1 : shared);
    }
  }

  void add_chain(std::int32_t sample, int calls) {
    std::int32_t last = -1;
    for (int i = 0; i < calls; ++i)
      last = last < 0 ? add(sample, {}, -1) : add(sample, {last}, last);
  }

  // Each candidate: `plans` of a plan and its execution, side by side, then a review and a final
  // answer. Then each candidate is rated. 3 and 3: 27 calls.
  void add_cepo(std::int32_t sample, int candidates, int plans) {
    std::vector<std::int32_t> finals;
    for (int c = 0; c < candidates; ++c) {
      std::vector<std::int32_t> executed;
      std::int32_t first_plan = -1;
      for (int p = 0; p < plans; ++p) {
        const std::int32_t plan = add(sample, {}, first_plan);
        if (first_plan < 0) first_plan = plan;
        executed.push_back(add(sample, {plan}, plan));
      }
      const std::int32_t review = add(sample, executed, -1);
      finals.push_back(add(sample, {review}, review));
    }
    for (int c = 0; c < candidates; ++c) add(sample, finals, -1);
  }

  CallGraph graph;

 private:
  std::int32_t add(std::int32_t sample, const std::vector<std::int32_t>& after,
                   std::int32_t shared_with) {
    GraphCall call = {.sample = sample,
                      .prompt_tokens = between(range_.prompt_min, range_.prompt_max),
                      .completion_tokens = between(range_.completion_min, range_.completion_max)};
    if (shared_with >= 0) {
      const GraphCall& other = graph.call(std::size_t(shared_with));
      call.shared_with = shared_with;
      call.shared_tokens =
          between(0, std::min(call.prompt_tokens, other.prompt_tokens + other.completion_tokens));
    }
    graph.add(call, after);
    return std::int32_t(graph.size()) - 1;
  }
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + std::int32_t(random_() % unsigned(high - low + 1));
  }

  std::mt19937& random_;
  const TokenRange range_;
};

// Chains, random graphs and CePO's by turns; with samples that have no calls now and then.
inline CallGraph random_graph(std::mt19937& random, int samples, const TokenRange& range) {
  RandomGraph made(random, range);
  for (std::int32_t s = 0; s < samples; ++s) switch (random() % 4) {
      case 0:
        made.add_dag(s, 1 + int(random() % 10));
        break;
      case 1:
        made.add_chain(s, 1 + int(random() % 6));
        break;
      case 2:
        made.add_cepo(s, 1 + int(random() % 3), 1 + int(random() % 3));
        break;
    }
  return std::move(made.graph);
}

}  // namespace evalrun::sim
