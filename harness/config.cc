#include "harness/config.h"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

bool is_bool(const Setting& setting) {
  return std::holds_alternative<bool Settings::*>(setting.member);
}

// A flag that is given again and again.
void add_list_flag(CLI::App& app, RawSettings& given, const Setting& setting) {
  const std::string name(setting.name);
  const std::string short_form = name == "model-arg" ? "-M," : "";  // the field's letter for it
  app.add_option_function<std::vector<std::string>>(
         short_form + "--" + name,
         [&given, name](const std::vector<std::string>& values) { given[name] = values; },
         std::string(setting.help))
      ->allow_extra_args(false)
      ->type_name("");
}

void add_value_flag(CLI::App& app, RawSettings& given, const std::string& name,
                    const std::string& help, const std::string& group) {
  app.add_option_function<std::string>(
         "--" + name, [&given, name](const std::string& value) { given[name] = {value}; }, help)
      ->group(group)
      ->type_name("");
}

// The text form that set_setting reads, of one TOML value.
Result<std::string> toml_text(const toml::node& node, const std::string& where) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  return usage_error(where + ": needs a string, a number, true or false, or a list of them");
}

Result<std::vector<std::string>> toml_values(const toml::node& node, const std::string& where) {
  std::vector<std::string> values;
  const auto add = [&](const toml::node& item) -> Status {
    const auto text = toml_text(item, where);
    if (!text) return std::unexpected(text.error());
    values.push_back(*text);
    return {};
  };
  if (const toml::array* list = node.as_array()) {
    for (const toml::node& item : *list)
      if (Status s = add(item); !s) return std::unexpected(s.error());
  } else if (Status s = add(node); !s) {
    return std::unexpected(s.error());
  }
  return values;
}

Status apply_table(Settings& settings, const toml::table& table, const std::string& prefix,
                   const std::string& source, std::vector<std::string>* names_set) {
  for (const auto& [key, node] : table) {
    std::string name = prefix + std::string(key.str());
    std::replace(name.begin(), name.end(), '_', '-');
    const std::string where =
        fmt::format("{}:{}: {}", source, key.source().begin.line, to_printable(key.str(), true));
    if (const toml::table* inner = node.as_table(); inner != nullptr && name == "cepo") {
      if (Status s = apply_table(settings, *inner, "cepo-", source, names_set); !s) return s;
      continue;
    }
    const auto values = toml_values(node, where);
    if (!values) return std::unexpected(values.error());
    if (Status s = set_setting(settings, name, *values, where); !s) return s;
    if (names_set != nullptr) names_set->push_back(name);
  }
  return {};
}

}  // namespace

std::unique_ptr<SettingFlags> add_setting_flags(CLI::App& app,
                                                std::initializer_list<std::string_view> only) {
  auto flags = std::make_unique<SettingFlags>();
  RawSettings& given = flags->given;
  const auto wanted = [&](std::string_view name) {
    return only.size() == 0 || std::find(only.begin(), only.end(), name) != only.end();
  };
  for (const Setting& setting : setting_table()) {
    const std::string name(setting.name);
    if (!wanted(name)) continue;
    if (is_bool(setting))
      app.add_flag_callback(
          "--" + name, [&given, name] { given[name] = {"true"}; }, std::string(setting.help));
    else if (setting.is_whole)
      add_list_flag(app, given, setting);
    else
      add_value_flag(app, given, name, std::string(setting.help), "Options");
  }
  for (const CepoSetting& setting : cepo_setting_table())
    if (const std::string name = cepo_flag(setting).substr(2); wanted(name))
      add_value_flag(app, given, name, std::string(setting.help), "CePO");
  return flags;
}

void add_config_flag(CLI::App& app, SettingFlags& flags) {
  app.add_option("--config", flags.config_file, "TOML file of settings; flags override it")
      ->type_name("");
}

Status apply_toml(Settings& settings, std::string_view toml, const std::string& source,
                  std::vector<std::string>* names_set) {
  try {
    return apply_table(settings, toml::parse(toml, source), "", source, names_set);
  } catch (const toml::parse_error& error) {
    return usage_error(fmt::format("{}:{}: {}", source, error.source().begin.line,
                                   to_printable(error.description(), true)));
  }
}

Result<Requested> resolve_settings(const SettingFlags& flags, const std::string& cepo_preset) {
  Requested out;
  if (!cepo_preset.empty()) {
    const std::string name = "runners/strategies/presets/cepo-" + cepo_preset + ".toml";
    const auto text = find_resource(name);
    if (!text) return usage_error("--cepo-preset: there is no preset \"" + cepo_preset + "\"");
    if (Status s = apply_toml(out.settings, *text, name, nullptr); !s)
      return std::unexpected(s.error());
  }
  if (!flags.config_file.empty()) {
    const auto text = read_file(flags.config_file);
    if (!text) return usage_error("--config: " + text.error().message);
    if (Status s = apply_toml(out.settings, *text, flags.config_file, &out.names); !s)
      return std::unexpected(s.error());
  }
  for (const auto& [name, values] : flags.given) {
    if (Status s = set_setting(out.settings, name, values, "--" + name); !s)
      return std::unexpected(s.error());
    out.names.push_back(name);
  }
  return out;
}

}  // namespace evalrun
