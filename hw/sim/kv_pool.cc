#include "hw/sim/kv_pool.h"

#include "harness/core/check.h"

namespace evalrun::sim {

KvPool::KvPool(std::int64_t capacity_tokens, std::size_t calls, bool keeps_ended)
    : capacity_tokens_(capacity_tokens), keeps_ended_(keeps_ended), segments_(calls) {}

bool KvPool::admit(std::int32_t call, std::int64_t tokens, std::int32_t parent) {
  CHECK(segments_[std::size_t(call)].tokens == 0 && tokens > 0);
  CHECK(parent < 0 || is_reusable(parent));
  if (live_tokens_ + tokens_to_revive(parent) + tokens > capacity_tokens_) return false;
  segments_[std::size_t(call)].tokens = tokens;
  segments_[std::size_t(call)].parent = parent;
  held_tokens_ += tokens;
  enter(call);
  drop_until(capacity_tokens_);
  return true;
}

void KvPool::set_reusable(std::int32_t call) {
  segments_[std::size_t(call)].is_reusable = keeps_ended_;
}

void KvPool::end(std::int32_t call) {
  leave(call);
  if (!keeps_ended_) drop_until(live_tokens_);
}

std::int64_t KvPool::tokens_to_revive(std::int32_t call) const {
  std::int64_t tokens = 0;
  for (; call >= 0; call = segments_[std::size_t(call)].parent)
    if (segments_[std::size_t(call)].running == 0) tokens += segments_[std::size_t(call)].tokens;
  return tokens;
}

void KvPool::enter(std::int32_t call) {
  for (; call >= 0; call = segments_[std::size_t(call)].parent) {
    Segment& segment = segments_[std::size_t(call)];
    if (segment.running++ > 0) continue;
    live_tokens_ += segment.tokens;
    if (segment.last_use > 0) left_.erase({segment.last_use, call});
  }
}

// The root last: so it is dropped after what builds on it.
void KvPool::leave(std::int32_t call) {
  for (; call >= 0; call = segments_[std::size_t(call)].parent) {
    Segment& segment = segments_[std::size_t(call)];
    CHECK(segment.running > 0);
    if (--segment.running > 0) continue;
    live_tokens_ -= segment.tokens;
    segment.last_use = ++uses_;
    left_.emplace(segment.last_use, call);
  }
}

void KvPool::drop_until(std::int64_t held_tokens_max) {
  while (held_tokens_ > held_tokens_max) {
    CHECK(!left_.empty());
    Segment& segment = segments_[std::size_t(left_.begin()->second)];
    held_tokens_ -= segment.tokens;
    segment.is_reusable = false;
    left_.erase(left_.begin());
  }
}

}  // namespace evalrun::sim
