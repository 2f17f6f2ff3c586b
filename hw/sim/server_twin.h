// The slow twin of play() for its tests: one pass after the other, every question answered by
// looking at everything, times added up step by step. The rules are those of server.h and
// kv_pool.h; nothing of their code is used.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "hw/sim/server.h"

namespace evalrun::sim {

class ServerTwin {
 public:
  // options.chunk_tokens must be given.
  ServerTwin(const CallGraph& graph, const CostModel& cost, const ServerOptions& options)
      : graph_(graph),
        cost_(cost),
        options_(options),
        calls_(graph.size()),
        lanes_(std::size_t(cost.stages())),
        free_slots_(cost.stages()) {
    timeline_.calls.resize(graph.size());
    timeline_.stages = cost.stages();
  }

  Timeline play() {
    for (int i = 0;
         options_.arrivals_s.empty() && (i < options_.concurrency || options_.concurrency == 0) &&
         next_sample_ < graph_.samples();
         ++i)
      begin_next_sample();
    admit_waiting();
    begin_passes();
    while (go_to_next_moment()) {
      arrive();
      end_passes();
      admit_waiting();
      begin_passes();
    }
    return timeline_;
  }

 private:
  enum class State { unsent, waiting, in_prompt, decoding, ended };
  struct Call {
    State state = State::unsent;
    int lane = -1;
    std::int64_t cached = 0;   // tokens in the cache
    std::int64_t made = 0;     // tokens of the completion
    std::int64_t held = 0;     // its segment of the cache: tokens,
    std::int32_t parent = -1;  // what it builds on,
    std::int64_t last_use = 0;
    bool is_computed = false;  // and whether its prompt is there
  };
  struct Lane {
    std::vector<std::int32_t> calls;     // in the order they came
    std::vector<std::int32_t> decoding;  // in the pass under way
    bool is_under_way = false;
    bool keeps_slot = false;  // between two passes
    int slots = 0;
    double end_s = 0;
  };

  Call& at(std::int32_t i) { return calls_[std::size_t(i)]; }
  CallTimes& times(std::int32_t i) { return timeline_.calls[std::size_t(i)]; }

  // ---- samples and calls

  bool is_sendable(std::int32_t i) {
    if (at(i).state != State::unsent) return false;
    for (const std::int32_t before : graph_.after(std::size_t(i)))
      if (at(before).state != State::ended) return false;
    return true;
  }

  void send(std::int32_t i) {
    at(i).state = State::waiting;
    times(i).ready_s = now_s_;
    waiting_.push_back(i);
  }

  bool is_over(std::int32_t sample) {
    for (std::int32_t i = 0; i < std::int32_t(calls_.size()); ++i)
      if (graph_.call(std::size_t(i)).sample == sample && at(i).state != State::ended) return false;
    return true;
  }

  void begin_sample(std::int32_t sample) {
    for (std::int32_t i = 0; i < std::int32_t(calls_.size()); ++i)
      if (graph_.call(std::size_t(i)).sample == sample && is_sendable(i)) send(i);
  }

  void begin_next_sample() {
    while (next_sample_ < graph_.samples()) {
      begin_sample(next_sample_++);
      if (!is_over(next_sample_ - 1)) return;
    }
  }

  void arrive() {
    while (next_sample_ < std::int32_t(options_.arrivals_s.size()) &&
           options_.arrivals_s[std::size_t(next_sample_)] == now_s_)
      begin_sample(next_sample_++);
  }

  bool go_to_next_moment() {
    double next_s = std::numeric_limits<double>::infinity();
    for (const Lane& lane : lanes_)
      if (lane.is_under_way) next_s = std::min(next_s, lane.end_s);
    if (next_sample_ < std::int32_t(options_.arrivals_s.size()))
      next_s = std::min(next_s, options_.arrivals_s[std::size_t(next_sample_)]);
    if (next_s == std::numeric_limits<double>::infinity()) return false;
    now_s_ = next_s;
    return true;
  }

  // ---- the KV cache

  bool runs(std::int32_t i) {
    return at(i).state == State::in_prompt || at(i).state == State::decoding;
  }

  // A running call is it or builds on it.
  bool is_live(std::int32_t segment) {
    for (std::int32_t i = 0; i < std::int32_t(calls_.size()); ++i)
      for (std::int32_t s = runs(i) ? i : -1; s >= 0; s = at(s).parent)
        if (s == segment) return true;
    return false;
  }

  std::int64_t held_tokens(bool only_live) {
    std::int64_t tokens = 0;
    for (std::int32_t i = 0; i < std::int32_t(calls_.size()); ++i)
      if (at(i).held > 0 && (!only_live || is_live(i))) tokens += at(i).held;
    return tokens;
  }

  void drop_oldest() {
    std::int32_t oldest = -1;
    for (std::int32_t i = 0; i < std::int32_t(calls_.size()); ++i)
      if (at(i).held > 0 && !is_live(i) && (oldest < 0 || at(i).last_use < at(oldest).last_use))
        oldest = i;
    at(oldest).held = 0;
    at(oldest).is_computed = false;
  }

  bool hold(std::int32_t i, std::int64_t tokens, std::int32_t parent) {
    std::int64_t needed = tokens + held_tokens(true);
    for (std::int32_t s = parent; s >= 0; s = at(s).parent)
      if (!is_live(s)) needed += at(s).held;
    if (needed > cost_.kv_capacity_tokens()) return false;
    at(i).held = tokens;
    at(i).parent = parent;
    at(i).state = State::in_prompt;
    while (held_tokens(false) > cost_.kv_capacity_tokens()) drop_oldest();
    return true;
  }

  // From the leaf to the root, so that the root was used last.
  void let_go(std::int32_t i) {
    for (std::int32_t s = i; s >= 0; s = at(s).parent)
      if (!is_live(s)) at(s).last_use = ++uses_;
    if (!options_.shares_prefixes) at(i).held = 0;
  }

  // ---- who comes in

  std::int64_t tokens_in_cache(const GraphCall& call) {
    if (!options_.shares_prefixes || call.shared_tokens == 0) return 0;
    if (!at(call.shared_with).is_computed) return 0;
    // Prompt and answer so far, but for the last token of the answer.
    const GraphCall& other = graph_.call(std::size_t(call.shared_with));
    std::int64_t tokens = other.prompt_tokens;
    if (at(call.shared_with).state == State::ended && other.completion_tokens > 0)
      tokens += other.completion_tokens - 1;
    tokens = std::min<std::int64_t>(tokens, call.shared_tokens);
    return std::min<std::int64_t>(tokens, call.prompt_tokens - 1);
  }

  bool admit(std::int32_t i) {
    const GraphCall& call = graph_.call(std::size_t(i));
    const std::int64_t tokens = std::int64_t(call.prompt_tokens) + call.completion_tokens;
    std::int64_t shared = tokens_in_cache(call);
    const bool is_empty = held_tokens(true) == 0;
    bool is_in = shared > 0 && hold(i, tokens - shared, call.shared_with);
    if (!is_in && (shared == 0 || is_empty)) {
      shared = 0;
      is_in = hold(i, tokens, -1);
    }
    if (!is_in) return false;
    at(i).cached = shared;
    times(i).start_s = -1;
    timeline_.computed_prompt_tokens += call.prompt_tokens - shared;
    timeline_.reused_prompt_tokens += shared;
    timeline_.kv_peak_tokens = std::max(timeline_.kv_peak_tokens, held_tokens(true));
    return true;
  }

  void admit_waiting() {
    while (!waiting_.empty() && std::ranges::count_if(calls_, [](const Call& c) {
                                  return c.state == State::in_prompt || c.state == State::decoding;
                                }) < options_.sequences_max) {
      const std::int32_t i = waiting_.front();
      if (!admit(i)) return;
      waiting_.erase(waiting_.begin());
      const auto least =
          std::ranges::min_element(lanes_, {}, [](const Lane& lane) { return lane.calls.size(); });
      at(i).lane = int(least - lanes_.begin());
      if (least->calls.empty()) queue_.push_back(at(i).lane);
      least->calls.push_back(i);
    }
  }

  // ---- passes

  bool has_prompt(const Lane& lane) {
    return std::ranges::any_of(lane.calls,
                               [&](std::int32_t i) { return at(i).state == State::in_prompt; });
  }

  void begin_passes() {
    for (int l = 0; l < int(lanes_.size()); ++l) {
      Lane& lane = lanes_[std::size_t(l)];
      if (!lane.keeps_slot) continue;
      lane.keeps_slot = false;
      if (has_prompt(lane)) {
        free_slots_ += 1;
        queue_.push_back(l);
      } else {
        begin(lane, 1);
      }
    }
    while (!queue_.empty() && free_slots_ > 0) {
      Lane& lane = lanes_[std::size_t(queue_.front())];
      queue_.erase(queue_.begin());
      const int others = std::min(int(queue_.size()), free_slots_);
      begin(lane, std::max(1, free_slots_ - others));
      free_slots_ -= lane.slots;
    }
  }

  // Up to chunk_tokens of the lane's prompts, in order; they count as cached from now on.
  std::vector<PromptChunk> take_piece(Lane& lane) {
    std::vector<PromptChunk> piece;
    std::int64_t room = options_.chunk_tokens;
    for (const std::int32_t i : lane.calls) {
      const std::int64_t left = graph_.call(std::size_t(i)).prompt_tokens - at(i).cached;
      if (at(i).state != State::in_prompt || left == 0 || room == 0) continue;
      if (times(i).start_s < 0) times(i).start_s = now_s_;
      piece.push_back({.tokens = std::min(left, room), .context = at(i).cached});
      at(i).cached += piece.back().tokens;
      room -= piece.back().tokens;
    }
    return piece;
  }

  bool is_first_prompt_whole(const Lane& lane) {
    for (const std::int32_t i : lane.calls)
      if (at(i).state == State::in_prompt)
        return at(i).cached == graph_.call(std::size_t(i)).prompt_tokens;
    return true;
  }

  void begin(Lane& lane, int slots) {
    Batch batch;
    lane.decoding.clear();
    for (const std::int32_t i : lane.calls)
      if (at(i).state == State::decoding) {
        lane.decoding.push_back(i);
        batch.decoding += 1;
        batch.context += at(i).cached;
      }
    const bool has_all = slots > 1 && slots == cost_.stages() && lane.decoding.empty();
    std::vector<double> pieces_s;
    while (pieces_s.empty() || int(pieces_s.size()) < slots ||
           (has_all && !is_first_prompt_whole(lane))) {
      const std::vector<PromptChunk> piece = take_piece(lane);
      if (piece.empty() && !pieces_s.empty()) break;
      batch.prompts = piece;
      pieces_s.push_back(cost_.pass_s(batch));
      batch = {};
    }
    lane.slots = std::min(slots, int(pieces_s.size()));
    lane.is_under_way = true;
    lane.end_s = now_s_ + flow_shop_s(pieces_s);
  }

  // Each piece goes through all stages, in each after the piece before it.
  double flow_shop_s(const std::vector<double>& pieces_s) {
    std::vector<double> stage_free_s(lanes_.size(), 0);
    for (const double piece_s : pieces_s) {
      double left_s = 0;
      for (double& free_s : stage_free_s)
        left_s = free_s = std::max(left_s, free_s) + piece_s / double(lanes_.size());
      timeline_.busy_stage_s += piece_s;
    }
    return stage_free_s.back();
  }

  void end_passes() {
    for (int l = 0; l < int(lanes_.size()); ++l) {
      Lane& lane = lanes_[std::size_t(l)];
      if (!lane.is_under_way || lane.end_s != now_s_) continue;
      lane.is_under_way = false;
      const bool had_prompt = has_prompt(lane);
      const bool has_ended = give_tokens(lane);
      if (!had_prompt && !has_ended) {
        lane.keeps_slot = true;
        continue;
      }
      free_slots_ += lane.slots;
      if (!lane.calls.empty()) queue_.push_back(l);
    }
  }

  // True if a call has ended. Those that decoded first, by number; then prompts in their order.
  bool give_tokens(Lane& lane) {
    std::vector<std::int32_t> done;
    std::ranges::sort(lane.decoding);
    for (const std::int32_t i : lane.decoding) {
      at(i).cached += 1;
      at(i).made += 1;
      if (at(i).made == graph_.call(std::size_t(i)).completion_tokens) done.push_back(i);
    }
    for (const std::int32_t i : lane.calls) {
      const GraphCall& call = graph_.call(std::size_t(i));
      if (at(i).state != State::in_prompt || at(i).cached < call.prompt_tokens) continue;
      times(i).first_s = now_s_;
      at(i).is_computed = options_.shares_prefixes;
      at(i).state = State::decoding;
      at(i).made = std::min(1, call.completion_tokens);
      if (call.completion_tokens <= 1) done.push_back(i);
    }
    for (const std::int32_t i : done) {
      std::erase(lane.calls, i);
      end_call(i);
    }
    return !done.empty();
  }

  void end_call(std::int32_t i) {
    at(i).state = State::ended;
    times(i).done_s = timeline_.end_s = now_s_;
    timeline_.completion_tokens += at(i).made;
    let_go(i);
    const std::int32_t sample = graph_.call(std::size_t(i)).sample;
    for (std::int32_t next = 0; next < std::int32_t(calls_.size()); ++next)
      if (std::ranges::count(graph_.after(std::size_t(next)), i) && is_sendable(next)) send(next);
    if (options_.arrivals_s.empty() && is_over(sample)) begin_next_sample();
  }

  const CallGraph& graph_;
  const CostModel& cost_;
  const ServerOptions options_;
  std::vector<Call> calls_;
  std::vector<Lane> lanes_;
  std::vector<std::int32_t> waiting_;
  std::vector<int> queue_;  // lanes that have calls, at a boundary
  int free_slots_;
  std::int32_t next_sample_ = 0;
  std::int64_t uses_ = 0;
  double now_s_ = 0;
  Timeline timeline_;
};

}  // namespace evalrun::sim
