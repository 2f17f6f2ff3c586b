#include "hw/sim/cost.h"

#include "harness/core/check.h"

namespace evalrun::sim {

Batch batch_of(std::span<const std::int64_t> new_tokens, std::span<const std::int64_t> context,
               std::vector<PromptChunk>& prompts) {
  CHECK(new_tokens.size() == context.size());
  Batch batch;
  prompts.clear();
  for (std::size_t i = 0; i < new_tokens.size(); ++i) {
    CHECK(new_tokens[i] >= 0 && context[i] >= 0);
    if (new_tokens[i] == 1) {
      ++batch.decoding;
      batch.context += context[i];
    } else if (new_tokens[i] > 1) {
      prompts.push_back({new_tokens[i], context[i]});
    }
  }
  batch.prompts = prompts;
  return batch;
}

double CostModel::pass_s(std::span<const std::int64_t> new_tokens,
                         std::span<const std::int64_t> context) const {
  std::vector<PromptChunk> prompts;
  return pass_s(batch_of(new_tokens, context, prompts));
}

}  // namespace evalrun::sim
