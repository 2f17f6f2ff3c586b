// What the simulated server plays: the calls of a run with their token counts and what each waits
// for. No text. Calls of one sample form a graph without cycles; samples do not wait for each
// other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/core/result.h"

namespace evalrun::sim {

struct GraphCall {
  std::int32_t sample = 0;             // 0 to CallGraph::samples() - 1, never falling
  std::int32_t prompt_tokens = 0;      // >= 1
  std::int32_t completion_tokens = 0;  // >= 0; the first one comes with the prompt's last pass
  // The prompt begins with so many tokens of what that call asked and answered: its KV cache can be
  // used again. -1, 0: nothing is known to be shared.
  std::int32_t shared_with = -1;  // a call of the same sample
  std::int32_t shared_tokens = 0;
};

class CallGraph {
 public:
  // `after`: calls of the same sample (indices of calls, added before or later) that must have
  // ended before this one is sent. Samples begin in the order of their numbers.
  void add(const GraphCall& call, std::span<const std::int32_t> after);

  // Error (input): "call N: ..." for a token count out of its range, a call that waits for one of
  // another sample or of none, a cycle, a prompt that shares more than there is.
  Status check() const;

  std::size_t size() const { return calls_.size(); }
  std::int32_t samples() const { return calls_.empty() ? 0 : calls_.back().sample + 1; }
  const GraphCall& call(std::size_t i) const { return calls_[i]; }
  std::span<const std::int32_t> after(std::size_t i) const {
    return std::span(after_).subspan(std::size_t(begin_[i]),
                                     std::size_t(begin_[i + 1] - begin_[i]));
  }

 private:
  Status check_call(std::size_t i) const;

  std::vector<GraphCall> calls_;
  std::vector<std::int32_t> after_;        // of all calls, one after the other
  std::vector<std::int64_t> begin_ = {0};  // where a call's begin in `after_`
};

// For each call the calls that wait for it: `after` turned round.
class Followers {
 public:
  explicit Followers(const CallGraph& graph);
  std::span<const std::int32_t> of(std::size_t i) const {
    return std::span(calls_).subspan(std::size_t(begin_[i]),
                                     std::size_t(begin_[i + 1] - begin_[i]));
  }

 private:
  std::vector<std::int32_t> calls_;
  std::vector<std::int64_t> begin_;
};

}  // namespace evalrun::sim
