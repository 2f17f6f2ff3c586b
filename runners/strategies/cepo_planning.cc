// CePO's steps plan and execute: n proposals from at most m attempts.
//
// The reference of January 2025 attempts one after the other: plan, execute, keep the execution's
// text unless either was cut off (finish length), stop at n kept or m attempted. We run attempts
// in waves and get the same set of calls:
//
//   With s attempts made and a of them kept (a < n), a wave is the attempts s+1 … s+min(n-a, m-s).
//   Take any of them, s+j. When the sequential loop comes to it, it has kept at most a + (j-1) <
//   a + (n-a) = n, so it has not stopped and makes this attempt too. Hence no wave makes a call
//   that the loop does not make. Waves end when n are kept or m attempted, as the loop does, and
//   no later attempt exists in either. Same calls, same keys, same seeds: the same texts; and what
//   is kept is read in order of index, so it does not matter which attempt was finished first.
//
// Launching all m at once would be faster by at most one wave and would pay for up to m-n attempts
// that nobody reads; keeping the first n to finish would favour short answers.
#include <algorithm>
#include <utility>

#include "runners/strategies/cepo_steps.h"

namespace evalrun {
namespace {

struct Attempt {
  CepoReply plan;
  CepoReply execution;  // path "" when the plan was rejected: not made
  bool accepted = false;

  const CepoReply& last_reply() const { return execution.path.empty() ? plan : execution; }
};

// Complete, and something was said.
bool is_whole(const CepoReply& reply) {
  return reply.finish == Finish::stop && !reply.text.empty();
}

Attempt make_attempt(const CepoRun& run, int candidate, int index, std::string_view approach) {
  const CepoSettings& s = run.settings;
  const std::string path = candidate_path(candidate) + "/plan=" + std::to_string(index + 1);
  const std::vector<Message> turn = run.messages.plan(approach);
  Attempt attempt;
  attempt.plan = cepo_call(run.caller, path, "plan", turn, s.planning_max_tokens_step1,
                           s.planning_temperature_step1);
  if (!is_whole(attempt.plan)) return attempt;
  attempt.execution = cepo_call(run.caller, path + "/execute", "execute",
                                run.messages.execute(turn, attempt.plan.text),
                                s.planning_max_tokens_step2, s.planning_temperature_step2);
  attempt.accepted = is_whole(attempt.execution);
  return attempt;
}

std::vector<Attempt> make_attempts(const CepoRun& run, int candidate, std::string_view approach) {
  const auto [n, m] = std::pair(run.settings.planning_n, run.settings.planning_m);
  std::vector<Attempt> attempts;
  for (int accepted = 0; accepted < n && int(attempts.size()) < m;) {
    const int first = int(attempts.size());
    std::vector<Attempt> wave = run.caller.fan_out(std::min(n - accepted, m - first), [&](int i) {
      return make_attempt(run, candidate, first + i, approach);
    });
    for (Attempt& attempt : wave) {
      accepted += attempt.accepted;
      attempts.push_back(std::move(attempt));
    }
  }
  return attempts;
}

// Nothing was accepted: the last reply that came, cut off or not; the one before it if that is
// empty, and so on. The attempt it is from.
Attempt* last_resort(std::vector<Attempt>& attempts) {
  const auto found = std::find_if(attempts.rbegin(), attempts.rend(), [](const Attempt& attempt) {
    return !attempt.last_reply().text.empty();
  });
  return found == attempts.rend() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> cepo_proposals(const CepoRun& run, int candidate,
                                        std::string_view approach) {
  std::vector<Attempt> attempts = make_attempts(run, candidate, approach);
  const bool none = std::none_of(attempts.begin(), attempts.end(),
                                 [](const Attempt& attempt) { return attempt.accepted; });
  const Attempt* kept = none ? last_resort(attempts) : nullptr;
  std::vector<std::string> proposals;
  for (const Attempt& attempt : attempts) {
    if (attempt.accepted || &attempt == kept) {
      proposals.push_back(attempt.last_reply().text);
      continue;
    }
    run.caller.discard(attempt.plan.path);
    if (!attempt.execution.path.empty()) run.caller.discard(attempt.execution.path);
  }
  if (proposals.empty()) proposals.emplace_back();  // every reply was empty: review starts anew
  return proposals;
}

}  // namespace evalrun
