// One run of CePO over a script, for the tests of cepo*.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runners/strategies/cepo.h"
#include "runners/testing.h"

namespace evalrun::testing {

struct CepoResult {
  Answer answer;
  std::vector<Request> requests;  // in the order of submission

  const Request& request(std::string_view path) const {
    const auto found = std::find_if(requests.begin(), requests.end(), [&](const Request& request) {
      return request.key.path == path;
    });
    CHECK(found != requests.end());
    return *found;
  }
  const StepUse& step(std::string_view path) const {
    const auto found = std::find_if(answer.steps.begin(), answer.steps.end(),
                                    [&](const StepUse& step) { return step.path == path; });
    CHECK(found != answer.steps.end());
    return *found;
  }
  std::vector<std::string> discarded() const {
    std::vector<std::string> paths;
    for (const StepUse& step : answer.steps) {
      if (step.discarded) paths.push_back(step.path);
    }
    return paths;
  }
  bool asked(std::string_view path) const { return paths_of(requests).contains(std::string(path)); }
};

inline CepoResult run_cepo(ScriptedModel::Script script, const CepoSettings& settings = {},
                           ScriptedTiming timing = {}, CallJournal* journal = nullptr) {
  ScriptedModel model(std::move(script), timing);
  Caller caller({.model = &model, .journal = journal, .run_seed = 1}, sample_key("cepo"));
  const CepoPrompts prompts = short_prompts();
  Answer answer = cepo(make_sample(), caller, settings, prompts);
  return {std::move(answer), model.requests()};
}

// N candidates, n = 1 proposal of at most m = 1 attempt: the shortest way to a rating.
inline CepoSettings one_proposal(int bestofn_n, CepoRating rating = CepoRating::absolute) {
  CepoSettings settings;
  settings.bestofn_n = bestofn_n;
  settings.bestofn_rating_type = rating;
  settings.planning_n = settings.planning_m = 1;
  return settings;
}

}  // namespace evalrun::testing
