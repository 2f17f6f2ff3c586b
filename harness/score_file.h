// A file of answers that some other tool's model gave, judged: CRUXEval's generations, and what
// LiveCodeBench's custom_evaluator takes.
#pragma once

#include <string>

#include "harness/core/result.h"
#include "harness/settings.h"
#include "results/lcb_format.h"

namespace evalrun {

inline constexpr const char* kOutFormats =
    "text (default); jsonl (a line a program, gone on with if --out is there already); cruxeval "
    "(the "
    "official scored file); lcb-eval, lcb-eval-all, lcb-performances (LiveCodeBench's own)";

struct FileQuery {
  std::string generations;          // the file
  std::string scorer = "both";      // official, strict, both
  std::string out_format = "text";  // see kOutFormats
  std::string out;                  // "" = stdout
  LcbModel model;                   // lcb-performances
  std::string model_date;           // its release, YYYY-MM-DD
  Settings settings;                // suite, data, filters, workers
};

// The exit code: incomplete when something could not be judged. Errors name the file or the flag.
Result<int> score_file(const FileQuery& query);

}  // namespace evalrun
