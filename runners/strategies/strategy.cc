#include "runners/strategies/strategy.h"

#include <algorithm>

#include "runners/strategies/cepo.h"
#include "runners/strategies/cepo_text.h"

namespace evalrun {
namespace {

// One call, path "answer", with the suite's prompt of that form.
Answer answer_once(const Sample& sample, Caller& caller, const OneCallSettings& settings,
                   PromptForm form) {
  const Prompt& prompt = sample.prompt(form);
  const int budget = form == PromptForm::cot ? settings.max_tokens_cot : settings.max_tokens_direct;
  const Completion completion =
      caller.call({"answer", "answer", prompt.messages, prompt.stop,
                   settings.max_tokens.value_or(budget), settings.temperature, settings.top_p});
  return {strip_think(completion.text), form, caller.ledger()};
}

constexpr Strategy kStrategies[] = {
    {"baseline", "one call with the suite's direct prompt",
     [](const Sample& sample, Caller& caller, const StrategySettings& settings) {
       return answer_once(sample, caller, settings.one_call, PromptForm::direct);
     }},
    {"cot", "one call with the suite's chain-of-thought prompt",
     [](const Sample& sample, Caller& caller, const StrategySettings& settings) {
       return answer_once(sample, caller, settings.one_call, PromptForm::cot);
     }},
    {"cepo", "plan, execute and review, several times; a judge picks the best answer",
     [](const Sample& sample, Caller& caller, const StrategySettings& settings) {
       return cepo(sample, caller, settings.cepo, settings.cepo_prompts);
     }},
};

}  // namespace

std::span<const Strategy> strategies() { return kStrategies; }

const Strategy* find_strategy(std::string_view name) {
  const auto found = std::find_if(std::begin(kStrategies), std::end(kStrategies),
                                  [&](const Strategy& strategy) { return strategy.name == name; });
  return found == std::end(kStrategies) ? nullptr : found;
}

}  // namespace evalrun
