// One batch of the simulated server: who is in it, and how long its next passes take.
#pragma once

#include <cstdint>
#include <deque>
#include <queue>
#include <utility>
#include <vector>

#include "hw/sim/call_graph.h"
#include "hw/sim/cost.h"

namespace evalrun::sim {

// Seconds of a pass that only decodes, by batch size: a straight line in the contexts' sum, taken
// between 0 and 8,192 tokens a sequence, found when it is first asked for.
class DecodeTimes {
 public:
  struct Line {
    double at_zero_s = 0;
    double per_token_s = 0;
  };
  explicit DecodeTimes(const CostModel& cost) : cost_(cost) {}
  Line line(std::int64_t sequences);

 private:
  const CostModel& cost_;
  std::vector<Line> lines_;
};

// A prompt on its way through the passes.
struct LanePrompt {
  std::int32_t call = 0;
  std::int64_t left = 0;     // tokens to compute
  std::int64_t context = 0;  // tokens in the cache: shared ones and those computed
};

// What a finished pass gave.
struct LaneResult {
  std::vector<std::int32_t> first;  // calls whose prompt is computed: they have their first token
  std::vector<std::int32_t> done;   // calls that have their last token
};

class Lane {
 public:
  void add(const LanePrompt& prompt) { prompts_.push_back(prompt); }
  std::int64_t calls() const { return std::int64_t(prompts_.size() + ends_.size()); }
  // Of the first prompt that waits, what is left of it; 0 = none waits.
  std::int64_t next_prompt_tokens() const { return prompts_.empty() ? 0 : prompts_.front().left; }
  bool is_running() const { return slots_ > 0; }
  int slots() const { return slots_; }
  double end_s() const { return end_s_; }
  double stage_s() const { return stage_s_; }  // work of the passes under way, over all stages

  // Begins a pass with prompts if there are any, else decodes until the next call ends. Uses 1 to
  // `slots` slots. The calls whose first chunk is in it are put into `begun`.
  void begin(double now_s, const CostModel& cost, DecodeTimes& times, std::int64_t chunk_tokens,
             int slots, std::vector<std::int32_t>& begun);
  // Somebody waits: ends at the next boundary between passes, at or after `now_s`. True if that is
  // sooner than planned.
  bool cut(double now_s);
  // At end_s().
  void finish(const CallGraph& graph, LaneResult& result);

 private:
  struct End {
    std::int64_t pass = 0;
    std::int32_t call = 0;
    auto operator<=>(const End&) const = default;
  };
  void take_chunks(std::int64_t tokens_max, std::vector<std::int32_t>& begun);
  void begin_prompts(const CostModel& cost, std::int64_t chunk_tokens, int slots,
                     std::vector<std::int32_t>& begun);
  void begin_decoding(DecodeTimes& times);
  double decoding_s(std::int64_t passes) const;
  void plan(std::int64_t passes);

  std::deque<LanePrompt> prompts_;  // in order; those before computed_ are in the pass under way
  std::size_t computed_ = 0;
  std::vector<PromptChunk> chunks_;  // of the piece that is being put together
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;  // decoding calls
  std::int64_t pass_ = 0;                                            // passes that decoded so far
  std::int64_t context_ = 0;  // tokens in the caches of the decoding calls

  // The run under way.
  int slots_ = 0;         // 0: none
  bool decodes_ = false;  // no prompt is in it
  double begin_s_ = 0, end_s_ = 0, stage_s_ = 0;
  std::int64_t passes_ = 0;
  DecodeTimes::Line line_;
};

}  // namespace evalrun::sim
