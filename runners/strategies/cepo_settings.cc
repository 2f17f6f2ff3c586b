#include "runners/strategies/cepo_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr CepoRating kRatings[] = {CepoRating::absolute, CepoRating::pairwise,
                                   CepoRating::majority};

using S = CepoSettings;
constexpr double kMaxCount = 64;  // a fan_out is a thread each
constexpr double kMaxTokens = 1 << 20;
constexpr double kMaxTemperature = 2;  // as in the OpenAI API

constexpr CepoSetting kTable[] = {
    {"bestofn_n", "candidates", &S::bestofn_n, 1, kMaxCount},
    {"bestofn_temperature", "temperature of the judge", &S::bestofn_temperature, 0,
     kMaxTemperature},
    {"bestofn_max_tokens", "token budget of a judge's call", &S::bestofn_max_tokens, 1, kMaxTokens},
    {"bestofn_rating_type", "how the best candidate is picked: absolute, pairwise or majority",
     &S::bestofn_rating_type},
    {"planning_n", "proposals that a candidate is made from", &S::planning_n, 1, kMaxCount},
    {"planning_m", "attempts at proposals, at most", &S::planning_m, 1, kMaxCount},
    {"planning_temperature_step1", "temperature of plan", &S::planning_temperature_step1, 0,
     kMaxTemperature},
    {"planning_temperature_step2", "temperature of execute", &S::planning_temperature_step2, 0,
     kMaxTemperature},
    {"planning_temperature_step3", "temperature of review", &S::planning_temperature_step3, 0,
     kMaxTemperature},
    {"planning_temperature_step4", "temperature of final", &S::planning_temperature_step4, 0,
     kMaxTemperature},
    {"planning_max_tokens_step1", "token budget of plan", &S::planning_max_tokens_step1, 1,
     kMaxTokens},
    {"planning_max_tokens_step2", "token budget of execute", &S::planning_max_tokens_step2, 1,
     kMaxTokens},
    {"planning_max_tokens_step3", "token budget of review", &S::planning_max_tokens_step3, 1,
     kMaxTokens},
    {"planning_max_tokens_step4", "token budget of final", &S::planning_max_tokens_step4, 1,
     kMaxTokens},
    {"use_plan_diversity", "ask for as many approaches as candidates first: true or false",
     &S::use_plan_diversity},
    {"planning_temperature_step0", "temperature of the call for approaches",
     &S::planning_temperature_step0, 0, kMaxTemperature},
    {"planning_max_tokens_step0", "token budget of the call for approaches",
     &S::planning_max_tokens_step0, 1, kMaxTokens},
};

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Each reads the whole text or nothing.
std::optional<int> parse(std::string_view text, int) { return parse_number<int>(text); }
std::optional<double> parse(std::string_view text, double) { return parse_number<double>(text); }
std::optional<bool> parse(std::string_view text, bool) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}
std::optional<CepoRating> parse(std::string_view text, CepoRating) {
  for (CepoRating rating : kRatings) {
    if (text == name(rating)) return rating;
  }
  return std::nullopt;
}

bool in_range(const CepoSetting& s, int value) { return value >= s.min && value <= s.max; }
bool in_range(const CepoSetting& s, double value) { return value >= s.min && value <= s.max; }
bool in_range(const CepoSetting&, bool) { return true; }
bool in_range(const CepoSetting&, CepoRating) { return true; }

std::string print(int value) { return std::to_string(value); }
std::string print(double value) { return fmt::format("{}", value); }  // shortest that reads back
std::string print(bool value) { return value ? "true" : "false"; }
std::string print(CepoRating value) { return std::string(name(value)); }

std::string allowed(const CepoSetting& s) {
  if (std::holds_alternative<bool CepoSettings::*>(s.member)) return "true or false";
  if (std::holds_alternative<CepoRating CepoSettings::*>(s.member))
    return "absolute, pairwise or majority";
  const bool whole = std::holds_alternative<int CepoSettings::*>(s.member);
  return fmt::format("{} from {:.0f} to {:.0f}", whole ? "a whole number" : "a number", s.min,
                     s.max);
}

std::unexpected<Error> not_allowed(const CepoSetting& setting, std::string_view text) {
  return usage_error(fmt::format("cepo.{}: \"{}\" is not {}", setting.name,
                                 to_printable(text, /*one_line=*/true), allowed(setting)));
}

}  // namespace

std::span<const CepoSetting> cepo_setting_table() { return kTable; }

std::string cepo_flag(const CepoSetting& setting) {
  std::string flag = "--cepo-" + std::string(setting.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

Status set_cepo_setting(CepoSettings& settings, const CepoSetting& setting, std::string_view text) {
  return std::visit(
      [&](auto member) -> Status {
        const auto value = parse(text, settings.*member);
        if (!value || !in_range(setting, *value)) return not_allowed(setting, text);
        settings.*member = *value;
        return {};
      },
      setting.member);
}

Status set_cepo_setting(CepoSettings& settings, std::string_view name, std::string_view text) {
  std::vector<std::string> known;
  for (const CepoSetting& setting : kTable) {
    if (setting.name == name) return set_cepo_setting(settings, setting, text);
    known.emplace_back(setting.name);
  }
  return usage_error(fmt::format("cepo.{}: no such setting{}", to_printable(name, true),
                                 did_you_mean(name, known)));
}

std::string cepo_setting_text(const CepoSettings& settings, const CepoSetting& setting) {
  return std::visit([&](auto member) { return print(settings.*member); }, setting.member);
}

Status check_cepo_settings(const CepoSettings& settings) {
  for (const CepoSetting& setting : kTable) {
    const bool ok = std::visit([&](auto member) { return in_range(setting, settings.*member); },
                               setting.member);
    if (!ok) return not_allowed(setting, cepo_setting_text(settings, setting));
  }
  if (settings.planning_n > settings.planning_m)
    return usage_error(
        fmt::format("cepo.planning_n: {} proposals cannot come from planning_m = {} "
                    "attempts; lower planning_n or raise planning_m",
                    settings.planning_n, settings.planning_m));
  return {};
}

std::string_view name(CepoRating rating) {
  switch (rating) {
    case CepoRating::absolute:
      return "absolute";
    case CepoRating::pairwise:
      return "pairwise";
    case CepoRating::majority:
      return "majority";
  }
  return "?";
}

}  // namespace evalrun
