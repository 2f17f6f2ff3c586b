// CePO's settings. One table lists them for everyone: command line flags, TOML keys, printing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "harness/core/result.h"

namespace evalrun {

// How the best of the candidates is picked.
enum class CepoRating {
  absolute,  // a judge rates each alone, 1 to 10
  pairwise,  // a judge sees each ordered pair
  majority,  // no judge: the most frequent answer
};

// The names and defaults are those of the reference implementation of January 2025, with which the
// published results were made. Budgets are max_tokens of one call.
struct CepoSettings {
  int bestofn_n = 3;                 // N: candidates
  double bestofn_temperature = 0.1;  // of the judge
  int bestofn_max_tokens = 4096;     // of the judge
  CepoRating bestofn_rating_type = CepoRating::absolute;

  int planning_n = 3;  // n: proposals that a candidate is made from
  int planning_m = 6;  // m: attempts to get them, at most

  double planning_temperature_step1 = 0.55;  // plan
  double planning_temperature_step2 = 0.25;  // execute
  double planning_temperature_step3 = 0.1;   // review
  double planning_temperature_step4 = 0;     // final
  int planning_max_tokens_step1 = 4096;
  int planning_max_tokens_step2 = 4096;
  int planning_max_tokens_step3 = 4096;
  int planning_max_tokens_step4 = 4096;

  bool use_plan_diversity = false;           // ask for N approaches first, one a candidate
  double planning_temperature_step0 = 0.55;  // approaches; the reference has no value: ours
  int planning_max_tokens_step0 = 4096;

  bool operator==(const CepoSettings&) const = default;
};

// One setting: "planning_n" in TOML (table [cepo]), --cepo-planning-n on the command line.
struct CepoSetting {
  std::string_view name;
  std::string_view help;  // one line
  std::variant<int CepoSettings::*, double CepoSettings::*, bool CepoSettings::*,
               CepoRating CepoSettings::*>
      member;
  double min = 0;  // of numbers; both ends belong to the range
  double max = 0;
};

// In the order in which they are printed.
std::span<const CepoSetting> cepo_setting_table();

// "--cepo-planning-n"
std::string cepo_flag(const CepoSetting& setting);

// Reads `text` into the field: a whole number, a number, true or false, or a rating's name. Error:
// one line with the name, the text and what is allowed; the field is as before.
Status set_cepo_setting(CepoSettings& settings, const CepoSetting& setting, std::string_view text);
// By name. Error for an unknown name, with the nearest known one.
Status set_cepo_setting(CepoSettings& settings, std::string_view name, std::string_view text);

// The field's value as set_cepo_setting reads it back, exactly.
std::string cepo_setting_text(const CepoSettings& settings, const CepoSetting& setting);

// Every field in its range, and planning_n <= planning_m. Error: one line.
Status check_cepo_settings(const CepoSettings& settings);

// Names as they stand in files and on the command line.
std::string_view name(CepoRating rating);

}  // namespace evalrun
