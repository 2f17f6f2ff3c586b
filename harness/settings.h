// What a run is asked to do. One table names every setting once: the command line, the TOML file
// and the manifest (requested and effective) are three readers of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/core/result.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {

struct Settings {
  std::vector<std::string> suites{"crux"};
  std::vector<std::string> strategies{"baseline"};
  bool no_baseline = false;  // do not add the baseline beside other strategies
  std::string target = "local";
  std::string model;  // GGUF file; "" = the embedded model
  std::string from;   // run folder that --target recorded answers from
  std::string limit;  // "" = all, "N" = the first N of each suite, "A-B" = from 1, inclusive
  std::vector<std::string> sample_ids;
  int epochs = 1;
  std::uint64_t seed = 1;
  std::optional<double> temperature;  // of baseline and cot
  std::optional<double> top_p;
  std::optional<int> max_tokens;
  int max_samples = 0;                  // samples in flight; 0 = the target's default
  std::string data;                     // dataset file, in place of the usual places
  std::string prompts;                  // folder whose files replace prompts of the same name
  std::string prompt_profile = "auto";  // auto full compact
  std::string cepo_preset = "auto";     // auto, or a file name in runners/strategies/presets
  int letters_count = 600;
  std::string release = "release_latest";  // of lcb: see tasks/lcb_select.h, as the next five
  std::string start_date;
  std::string end_date;
  std::vector<std::string> difficulties;
  std::vector<std::string> platforms;
  std::string lcb_style = "openai-chat";
  std::string repair_from;  // lcb-repair: an ..._eval_all.json
  int threads = 0;          // of the local target; 0 = all
  int score_workers = 0;    // sandboxes; 0 = one a core
  bool unsafe_no_sandbox = false;
  std::string show = "thinking";  // thinking steps full
  std::string out;                // run folder to create; "" = runs/<time>-<suites>-<strategies>
  bool demo = false;

  // Of --target remote; see runners/remote.
  std::string provider;      // a preset of runners/remote/providers.h; "" = none
  std::string base_url;      // "" = the provider's
  std::string api = "auto";  // auto (the provider's, else openai), or a name of wire.h
  std::string api_key_env;   // "" = the provider's
  std::string api_key_file;
  std::vector<std::string> headers;     // "Name=value" or "Name=$VARIABLE"
  std::vector<std::string> model_args;  // "key=value": the value is JSON, else a string
  bool no_stream = false;
  std::string proxy, cacert;  // as curl's
  int max_connections = 256;
  int start_connections = 20;
  std::uint64_t rpm = 0, tpm = 0;  // requests and tokens a minute; 0 = no limit
  double attempt_timeout_s = 600, stall_timeout_s = 60, timeout_s = 0;  // 0 = none
  int max_retries = 10;
  double max_cost_usd = 0;             // 0 = no cap
  std::uint64_t max_total_tokens = 0;  // 0 = no cap
  std::string prices;                  // a TOML file like harness/prices.toml, which it goes before
  std::string cache;                   // folder; "" = none
  double request_rate = 0;             // samples a second that arrive; 0 = closed loop

  // Of simulated targets; see harness/sim_target.h.
  std::string as;                 // the model that the machine plays
  std::string content = "local";  // whose answers they are: local remote recorded
  std::string machines, models;   // folders of TOML files, beside the built-in ones
  std::string weight_bits = "16";
  bool no_prefix_sharing = false;
  std::string assume_speculation;  // "DRAFT:TOKENS:ACCEPTANCE"
  double assume_kernel_speedup = 1, assume_host_us = 0;
  CepoSettings cepo;
};

// A place in Settings and how it is written: the name is the flag without "--" and the TOML key.
struct Setting {
  using Member =
      std::variant<std::string Settings::*, std::vector<std::string> Settings::*, int Settings::*,
                   std::uint64_t Settings::*, double Settings::*, bool Settings::*,
                   std::optional<int> Settings::*, std::optional<double> Settings::*>;
  std::string_view name;
  std::string_view help;
  Member member;
  double min = 0, max = 0;        // of numbers; min == max: any
  std::string_view choices = {};  // of strings, separated by '|'
  double least_above_0 = 0;       // of numbers that may be 0
  bool is_whole = false;          // of lists: a value is one item, commas and all
  bool is_header = false;         // what follows the first '=' is a secret, unless it is $NAME
};
std::span<const Setting> setting_table();

// Every name that --config and the command line know, CePO's ("cepo-planning-n") included.
std::vector<std::string> setting_names();

// Sets one by name. `where` begins the error: "--limit" or "run.toml:3: limit".
Status set_setting(Settings& settings, std::string_view name, std::span<const std::string> values,
                   const std::string& where);

// A JSON object {"name": value}, of all settings or of those named in `only`. Of headers it has
// the names and $NAME values only.
std::string settings_json(const Settings& settings, const std::vector<std::string>* only = nullptr);

// What stands in the manifest for a header's value that is not kept.
inline constexpr std::string_view kHiddenValue = "(hidden)";

// The inverse, for resume. `source` names the file in errors.
Result<Settings> parse_settings_json(std::string_view json, const std::string& source);

}  // namespace evalrun
