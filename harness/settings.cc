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

const Setting kTable[] = {
    {"suite", "suites to run, comma-separated (evalrun list)", &S::suites},
    {"strategy", "strategies to run, comma-separated (evalrun list)", &S::strategies},
    {"no-baseline", "do not add the baseline beside other strategies", &S::no_baseline},
    {"target", "what answers: local (own kernels on this CPU) or recorded (an earlier run)",
     &S::target, 0, 0, "local|recorded"},
    {"model", "GGUF file of a Llama-architecture model; default: the small embedded model",
     &S::model},
    {"from", "run folder whose calls --target recorded replays", &S::from},
    {"limit", "N: the first N samples of each suite; A-B: samples A to B, counted from 1",
     &S::limit},
    {"sample-id", "only these samples, comma-separated", &S::sample_ids},
    {"epochs", "repeats of each sample", &S::epochs, 1, 10000},
    {"seed", "the run's seed; all others follow from it", &S::seed},
    {"temperature", "of baseline and cot (default 0.2)", &S::temperature, 0, 10},
    {"top-p", "nucleus of baseline and cot (default 0.95)", &S::top_p, 0, 1},
    {"max-tokens", "completion limit of baseline and cot", &S::max_tokens, 1, 1 << 20},
    {"max-samples", "samples in flight (0: the target's default)", &S::max_samples, 0, 4096},
    {"data", "dataset file (lcb: or folder), instead of $EVALRUN_DATA and the cache folder",
     &S::data},
    {"prompts", "folder whose NAME.txt files replace the built-in prompts", &S::prompts},
    {"prompt-profile", "prompt set: full, compact (small models), auto (by the model's size)",
     &S::prompt_profile, 0, 0, "auto|full|compact"},
    {"cepo-preset", "CePO's parameters: auto, jan2025 (published), compact, light", &S::cepo_preset,
     0, 0, "auto|jan2025|compact|light"},
    {"letters-count", "how many letters samples to generate", &S::letters_count, 1, 100000},
    {"release", "lcb: release_v1 .. release_v6 (cumulative), release_latest, v1 .. v6, vA_vB",
     &S::release},
    {"start-date", "lcb: contests on this day (YYYY-MM-DD) or later", &S::start_date},
    {"end-date", "lcb: contests before this day; no contest of the day itself", &S::end_date},
    {"difficulty", "lcb: only these of easy, medium, hard, comma-separated", &S::difficulties},
    {"platform", "lcb: only these of leetcode, atcoder, codeforces, comma-separated",
     &S::platforms},
    {"lcb-style", "lcb: how a family of models is asked (evalrun list)", &S::lcb_style},
    {"repair-from", "lcb-repair: the graded run to repair, an ..._eval_all.json", &S::repair_from},
    {"threads", "CPU threads of the local target (0: all)", &S::threads, 0, 1024},
    {"score-workers", "sandboxes that score at once (0: one a core)", &S::score_workers, 0, 1024},
    {"unsafe-no-sandbox", "run programs even where the sandbox lacks layers (see evalrun doctor)",
     &S::unsafe_no_sandbox},
    {"show", "what to print while running: thinking (a status word), steps, full (all texts)",
     &S::show, 0, 0, "thinking|steps|full"},
    {"out", "run folder to create (default runs/TIME-SUITES-STRATEGIES)", &S::out},
    {"demo", "a first look in minutes: few samples, and crux-mini where CRUXEval cannot be had",
     &S::demo},
};

// cepo_flag without its "--".
std::string cepo_name(const CepoSetting& setting) { return cepo_flag(setting).substr(2); }

const Setting* find_setting(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTable), std::end(kTable),
                                   [&](const Setting& s) { return s.name == name; });
  return found == std::end(kTable) ? nullptr : found;
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

void set_list(std::vector<std::string>& place, std::span<const std::string> values) {
  place.clear();
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
    set_list(settings.*member, values);
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

std::vector<std::string> values_of(const ordered_json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) return {value.is_string() ? value.get<std::string>() : value.dump()};
  for (const ordered_json& item : value)
    out.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return out;
}

}  // namespace

std::span<const Setting> setting_table() { return kTable; }

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  for (const Setting& setting : kTable) names.emplace_back(setting.name);
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
  for (const Setting& setting : kTable)
    if (wanted(setting.name))
      out[std::string(setting.name)] =
          std::visit([&](auto member) { return to_json_value(settings.*member); }, setting.member);
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
