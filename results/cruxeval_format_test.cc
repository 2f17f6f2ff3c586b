#include "results/cruxeval_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Json = nlohmann::ordered_json;

const std::vector<std::string> kIds{"sample_0", "sample_1", "sample_2"};

TEST(OfficialFlags, SkippedAreLeftOutOnlyBesideARightOne) {
  const GenerationFlag right{true, false};
  const GenerationFlag wrong{false, false};
  const GenerationFlag skipped{false, true};
  using Flags = std::vector<GenerationFlag>;
  EXPECT_THAT(official_flags(Flags{right, wrong, skipped}), ElementsAre(true, false));
  EXPECT_THAT(official_flags(Flags{skipped, wrong, skipped}), ElementsAre(false, false, false));
  EXPECT_THAT(official_flags(Flags{wrong, right}), ElementsAre(false, true));
  EXPECT_THAT(official_flags(Flags{}), IsEmpty());
}

// One right answer and nine echoes: the official evaluator says pass@1 = pass@5 = 100 %.
TEST(OfficialScores, NineEchoesMakeAPerfectScore) {
  std::vector<GenerationFlag> generations(10, {false, true});
  generations[4] = {true, false};
  const std::vector<std::vector<bool>> flags{official_flags(generations)};
  const OfficialScores scores = official_scores(flags);
  EXPECT_EQ(scores.pass_at_1, 100);
  EXPECT_EQ(scores.pass_at_5, 100);
  EXPECT_EQ(scores.artefacts_at_5, 1);
}

TEST(OfficialScores, TooFewAnswersCountAsRightAtFive) {
  const std::vector<std::vector<bool>> flags{{false, false, false}, {true, false, false}};
  const OfficialScores scores = official_scores(flags);
  EXPECT_NEAR(scores.pass_at_1, 100.0 / 6, 1e-12);  // (0 + 1/3) / 2
  EXPECT_EQ(scores.pass_at_5, 100);
  EXPECT_EQ(scores.artefacts_at_5, 2);
  EXPECT_EQ(official_scores({}).pass_at_1, 0);
}

class OfficialFixture : public testing::TestWithParam<std::string> {};

// The flags that the official evaluator published give the scores that it published.
TEST_P(OfficialFixture, ScoresAreReproduced) {
  const auto path = real_data("cruxeval/codellama-7b_temp0.2_" + GetParam() + ".scored.json");
  if (!path) GTEST_SKIP() << "EVALRUN_DATA has no cruxeval/ here";
  const Json file = Json::parse(slurp(*path));
  std::vector<std::vector<bool>> flags;
  for (const auto& [id, list] : file["raw_scored_generations"].items())
    flags.push_back(list.get<std::vector<bool>>());
  ASSERT_EQ(flags.size(), 800u);
  const OfficialScores scores = official_scores(flags);
  EXPECT_NEAR(scores.pass_at_1, file["pass_at_1"].get<double>(), 1e-10);
  EXPECT_NEAR(scores.pass_at_5, file["pass_at_5"].get<double>(), 1e-10);
  EXPECT_NEAR(scores.pass_at_1, GetParam() == "output" ? 34.2125 : 35.95, 0.00005);
  EXPECT_NEAR(scores.pass_at_5, GetParam() == "output" ? 40.2867 : 44.9911, 0.00005);
  EXPECT_EQ(scores.artefacts_at_5, 0);
}

TEST_P(OfficialFixture, GenerationsAreReadInTheOrderOfTheSuite) {
  const auto path = real_data("cruxeval/codellama-7b_temp0.2_" + GetParam() + ".generations.json");
  if (!path) GTEST_SKIP() << "EVALRUN_DATA has no cruxeval/ here";
  std::vector<std::string> ids;
  for (int i = 0; i < 800; ++i) ids.push_back("sample_" + std::to_string(i));
  const std::string text = slurp(*path);
  const auto samples = parse_generations(text, "file", ids);
  ASSERT_TRUE(samples) << samples.error().message;
  ASSERT_EQ(samples->size(), 800u);
  const Json file = Json::parse(text);
  for (const SampleGenerations& sample : *samples)
    EXPECT_EQ(Json(sample.generations), file[sample.id]) << sample.id;
  EXPECT_EQ((*samples)[450].id, "sample_450");
}

INSTANTIATE_TEST_SUITE_P(Modes, OfficialFixture, testing::Values("input", "output"),
                         [](const auto& info) { return info.param; });

std::string error(const std::string& text) {
  const auto samples = parse_generations(text, "gens.json", kIds);
  return samples ? "no error" : samples.error().message;
}

TEST(ParseGenerations, SaysWhatIsWrong) {
  EXPECT_EQ(error(R"({"sample_0":["1"],"sample_1":["2"],"sample_2":["3"]})"), "no error");
  EXPECT_EQ(error(R"({"sample_0":["1"],"sample_1":["2",3],"sample_2":["3"]})"),
            "gens.json: sample_1: must be a list of strings");
  EXPECT_EQ(error(R"({"sample_0":["1"],"sample_1":"2","sample_2":["3"]})"),
            "gens.json: sample_1: must be a list");
  EXPECT_EQ(error(R"({"sample_0":["1"],"sample_1":[],"sample_2":["3"]})"),
            "gens.json: sample_1: must hold at least one answer");
  EXPECT_THAT(error(R"({"sample_1":["2"]})"),
              HasSubstr("gens.json: sample_0: is missing (and 1 more)"));
  EXPECT_THAT(error(R"({"sample_0":["1"],"sample_1":["2"],"sample_22":["3"]})"),
              HasSubstr("gens.json: sample_22: is no sample of this suite (did you mean"));
  EXPECT_THAT(error(R"({"\u001b[2J":[]})"), HasSubstr("\\x1b[2J: is no sample"));
  EXPECT_THAT(error("[]"), HasSubstr("gens.json: must be an object"));
}

TEST(ParseGenerations, TruncatedAnywhereIsAnError) {
  const std::string text = R"({"sample_0":["1"],"sample_1":["2"],"sample_2":["3"]})";
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_NE(error(text.substr(0, n)), "no error");
}

TEST(OfficialScoredJson, HoldsTheFourKeys) {
  const std::vector<ScoredSample> samples{
      {{"sample_0", {"[1]", "2"}}, {{true, false}, {false, true}}},
      {{"sample_1", {"'\xc3\xa9'", "x"}}, {{false, false}, {false, true}}}};
  EXPECT_EQ(official_scored_json(samples),
            R"({"raw_generations":{"sample_0":["[1]","2"],"sample_1":["'é'","x"]},)"
            R"("raw_scored_generations":{"sample_0":[true],"sample_1":[false,false]},)"
            R"("pass_at_1":50.0,"pass_at_5":100.0})"
            "\n");
}

}  // namespace
}  // namespace evalrun
