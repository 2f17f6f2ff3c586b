#include "tasks/lcb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/core/hash.h"
#include "harness/core/test_folder.h"
#include "tasks/test_lcb_rows.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string lines(const std::vector<json>& rows) {
  std::string text;
  for (const json& row : rows) text += row.dump() + "\n";
  return text;
}

std::vector<std::string> ids(const Result<Suite>& suite) {
  std::vector<std::string> out;
  EXPECT_TRUE(suite) << suite.error().message;
  for (const Sample& sample : suite ? suite->samples : std::vector<Sample>{})
    out.push_back(sample.id);
  return out;
}

std::map<std::string, std::string> metadata(const Sample& sample) {
  return {sample.metadata.begin(), sample.metadata.end()};
}

class Lcb : public testing::Test {
 protected:
  void data(const std::vector<json>& rows) {
    options_.data_file = folder_.write("data.jsonl", lines(rows));
  }
  void earlier(const std::vector<json>& rows) {
    options_.lcb.repair_from = folder_.write("eval_all.json", json(rows).dump(4));
  }
  TestFolder folder_;
  SuiteOptions options_;
};

TEST_F(Lcb, ASampleHasItsTestsAndMetadata) {
  json row = lcb_code_json("abc343_a");
  row["metadata"] = R"({"func_name": "solve"})";
  row["starter_code"] = "def solve():";
  data({row});
  const auto suite = load_lcb(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_EQ(suite->name, "lcb");
  EXPECT_EQ(suite->dataset, options_.data_file);
  EXPECT_EQ(suite->dataset_sha256, sha256_hex(lines({row})));
  const Sample& sample = suite->samples.at(0);
  EXPECT_EQ(sample.suite, "lcb");
  EXPECT_EQ(metadata(sample),
            (std::map<std::string, std::string>{{"bucket", "easy"},
                                                {"problem", "abc343_a"},
                                                {"platform", "atcoder"},
                                                {"contest_date", "2024-01-06T00:00:00"},
                                                {"contest_id", "abc1"},
                                                {"title", "Title of abc343_a"},
                                                {"starter_code", "def solve():"}}));
  const auto& check = std::get<PythonTests>(sample.check);
  EXPECT_EQ(check.entry_point, "solve");
  EXPECT_EQ(check.erratum, "several right answers");
  EXPECT_EQ(check.fence, CodeFence::backticks);
  const auto tests = check.load_tests();
  ASSERT_TRUE(tests) << tests.error().message;
  EXPECT_EQ(tests->at(0).output, "2\n");
  EXPECT_FALSE(sample.given_answer.has_value());
}

TEST_F(Lcb, TestsOutliveTheSuiteTheyCameFrom) {
  data({lcb_code_json("a")});
  const Check check = load_lcb(options_).value().samples.at(0).check;
  EXPECT_EQ(std::get<PythonTests>(check).load_tests().value().size(), 1u);
}

TEST_F(Lcb, OrderIsThatOfTheIdAsAString) {
  data({lcb_code_json("abc2"), lcb_code_json("2727"), lcb_code_json("1873_A"),
        lcb_code_json("abc10")});
  EXPECT_THAT(ids(load_lcb(options_)), ElementsAre("1873_A", "2727", "abc10", "abc2"));
}

TEST_F(Lcb, FiltersChooseAndMayNotLeaveNothing) {
  json hard = lcb_code_json("b"), late = lcb_code_json("c");
  hard["difficulty"] = "hard";
  late["contest_date"] = "2025-01-04T12:00:00";
  data({lcb_code_json("a"), hard, late});
  options_.lcb.difficulties = {"easy"};
  EXPECT_THAT(ids(load_lcb(options_)), ElementsAre("a", "c"));
  options_.lcb.start_date = "2025-01-04";
  EXPECT_THAT(ids(load_lcb(options_)), ElementsAre("c"));
  const auto problems = lcb_problems("lcb", options_);
  ASSERT_TRUE(problems);
  ASSERT_EQ(problems->size(), 1u);
  EXPECT_EQ(problems->at(0).question_id, "c");
  options_.lcb.platforms = {"leetcode"};
  EXPECT_THAT(load_lcb(options_).error().message, HasSubstr("no problem is left"));
  options_.lcb.platforms = {"leetcod"};
  EXPECT_THAT(load_lcb(options_).error().message, HasSubstr("did you mean \"leetcode\""));
}

TEST_F(Lcb, AReleaseReadsSeveralFilesAndHashesThemAll) {
  const std::string one = lines({lcb_code_json("b")}), two = lines({lcb_code_json("a")});
  folder_.write("livecodebench/test.jsonl", one);
  folder_.write("livecodebench/test2.jsonl", two);
  options_.data_dir = folder_.path();
  options_.lcb.release = "release_v2";
  const auto suite = load_lcb(options_);
  EXPECT_THAT(ids(suite), ElementsAre("a", "b"));
  EXPECT_EQ(suite->dataset_sha256,
            sha256_hex(sha256_hex(one) + "  test.jsonl\n" + sha256_hex(two) + "  test2.jsonl\n"));
  EXPECT_THAT(suite->dataset, testing::EndsWith("livecodebench/test.jsonl and 1 more"));
}

TEST_F(Lcb, ARepeatedIdIsAnErrorWithBothPlaces) {
  data({lcb_code_json("a"), lcb_code_json("b"), lcb_code_json("a")});
  const std::string& file = options_.data_file;
  EXPECT_EQ(load_lcb(options_).error().message,
            file + ":3: \"a\" occurs twice, first at " + file + ":1");
}

TEST_F(Lcb, ErrorsOfARowNameFileLineAndKey) {
  json row = lcb_code_json("b");
  row.erase("private_test_cases");
  data({lcb_code_json("a"), row});
  EXPECT_EQ(load_lcb(options_).error().message,
            options_.data_file + ":2: private_test_cases: missing");
}

TEST_F(Lcb, ExecIsOrderedByNumberAndChecksTheCall) {
  data({lcb_exec_json("sample_10"), lcb_exec_json("sample_9")});
  const auto suite = load_lcb_exec(options_);
  EXPECT_THAT(ids(suite), ElementsAre("sample_9", "sample_10"));
  const auto& check = std::get<CallOutput>(suite->samples.at(0).check);
  EXPECT_EQ(check.call, "plus(a = 2)");
  EXPECT_EQ(check.expected, "3");
  EXPECT_THAT(check.code, StartsWith("def plus"));
  EXPECT_EQ(metadata(suite->samples.at(0)).at("problem"), "2777");
  EXPECT_EQ(metadata(suite->samples.at(0)).at("bucket"), "medium");
}

TEST_F(Lcb, TestgenIsOrderedByQuestionThenTest) {
  data({lcb_testgen_json("2727", 10), lcb_testgen_json("2755", 0), lcb_testgen_json("2727", 9)});
  const auto suite = load_lcb_testgen(options_);
  EXPECT_THAT(ids(suite), ElementsAre("2727_9", "2727_10", "2755_0"));
  EXPECT_EQ(std::get<TestOutput>(suite->samples.at(0).check).expected, "{\"a\": 3}");
  EXPECT_EQ(metadata(suite->samples.at(1)).at("problem"), "2727");
}

TEST_F(Lcb, RepairKeepsWhatWasRightAndAsksForTheRest) {
  data({lcb_code_json("a"), lcb_code_json("b"), lcb_code_json("c")});
  const json failure = {{"error_code", -5}, {"error_message", "TestRunnerError"}};
  earlier({lcb_eval_json("b", {true}, {}), lcb_eval_json("a", {false, true}, failure)});
  const auto suite = load_lcb_repair(options_);
  EXPECT_THAT(ids(suite), ElementsAre("a#0", "a#1", "b"));
  const Sample& wrong = suite->samples.at(0);
  EXPECT_FALSE(wrong.given_answer.has_value());
  EXPECT_THAT(wrong.direct.messages.back().content, HasSubstr("print(0)"));
  EXPECT_THAT(wrong.direct.messages.back().content, HasSubstr("TestRunnerError"));
  EXPECT_THAT(wrong.question, HasSubstr("print(0)"));
  EXPECT_EQ(metadata(wrong).at("problem"), "a");
  const Sample& right = suite->samples.at(1);
  EXPECT_EQ(right.given_answer, "said 1");
  EXPECT_TRUE(right.direct.messages.empty());
  EXPECT_EQ(std::get<PythonTests>(right.check).load_tests().value().size(), 1u);
  const auto problems = lcb_problems("lcb-repair", options_);
  ASSERT_TRUE(problems);
  ASSERT_EQ(problems->size(), 2u);
  EXPECT_EQ(problems->at(1).question_id, "b");
}

TEST_F(Lcb, RepairOfAProblemOutsideTheReleaseIsAnError) {
  data({lcb_code_json("a")});
  earlier({lcb_eval_json("a", {true}, {}), lcb_eval_json("zz", {true}, {})});
  EXPECT_THAT(load_lcb_repair(options_).error().message,
              StartsWith(options_.lcb.repair_from + ": row 2: problem \"zz\" is not in "));
}

TEST_F(Lcb, RepairFiltersRowsByTheirProblems) {
  json hard = lcb_code_json("b");
  hard["difficulty"] = "hard";
  data({lcb_code_json("a"), hard});
  earlier({lcb_eval_json("a", {true}, {}), lcb_eval_json("b", {true}, {})});
  options_.lcb.difficulties = {"hard"};
  EXPECT_THAT(ids(load_lcb_repair(options_)), ElementsAre("b"));
}

TEST_F(Lcb, RepairNeedsAnEarlierRun) {
  data({lcb_code_json("a")});
  EXPECT_EQ(load_lcb_repair(options_).error().kind, Error::Kind::usage);
  options_.lcb.repair_from = folder_.path("none.json");
  EXPECT_THAT(load_lcb_repair(options_).error().message, HasSubstr("none.json: No such file"));
}

TEST_F(Lcb, ProblemsAreListedForCodeSuitesOnly) {
  EXPECT_EQ(lcb_problems("lcb-exec", options_).error().kind, Error::Kind::usage);
}

TEST_F(Lcb, MiniIsBuiltInAndFiltered) {
  options_.lcb.release = "v1";  // it has none; the filters count
  const auto suite = load_lcb_mini(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_GE(suite->samples.size(), 30u);
  EXPECT_EQ(suite->dataset, "embedded");
  for (const Sample& sample : suite->samples) {
    const auto tests = std::get<PythonTests>(sample.check).load_tests();
    ASSERT_TRUE(tests) << tests.error().message;
    EXPECT_GE(tests->size(), 2u) << sample.id;
  }
  options_.lcb.difficulties = {"easy"};
  const auto easy = load_lcb_mini(options_);
  ASSERT_TRUE(easy) << easy.error().message;
  EXPECT_EQ(easy->samples.size(), 13u);  // README.md of lcb_mini: 13 easy, 12 medium, 12 hard
  EXPECT_EQ(lcb_problems("lcb-mini", options_)->size(), 13u);
}

}  // namespace
}  // namespace evalrun
