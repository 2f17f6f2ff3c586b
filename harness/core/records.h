// What the run folder holds, a struct a line kind. The passes meet only in these.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/types.h"

namespace evalrun {

// calls.jsonl: one finished call. Written as soon as the target answered.
struct CallRecord {
  CallKey key;
  std::string request_sha256;  // over messages, stop, limits, temperature, top_p, seed
  Completion completion;
};

// samples.jsonl: one answered sample. Holds no times, so that equal runs are equal bytes.
struct SampleRecord {
  std::string suite;
  std::string sample;
  int epoch = 0;
  std::string strategy;
  Answer answer;
  std::string model_error;  // not empty: no answer, and it is not the model's fault
};

// scores.jsonl: one verdict of one scorer.
struct ScoreRecord {
  std::string suite;
  std::string sample;
  int epoch = 0;
  std::string strategy;
  ScorerKind scorer = ScorerKind::strict;
  Verdict verdict = Verdict::wrong;
  // official CRUXEval leaves such generations out of n when another one of the sample is right
  // (the echo guard); they count as wrong in every other view.
  bool skipped = false;
  std::string extracted;    // what was compared
  std::string explanation;  // one line, why
  // lcb, official: {"results": [true, -2], "metadata": {...}} as LiveCodeBench's grader writes
  // them; "" otherwise.
  std::string details = {};
};

}  // namespace evalrun
