#include "hw/sim/call_graph.h"

#include <fmt/format.h>

#include <algorithm>

namespace evalrun::sim {

void CallGraph::add(const GraphCall& call, std::span<const std::int32_t> after) {
  calls_.push_back(call);
  after_.insert(after_.end(), after.begin(), after.end());
  begin_.push_back(std::int64_t(after_.size()));
}

Status CallGraph::check_call(std::size_t i) const {
  const auto bad = [&](const char* what) {
    return input_error(fmt::format("call {}: {}", i, what));
  };
  const GraphCall& call = calls_[i];
  const auto is_neighbour = [&](std::int32_t other) {
    return other >= 0 && std::size_t(other) < calls_.size() && std::size_t(other) != i &&
           calls_[std::size_t(other)].sample == call.sample;
  };
  if (call.prompt_tokens < 1) return bad("no prompt tokens");
  if (call.completion_tokens < 0) return bad("a negative number of completion tokens");
  if (call.sample < 0 || (i > 0 && call.sample < calls_[i - 1].sample))
    return bad("the samples are not in order");
  if (!std::ranges::all_of(after(i), is_neighbour))
    return bad("waits for a call that is not one of the same sample");
  if (call.shared_tokens < 0 || call.shared_tokens > call.prompt_tokens)
    return bad("shares more tokens than its prompt has");
  if (call.shared_tokens == 0) return {};
  if (!is_neighbour(call.shared_with)) return bad("shares with a call that is not of its sample");
  const GraphCall& other = calls_[std::size_t(call.shared_with)];
  if (call.shared_tokens > std::int64_t(other.prompt_tokens) + other.completion_tokens)
    return bad("shares more tokens than the other call has");
  return {};
}

Status CallGraph::check() const {
  for (std::size_t i = 0; i < calls_.size(); ++i)
    if (Status s = check_call(i); !s) return s;
  // Calls that wait for nothing, then those that waited for them only, and so on: all, or a cycle.
  const Followers followers(*this);
  std::vector<std::int32_t> waits(calls_.size()), ready;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    waits[i] = std::int32_t(after(i).size());
    if (waits[i] == 0) ready.push_back(std::int32_t(i));
  }
  for (std::size_t done = 0; done < ready.size(); ++done)
    for (const std::int32_t next : followers.of(std::size_t(ready[done])))
      if (--waits[std::size_t(next)] == 0) ready.push_back(next);
  if (ready.size() == calls_.size()) return {};
  const auto stuck = std::ranges::find_if(waits, [](std::int32_t n) { return n > 0; });
  return input_error(
      fmt::format("call {}: waits for itself, through others", stuck - waits.begin()));
}

Followers::Followers(const CallGraph& graph) : begin_(graph.size() + 1, 0) {
  for (std::size_t i = 0; i < graph.size(); ++i)
    for (const std::int32_t before : graph.after(i)) ++begin_[std::size_t(before) + 1];
  for (std::size_t i = 0; i < graph.size(); ++i) begin_[i + 1] += begin_[i];
  calls_.resize(std::size_t(begin_.back()));
  std::vector<std::int64_t> next(begin_.begin(), begin_.end() - 1);
  for (std::size_t i = 0; i < graph.size(); ++i)
    for (const std::int32_t before : graph.after(i))
      calls_[std::size_t(next[std::size_t(before)]++)] = std::int32_t(i);
}

}  // namespace evalrun::sim
