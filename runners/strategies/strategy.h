// Strategies: functions from a sample to an answer. A strategy has a Caller and nothing else: no
// model, thread, clock, endpoint or file.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "harness/core/types.h"
#include "runners/caller.h"
#include "runners/strategies/cepo_prompts.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {

// Of the strategies of one call, baseline and cot. The defaults are those with which CRUXEval
// (arXiv:2401.03065) sampled: temperature 0.2, top_p 0.95; its budgets for chat models are 100
// tokens direct and 1000 with chain of thought, which cut off wordy models, so ours are larger.
struct OneCallSettings {
  int max_tokens_direct = 128;
  int max_tokens_cot = 1024;
  std::optional<int> max_tokens;  // overrides both
  double temperature = 0.2;
  double top_p = 0.95;
};

struct StrategySettings {
  OneCallSettings one_call;
  CepoSettings cepo;
  CepoPrompts cepo_prompts;  // read by cepo only
};

// Blocks until the answer is there. Throws CallFailed (this sample is a model_error) and what the
// journal throws. Thread-safe: samples run side by side. Answer::text is without the model's
// thinking (strip_think), for every strategy alike.
using StrategyFn = Answer (*)(const Sample& sample, Caller& caller,
                              const StrategySettings& settings);

struct Strategy {
  std::string_view name;         // CallKey::strategy, --strategy
  std::string_view description;  // one line
  StrategyFn run;
};

// All there are.
std::span<const Strategy> strategies();
// Null: there is no such strategy.
const Strategy* find_strategy(std::string_view name);

}  // namespace evalrun
