// One thing that `evalrun VERB` does. The table of them is in main.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace CLI {
class App;
}

namespace evalrun {

// Exit codes (also in README.md). 1 and 2 are kept for the regression gate.
inline constexpr int kExitComplete = 0;
inline constexpr int kExitIncomplete = 3;  // ours or the target's failure
inline constexpr int kExitUsage = 64;      // wrong words or wrong input (EX_USAGE of sysexits.h)

using Arguments = std::vector<std::string>;  // what follows the verb

struct Verb {
  std::string_view name;
  std::string_view description;
  Result<int> (*run)(const Arguments&);  // the exit code, or one line for stderr
};

Result<int> run_verb(const Arguments&);
Result<int> resume_verb(const Arguments&);
Result<int> list_verb(const Arguments&);
Result<int> show_verb(const Arguments&);
Result<int> score_verb(const Arguments&);
Result<int> report_verb(const Arguments&);
Result<int> export_verb(const Arguments&);
Result<int> doctor_verb(const Arguments&);
Result<int> fetch_verb(const Arguments&);
Result<int> probe_verb(const Arguments&);
Result<int> validate_sim_verb(const Arguments&);
Result<int> simulate_verb(const Arguments&);
Result<int> train_sim_verb(const Arguments&);
Result<int> claims_verb(const Arguments&);

int exit_code(const Error& error);

// Parses with CLI11. False: help was printed and there is nothing to do. An unknown flag gets
// "did you mean".
Result<bool> parse_arguments(CLI::App& app, const Arguments& arguments);

// --machines and --models, of the verbs that compute from the simulator's files (sim_files.h).
void add_sim_folder_flags(CLI::App& app, std::string& machines_dir, std::string& models_dir);

}  // namespace evalrun
