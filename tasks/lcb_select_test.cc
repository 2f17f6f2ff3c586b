#include "tasks/lcb_select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/test_folder.h"
#include "tasks/lcb_files.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::pair<int, int> files_of(std::string_view name) {
  const auto release = parse_lcb_release(name);
  return release ? std::pair(release->first, release->last) : std::pair(0, 0);
}

TEST(LcbRelease, ReleasesAreCumulativeAndRangesAreNot) {
  EXPECT_EQ(files_of("release_v1"), std::pair(1, 1));
  EXPECT_EQ(files_of("release_v5"), std::pair(1, 5));
  EXPECT_EQ(files_of("release_latest"), std::pair(1, 6));
  EXPECT_EQ(files_of("v6"), std::pair(6, 6));
  EXPECT_EQ(files_of("v3_v5"), std::pair(3, 5));
  for (const char* name : {"", "release", "release_v7", "v0", "v5_v3", "v2_v2", "V1", "v1_"})
    EXPECT_FALSE(parse_lcb_release(name)) << name;
  EXPECT_THAT(parse_lcb_release("relase_v5").error().message,
              HasSubstr("(did you mean \"release_v5\"?)"));
}

TEST(LcbFilters, WrongWordsAreErrors) {
  const auto error = [](LcbOptions options) {
    const auto ok = check_lcb_filters(options);
    return ok ? "" : ok.error().message;
  };
  EXPECT_EQ(error({}), "");
  LcbOptions options;
  options.difficulties = {"easy", "hrad"};
  EXPECT_EQ(error(options), "--difficulty: \"hrad\" is none (did you mean \"hard\"?)");
  options = {};
  options.platforms = {"atcodr"};
  EXPECT_EQ(error(options), "--platform: \"atcodr\" is none (did you mean \"atcoder\"?)");
  for (const char* date :
       {"2024", "2024-1-1", "2024-02-30", "2024-13-01", "2024/01/01", "today12345"}) {
    options = {};
    options.start_date = date;
    EXPECT_THAT(error(options), HasSubstr("no date of the form YYYY-MM-DD")) << date;
  }
  options = {};
  options.start_date = options.end_date = "2024-02-29";
  EXPECT_THAT(error(options), HasSubstr("is not before --end-date"));
}

LcbProblem dated(const std::string& date) {
  LcbProblem problem;
  problem.contest_date = date;
  problem.difficulty = "easy";
  problem.platform = "leetcode";
  return problem;
}

TEST(LcbFilters, TheIntervalIsHalfOpenAtMidnight) {
  LcbOptions options;
  options.start_date = "2023-08-01";
  options.end_date = "2023-09-01";
  EXPECT_FALSE(lcb_keeps(options, dated("2023-07-31T23:59:59")));
  EXPECT_TRUE(lcb_keeps(options, dated("2023-08-01T00:00:00")));
  EXPECT_TRUE(lcb_keeps(options, dated("2023-08-31T19:30:00")));
  EXPECT_FALSE(lcb_keeps(options, dated("2023-09-01T00:00:00")));  // the official code keeps this
  EXPECT_FALSE(lcb_keeps(options, dated("2023-09-01T19:30:00")));
  EXPECT_TRUE(lcb_keeps({}, dated("1999-01-01T00:00:00")));
}

TEST(LcbFilters, DifficultyAndPlatformHaveToFitBoth) {
  LcbOptions options;
  options.difficulties = {"hard", "easy"};
  EXPECT_TRUE(lcb_keeps(options, dated("2024-01-01T00:00:00")));
  options.platforms = {"atcoder"};
  EXPECT_FALSE(lcb_keeps(options, dated("2024-01-01T00:00:00")));
  options.platforms = {"atcoder", "leetcode"};
  options.difficulties = {"medium"};
  EXPECT_FALSE(lcb_keeps(options, dated("2024-01-01T00:00:00")));
}

class LcbFiles : public testing::Test {
 protected:
  std::string add(const std::string& name) { return folder_.write(name, "x"); }
  std::string error(LcbDataset dataset) {
    const auto files = find_lcb_files(options_, dataset);
    return files ? "" : files.error().message;
  }
  void SetUp() override {
    options_.data_dir = folder_.path("data");
    options_.cache_dir = folder_.path("cache");
  }
  TestFolder folder_;
  SuiteOptions options_;
};

TEST_F(LcbFiles, EachFileOfTheReleaseIsLookedForInBothFolders) {
  const std::string one = add("data/livecodebench/code_generation_lite/test.jsonl");
  const std::string two = add("cache/livecodebench/test2.jsonl");
  options_.lcb.release = "release_v2";
  EXPECT_THAT(find_lcb_files(options_, LcbDataset::code_generation_lite).value(),
              ElementsAre(one, two));
  const std::string better = add("data/livecodebench/test2.jsonl");
  EXPECT_THAT(find_lcb_files(options_, LcbDataset::code_generation_lite).value(),
              ElementsAre(one, better));
  options_.lcb.release = "v2";
  EXPECT_THAT(find_lcb_files(options_, LcbDataset::code_generation_lite).value(),
              ElementsAre(better));
}

TEST_F(LcbFiles, AMissingFileIsNamedWithItsDatasetAndPlace) {
  add("data/livecodebench/test.jsonl");
  EXPECT_EQ(
      error(LcbDataset::code_generation_lite),
      "LiveCodeBench not found: test2.jsonl of the Hugging Face dataset "
      "livecodebench/code_generation_lite is needed for release \"release_latest\"; put it at " +
          folder_.path("data/livecodebench/code_generation_lite/test2.jsonl") +
          ", or name a file or folder with --data");
  // test.jsonl right in the folder is that of code generation, of no other data set.
  EXPECT_THAT(error(LcbDataset::execution_v2),
              HasSubstr("test.jsonl of the Hugging Face dataset livecodebench/execution-v2"));
  options_ = {};
  EXPECT_THAT(error(LcbDataset::test_generation),
              HasSubstr("$EVALRUN_DATA/livecodebench/test_generation/test.jsonl"));
}

TEST_F(LcbFiles, DataNamesAFileOrTheOnlyFolder) {
  add("data/livecodebench/execution-v2/test.jsonl");
  const std::string own = add("own/execution-v2/test.jsonl");
  options_.data_file = folder_.path("own");
  EXPECT_THAT(find_lcb_files(options_, LcbDataset::execution_v2).value(), ElementsAre(own));
  EXPECT_THAT(error(LcbDataset::code_generation_lite), StartsWith("LiveCodeBench not found"));
  options_.data_file = own;
  options_.lcb.release = "means nothing";
  EXPECT_THAT(find_lcb_files(options_, LcbDataset::code_generation_lite).value(), ElementsAre(own));
}

TEST_F(LcbFiles, AWrongReleaseIsAnErrorOfUsage) {
  options_.lcb.release = "v9";
  EXPECT_EQ(find_lcb_files(options_, LcbDataset::code_generation_lite).error().kind,
            Error::Kind::usage);
}

}  // namespace
}  // namespace evalrun
