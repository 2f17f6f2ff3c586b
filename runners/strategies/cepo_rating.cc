// CePO's last step: the best of the candidates. Ties go to the lowest index.
//
// An empty candidate (every step before came back empty) is never picked while another is there,
// and no judge is asked about it.
#include <algorithm>
#include <map>
#include <utility>

#include "harness/core/check.h"
#include "runners/strategies/cepo_steps.h"
#include "runners/strategies/cepo_text.h"

namespace evalrun {
namespace {

using Candidates = std::vector<std::string>;

constexpr int kUnrated = -1;  // below each rating that a judge can give

CepoReply ask_judge(const CepoRun& run, std::string path, std::vector<Message> messages) {
  return cepo_call(run.caller, std::move(path), "rate", std::move(messages),
                   run.settings.bestofn_max_tokens, run.settings.bestofn_temperature);
}

// A judge's number per candidate; kUnrated where it cannot be read.
std::vector<int> absolute_scores(const CepoRun& run, const Candidates& candidates) {
  return run.caller.fan_out(int(candidates.size()), [&](int i) {
    if (candidates[i].empty()) return kUnrated;
    const CepoReply reply =
        ask_judge(run, "rate/" + candidate_path(i), run.messages.rate_absolute(candidates[i]));
    const std::optional<int> rating = parse_rating(reply.text);
    if (!rating) run.caller.discard(reply.path);
    return rating.value_or(kUnrated);
  });
}

// Votes per candidate over all ordered pairs. A judgement that cannot be read is no vote; the
// reference counted it for the response shown first.
std::vector<int> pairwise_scores(const CepoRun& run, const Candidates& candidates) {
  std::vector<std::pair<int, int>> pairs;
  for (int i = 0; i < int(candidates.size()); ++i) {
    for (int j = 0; j < int(candidates.size()); ++j) {
      if (i != j && !candidates[i].empty() && !candidates[j].empty()) pairs.emplace_back(i, j);
    }
  }
  const auto winners = run.caller.fan_out(int(pairs.size()), [&](int p) {
    const auto [i, j] = pairs[p];
    const CepoReply reply =
        ask_judge(run, "rate/pair=" + std::to_string(i + 1) + "," + std::to_string(j + 1),
                  run.messages.rate_pairwise(candidates[i], candidates[j]));
    const std::optional<int> better = parse_better_response(reply.text);
    if (!better) run.caller.discard(reply.path);
    return !better ? -1 : *better == 0 ? i : j;
  });
  std::vector<int> votes(candidates.size(), 0);
  for (int winner : winners) {
    if (winner >= 0) ++votes[winner];
  }
  return votes;
}

// How often the candidate's answer was given, by its normal form.
std::vector<int> majority_scores(const Candidates& candidates) {
  std::map<std::string, int> votes;
  for (const std::string& candidate : candidates) ++votes[normalise_answer(candidate)];
  std::vector<int> scores;
  for (const std::string& candidate : candidates)
    scores.push_back(votes[normalise_answer(candidate)]);
  return scores;
}

std::vector<int> scores_of(const CepoRun& run, const Candidates& candidates) {
  switch (run.settings.bestofn_rating_type) {
    case CepoRating::absolute:
      return absolute_scores(run, candidates);
    case CepoRating::pairwise:
      return pairwise_scores(run, candidates);
    case CepoRating::majority:
      return majority_scores(candidates);
  }
  CHECK(false);
  return {};
}

}  // namespace

std::size_t cepo_select(const CepoRun& run, const std::vector<std::string>& candidates) {
  CHECK(!candidates.empty());
  if (candidates.size() == 1) return 0;
  std::vector<int> scores = scores_of(run, candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].empty()) scores[i] = kUnrated - 1;
  }
  return std::size_t(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

}  // namespace evalrun
