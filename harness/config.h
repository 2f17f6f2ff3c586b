// From the command line, a TOML file and a preset to Settings: requested and effective.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/settings.h"

namespace CLI {
class App;
}

namespace evalrun {

// What the user wrote, by setting name, before it is typed.
using RawSettings = std::map<std::string, std::vector<std::string>>;

// Adds a flag for each setting, or for those named in `only`. The returned store is
// filled when `app` parses.
struct SettingFlags {
  RawSettings given;
  std::string config_file;
};
std::unique_ptr<SettingFlags> add_setting_flags(CLI::App& app,
                                                std::initializer_list<std::string_view> only = {});
void add_config_flag(CLI::App& app, SettingFlags& flags);

// Reads a TOML file: keys are setting names (dashes or underscores); CePO's may stand in a table
// [cepo]. Errors name file, line and key; an unknown key is an error with "did you mean".
Status apply_toml(Settings& settings, std::string_view toml, const std::string& source,
                  std::vector<std::string>* names_set);

struct Requested {
  Settings settings;               // defaults < preset < file < flags
  std::vector<std::string> names;  // of the settings that the user gave, file or flag
};
// `cepo_preset`: "" = none, else a name NAME of runners/strategies/presets/cepo-NAME.toml.
Result<Requested> resolve_settings(const SettingFlags& flags, const std::string& cepo_preset);

}  // namespace evalrun
