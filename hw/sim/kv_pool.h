// The KV cache of a simulated server: who holds how many tokens, and what can be used again.
//
// A call holds a segment from its admission on: its prompt and its completion to come, without what
// it shares with another call's segment (its parent), which stays for it. A call that has ended
// leaves its segment; such ones are dropped, the least recently used first, when room is needed. A
// segment is never older than one that builds on it, so whole prefixes are there or not. A parent
// counts as a whole, even if only its first tokens are shared. Every call: constant time a segment.
#pragma once

#include <cstdint>
#include <vector>

namespace evalrun::sim {

class KvPool {
 public:
  // `keeps_ended`: false = what an ended call held is free at once, and nothing is shared.
  KvPool(std::int64_t capacity_tokens, std::size_t calls, bool keeps_ended);

  // Gives `call` a segment of `tokens` on top of `parent`'s (-1 = none), or false: no room now, and
  // nothing has changed. parent must be is_reusable(). A call is admitted once (CHECK).
  bool admit(std::int32_t call, std::int64_t tokens, std::int32_t parent);
  // Its prompt is computed, so others can build on it.
  void set_reusable(std::int32_t call);
  bool is_reusable(std::int32_t call) const { return segments_[std::size_t(call)].is_reusable; }
  void end(std::int32_t call);

  std::int64_t live_tokens() const { return live_tokens_; }  // that running calls stand on
  std::int64_t held_tokens() const { return held_tokens_; }  // and what ended ones left
  std::int64_t capacity_tokens() const { return capacity_tokens_; }

 private:
  struct Segment {
    std::int64_t tokens = 0;
    std::int32_t parent = -1;
    std::int32_t running = 0;                        // calls that stand on it
    std::int32_t used_before = -1, used_after = -1;  // neighbours in the list of those left
    bool is_left = false;
    bool is_reusable = false;
  };
  // From a segment down to the root of its prefix: one more, one less call stands on it.
  void enter(std::int32_t call);
  void leave(std::int32_t call);
  std::int64_t tokens_to_revive(std::int32_t call) const;
  void drop_until(std::int64_t held_tokens_max);
  void append_to_left(std::int32_t call);
  void remove_from_left(std::int32_t call);

  const std::int64_t capacity_tokens_;
  const bool keeps_ended_;
  std::int64_t live_tokens_ = 0;
  std::int64_t held_tokens_ = 0;
  std::vector<Segment> segments_;  // by call
  // The list of segments that no running call stands on, by their last use; -1 = it is empty.
  std::int32_t oldest_left_ = -1, newest_left_ = -1;
};

}  // namespace evalrun::sim
