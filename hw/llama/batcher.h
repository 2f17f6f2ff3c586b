// Runs many sequences through one model, a step at a time: every running sequence gets its next
// token, or a piece of its prompt, in each step (continuous batching; Yu et al., Orca, OSDI 2022).
//
// What a sequence answers does not depend on what runs beside it. Its keys and values are reserved
// before it starts, so that none has to give way once running; the queue is first in, first out.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "hw/cpu/parallel.h"
#include "hw/llama/forward.h"
#include "hw/llama/kv_cache.h"
#include "hw/llama/llama_model.h"
#include "hw/llama/sampler.h"

namespace evalrun {

struct Generate {
  std::vector<int> prompt;     // 1 to context - 1 tokens
  std::size_t max_tokens = 0;  // of the answer, its end token included
  Sampling sampling;
  std::vector<std::string> stop;  // the answer ends before any of these
};

struct Generated {
  enum class End { stop, length, error };
  std::string text;  // any bytes
  End end = End::stop;
  std::string error;          // one line, when end == error
  std::size_t tokens = 0;     // of the answer, its end token included
  std::int64_t taken_us = 0;  // Unix time when the batcher took it from the queue
  std::int64_t first_us = 0;  // when its first token was there
  std::int64_t done_us = 0;
};

struct BatcherOptions {
  int threads = 0;             // 0 = all
  std::size_t max_batch = 16;  // sequences at once
  std::size_t context = 0;     // tokens a sequence may have, prompt and answer; > 1
  std::size_t kv_blocks = 0;   // of KvCache; at least blocks_for(context)
  bool share_prefixes = true;
};

struct BatcherStats {
  std::int64_t steps = 0;
  std::int64_t rows = 0;           // tokens computed
  std::int64_t reused_tokens = 0;  // of prompts: taken from other sequences
  std::int64_t sequences = 0;      // finished
};

class Batcher {
 public:
  using Done = std::move_only_function<void(Generated)>;

  // model must outlive it.
  Batcher(const LlamaModel& model, const BatcherOptions& options);
  // What is not done ends with an error.
  ~Batcher();

  // Thread-safe. done is called once, from the batcher's thread; it must not wait for the batcher.
  void submit(Generate request, Done done);

  BatcherStats stats() const;

 private:
  struct Sequence;
  struct Chunk;  // rows of one sequence in one step

  void loop(std::stop_token stop);
  bool wait_for_work(std::stop_token stop);
  void admit();
  std::vector<Chunk> plan();
  bool waits_for_a_prefix(const Sequence& s, std::span<const Chunk> planned) const;
  void step();
  void accept(Sequence& s, std::span<const float> logits);
  void append(Sequence& s, int token);
  void finish(Sequence& s, Generated::End end, std::string error = "");

  // Constant after construction.
  const LlamaModel& model_;
  const BatcherOptions options_;

  // Owned by thread_.
  Parallel parallel_;
  KvCache cache_;
  Forward forward_;
  std::vector<std::unique_ptr<Sequence>> active_;  // in the order they came
  std::size_t reserved_blocks_ = 0;                // the most that active_ can come to need

  mutable std::mutex mu_;
  std::condition_variable_any arrived_;
  std::deque<std::unique_ptr<Sequence>> queue_;  // guarded by mu_
  BatcherStats stats_;                           // guarded by mu_

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace evalrun
