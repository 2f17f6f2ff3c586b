#include "hw/sim/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <queue>

#include "harness/core/check.h"
#include "hw/sim/kv_pool.h"
#include "hw/sim/lane.h"

namespace evalrun::sim {
namespace {

constexpr std::int64_t kChunkMin = 128;

// chunk_tokens_for, by the power of two that a length is rounded up to.
class Chunks {
 public:
  Chunks(const CostModel& cost, std::int64_t asked)
      : cost_(cost), asked_(asked > 0 ? asked : cost.chunk_tokens()) {}
  std::int64_t of(std::int64_t prompt_tokens) {
    if (asked_ > 0) return asked_;
    std::int64_t& chunk = chunks_[std::bit_width(std::uint64_t(prompt_tokens - 1))];
    if (chunk == 0)
      chunk = chunk_tokens_for(cost_, std::int64_t(std::bit_ceil(std::uint64_t(prompt_tokens))));
    return chunk;
  }

 private:
  const CostModel& cost_;
  const std::int64_t asked_;  // 0 = as is best for the prompt
  std::array<std::int64_t, 65> chunks_ = {};
};

class Server {
 public:
  Server(const CallGraph& graph, const CostModel& cost, const ServerOptions& options)
      : graph_(graph),
        cost_(cost),
        options_(options),
        chunks_(cost, options.chunk_tokens),
        followers_(graph),
        pool_(cost.kv_capacity_tokens(), graph.size(), options.shares_prefixes),
        times_(cost),
        lanes_(std::size_t(cost.stages())),
        plan_(lanes_.size(), 0),
        free_slots_(cost.stages()),
        waits_(graph.size()),
        calls_left_(std::size_t(graph.samples()), 0),
        first_call_(std::size_t(graph.samples()) + 1, 0) {
    timeline_.stages = cost.stages();
    timeline_.calls.resize(graph.size(), {.start_s = -1, .done_s = -1});
    for (std::size_t i = 0; i < graph.size(); ++i) {
      waits_[i] = std::int32_t(graph.after(i).size());
      ++calls_left_[std::size_t(graph.call(i).sample)];
    }
    for (std::size_t s = 0; s < calls_left_.size(); ++s)
      first_call_[s + 1] = first_call_[s] + calls_left_[s];
  }

  Timeline play() {
    arrive_at_start();
    settle();
    while (find_next_event()) {
      now_s_ = events_.top().at_s;
      settle();
    }
    CHECK(waiting_.empty() && running_ == 0 && free_slots_ == timeline_.stages);
    CHECK(pool_.live_tokens() == 0);
    return std::move(timeline_);
  }

 private:
  // At one moment: arrivals, then the ends of lanes, by number.
  struct Event {
    double at_s = 0;
    std::int64_t lane = -1;                     // that ends its run; -1: a sample arrives
    std::int64_t number = 0;                    // of the lane's plan, or the sample
    bool operator<(const Event& other) const {  // the top of the queue is the greatest
      if (at_s != other.at_s) return at_s > other.at_s;
      return std::pair(lane, number) > std::pair(other.lane, other.number);
    }
  };

  // The end of a run that was planned anew since.
  bool is_void(const Event& event) const {
    return event.lane >= 0 && event.number != plan_[std::size_t(event.lane)];
  }

  bool find_next_event() {
    while (!events_.empty() && is_void(events_.top())) events_.pop();
    return !events_.empty();
  }

  // All that happens now, and only then the passes that begin now. A call that enters can bring the
  // end of a decoding run to this moment: so once more.
  void settle() {
    do {
      while (find_next_event() && events_.top().at_s <= now_s_) {
        const Event event = events_.top();
        events_.pop();
        event.lane < 0 ? begin_sample(event.number) : end_pass(std::int32_t(event.lane));
      }
      admit_waiting();
    } while (find_next_event() && events_.top().at_s <= now_s_);
    record_load();
    begin_passes();
  }

  void arrive_at_start() {
    if (!options_.arrivals_s.empty()) {
      for (std::int32_t s = 0; s < graph_.samples(); ++s)
        events_.push({.at_s = options_.arrivals_s[std::size_t(s)], .number = s});
      return;
    }
    const std::int32_t flight = options_.concurrency == 0 ? graph_.samples() : options_.concurrency;
    for (std::int32_t i = 0; i < flight; ++i) begin_next_sample();
  }

  void begin_sample(std::int64_t sample) {
    for (std::int32_t i = first_call_[std::size_t(sample)];
         i < first_call_[std::size_t(sample) + 1]; ++i)
      if (waits_[std::size_t(i)] == 0) send(i);
  }

  // A sample has ended. One without calls is over at once.
  void begin_next_sample() {
    if (!options_.arrivals_s.empty()) return;
    while (next_sample_ < graph_.samples()) {
      const std::int32_t sample = next_sample_++;
      begin_sample(sample);
      if (calls_left_[std::size_t(sample)] > 0) return;
    }
  }

  void send(std::int32_t call) {
    timeline_.calls[std::size_t(call)].ready_s = now_s_;
    waiting_.push_back(call);
  }

  void end_pass(std::int32_t number) {
    Lane& lane = lanes_[std::size_t(number)];
    free_slots_ += lane.slots();
    timeline_.busy_stage_s += lane.stage_s();
    lane.finish(graph_, result_);
    for (const std::int32_t call : result_.first) {
      timeline_.calls[std::size_t(call)].first_s = now_s_;
      pool_.set_reusable(call);
    }
    for (const std::int32_t call : result_.done) end_call(call);
    if (lane.calls() > 0) ready_lanes_.push_back(number);
  }

  void end_call(std::int32_t call) {
    timeline_.calls[std::size_t(call)].done_s = timeline_.end_s = now_s_;
    timeline_.completion_tokens += graph_.call(std::size_t(call)).completion_tokens;
    pool_.end(call);
    --running_;
    for (const std::int32_t next : followers_.of(std::size_t(call)))
      if (--waits_[std::size_t(next)] == 0) send(next);
    if (--calls_left_[std::size_t(graph_.call(std::size_t(call)).sample)] == 0) begin_next_sample();
  }

  void admit_waiting() {
    while (!waiting_.empty() && running_ < options_.sequences_max && admit(waiting_.front()))
      waiting_.pop_front();
  }

  // Tokens at the begin of a call's prompt that are in the cache: one token is computed at any
  // rate, for it gives the logits; another call's last token was never fed to the model, and the
  // others of its completion are there when it has ended.
  std::int64_t tokens_in_cache(const GraphCall& call) const {
    if (call.shared_tokens == 0 || !pool_.is_reusable(call.shared_with)) return 0;
    const GraphCall& other = graph_.call(std::size_t(call.shared_with));
    std::int64_t there = other.prompt_tokens;
    if (timeline_.calls[std::size_t(call.shared_with)].done_s >= 0)
      there += std::max(0, other.completion_tokens - 1);
    return std::min(
        {std::int64_t(call.shared_tokens), std::int64_t(call.prompt_tokens) - 1, there});
  }

  bool admit(std::int32_t index) {
    const GraphCall& call = graph_.call(std::size_t(index));
    const std::int64_t prompt = call.prompt_tokens;
    const std::int64_t tokens = prompt + call.completion_tokens;
    std::int64_t shared = tokens_in_cache(call);
    if (shared > 0 && !pool_.admit(index, tokens - shared, call.shared_with)) {
      if (pool_.live_tokens() > 0) return false;  // others end before there is room
      shared = 0;                                 // never room for both
    }
    if (shared == 0 && !pool_.admit(index, tokens, -1)) return false;
    ++running_;
    timeline_.computed_prompt_tokens += prompt - shared;
    timeline_.reused_prompt_tokens += shared;
    timeline_.kv_peak_tokens = std::max(timeline_.kv_peak_tokens, pool_.live_tokens());
    enter_lane({.call = index, .left = prompt - shared, .context = shared});
    return true;
  }

  void enter_lane(const LanePrompt& prompt) {
    const auto least =
        std::ranges::min_element(lanes_, {}, [](const Lane& l) { return l.calls(); });
    const auto lane = std::int32_t(least - lanes_.begin());
    if (least->calls() == 0) ready_lanes_.push_back(lane);
    least->add(prompt);
    if (least->cut(now_s_)) plan_end(lane);
  }

  // Lanes at a boundary, each with a slot, first come, first served; what is left over goes to
  // those with prompts.
  void begin_passes() {
    CHECK(free_slots_ >= 0);
    while (!ready_lanes_.empty() && free_slots_ > 0) {
      const std::int32_t lane = ready_lanes_.front();
      ready_lanes_.pop_front();
      const int others = int(std::min<std::size_t>(ready_lanes_.size(), std::size_t(free_slots_)));
      const std::int64_t prompt = lanes_[std::size_t(lane)].next_prompt_tokens();
      lanes_[std::size_t(lane)].begin(now_s_, cost_, times_, prompt > 0 ? chunks_.of(prompt) : 0,
                                      std::max(1, free_slots_ - others), begun_);
      free_slots_ -= lanes_[std::size_t(lane)].slots();
      for (const std::int32_t call : begun_)
        if (CallTimes& times = timeline_.calls[std::size_t(call)]; times.start_s < 0)
          times.start_s = now_s_;
      plan_end(lane);
    }
  }

  void plan_end(std::int32_t lane) {
    events_.push({.at_s = lanes_[std::size_t(lane)].end_s(),
                  .lane = lane,
                  .number = ++plan_[std::size_t(lane)]});
  }

  void record_load() {
    if (!options_.records_load) return;
    timeline_.load.push_back(
        {now_s_, std::int32_t(running_), std::int32_t(waiting_.size()), pool_.live_tokens()});
  }

  const CallGraph& graph_;
  const CostModel& cost_;
  const ServerOptions& options_;
  Chunks chunks_;
  const Followers followers_;
  KvPool pool_;
  DecodeTimes times_;
  std::vector<Lane> lanes_;
  std::vector<std::int64_t> plan_;  // a lane's latest, counted
  int free_slots_;
  std::deque<std::int32_t> ready_lanes_;  // at a boundary, with calls
  std::deque<std::int32_t> waiting_;      // calls that were sent
  std::priority_queue<Event> events_;
  std::vector<std::int32_t> waits_;       // a call's predecessors that have not ended
  std::vector<std::int32_t> calls_left_;  // of a sample
  std::vector<std::int32_t> first_call_;  // of a sample
  std::int32_t next_sample_ = 0;
  std::int64_t running_ = 0;
  double now_s_ = 0;
  LaneResult result_;
  std::vector<std::int32_t> begun_;
  Timeline timeline_;
};

Status check_room(const CallGraph& graph, std::int64_t capacity_tokens) {
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const GraphCall& call = graph.call(i);
    const std::int64_t tokens = std::int64_t(call.prompt_tokens) + call.completion_tokens;
    if (tokens > capacity_tokens)
      return input_error(
          fmt::format("call {}: {} prompt and {} completion tokens need {} tokens of KV cache; "
                      "there is room for {} beside the weights",
                      i, call.prompt_tokens, call.completion_tokens, tokens, capacity_tokens));
  }
  return {};
}

}  // namespace

Result<Timeline> play(const CallGraph& graph, const CostModel& cost, const ServerOptions& options) {
  CHECK(options.concurrency >= 0 && options.sequences_max >= 1 && options.chunk_tokens >= 0);
  CHECK(options.arrivals_s.empty() ||
        (options.arrivals_s.size() == std::size_t(graph.samples()) && options.arrivals_s[0] >= 0 &&
         std::ranges::is_sorted(options.arrivals_s)));
  if (Status s = graph.check(); !s) return std::unexpected(s.error());
  if (Status s = check_room(graph, cost.kv_capacity_tokens()); !s)
    return std::unexpected(s.error());
  return Server(graph, cost, options).play();
}

std::int64_t chunk_tokens_for(const CostModel& cost, std::int64_t prompt_tokens) {
  const double stages = cost.stages();
  std::int64_t best = 0;
  double best_s = 0;
  for (std::int64_t chunk = kChunkMin; best == 0 || chunk < 2 * prompt_tokens; chunk *= 2) {
    const PromptChunk piece = {.tokens = std::min(chunk, prompt_tokens)};
    const auto pieces = double((prompt_tokens + chunk - 1) / chunk);
    const double seconds = cost.pass_s({.prompts = {&piece, 1}}) * (1 + (pieces - 1) / stages);
    if (best == 0 || seconds < best_s) best = chunk, best_s = seconds;
  }
  return best;
}

}  // namespace evalrun::sim
