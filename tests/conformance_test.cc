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

// An echo is dropped from n, and still is when its verdict is read back from an earlier scoring.
TEST(ResumedScoring, DroppedAnswersStayDropped) {
  const std::string problems = data_file("cruxeval/cruxeval.jsonl");
  if (problems.empty()) GTEST_SKIP() << "no cruxeval/cruxeval.jsonl in $EVALRUN_DATA";
  json generations = json::object();
  for (const std::string& line : file_lines(problems)) {
    const json row = json::parse(line);
    generations[row["id"].get<std::string>()] = {"f(" + row["input"].get<std::string>() + ")",
                                                 row["output"]};
  }
  const TestFolder folder;
  const std::string file = folder.write("generations.json", generations.dump());
  for (const char* run : {"first", "resumed"}) {
    const Finished done =
        evalrun({"score", "--suite", "crux-o", "--generations", file, "--scorer", "official",
                 "--limit", "5", "--out-format", "jsonl", "--out", folder.path("verdicts.jsonl")});
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_NE(done.out.find("pass@1 100.0000"), std::string::npos) << run << ": " << done.out;
  }
  EXPECT_EQ(file_lines(folder.path("verdicts.jsonl")).size(), 10u);
}

}  // namespace
}  // namespace evalrun
