// Against the published CRUXEval fixture, through the real command: not one flag may differ.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;

class PublishedFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(PublishedFixture, EveryFlagIsReproduced) {
  const std::string mode = GetParam();
  const std::string stem = "cruxeval/codellama-7b_temp0.2_" + mode;
  const std::string generations = data_file(stem + ".generations.json");
  if (generations.empty()) GTEST_SKIP() << "no " << stem << " in $EVALRUN_DATA";
  const TestFolder folder;
  const Finished run =
      evalrun({"score", "--suite", mode == "input" ? "crux-i" : "crux-o", "--generations",
               generations, "--out-format", "cruxeval", "--out", folder.path("scored.json")});
  ASSERT_EQ(run.exit, 0) << run.err;
  const json ours = json::parse(file_text(folder.path("scored.json")));
  const json published = json::parse(file_text(data_file(stem + ".scored.json")));
  ASSERT_EQ(published["raw_scored_generations"].size(), 800u);
  int different = 0;
  for (const auto& [id, flags] : published["raw_scored_generations"].items())
    if (ours["raw_scored_generations"][id] != flags && ++different < 10)
      ADD_FAILURE() << id << ": published " << flags << ", ours "
                    << ours["raw_scored_generations"][id];
  EXPECT_EQ(different, 0);
  EXPECT_NEAR(ours["pass_at_1"].get<double>(), published["pass_at_1"].get<double>(), 1e-9);
  EXPECT_NEAR(ours["pass_at_5"].get<double>(), published["pass_at_5"].get<double>(), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Modes, PublishedFixture, ::testing::Values("output", "input"));

}  // namespace
}  // namespace evalrun
