// The files of the official CRUXEval evaluator: generations in, scored generations out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// What one generation of a sample came to.
struct GenerationFlag {
  bool right = false;
  bool skipped = false;  // the official evaluator never ran it (echo guard); then not right
};

// The flags as the official evaluator lists them for one sample: skipped generations are left out
// when some generation is right (so n shrinks), else all are false.
std::vector<bool> official_flags(std::span<const GenerationFlag> generations);

// pass@1 and pass@5 in percent over all samples, as the official evaluator reports them.
struct OfficialScores {
  double pass_at_1 = 0;
  double pass_at_5 = 0;
  int artefacts_at_5 = 0;  // samples with n < 5, which count as 100 % whatever they hold
};
// `flags` is a list a sample; an empty one is a sample with no generation (pass@1 too is then 100
// %).
OfficialScores official_scores(std::span<const std::vector<bool>> flags);

struct SampleGenerations {
  std::string id;                        // such as "sample_12"
  std::vector<std::string> generations;  // answers as extracted
};

// Reads {"sample_i": ["...", ...]}; the result is in the order of `ids`, which must be exactly the
// file's. Error (input): "SOURCE: KEY: reason".
Result<std::vector<SampleGenerations>> parse_generations(std::string_view text,
                                                         const std::string& source,
                                                         std::span<const std::string> ids);

struct ScoredSample {
  SampleGenerations answers;
  std::vector<GenerationFlag> flags;  // one a generation
};

// {"raw_generations", "raw_scored_generations", "pass_at_1", "pass_at_5"}: the official file with
// its quirks. Samples in the order given.
std::string official_scored_json(std::span<const ScoredSample> samples);

}  // namespace evalrun
