#include "harness/settings.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;
using S = Settings;

// cepo_flag without its "--".
std::string cepo_name(const CepoSetting& setting) { return cepo_flag(setting).substr(2); }

const Setting* find_setting(std::string_view name) {
  const auto table = setting_table();
  const auto found = std::ranges::find(table, name, &Setting::name);
  return found == table.end() ? nullptr : &*found;
}

const CepoSetting* find_cepo_setting(std::string_view name) {
  for (const CepoSetting& setting : cepo_setting_table())
    if (cepo_name(setting) == name) return &setting;
  return nullptr;
}

template <typename T>
Result<T> parse_number(std::string_view text, const std::string& where) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return usage_error(fmt::format("{}: \"{}\" is not a {}", where, to_printable(text, true),
                                   std::is_integral_v<T> ? "whole number in range" : "number"));
  return value;
}

template <typename T>
Status set_number(T& place, const Setting& setting, std::string_view text,
                  const std::string& where) {
  const auto value = parse_number<T>(text, where);
  if (!value) return std::unexpected(value.error());
  // Written so that a NaN fails too.
  if (setting.min != setting.max &&
      !(double(*value) >= setting.min && double(*value) <= setting.max))
    return usage_error(
        fmt::format("{}: {} is outside {} to {}", where, *value, setting.min, setting.max));
  if (*value > 0 && double(*value) < setting.least_above_0)
    return usage_error(fmt::format("{}: {} is less than {}, the least that is not 0", where, *value,
                                   setting.least_above_0));
  place = *value;
  return {};
}

Status set_choice(std::string& place, const Setting& setting, std::string_view text,
                  const std::string& where) {
  std::vector<std::string> choices;
  for (std::string_view choice : split(setting.choices, '|')) choices.emplace_back(choice);
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
    return usage_error(fmt::format("{}: \"{}\" is not one of {}{}", where, to_printable(text, true),
                                   fmt::join(choices, ", "), did_you_mean(text, choices)));
  place = text;
  return {};
}

Status set_bool(bool& place, std::string_view text, const std::string& where) {
  if (text != "true" && text != "false")
    return usage_error(
        fmt::format("{}: \"{}\" is not true or false", where, to_printable(text, true)));
  place = text == "true";
  return {};
}

void set_list(std::vector<std::string>& place, std::span<const std::string> values,
              const Setting& setting) {
  place.clear();
  if (setting.is_whole) return place.assign(values.begin(), values.end());
  for (const std::string& value : values)
    for (std::string_view piece : split(value, ','))
      if (const std::string_view item = strip(piece); !item.empty()) place.emplace_back(item);
}

struct Setter {
  Settings& settings;
  const Setting& setting;
  std::span<const std::string> values;
  const std::string& where;

  Status operator()(std::vector<std::string> S::*member) const {
    set_list(settings.*member, values, setting);
    return {};
  }
  Status operator()(std::string S::*member) const {
    return set_choice(settings.*member, setting, values.front(), where);
  }
  Status operator()(bool S::*member) const {
    return set_bool(settings.*member, values.front(), where);
  }
  template <typename T>
  Status operator()(std::optional<T> S::*member) const {
    T value{};
    if (Status s = set_number(value, setting, values.front(), where); !s) return s;
    settings.*member = value;
    return {};
  }
  template <typename T>
  Status operator()(T S::*member) const {
    return set_number(settings.*member, setting, values.front(), where);
  }
};

template <typename T>
ordered_json to_json_value(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}
template <typename T>
ordered_json to_json_value(const T& value) {
  return value;
}

// The name, and the value if it is only the name of a variable.
std::string without_secret(const std::string& header) {
  const std::size_t at = header.find('=');
  if (at == header.npos || header.substr(at + 1).starts_with('$')) return header;
  return header.substr(0, at + 1) + std::string(kHiddenValue);
}

ordered_json json_of(const Settings& settings, const Setting& setting) {
  ordered_json out =
      std::visit([&](auto member) { return to_json_value(settings.*member); }, setting.member);
  if (setting.is_header)
    for (ordered_json& header : out) header = without_secret(header.get<std::string>());
  return out;
}

std::vector<std::string> values_of(const ordered_json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) return {value.is_string() ? value.get<std::string>() : value.dump()};
  for (const ordered_json& item : value)
    out.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return out;
}

}  // namespace

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  for (const Setting& setting : setting_table()) names.emplace_back(setting.name);
  for (const CepoSetting& setting : cepo_setting_table()) names.push_back(cepo_name(setting));
  return names;
}

Status set_setting(Settings& settings, std::string_view name, std::span<const std::string> values,
                   const std::string& where) {
  const Setting* setting = find_setting(name);
  const bool is_list =
      setting != nullptr && std::holds_alternative<std::vector<std::string> S::*>(setting->member);
  if (!is_list && values.size() != 1)
    return usage_error(fmt::format("{}: needs one value, got {}", where, values.size()));
  if (setting != nullptr)
    return std::visit(Setter{settings, *setting, values, where}, setting->member);
  if (const CepoSetting* cepo = find_cepo_setting(name)) {
    if (const Status s = set_cepo_setting(settings.cepo, *cepo, values.front()); !s)
      return usage_error(where + ": " + s.error().message);
    return {};
  }
  return usage_error(
      fmt::format("{}: there is no such setting{}", where, did_you_mean(name, setting_names())));
}

std::string settings_json(const Settings& settings, const std::vector<std::string>* only) {
  const auto wanted = [&](std::string_view name) {
    return only == nullptr || std::find(only->begin(), only->end(), name) != only->end();
  };
  ordered_json out = ordered_json::object();
  for (const Setting& setting : setting_table())
    if (wanted(setting.name)) out[std::string(setting.name)] = json_of(settings, setting);
  for (const CepoSetting& setting : cepo_setting_table()) {
    const std::string name = cepo_name(setting);
    const std::string text = cepo_setting_text(settings.cepo, setting);
    const ordered_json number_or_bool = ordered_json::parse(text, nullptr, false);
    if (wanted(name))
      out[name] = number_or_bool.is_discarded() ? ordered_json(text) : number_or_bool;
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Settings> parse_settings_json(std::string_view json, const std::string& source) {
  const ordered_json parsed = ordered_json::parse(json, nullptr, false);
  if (!parsed.is_object()) return input_error(source + ": effective: is not an object of settings");
  Settings settings;
  for (const auto& [name, value] : parsed.items()) {
    if (value.is_null()) continue;
    const std::vector<std::string> values = values_of(value);
    if (Status s = set_setting(settings, name, values, source + ": effective." + name); !s)
      return std::unexpected(s.error());
  }
  return settings;
}

}  // namespace evalrun
