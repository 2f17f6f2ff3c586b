#include "harness/settings.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/config.h"

namespace evalrun {
namespace {

TEST(Settings, EverySettingSurvivesTheManifest) {
  Settings settings;
  settings.suites = {"letters", "crux-o"};
  settings.strategies = {"cepo"};
  settings.no_baseline = true;
  settings.seed = 18446744073709551615ull;
  settings.temperature = 0.1;
  settings.max_tokens = 77;
  settings.limit = "3-9";
  settings.sample_ids = {"a", "b"};
  settings.prompts = "dir \"with\" quotes";
  settings.cepo.bestofn_rating_type = CepoRating::pairwise;
  settings.cepo.planning_temperature_step1 = 0.55;
  settings.cepo.use_plan_diversity = true;
  const auto back = parse_settings_json(settings_json(settings), "manifest.json");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(settings_json(*back), settings_json(settings));
  EXPECT_EQ(back->seed, settings.seed);
  EXPECT_EQ(back->cepo, settings.cepo);
  EXPECT_EQ(back->temperature, settings.temperature);
  EXPECT_EQ(back->top_p, std::nullopt);
}

TEST(Settings, OnlyTheNamedOnesArePrinted) {
  const std::vector<std::string> only{"seed", "cepo-planning-n"};
  EXPECT_EQ(settings_json(Settings{}, &only), "{\n  \"seed\": 1,\n  \"cepo-planning-n\": 3\n}");
}

TEST(Settings, NamesAreUnique) {
  const auto names = setting_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(Settings, AManifestOfAnotherBuildIsRefusedByKey) {
  const auto wrong = parse_settings_json(R"({"sede": 3})", "m.json");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            "m.json: effective.sede: there is no such setting (did you mean \"seed\"?)");
  EXPECT_FALSE(parse_settings_json("[1]", "m.json"));
  EXPECT_FALSE(parse_settings_json("{", "m.json"));
}

TEST(Config, PresetThenFileThenFlags) {
  SettingFlags flags;
  flags.given["cepo-planning-m"] = {"5"};
  const auto resolved = resolve_settings(flags, "compact");
  ASSERT_TRUE(resolved) << resolved.error().message;
  EXPECT_EQ(resolved->settings.cepo.planning_m, 5);
  EXPECT_EQ(resolved->settings.cepo.planning_n, 3);
  EXPECT_LT(resolved->settings.cepo.planning_max_tokens_step1, 4096);
  EXPECT_EQ(resolved->names, std::vector<std::string>{"cepo-planning-m"});
  EXPECT_FALSE(resolve_settings(flags, "nosuch"));
}

TEST(Config, TomlIsCutAtEachByteWithoutHarm) {
  const std::string toml =
      "suite = ['letters', \"crux\"]\nlimit = '2-3'\nseed = 7\n"
      "temperature = 0.5\n[cepo]\nplanning_n = 2\nuse_plan_diversity = true\n";
  for (std::size_t n = 0; n < toml.size(); ++n) {
    Settings settings;
    const Status s = apply_toml(settings, toml.substr(0, n), "t.toml", nullptr);
    EXPECT_TRUE(s || s.error().message.starts_with("t.toml:")) << s.error().message;
  }
  Settings settings;
  ASSERT_TRUE(apply_toml(settings, toml, "t.toml", nullptr));
  EXPECT_EQ(settings.suites, (std::vector<std::string>{"letters", "crux"}));
  EXPECT_EQ(settings.limit, "2-3");
  EXPECT_EQ(settings.cepo.planning_n, 2);
  EXPECT_TRUE(settings.cepo.use_plan_diversity);
}

}  // namespace
}  // namespace evalrun
