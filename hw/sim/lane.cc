#include "hw/sim/lane.h"

#include <algorithm>
#include <cmath>

#include "harness/core/check.h"

namespace evalrun::sim {

DecodeTimes::Line DecodeTimes::line(std::int64_t sequences) {
  constexpr std::int64_t kLongTokens = 8192;
  if (std::int64_t(lines_.size()) <= sequences) lines_.resize(std::size_t(sequences) + 1);
  Line& line = lines_[std::size_t(sequences)];
  if (line.at_zero_s == 0 && sequences > 0) {
    line.at_zero_s = cost_.pass_s({.decoding = sequences});
    const double long_s = cost_.pass_s({.decoding = sequences, .context = sequences * kLongTokens});
    line.per_token_s = (long_s - line.at_zero_s) / double(sequences * kLongTokens);
  }
  return line;
}

// Of the prompts in order, up to tokens_max together, into chunks_. A prompt's last piece moves
// computed_ on.
void Lane::take_chunks(std::int64_t tokens_max, std::vector<std::int32_t>& begun) {
  chunks_.clear();
  while (tokens_max > 0 && computed_ < prompts_.size()) {
    LanePrompt& prompt = prompts_[computed_];
    const std::int64_t tokens = std::min(tokens_max, prompt.left);
    chunks_.push_back({.tokens = tokens, .context = prompt.context});
    begun.push_back(prompt.call);
    prompt.left -= tokens;
    prompt.context += tokens;
    tokens_max -= tokens;
    if (prompt.left == 0) ++computed_;
  }
}

void Lane::begin(double now_s, const CostModel& cost, DecodeTimes& times, std::int64_t chunk_tokens,
                 int slots, std::vector<std::int32_t>& begun) {
  CHECK(!is_running() && calls() > 0 && slots >= 1);
  begin_s_ = now_s;
  begun.clear();
  decodes_ = prompts_.empty();
  if (decodes_) {
    begin_decoding(times);
  } else {
    begin_prompts(cost, chunk_tokens, slots, begun);
  }
}

void Lane::begin_prompts(const CostModel& cost, std::int64_t chunk_tokens, int slots,
                         std::vector<std::int32_t>& begun) {
  Batch batch = {.decoding = std::int64_t(ends_.size()), .context = context_};
  passes_ = 1;
  stage_s_ = 0;
  double longest_s = 0;
  const bool streams = slots > 1 && slots == cost.stages() && ends_.empty();
  while (computed_ < prompts_.size() && (slots_ < slots || (streams && computed_ == 0))) {
    take_chunks(chunk_tokens, begun);
    batch.prompts = chunks_;
    const double piece_s = cost.pass_s(batch);
    stage_s_ += piece_s;
    longest_s = std::max(longest_s, piece_s);
    slots_ = std::min(slots_ + 1, slots);
    batch = {};  // the decoding calls go with the first piece
  }
  // The pieces follow each other through the stages and none overtakes: a flow shop whose jobs take
  // equally long on every machine ends when all have passed one stage and the longest the others.
  const double stages = cost.stages();
  end_s_ = begin_s_ + stage_s_ / stages + longest_s * (stages - 1) / stages;
}

void Lane::begin_decoding(DecodeTimes& times) {
  slots_ = 1;
  line_ = times.line(std::int64_t(ends_.size()));
  plan(ends_.top().pass - pass_);
}

// Pass i (from 0) finds context_ + i * n tokens in the caches.
double Lane::decoding_s(std::int64_t passes) const {
  const double k = double(passes);
  const double contexts = k * double(context_) + double(ends_.size()) * k * (k - 1) / 2;
  return k * line_.at_zero_s + contexts * line_.per_token_s;
}

void Lane::plan(std::int64_t passes) {
  passes_ = passes;
  stage_s_ = decoding_s(passes);
  end_s_ = begin_s_ + stage_s_;
}

bool Lane::cut(double now_s) {
  if (!is_running() || !decodes_) return false;
  // The smallest k with decoding_s(k) >= elapsed: the root of a parabola, and rounding put right.
  const double elapsed_s = std::max(0.0, now_s - begin_s_);
  const double square = double(ends_.size()) * line_.per_token_s / 2;
  const double linear = line_.at_zero_s + double(context_) * line_.per_token_s - square;
  const double root = std::sqrt(linear * linear + 4 * square * elapsed_s);
  const double guess = linear + root > 0 ? 2 * elapsed_s / (linear + root) : 1;
  std::int64_t k = std::clamp(std::int64_t(std::ceil(guess)), std::int64_t{1}, passes_);
  while (k > 1 && decoding_s(k - 1) >= elapsed_s) --k;
  while (k < passes_ && decoding_s(k) < elapsed_s) ++k;
  if (k == passes_) return false;
  plan(k);
  end_s_ = std::max(end_s_, now_s);  // the sum may round to just before now
  return true;
}

void Lane::finish(const CallGraph& graph, LaneResult& result) {
  CHECK(is_running());
  result.first.clear();
  result.done.clear();
  if (!ends_.empty()) {
    pass_ += passes_;
    context_ += passes_ * std::int64_t(ends_.size());
  }
  while (!ends_.empty() && ends_.top().pass == pass_) {
    const GraphCall& call = graph.call(std::size_t(ends_.top().call));
    context_ -= std::int64_t(call.prompt_tokens) + call.completion_tokens - 1;
    result.done.push_back(ends_.top().call);
    ends_.pop();
  }
  for (; computed_ > 0; --computed_) {
    const LanePrompt& prompt = prompts_.front();
    const std::int64_t more = graph.call(std::size_t(prompt.call)).completion_tokens - 1;
    result.first.push_back(prompt.call);
    if (more > 0) {
      ends_.push({pass_ + more, prompt.call});
      context_ += prompt.context;
    } else {
      result.done.push_back(prompt.call);
    }
    prompts_.pop_front();
  }
  slots_ = 0;
}

}  // namespace evalrun::sim
