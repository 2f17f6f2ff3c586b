// LiveCodeBench's files as other people's tools have written them: what we derive from the same
// verdicts is what they say, and what we write of what we read is the same bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/lcb_format.h"
#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::IsTrue;
using Json = nlohmann::ordered_json;

constexpr const char* kSkip = "EVALRUN_DATA has no lcb/ here";

// Right and all answers, by difficulty and in windows of contest dates as compute_scores.py has
// them (both ends included, at midnight): counted by a Python script over the published files.
struct PublishedRun {
  std::string file;
  int rows = 0;
  int right = 0;
  std::map<std::string, std::pair<int, int>> by_difficulty;  // right, all
  std::map<std::pair<std::string, std::string>, std::pair<int, int>> by_window;
};

const std::vector<PublishedRun> kRuns{
    {"o1-mini.codegeneration_eval_all",
     880,
     602,
     {{"easy", {265, 279}}, {"medium", {243, 331}}, {"hard", {94, 270}}},
     {{{"2024-08-01", "2025-02-01"}, {145, 279}}, {{"2023-05-01", "2023-09-01"}, {131, 163}}}},
    {"qwen2.5-7b.codegeneration_eval_all",
     1055,
     252,
     {{"easy", {177, 322}}, {"medium", {69, 383}}, {"hard", {6, 350}}},
     {{{"2024-08-01", "2025-02-01"}, {47, 329}}, {{"2023-05-01", "2023-09-01"}, {52, 163}}}},
    {"qwen2.5-7b.selfrepair_eval_all",
     1055,
     293,
     {{"easy", {205, 322}}, {"medium", {82, 383}}, {"hard", {6, 350}}},
     {{{"2024-08-01", "2025-02-01"}, {57, 329}}, {{"2023-05-01", "2023-09-01"}, {64, 163}}}},
};

class Published : public testing::TestWithParam<PublishedRun> {
 protected:
  void SetUp() override {
    const auto path = real_data("lcb/" + GetParam().file + ".json.gz");
    if (!path) GTEST_SKIP() << kSkip;
    text_ = gunzip(*path);
    const auto rows = parse_lcb_eval_all(text_, GetParam().file);
    ASSERT_TRUE(rows) << rows.error().message;
    rows_ = *rows;
    ASSERT_EQ(rows_.size(), std::size_t(GetParam().rows));
  }

  template <typename Keep>
  std::pair<int, int> counted(Keep keep) const {
    std::pair<int, int> counts;
    for (const LcbRow& row : rows_)
      if (keep(row.problem)) counts = {counts.first + row.right(), counts.second + 1};
    return counts;
  }

  std::string text_;
  std::vector<LcbRow> rows_;
};

TEST_P(Published, IsWrittenAsItWasRead) {
  EXPECT_THAT(lcb_eval_all_json(rows_) == text_, IsTrue());
}

TEST_P(Published, SplitsByDifficultyAndDate) {
  EXPECT_EQ(counted([](const LcbProblem&) { return true; }).first, GetParam().right);
  for (const auto& [difficulty, expected] : GetParam().by_difficulty)
    EXPECT_EQ(counted([&](const LcbProblem& p) { return p.difficulty == difficulty; }), expected)
        << difficulty;
  for (const auto& [window, expected] : GetParam().by_window)
    EXPECT_EQ(counted([&](const LcbProblem& p) {
                return window.first + "T00:00:00" <= p.contest_date &&
                       p.contest_date <= window.second + "T00:00:00";
              }),
              expected)
        << window.first;
}

// The file has no results by test, but its metadata say how the first failure ended; grading from
// them again gives the flags, and _eval.json their mean.
TEST_P(Published, GradesFollowFromTheErrorCodes) {
  for (LcbRow& row : rows_) {
    const Json metadata = Json::parse(row.metadata.at(0));
    const int code = metadata.value("error_code", 1);
    row.results = {{code == -5 ? -2 : code}};
    EXPECT_EQ(code > 0, row.graded.at(0)) << row.problem.question_id;
  }
  const Json eval = Json::parse(lcb_eval_json(LcbScenario::code_generation, rows_));
  EXPECT_EQ(eval[0]["pass@1"].get<double>(), double(GetParam().right) / GetParam().rows);
  EXPECT_EQ(eval[0]["detail"]["pass@1"].size(), rows_.size());
  EXPECT_EQ(eval[1].size(), rows_.size());
  EXPECT_EQ(eval[2].size(), rows_.size());
  const Json file = Json::parse(text_);
  for (std::size_t i = 0; i < rows_.size(); ++i)
    EXPECT_EQ(eval[0]["detail"]["pass@1"][std::to_string(i)], file[i]["pass@1"]);
}

// An _eval_all.json can be handed to the custom evaluator again.
TEST_P(Published, IsReadAsAnswersToo) {
  std::vector<LcbKey> benchmark;
  for (const LcbRow& row : rows_) benchmark.push_back({row.problem.question_id, ""});
  const auto answers =
      parse_lcb_answers(text_, GetParam().file, LcbScenario::code_generation, benchmark);
  ASSERT_TRUE(answers) << answers.error().message;
  for (std::size_t i = 0; i < rows_.size(); ++i) EXPECT_EQ((*answers)[i], rows_[i].codes);
  benchmark.pop_back();
  EXPECT_FALSE(parse_lcb_answers(text_, "x", LcbScenario::code_generation, benchmark));
}

INSTANTIATE_TEST_SUITE_P(Runs, Published, testing::ValuesIn(kRuns), [](const auto& info) {
  std::string name = info.param.file;
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
});

TEST(PublishedHeadline, O1MiniIs68Percent) {
  const auto path = real_data("lcb/o1-mini.codegeneration_eval_all.json.gz");
  if (!path) GTEST_SKIP() << kSkip;
  const auto rows = parse_lcb_eval_all(gunzip(*path), "o1-mini");
  ASSERT_TRUE(rows) << rows.error().message;
  double sum = 0;
  for (const LcbRow& row : *rows) sum += double(row.right()) / double(row.graded.size());
  EXPECT_NEAR(100 * sum / double(rows->size()), 68.41, 0.005);
}

// The leaderboard's own file for test output prediction covers problems that o1-mini's rows cover
// too: dates and difficulties are the same, but for contests whose date was corrected since (321 of
// 16,354). Members are in the same order; programs have their platform as well.
TEST(PublishedPerformances, AreOfTheSameShape) {
  const auto path = real_data("lcb/site.performances_testgen.json.gz");
  const auto run = real_data("lcb/o1-mini.codegeneration_eval_all.json.gz");
  if (!path || !run) GTEST_SKIP() << kSkip;
  const Json site = Json::parse(gunzip(*path));
  const auto rows = parse_lcb_eval_all(gunzip(*run), "o1-mini");
  ASSERT_TRUE(rows) << rows.error().message;
  const Json ours = Json::parse(*lcb_performances_json(*rows, {"m", "M", "S", 1, "l"}));
  std::map<std::string, Json> by_question;
  for (const Json& performance : ours["performances"])
    by_question[performance["question_id"]] = performance;
  int same = 0;
  for (const Json& performance : site["performances"]) {
    const Json& own = by_question.at(performance["question_id"]);
    same += own["date"] == performance["date"];
    EXPECT_EQ(own["difficulty"], performance["difficulty"]);
  }
  EXPECT_EQ(same, 16'033);
  Json first = site["performances"][0];
  Json own = by_question.at(first["question_id"]);
  own["model"] = first["model"];
  own["pass@1"] = first["pass@1"];
  own.erase("platform");
  EXPECT_EQ(own.dump(), first.dump());
  std::vector<std::string> keys;
  for (const auto& [key, value] : site["models"][0].items()) keys.push_back(key);
  std::vector<std::string> own_keys;
  for (const auto& [key, value] : ours["models"][0].items()) own_keys.push_back(key);
  EXPECT_EQ(own_keys, keys);
  for (std::size_t i = 0; i < site["date_marks"].size(); ++i)
    EXPECT_EQ(ours["date_marks"][i], site["date_marks"][i]);
}

}  // namespace
}  // namespace evalrun
