// What a machine needs for one piece of work on one model. Two implementations: WaferCost and
// GpuCost; the discrete-event server (server.h) asks nothing else. Seconds, tokens, bytes.
#pragma once

#include <cstdint>
#include <span>

namespace evalrun::sim {

class CostModel {
 public:
  virtual ~CostModel() = default;

  // One forward pass over new tokens of several sequences together: sequence i gets new_tokens[i]
  // tokens after context[i] that are in its cache already. Decoding is new_tokens[i] == 1, prefill
  // more; both may stand side by side. From the first stage's begin to the logits.
  virtual double pass_s(std::span<const std::int64_t> new_tokens,
                        std::span<const std::int64_t> context) const = 0;

  // A pipeline: so many passes may be under way at once, one a stage; a pass leaves its stage after
  // pass_s / stages. 1: the next pass begins when this one ends.
  virtual int stages() const = 0;

  virtual std::int64_t kv_capacity_tokens() const = 0;  // of all sequences together
  virtual double power_w() const = 0;                   // of everything the model is on
  virtual double price_usd() const = 0;                 // 0 = unknown
};

}  // namespace evalrun::sim
