// What the steps of CePO share. Private to runners/strategies/cepo*.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runners/caller.h"
#include "runners/strategies/cepo_prompts.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {

// One sample's run of CePO: arguments that every step needs. References outlive the run.
struct CepoRun {
  Caller& caller;
  const CepoSettings& settings;
  const CepoMessages& messages;
};

// A step's reply, without the model's thinking.
struct CepoReply {
  std::string path;
  std::string text;  // "" when the endpoint declined to answer, or there is only white space
  Finish finish = Finish::stop;
};

inline std::string candidate_path(int candidate) {  // from 0; paths count from 1
  return "candidate=" + std::to_string(candidate + 1);
}

// Makes the call; top_p is 1, as in the reference.
CepoReply cepo_call(Caller& caller, std::string path, std::string step,
                    std::vector<Message> messages, int max_tokens, double temperature,
                    std::vector<std::string> stop = {});

// cepo_planning: the proposals that a candidate is made from, at least one, in the order of the
// attempts. `approach` may be empty.
std::vector<std::string> cepo_proposals(const CepoRun& run, int candidate,
                                        std::string_view approach);

// cepo_rating: the index of the best of `candidates` (not empty).
std::size_t cepo_select(const CepoRun& run, const std::vector<std::string>& candidates);

}  // namespace evalrun
