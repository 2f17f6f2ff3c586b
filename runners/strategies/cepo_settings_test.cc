#include "runners/strategies/cepo_settings.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

// Enough TOML for the presets: "[cepo]", comments, key = value.
Result<CepoSettings> read_preset(std::string_view name) {
  CepoSettings settings;
  const auto bytes = find_resource("runners/strategies/presets/" + std::string(name) + ".toml");
  if (!bytes) return input_error(std::string(name) + ": not built in");
  for (std::string_view line : split(*bytes, '\n')) {
    line = strip(line);
    if (line.empty() || line[0] == '#' || line == "[cepo]") continue;
    const std::size_t equals = line.find(" = ");
    if (equals == line.npos) return input_error(std::string(line));
    std::string_view value = line.substr(equals + 3);
    if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
    if (auto status = set_cepo_setting(settings, line.substr(0, equals), value); !status)
      return std::unexpected(status.error());
  }
  if (auto status = check_cepo_settings(settings); !status) return std::unexpected(status.error());
  return settings;
}

std::string error_of(const Status& status) { return status ? "" : status.error().message; }

TEST(CepoPresets, January2025IsTheDefaultAndThePublishedSetting) {
  const auto preset = read_preset("cepo-jan2025");
  ASSERT_TRUE(preset.has_value()) << preset.error().message;
  EXPECT_EQ(*preset, CepoSettings());
  EXPECT_EQ(preset->bestofn_n, 3);
  EXPECT_EQ(preset->bestofn_temperature, 0.1);
  EXPECT_EQ(preset->bestofn_max_tokens, 4096);
  EXPECT_EQ(preset->bestofn_rating_type, CepoRating::absolute);
  EXPECT_EQ(preset->planning_n, 3);
  EXPECT_EQ(preset->planning_m, 6);
  EXPECT_EQ(preset->planning_temperature_step1, 0.55);
  EXPECT_EQ(preset->planning_temperature_step2, 0.25);
  EXPECT_EQ(preset->planning_temperature_step3, 0.1);
  EXPECT_EQ(preset->planning_temperature_step4, 0);
  EXPECT_EQ(preset->planning_max_tokens_step4, 4096);
  EXPECT_FALSE(preset->use_plan_diversity);
}

TEST(CepoPresets, OthersAreValidAndSmaller) {
  const auto compact = read_preset("cepo-compact");
  ASSERT_TRUE(compact.has_value()) << compact.error().message;
  EXPECT_EQ(compact->planning_max_tokens_step1, 256);
  EXPECT_EQ(compact->planning_m, 6);
  const auto light = read_preset("cepo-light");
  ASSERT_TRUE(light.has_value()) << light.error().message;
  EXPECT_EQ(light->bestofn_n, 1);
}

TEST(CepoSettingTable, HasEveryFieldOnce) {
  // Every entry changes its own field: setting each in turn gives that many different settings.
  std::set<std::string_view> names;
  std::set<std::string> changed;
  for (const CepoSetting& setting : cepo_setting_table()) {
    names.insert(setting.name);
    EXPECT_FALSE(setting.help.empty());
    CepoSettings settings;
    const std::string before = cepo_setting_text(settings, setting);
    const std::string value = before == "false" ? "true" : before == "absolute" ? "majority" : "2";
    ASSERT_EQ(error_of(set_cepo_setting(settings, setting, value)), "");
    EXPECT_EQ(cepo_setting_text(settings, setting), value);
    EXPECT_NE(settings, CepoSettings()) << setting.name;
    std::string all;
    for (const CepoSetting& other : cepo_setting_table())
      all += cepo_setting_text(settings, other) + ",";
    changed.insert(all);
  }
  EXPECT_EQ(names.size(), 17u);
  EXPECT_EQ(changed.size(), 17u);
}

TEST(CepoSettingTable, TextReadsBackExactly) {
  CepoSettings settings;
  settings.planning_temperature_step1 = 0.1 + 0.2;
  settings.bestofn_rating_type = CepoRating::pairwise;
  settings.use_plan_diversity = true;
  CepoSettings copy;
  for (const CepoSetting& setting : cepo_setting_table())
    EXPECT_TRUE(set_cepo_setting(copy, setting, cepo_setting_text(settings, setting)));
  EXPECT_EQ(copy, settings);
}

TEST(CepoFlag, HasDashes) { EXPECT_EQ(cepo_flag(cepo_setting_table()[0]), "--cepo-bestofn-n"); }

TEST(SetCepoSetting, SaysWhatIsAllowed) {
  CepoSettings s;
  EXPECT_EQ(error_of(set_cepo_setting(s, "planning_n", "0")),
            "cepo.planning_n: \"0\" is not a whole number from 1 to 64");
  EXPECT_EQ(error_of(set_cepo_setting(s, "planning_temperature_step1", "2.5")),
            "cepo.planning_temperature_step1: \"2.5\" is not a number from 0 to 2");
  EXPECT_EQ(error_of(set_cepo_setting(s, "bestofn_rating_type", "likert")),
            "cepo.bestofn_rating_type: \"likert\" is not absolute, pairwise or majority");
  EXPECT_EQ(error_of(set_cepo_setting(s, "planing_n", "3")),
            "cepo.planing_n: no such setting (did you mean \"planning_n\"?)");
  EXPECT_EQ(s, CepoSettings());
}

TEST(SetCepoSetting, TakesTheWholeTextOrNothing) {
  CepoSettings s;
  for (const char* text : {"", " 3", "3 ", "3x", "3.0", "+3", "99999999999999999999", "\x1b[2J"})
    EXPECT_FALSE(set_cepo_setting(s, "planning_n", text)) << text;
  for (const char* text : {"", "nan", "inf", "-0.1", "0.5f"})
    EXPECT_FALSE(set_cepo_setting(s, "planning_temperature_step1", text)) << text;
  EXPECT_EQ(s, CepoSettings());
}

TEST(CheckCepoSettings, RefusesMoreProposalsThanAttempts) {
  CepoSettings s;
  s.planning_n = 7;
  EXPECT_EQ(error_of(check_cepo_settings(s)),
            "cepo.planning_n: 7 proposals cannot come from planning_m = 6 attempts; "
            "lower planning_n or raise planning_m");
  s = {};
  s.planning_max_tokens_step1 = 0;
  EXPECT_EQ(error_of(check_cepo_settings(s)),
            "cepo.planning_max_tokens_step1: \"0\" is not a whole number from 1 to 1048576");
}

// The reference builds its flags from field types: a rating could not be given at all, and
// bool("False") is true.
TEST(CepoFaults, Fault14_RatingAndBooleanSettingsAreReadFromText) {
  CepoSettings s;
  EXPECT_TRUE(set_cepo_setting(s, "bestofn_rating_type", "majority"));
  EXPECT_EQ(s.bestofn_rating_type, CepoRating::majority);
  EXPECT_TRUE(set_cepo_setting(s, "use_plan_diversity", "true"));
  EXPECT_TRUE(s.use_plan_diversity);
  EXPECT_FALSE(set_cepo_setting(s, "use_plan_diversity", "False"));
  EXPECT_TRUE(set_cepo_setting(s, "use_plan_diversity", "false"));
  EXPECT_FALSE(s.use_plan_diversity);
}

}  // namespace
}  // namespace evalrun
