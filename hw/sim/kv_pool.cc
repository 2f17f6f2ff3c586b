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
  CHECK(live_tokens_ <= held_tokens_ && held_tokens_ <= capacity_tokens_);
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
    if (segment.is_left) remove_from_left(call);
  }
}

// The root last: so it is dropped after what builds on it.
void KvPool::leave(std::int32_t call) {
  for (; call >= 0; call = segments_[std::size_t(call)].parent) {
    Segment& segment = segments_[std::size_t(call)];
    CHECK(segment.running > 0);
    if (--segment.running > 0) continue;
    live_tokens_ -= segment.tokens;
    append_to_left(call);
  }
}

void KvPool::drop_until(std::int64_t held_tokens_max) {
  while (held_tokens_ > held_tokens_max) {
    CHECK(oldest_left_ >= 0);
    Segment& segment = segments_[std::size_t(oldest_left_)];
    held_tokens_ -= segment.tokens;
    segment.is_reusable = false;
    remove_from_left(oldest_left_);
  }
}

void KvPool::append_to_left(std::int32_t call) {
  Segment& segment = segments_[std::size_t(call)];
  segment.is_left = true;
  segment.used_before = newest_left_;
  segment.used_after = -1;
  (newest_left_ < 0 ? oldest_left_ : segments_[std::size_t(newest_left_)].used_after) = call;
  newest_left_ = call;
}

void KvPool::remove_from_left(std::int32_t call) {
  Segment& segment = segments_[std::size_t(call)];
  const std::int32_t before = segment.used_before, after = segment.used_after;
  (before < 0 ? oldest_left_ : segments_[std::size_t(before)].used_after) = after;
  (after < 0 ? newest_left_ : segments_[std::size_t(after)].used_before) = before;
  segment.is_left = false;
}

}  // namespace evalrun::sim
