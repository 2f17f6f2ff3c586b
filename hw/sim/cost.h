// What a machine needs for one piece of work on one model. Two implementations: WaferCost and
// GpuCost; the discrete-event server (server.h) asks nothing else. Seconds, tokens, bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace evalrun::sim {

// Tokens of one prompt that a pass computes, after those that are in its cache already.
struct PromptChunk {
  std::int64_t tokens = 0;  // >= 1
  std::int64_t context = 0;
};

// One forward pass over several sequences: some get one more token each, others a part of their
// prompt. Both kinds may stand side by side.
struct Batch {
  std::int64_t decoding = 0;  // sequences that get one token each
  std::int64_t context = 0;   // tokens in the caches of all of these together
  std::span<const PromptChunk> prompts = {};
};

class CostModel {
 public:
  virtual ~CostModel() = default;

  // From the first stage's begin to the logits. Never falls when a batch grows. The decoding
  // sequences count as equally long: the time depends on the sum of their contexts, in a straight
  // line but for the rounding of cache positions to whole cores (server.h relies on it).
  virtual double pass_s(const Batch& batch) const = 0;
  // The same, sequence by sequence: new_tokens[i] tokens after context[i]. 1 is decoding, 0
  // nothing.
  double pass_s(std::span<const std::int64_t> new_tokens,
                std::span<const std::int64_t> context) const;

  // A pipeline: so many passes may be under way at once, one a stage; a pass leaves its stage after
  // pass_s / stages. 1: the next pass begins when this one ends.
  virtual int stages() const = 0;

  // Prompt tokens that a server computes in one pass, several prompts together; 0: one prompt after
  // the other, in pieces as is best for it. 2048 is the usual default on GPUs: less would waste
  // them, more would keep the decoding calls beside them waiting.
  virtual std::int64_t chunk_tokens() const { return 2048; }

  virtual std::int64_t kv_capacity_tokens() const = 0;  // of all sequences together
  virtual double power_w() const = 0;                   // of everything the model is on
  virtual double price_usd() const = 0;                 // 0 = unknown
};

// Sequences as a Batch; what it points to is put into `prompts`. Both spans have one length, and
// nothing in them is negative (CHECK).
Batch batch_of(std::span<const std::int64_t> new_tokens, std::span<const std::int64_t> context,
               std::vector<PromptChunk>& prompts);

}  // namespace evalrun::sim
