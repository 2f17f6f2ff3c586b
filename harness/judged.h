// The answers of a file, sample by sample, and what became of them.
#pragma once

#include <string>
#include <vector>

#include "results/cruxeval_format.h"
#include "scorers/score.h"
#include "tasks/suite.h"

namespace evalrun {

struct Judged {  // under one scorer
  ScorerKind kind = ScorerKind::strict;
  std::vector<std::vector<ScoreOutcome>> outcomes;  // by sample of the suite, by answer
  ScoreStats stats;
  int failures = 0;  // ours: not judged
};

// pass@k lines with the interval of pass@1, and why answers are not right.
std::string totals_text(const Suite& suite, const std::vector<SampleGenerations>& answers,
                        const Judged& judged);

// The answers on which the two come apart, with the class of the reason, a line each.
std::string judged_apart_text(const std::vector<SampleGenerations>& answers, const Judged& official,
                              const Judged& strict);

// CRUXEval's scored file, quirks included. `judged` is by the official scorer.
std::vector<ScoredSample> scored_samples(const std::vector<SampleGenerations>& answers,
                                         const Judged& judged);

}  // namespace evalrun
