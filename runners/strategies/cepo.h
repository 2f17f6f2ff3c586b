// CePO, Cerebras Planning and Optimization: plan, execute, review, answer, N times; pick the best.
//
// The algorithm is that of the first public version (January 2025), the one the published results
// were made with. For each of N candidates, side by side:
//
//   plan      n proposals are wanted, at most m attempts made: plan with stated confidence …
//   execute   … and carry the plan out. A reply that is cut off, declined or empty rejects the
//             attempt. Nothing accepted: the last reply that came is the only proposal
//   review    of the proposals for inconsistencies, also of a single one; empty: proposal 1
//   final     the direct prompt, answered from the review; empty: the review's text
//
// then a rating picks one (N = 1: none is made). Confidence is only asked for in the texts; no
// number of it is read. Thinking between <think> tags is taken out of each text before the next
// step. Calls whose text was thrown away (rejected attempts, empty reviews and finals, judgements
// and approaches that cannot be read) are marked discarded in the ledger.
//
// Where it departs from that version: replies are single user turns where it began with an
// assistant turn (strict chat templates refuse that); the task's system message goes with every
// step; an unreadable pairwise judgement is no vote; a call that fails ends the sample.
//
// Paths, counted from 1 (step in brackets):
//   diversity, diversity/retry           (diversity)  only with use_plan_diversity
//   candidate=I/plan=A                   (plan)       A to planning_m
//   candidate=I/plan=A/execute           (execute)
//   candidate=I/review                   (review)
//   candidate=I/final                    (final)      alone has the task's stop strings
//   rate/candidate=I                     (rate)       absolute
//   rate/pair=I,J                        (rate)       pairwise; I is shown first
//
// Calls a sample with N = n = 3, m = 6: 27 to 45 with absolute rating, 30 to 48 pairwise, 24 to 42
// majority; at most one or two more for diversity.
#pragma once

#include "harness/core/types.h"
#include "runners/caller.h"
#include "runners/strategies/cepo_prompts.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {

// `settings` passed check_cepo_settings. Throws what Caller::call throws.
Answer cepo(const Sample& sample, Caller& caller, const CepoSettings& settings,
            const CepoPrompts& prompts);

}  // namespace evalrun
