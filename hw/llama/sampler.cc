#include "hw/llama/sampler.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/core/hash.h"
#include "harness/core/rng.h"
#include "hw/cpu/kernels.h"

namespace evalrun {
namespace {

int likeliest(std::span<const float> logits) {
  int best = -1;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (!std::isfinite(logits[i])) return -1;
    if (best < 0 || logits[i] > logits[std::size_t(best)]) best = int(i);
  }
  return best;
}

}  // namespace

int sample_token(std::span<const float> logits, const Sampling& sampling, std::uint64_t index) {
  const int best = likeliest(logits);
  if (best < 0 || sampling.temperature <= 0) return best;

  std::vector<float> share(logits.size());
  const double largest = logits[std::size_t(best)];
  for (std::size_t i = 0; i < share.size(); ++i) {
    share[i] = float((double(logits[i]) - largest) / sampling.temperature);
  }
  kernels().softmax(share.data(), share.size());

  std::vector<int> order(share.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = int(i);
  double total = 1;
  if (sampling.top_p < 1) {
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](int id) { return share[std::size_t(id)]; });
    total = 0;
    std::size_t kept = 0;
    do total += share[std::size_t(order[kept++])];
    while (kept < order.size() && total < sampling.top_p);
    order.resize(kept);
  }
  Rng rng(derive_seed(sampling.seed, {"token", std::to_string(index)}));
  double left = rng.uniform() * total;
  for (int id : order) {
    left -= share[std::size_t(id)];
    if (left < 0) return id;
  }
  return sampling.top_p < 1 ? order.back() : best;  // rounding left a crumb
}

}  // namespace evalrun
