#include "runners/strategies/cepo.h"

#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "runners/strategies/cepo_steps.h"
#include "runners/strategies/cepo_text.h"

namespace evalrun {
namespace {

// Up to two tries; fewer approaches than candidates are used in turn, none: plan without.
std::vector<std::string> ask_approaches(const CepoRun& run) {
  const CepoSettings& s = run.settings;
  for (const char* path : {"diversity", "diversity/retry"}) {
    const CepoReply reply =
        cepo_call(run.caller, path, "diversity", run.messages.diversity(s.bestofn_n),
                  s.planning_max_tokens_step0, s.planning_temperature_step0);
    std::vector<std::string> approaches = parse_approaches(reply.text, s.bestofn_n);
    if (!approaches.empty()) return approaches;
    run.caller.discard(path);
  }
  return {};
}

// The reply's text, or `otherwise` when it is empty; the ledger then shows the call as discarded.
std::string text_or(Caller& caller, CepoReply reply, const std::string& otherwise) {
  if (!reply.text.empty()) return std::move(reply.text);
  caller.discard(reply.path);
  return otherwise;
}

std::string make_candidate(const CepoRun& run, int candidate, std::string_view approach,
                           const std::vector<std::string>& stop) {
  const CepoSettings& s = run.settings;
  const std::string path = candidate_path(candidate);
  const std::vector<std::string> proposals = cepo_proposals(run, candidate, approach);
  const std::string solution =
      text_or(run.caller,
              cepo_call(run.caller, path + "/review", "review", run.messages.review(proposals),
                        s.planning_max_tokens_step3, s.planning_temperature_step3),
              proposals[0]);
  return text_or(run.caller,
                 cepo_call(run.caller, path + "/final", "final", run.messages.final(solution),
                           s.planning_max_tokens_step4, s.planning_temperature_step4, stop),
                 solution);
}

}  // namespace

CepoReply cepo_call(Caller& caller, std::string path, std::string step,
                    std::vector<Message> messages, int max_tokens, double temperature,
                    std::vector<std::string> stop) {
  CallSpec spec{std::move(path), std::move(step), std::move(messages), std::move(stop),
                max_tokens,      temperature,     /*top_p=*/1};
  const Completion completion = caller.call(spec);
  CepoReply reply{std::move(spec.path), strip_think(completion.text), completion.finish};
  if (completion.finish == Finish::refused || strip(reply.text).empty()) reply.text.clear();
  return reply;
}

Answer cepo(const Sample& sample, Caller& caller, const CepoSettings& settings,
            const CepoPrompts& prompts) {
  CHECK(check_cepo_settings(settings).has_value());
  const CepoMessages messages(prompts, sample);
  const CepoRun run{caller, settings, messages};

  std::vector<std::string> approaches;
  if (settings.use_plan_diversity) approaches = ask_approaches(run);
  std::vector<std::string> candidates = caller.fan_out(settings.bestofn_n, [&](int i) {
    const std::string approach =
        approaches.empty() ? "" : approaches[std::size_t(i) % approaches.size()];
    return make_candidate(run, i, approach, sample.direct.stop);
  });
  const std::size_t best = cepo_select(run, candidates);
  return {std::move(candidates[best]), PromptForm::direct, caller.ledger()};
}

}  // namespace evalrun
