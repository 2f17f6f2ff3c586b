// The next token from the logits.
#pragma once

#include <cstdint>
#include <span>

namespace evalrun {

struct Sampling {
  double temperature = 0;  // 0: the most likely token
  double top_p = 1;  // nucleus (Holtzman et al. 2019): the likeliest tokens that reach this share
  std::uint64_t seed = 0;  // of the call
};

// A token id, or -1 when the logits are no numbers. Depends on its arguments alone; index counts
// the tokens of the answer, and each has its own random number. The lowest id wins ties.
int sample_token(std::span<const float> logits, const Sampling& sampling, std::uint64_t index);

}  // namespace evalrun
