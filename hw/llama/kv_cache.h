// Keys and values of the tokens that sequences have read, in blocks of kBlockTokens.
//
// A block that is full is published under its content: the published block before it, and its own
// tokens. A sequence that begins with the same tokens takes such blocks over instead of computing
// them; the numbers in them are the same bits either way, because the engine is batch-invariant
// (kernels.h). Blocks nobody uses stay, until the memory is needed, the longest unused going first.
//
// Not thread-safe: the batcher's thread owns it. While a step runs, its workers write disjoint
// rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace evalrun {

// What one sequence holds in the cache.
struct KvSequence {
  std::vector<int> blocks;
  std::vector<std::uint64_t> serials;  // of the published blocks it begins with, or equals
  std::size_t length = 0;              // tokens whose keys and values are there
};

class KvCache {
 public:
  static constexpr std::size_t kBlockTokens = 16;

  KvCache(std::size_t layers, std::size_t kv_width, std::size_t capacity_blocks);

  // Floats of one block.
  static std::size_t block_floats(std::size_t layers, std::size_t kv_width) {
    return layers * 2 * kBlockTokens * kv_width;
  }
  static std::size_t blocks_for(std::size_t tokens) {
    return (tokens + kBlockTokens - 1) / kBlockTokens;
  }

  // Takes over published blocks that continue `sequence` as `tokens` does. At least one token is
  // left to compute, for its logits. Returns how many tokens were taken over.
  std::size_t adopt(KvSequence& sequence, std::span<const int> tokens);

  // Makes room for `count` more tokens. The sequences' needs may not exceed the capacity.
  void reserve(KvSequence& sequence, std::size_t count);

  // To be called when length has grown: publishes the blocks that are full. tokens: all of them.
  void publish(KvSequence& sequence, std::span<const int> tokens);

  // The sequence is done; it is empty afterwards.
  void release(KvSequence& sequence);

  // kv_width floats for the token at `position`; those of its block's later ones follow at
  // kv_width.
  float* key(const KvSequence& sequence, std::size_t layer, std::size_t position) {
    return row(sequence, 2 * layer, position);
  }
  float* value(const KvSequence& sequence, std::size_t layer, std::size_t position) {
    return row(sequence, 2 * layer + 1, position);
  }

  std::size_t capacity_blocks() const { return capacity_; }

 private:
  using Content = std::pair<std::uint64_t, std::vector<int>>;  // serial of the one before; tokens

  struct Block {
    std::unique_ptr<float[]> data;  // [layer][key, value][token][kv_width]
    int users = 0;
    std::uint64_t serial = 0;  // 0: not published
    std::uint64_t idle_since = 0;
    Content content;
  };

  float* row(const KvSequence& sequence, std::size_t plane, std::size_t position);
  static Content next_content(const KvSequence& sequence, std::span<const int> tokens);
  int take_block();

  const std::size_t layers_, kv_width_, capacity_;
  std::vector<Block> blocks_;
  std::vector<int> free_;
  std::map<Content, int> published_;
  std::set<std::pair<std::uint64_t, int>>
      idle_;  // published, without users, by when they lost them
  std::uint64_t next_serial_ = 1;
  std::uint64_t clock_ = 0;
};

}  // namespace evalrun
