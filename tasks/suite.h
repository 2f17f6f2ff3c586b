// The suites: what each is called and how to load it. START HERE to read tasks/.
// A suite is a list of Samples: prompts to ask, and a Check that says how an answer is judged.
// Nothing here knows a model or a scorer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

// Which of LiveCodeBench's problems, and how they are asked.
struct LcbOptions {
  std::string release = "release_latest";  // release_v1 .. release_v6, v1 .. v6, vA_vB
  // start <= contest_date < end, both "YYYY-MM-DD" at midnight, or "" for none.
  std::string start_date;
  std::string end_date;
  std::vector<std::string> difficulties;  // easy medium hard; empty = all
  std::vector<std::string> platforms;     // leetcode atcoder codeforces; empty = all
  std::string style = "openai-chat";      // see lcb_prompt_styles()
  std::string repair_from;                // lcb-repair: LiveCodeBench's ..._eval_all.json
  bool operator==(const LcbOptions&) const = default;
};

struct SuiteOptions {
  std::string
      data_file;         // --data: used instead of the suite's own file, or (lcb) folder; "" = none
  std::string data_dir;  // $EVALRUN_DATA; "" = not set
  std::string cache_dir;         // where `evalrun fetch` puts files (default_cache_dir in fetch.h)
  std::string profile = "full";  // of the prompts: full or compact
  std::string prompts_dir;       // files that replace prompts; "" = none
  std::uint64_t seed = 1;        // of generated suites
  int letters_count = 600;       // samples of `letters`, 1 to 100,000
  LcbOptions lcb;
};

struct Suite {
  std::string name;
  std::vector<Sample> samples;
  std::string dataset;  // where it came from, for people: a path, "embedded", "generated …"
  // Of the file; of several files and of lcb-repair see lcb_data.h and lcb.cc; of the (id, word,
  // letter, count) lines if generated.
  std::string dataset_sha256;
  std::string prompts_sha256;  // of the prompts that this suite uses
};

struct SuiteInfo {
  std::string_view name;
  std::string_view description;  // one line
  Result<Suite> (*load)(const SuiteOptions&);
  int default_size = 0;          // samples; of a suite that depends on the options: at most
  bool takes_data_file = false;  // whether SuiteOptions::data_file means anything to it
  std::string_view licence;      // of the data
};

// A name that stands for several suites on the command line.
struct SuiteGroup {
  std::string_view name;
  std::string_view description;  // one line
  std::span<const std::string_view> members;
};

// In the order in which they are listed. Thread-safe, as are the load functions.
std::span<const SuiteInfo> suites();
std::span<const SuiteGroup> suite_groups();

// Every prompt name of every suite, for check_override_dir (prompt_set.h).
std::span<const std::string_view> task_prompt_names();

}  // namespace evalrun
