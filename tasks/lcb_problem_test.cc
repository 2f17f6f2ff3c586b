#include "tasks/lcb_problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/test_lcb_rows.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

Result<LcbCodeRow> parse_code(const std::string& text) {
  const auto members = scan_json_object(text);
  if (!members) return std::unexpected(members.error());
  return parse_lcb_code_row(nullptr, 1, *members);
}
Result<LcbCodeRow> parse_code(const json& row) { return parse_code(row.dump()); }

std::string code_error(const std::string& key, const json& value) {
  json row = lcb_code_json("q");
  row[key] = value;
  const auto parsed = parse_code(row);
  return parsed ? "" : parsed.error().message;
}

TEST(LcbProblem, ReadsTheFieldsOfACodeRow) {
  json row = lcb_code_json("abc301_a");
  row["metadata"] = R"({"func_name": "solve"})";
  row["starter_code"] = "def solve(\xc3\xa9):\n    ";
  const std::string text = row.dump();
  const auto members = scan_json_object(text).value();
  const auto parsed = parse_lcb_code_row(nullptr, 5, members);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const LcbProblem& problem = parsed->problem;
  EXPECT_EQ(problem.title, "Title of abc301_a");
  EXPECT_EQ(problem.content, "Add one to the number.");
  EXPECT_EQ(problem.platform, "atcoder");
  EXPECT_EQ(problem.question_id, "abc301_a");
  EXPECT_EQ(problem.contest_id, "abc1");
  EXPECT_EQ(problem.contest_date, "2024-01-06T00:00:00");
  EXPECT_EQ(problem.starter_code, "def solve(\xc3\xa9):\n    ");
  EXPECT_EQ(problem.difficulty, "easy");
  EXPECT_EQ(problem.func_name, "solve");
  EXPECT_EQ(parsed->tests.line, 5u);
  EXPECT_EQ(parsed->tests.private_tests, "\"[]\"");
  EXPECT_EQ(decode_lcb_tests(parsed->tests.public_tests).value().at(0).output, "2\n");
}

TEST(LcbProblem, ErrorsNameTheKey) {
  const json good = lcb_code_json("q");
  for (const auto& [key, value] : good.items()) {
    json row = good;
    row.erase(key);
    EXPECT_EQ(parse_code(row).error().message, key + ": missing");
    EXPECT_THAT(code_error(key, json::array()), StartsWith(key + ": expected")) << key;
  }
  EXPECT_EQ(code_error("platform", "topcoder"),
            "platform: expected one of leetcode, atcoder, codeforces, found \"topcoder\"");
  EXPECT_EQ(code_error("difficulty", "Easy"),
            "difficulty: expected one of easy, medium, hard, found \"Easy\"");
  EXPECT_THAT(code_error("question_id", "a/../b"), StartsWith("question_id: expected 1 to 100"));
  EXPECT_THAT(code_error("metadata", "3"), StartsWith("metadata: expected a JSON object"));
  EXPECT_THAT(code_error("metadata", R"({"func_name": 3})"), HasSubstr("func_name"));
  EXPECT_EQ(code_error("metadata", R"({"func_name": null})"), "");
}

TEST(LcbProblem, ABrokenStringInASmallFieldIsNoticed) {
  std::string text = lcb_code_json("q").dump();
  text.replace(text.find("Title"), 1, "\xff");
  EXPECT_EQ(parse_code(text).error().message, "question_title: not a JSON string in UTF-8");
}

TEST(LcbProblem, TruncatedAtEachByteIsAnError) {
  const std::string text = lcb_code_json("q").dump();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(parse_code(text.substr(0, size))) << size;
}

TEST(LcbProblem, DatesAreIsoOrMilliseconds) {
  const auto date = [](const json& value) {
    json row = lcb_code_json("q");
    row["contest_date"] = value;
    const auto parsed = parse_code(row);
    return parsed ? parsed->problem.contest_date : parsed.error().message;
  };
  EXPECT_EQ(date("2023-08-26T19:30:00"), "2023-08-26T19:30:00");
  EXPECT_EQ(date("2023-08-26 19:30:00"), "2023-08-26T19:30:00");
  EXPECT_EQ(date("2023-08-26"), "2023-08-26T00:00:00");
  EXPECT_EQ(date(1683504000000), "2023-05-08T00:00:00");  // `date -u -d @1683504000`
  EXPECT_EQ(date(1693078200000), "2023-08-26T19:30:00");  // `date -u -d @1693078200`
  for (const json& value :
       {json("yesterday"), json("2023-8-26"), json("2023-08-26x"), json(20230826)})
    EXPECT_THAT(date(value), StartsWith("contest_date: expected")) << value;
}

TEST(LcbProblem, ReadsAnExecRow) {
  const std::string text = lcb_exec_json("sample_12").dump();
  const auto row = parse_lcb_exec_row(scan_json_object(text).value());
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->id, "sample_12");
  EXPECT_EQ(row->number, 12);
  EXPECT_EQ(row->input, "plus(a = 2)");
  EXPECT_EQ(row->output, "3");
  EXPECT_EQ(row->problem.question_id, "2777");  // an integer in this data set
  EXPECT_EQ(row->problem.func_name, "plus");
  EXPECT_EQ(row->problem.contest_date, "2023-05-08T00:00:00");
  const std::string wrong = lcb_exec_json("sample_x").dump();
  EXPECT_EQ(parse_lcb_exec_row(scan_json_object(wrong).value()).error().message,
            "id: expected a number after a \"_\"");
}

TEST(LcbProblem, ReadsATestgenRow) {
  const std::string text = lcb_testgen_json("2727", 3).dump();
  const auto row = parse_lcb_testgen_row(scan_json_object(text).value());
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->test_id, 3);
  EXPECT_EQ(row->test.input, "[1, 2]\n\"x\"");
  EXPECT_EQ(row->test.output, "{\"a\": 3}");
  EXPECT_EQ(row->problem.func_name, "pick");
  json none = lcb_testgen_json("2727", 3);
  none["test"] = "[]";
  EXPECT_EQ(parse_lcb_testgen_row(scan_json_object(none.dump()).value()).error().message,
            "test: expected one test, found none");
}

// ERRATA.md of the official repository: AtCoder by id, LeetCode by slug.
TEST(LcbErratum, IsFoundByIdOrBySlugOfTheTitle) {
  const auto fault = [](const char* id, const char* title) {
    LcbProblem problem;
    problem.question_id = id;
    problem.title = title;
    return lcb_erratum(problem);
  };
  EXPECT_EQ(fault("abc311_c", "Find it!"), "several right answers");
  EXPECT_EQ(fault("3194", "find-words-containing-character"), "several right answers");
  EXPECT_EQ(fault("3221", "Find the Peaks"), "several right answers");
  EXPECT_EQ(fault("abc337_e", "Bad Juice"), "interactive");
  EXPECT_EQ(fault("3363", "most-frequent-ids"), "bad tests");
  EXPECT_EQ(fault("abc311_d", "Grid Ice Floor"), "");
  EXPECT_EQ(fault("1", ""), "");
}

}  // namespace
}  // namespace evalrun
