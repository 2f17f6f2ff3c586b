// Expected texts are what CPython's json.dump(value, file, indent=4) writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/lcb_format.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

LcbRow some_row() {
  LcbRow row;
  row.problem = {"A \"short\"\tsort",
                 "\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\x7f\n",
                 "atcoder",
                 "abc301_a",
                 "abc301",
                 "2023-05-13T00:00:00",
                 "",
                 "easy"};
  row.outputs = {"```\nx\n```", "no"};
  row.codes = {"x", ""};
  row.graded = {true, false};
  row.results = {{1, 1}, {1, -2}};
  row.metadata = {R"({"execution time": 0.25})",
                  R"({"error_code": -2, "error_message": "Wrong Answer"})"};
  return row;
}

const std::string kProblem = R"([
    {
        "question_title": "A \"short\"\tsort",
        "question_content": "\u00e9\u2028\ud83d\ude00\u007f\n",
        "platform": "atcoder",
        "question_id": "abc301_a",
        "contest_id": "abc301",
        "contest_date": "2023-05-13T00:00:00",
        "starter_code": "",
        "difficulty": "easy",
        "output_list": [
            "```\nx\n```",
            "no"
        ],
        "code_list": [
            "x",
            ""
        ])";

TEST(LcbWrite, Output) {
  EXPECT_EQ(lcb_output_json(std::vector<LcbRow>{some_row()}), kProblem + "\n    }\n]");
  EXPECT_EQ(lcb_output_json({}), "[]");
}

TEST(LcbWrite, EvalAll) {
  EXPECT_EQ(lcb_eval_all_json(std::vector<LcbRow>{some_row()}), kProblem + R"(,
        "graded_list": [
            true,
            false
        ],
        "pass@1": 0.5,
        "metadata": [
            "{\"execution time\": 0.25}",
            "{\"error_code\": -2, \"error_message\": \"Wrong Answer\"}"
        ]
    }
])");
}

TEST(LcbWrite, RepairedRowsNameTheOriginals) {
  LcbRow row = some_row();
  row.original_codes = {"y", "z"};
  EXPECT_THAT(lcb_eval_all_json(std::vector<LcbRow>{row}),
              HasSubstr("        ],\n        \"original_code_list\": [\n            \"y\",\n"));
}

TEST(LcbWrite, Eval) {
  LcbRow other = some_row();
  other.results = {{0}, {-4}};
  other.metadata = {"{}", "{}"};
  EXPECT_EQ(lcb_eval_json(LcbScenario::code_generation, std::vector<LcbRow>{some_row(), other}),
            R"([
    {
        "pass@1": 0.25,
        "detail": {
            "pass@1": {
                "0": 0.5,
                "1": 0.0
            }
        }
    },
    {
        "0": [
            [
                true,
                true
            ],
            [
                true,
                -2
            ]
        ],
        "1": [
            [
                false
            ],
            [
                -4
            ]
        ]
    },
    [
        [
            "{\"execution time\": 0.25}",
            "{\"error_code\": -2, \"error_message\": \"Wrong Answer\"}"
        ],
        [
            "{}",
            "{}"
        ]
    ]
])");
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

// `right` of `n` answers.
LcbRow graded_row(int right, int n) {
  LcbRow row;
  for (int i = 0; i < n; ++i) {
    row.results.push_back({i < right ? 1 : -2});
    row.metadata.push_back("{}");
  }
  return row;
}

// 3 of 10: pass@5 = 11/12 (1 - C(7,5)/C(10,5)), pass@10 = 1.
TEST(LcbWrite, PassAtKWhereAllHaveEnoughAnswers) {
  const std::vector<LcbRow> rows{graded_row(3, 10), graded_row(0, 12)};
  const Json metrics = Json::parse(lcb_eval_json(LcbScenario::code_generation, rows))[0];
  EXPECT_THAT(keys(metrics), ElementsAre("pass@1", "pass@5", "pass@10", "detail"));
  EXPECT_NEAR(metrics["pass@1"].get<double>(), 0.15, 1e-15);
  EXPECT_NEAR(metrics["pass@5"].get<double>(), 11.0 / 24, 1e-15);
  EXPECT_NEAR(metrics["detail"]["pass@5"]["0"].get<double>(), 11.0 / 12, 1e-15);
  EXPECT_EQ(metrics["detail"]["pass@10"], Json::parse(R"({"0": 1.0, "1": 0.0})"));
}

// compute_scores.py would say pass@5 = 1 here.
TEST(LcbWrite, NoPassAtKBeyondTheAnswers) {
  const std::vector<LcbRow> rows{graded_row(0, 3), graded_row(0, 10)};
  const Json metrics = Json::parse(lcb_eval_json(LcbScenario::self_repair, rows))[0];
  EXPECT_THAT(keys(metrics), ElementsAre("pass@1", "detail"));
  EXPECT_EQ(metrics["pass@1"], 0.0);
}

TEST(LcbWrite, TheOtherScenarios) {
  const std::vector<LcbRow> rows{graded_row(5, 10), graded_row(10, 10)};
  const Json tests = Json::parse(lcb_eval_json(LcbScenario::test_output, rows));
  ASSERT_EQ(tests.size(), 2u);
  EXPECT_THAT(keys(tests[0]), ElementsAre("pass@1", "pass@5", "detail"));
  const Json executions = Json::parse(lcb_eval_json(LcbScenario::code_execution, rows));
  ASSERT_EQ(executions.size(), 2u);
  EXPECT_EQ(executions[0], Json::parse(R"({"pass@1": 75.0})"));
  EXPECT_EQ(executions[1]["0"][9], Json::parse("[-2]"));
}

TEST(LcbWrite, InvalidUtf8IsReplaced) {
  LcbRow row = some_row();
  row.outputs[1] = "a\xff";
  EXPECT_THAT(lcb_output_json(std::vector<LcbRow>{row}), HasSubstr("\"a\\ufffd\""));
}

// Dates by Python: datetime(2023, 5, 14) and (2024, 9, 8, 19, 30), UTC, times 1000.
TEST(LcbWrite, Performances) {
  LcbRow late = some_row();
  late.problem.contest_date = "2024-09-07T19:30:00";
  late.graded = {true, true};
  const LcbModel model{"m-2024", "M", "OpenAIChat", 1693353600000, "https://example.org"};
  const auto text = lcb_performances_json(std::vector<LcbRow>{some_row(), late}, model);
  ASSERT_TRUE(text) << text.error().message;
  const Json json = Json::parse(*text);
  EXPECT_THAT(keys(json), ElementsAre("performances", "models", "date_marks"));
  EXPECT_EQ(json["performances"][0].dump(),
            R"({"question_id":"abc301_a","model":"M","date":1684022400000,"difficulty":"easy",)"
            R"("pass@1":50.0,"platform":"atcoder"})");
  EXPECT_EQ(json["performances"][1]["date"], 1725823800000);
  EXPECT_EQ(json["models"].dump(),
            R"([{"model_name":"m-2024","model_repr":"M","model_style":"OpenAIChat",)"
            R"("release_date":1693353600000,"link":"https://example.org"}])");
  ASSERT_EQ(json["date_marks"].size(), 18u);  // 2023-05 to 2024-10
  EXPECT_EQ(json["date_marks"].front(), 1682899200000);
  EXPECT_EQ(json["date_marks"].back(), 1727740800000);
}

TEST(LcbWrite, PerformancesNeedDates) {
  for (const char* date :
       {"", "yesterday", "2023-13-01T00:00:00", "2023-02-30", "2023-05-13T25:00:00",
        "2023-05-13T00:00", "2023-05-13T-1:00:00", "-001-05-13"}) {
    LcbRow row = some_row();
    row.problem.contest_date = date;
    const auto text = lcb_performances_json(std::vector<LcbRow>{row}, {});
    ASSERT_FALSE(text) << date;
    EXPECT_THAT(text.error().message, HasSubstr("contest_date: \"" + std::string(date) + "\" is"));
  }
}

}  // namespace
}  // namespace evalrun
