#include "hw/llama/kv_cache.h"

#include "harness/core/check.h"

namespace evalrun {

KvCache::KvCache(std::size_t layers, std::size_t kv_width, std::size_t capacity_blocks)
    : layers_(layers), kv_width_(kv_width), capacity_(capacity_blocks) {}

float* KvCache::row(const KvSequence& sequence, std::size_t plane, std::size_t position) {
  const Block& block = blocks_[std::size_t(sequence.blocks[position / kBlockTokens])];
  return block.data.get() + (plane * kBlockTokens + position % kBlockTokens) * kv_width_;
}

// Of the block after the published ones.
KvCache::Content KvCache::next_content(const KvSequence& sequence, std::span<const int> tokens) {
  const auto own = tokens.subspan(sequence.serials.size() * kBlockTokens, kBlockTokens);
  return {sequence.serials.empty() ? 0 : sequence.serials.back(), {own.begin(), own.end()}};
}

std::size_t KvCache::adopt(KvSequence& sequence, std::span<const int> tokens) {
  std::size_t taken = 0;
  while (sequence.length == sequence.serials.size() * kBlockTokens &&
         sequence.blocks.size() == sequence.serials.size() &&
         sequence.length + kBlockTokens < tokens.size()) {
    const auto found = published_.find(next_content(sequence, tokens));
    if (found == published_.end()) break;
    Block& block = blocks_[std::size_t(found->second)];
    if (block.users++ == 0) idle_.erase({block.idle_since, found->second});
    sequence.blocks.push_back(found->second);
    sequence.serials.push_back(block.serial);
    sequence.length += kBlockTokens;
    taken += kBlockTokens;
  }
  return taken;
}

int KvCache::take_block() {
  int id;
  if (!free_.empty()) {
    id = free_.back();
    free_.pop_back();
  } else if (blocks_.size() < capacity_) {
    id = int(blocks_.size());
    blocks_.emplace_back().data =
        std::make_unique_for_overwrite<float[]>(block_floats(layers_, kv_width_));
  } else {
    CHECK(!idle_.empty());
    id = idle_.begin()->second;
    idle_.erase(idle_.begin());
    Block& block = blocks_[std::size_t(id)];
    published_.erase(block.content);
    block.serial = 0;
  }
  blocks_[std::size_t(id)].users = 1;
  return id;
}

void KvCache::reserve(KvSequence& sequence, std::size_t count) {
  const std::size_t needed = blocks_for(sequence.length + count);
  while (sequence.blocks.size() < needed) sequence.blocks.push_back(take_block());
}

void KvCache::publish(KvSequence& sequence, std::span<const int> tokens) {
  while ((sequence.serials.size() + 1) * kBlockTokens <= sequence.length) {
    const int id = sequence.blocks[sequence.serials.size()];
    Block& block = blocks_[std::size_t(id)];
    const auto [place, added] = published_.emplace(next_content(sequence, tokens), id);
    if (added) {
      block.serial = next_serial_++;
      block.content = place->first;
    }  // else another sequence was first; this block stays private, its successors hang on that one
    sequence.serials.push_back(blocks_[std::size_t(place->second)].serial);
  }
}

void KvCache::release(KvSequence& sequence) {
  // The last block first: a block is useless without those before it, so it should go before them.
  for (auto id = sequence.blocks.rbegin(); id != sequence.blocks.rend(); ++id) {
    Block& block = blocks_[std::size_t(*id)];
    if (--block.users > 0) continue;
    if (block.serial == 0) {
      free_.push_back(*id);
    } else {
      block.idle_since = clock_++;
      idle_.emplace(block.idle_since, *id);
    }
  }
  sequence = {};
}

}  // namespace evalrun
