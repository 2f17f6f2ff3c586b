#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "results/lcb_format.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<LcbKey> kPrograms{{"1873_A", ""}, {"2727", ""}, {"abc301_a", ""}};
const std::vector<LcbKey> kTests{{"2727", "0"}, {"2727", "1"}};
const std::vector<LcbKey> kExecutions{{"sample_0", ""}, {"sample_10", ""}};

std::string answers_error(const std::string& text,
                          LcbScenario scenario = LcbScenario::code_generation,
                          const std::vector<LcbKey>& benchmark = kPrograms) {
  const auto answers = parse_lcb_answers(text, "out.json", scenario, benchmark);
  return answers ? "no error" : answers.error().message;
}

TEST(LcbAnswers, AListInTheOrderOfTheBenchmark) {
  const auto answers = parse_lcb_answers(R"([["a", "b"], ["c"], [""]])", "out.json",
                                         LcbScenario::code_generation, kPrograms);
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_THAT(*answers, ElementsAre(ElementsAre("a", "b"), ElementsAre("c"), ElementsAre("")));
}

TEST(LcbAnswers, ObjectsInAnyOrder) {
  const auto answers = parse_lcb_answers(
      R"([{"question_id": "abc301_a", "code_list": ["a"], "more": [1]},
          {"question_id": 2727, "code_list": ["b"]},
          {"code_list": ["c"], "question_id": "1873_A"}])",
      "out.json", LcbScenario::self_repair, kPrograms);
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_THAT(*answers, ElementsAre(ElementsAre("c"), ElementsAre("b"), ElementsAre("a")));
}

TEST(LcbAnswers, TestsAreNamedByQuestionAndNumber) {
  const auto answers = parse_lcb_answers(
      R"([{"question_id": "2727", "test_id": 1, "pred_list": ["b"]},
          {"question_id": "2727", "test_id": 0, "pred_list": ["a"]}])",
      "out.json", LcbScenario::test_output, kTests);
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_THAT(*answers, ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(LcbAnswers, ExecutionsAreNamedById) {
  const auto answers = parse_lcb_answers(
      R"([{"id": "sample_10", "pred_list": ["b"]}, {"id": "sample_0", "pred_list": ["a"]}])",
      "out.json", LcbScenario::code_execution, kExecutions);
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_THAT(*answers, ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(LcbAnswers, SaysWhatIsWrongInALists) {
  EXPECT_EQ(answers_error("{}"), "out.json: must be a list of answers");
  EXPECT_EQ(answers_error("[[\"a\"]"), "out.json: not valid JSON at byte 7");
  EXPECT_EQ(answers_error(R"([["a"], ["b"]])"), "out.json: holds 2 entries; the benchmark has 3");
  EXPECT_EQ(answers_error(R"([["a"], "b", ["c"]])"), "out.json: [1]: must be a list of answers");
  EXPECT_EQ(answers_error(R"([["a"], ["b", null], ["c"]])"),
            "out.json: [1]: must be a list of strings");
  EXPECT_EQ(answers_error(R"([["a"], ["b"], []])"), "out.json: [2]: must hold at least one answer");
  EXPECT_EQ(answers_error(R"([["a"], {"question_id": "2727", "code_list": ["b"]}, ["c"]])"),
            "out.json: [1]: must be a list of answers");
}

TEST(LcbAnswers, SaysWhatIsWrongInObjects) {
  const auto error = [](const std::string& second, const std::string& third = "") {
    return answers_error(
        R"([{"question_id": "2727", "code_list": ["a"]}, )" + second + ", " +
        (third.empty() ? R"({"question_id": "1873_A", "code_list": ["a"]})" : third) + "]");
  };
  EXPECT_EQ(error(R"({"question_id": "abc301_a", "code_list": ["a"]})"), "no error");
  EXPECT_EQ(error(R"({"question_id": "abc301_a"})"), "out.json: [1].code_list: is missing");
  EXPECT_EQ(error(R"({"code_list": ["a"]})"), "out.json: [1].question_id: is missing");
  EXPECT_EQ(error(R"({"question_id": true, "code_list": ["a"]})"),
            "out.json: [1].question_id: must be a string or an integer");
  EXPECT_EQ(error(R"({"question_id": "abc301_a", "code_list": []})"),
            "out.json: [1].code_list: must hold at least one answer");
  EXPECT_EQ(error(R"({"question_id": "abc301_a", "code_list": "a"})"),
            "out.json: [1].code_list: must be a list");
  EXPECT_THAT(error(R"({"question_id": "abc301_b", "code_list": ["a"]})"),
              HasSubstr("out.json: [1].question_id: abc301_b is not in the benchmark (did you "
                        "mean \"abc301_a\"?)"));
  EXPECT_EQ(error(R"({"question_id": "2727", "code_list": ["a"]})"),
            "out.json: [1].question_id: 2727 is there twice");
  EXPECT_EQ(error(R"(["a"])"), "out.json: [1]: must be a JSON object");
  EXPECT_THAT(error(R"({"question_id": "\u001b[2J", "code_list": ["a"]})"),
              HasSubstr("[1].question_id: \\x1b[2J is not in the benchmark"));
}

TEST(LcbAnswers, SaysWhichTestIsWrong) {
  EXPECT_THAT(answers_error(R"([{"question_id": "2727", "test_id": 0, "pred_list": ["a"]},
                                {"question_id": "2727", "test_id": 7, "pred_list": ["b"]}])",
                            LcbScenario::test_output, kTests),
              HasSubstr("out.json: [1].question_id: 2727 test_id 7 is not in the benchmark"));
  EXPECT_EQ(answers_error(R"([{"question_id": "2727", "pred_list": ["a"]}, {}])",
                          LcbScenario::test_output, kTests),
            "out.json: [0].test_id: is missing");
}

const std::string kRow =
    R"([{"question_title": "T", "question_content": "C", "platform": "leetcode",)"
    R"("question_id": "2727", "contest_id": "weekly", "contest_date": "2023-05-13T00:00:00",)"
    R"("starter_code": "class Solution:", "difficulty": "easy", "output_list": ["o", "p"],)"
    R"("code_list": ["c", "d"], "graded_list": [true, false], "pass@1": 0.5,)"
    R"("metadata": ["{}", "{\"error_code\": -2}"], "original_code_list": ["e"]}])";

TEST(LcbEvalAll, ReadsARow) {
  const auto rows = parse_lcb_eval_all(kRow, "all.json");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  const LcbRow& row = rows->front();
  EXPECT_EQ(row.problem.question_id, "2727");
  EXPECT_EQ(row.problem.starter_code, "class Solution:");
  EXPECT_THAT(row.outputs, ElementsAre("o", "p"));
  EXPECT_THAT(row.codes, ElementsAre("c", "d"));
  EXPECT_THAT(row.graded, ElementsAre(true, false));
  EXPECT_EQ(row.right(), 1);
  EXPECT_THAT(row.metadata, ElementsAre("{}", "{\"error_code\": -2}"));
  EXPECT_THAT(*row.original_codes, ElementsAre("e"));
}

TEST(LcbEvalAll, SaysWhatIsWrong) {
  const auto error = [](const std::string& from, const std::string& to) {
    std::string text = kRow;
    text.replace(text.find(from), from.size(), to);
    const auto rows = parse_lcb_eval_all(text, "all.json");
    return rows ? "no error" : rows.error().message;
  };
  EXPECT_EQ(error("\"T\"", "\"T\", \"unknown\": 1"), "no error");
  EXPECT_EQ(error(", \"original_code_list\": [\"e\"]", ""), "no error");
  EXPECT_EQ(error("platform", "plattform"), "all.json: [0].platform: is missing");
  EXPECT_EQ(error("[true, false]", "[1, 0]"),
            "all.json: [0].graded_list: must be a list of true and false");
  EXPECT_EQ(error("[true, false]", "[true]"),
            "all.json: [0].graded_list: must have as many items as output_list, 2");
  EXPECT_EQ(error("[\"c\", \"d\"]", "[\"c\"]"),
            "all.json: [0].code_list: must have as many items as output_list, 2");
  EXPECT_EQ(error("[\"o\", \"p\"]", "[]"),
            "all.json: [0].output_list: must hold at least one answer");
  EXPECT_EQ(error("[\"{}\", ", "["),
            "all.json: [0].metadata: must have as many items as output_list, 2");
  EXPECT_EQ(error("0.5", "1.0"), "all.json: [0].pass@1: is not the share of true in graded_list");
  EXPECT_EQ(error("0.5", "\"0.5\""), "all.json: [0].pass@1: must be a number");
  EXPECT_EQ(parse_lcb_eval_all("3", "all.json").error().message,
            "all.json: must be a list of graded problems");
  EXPECT_EQ(parse_lcb_eval_all("[3]", "all.json").error().message,
            "all.json: [0]: must be a JSON object");
}

TEST(LcbEvalAll, TruncatedAnywhereIsAnError) {
  for (std::size_t n = 0; n < kRow.size(); ++n)
    EXPECT_FALSE(parse_lcb_eval_all(kRow.substr(0, n), "all.json")) << n;
}

TEST(LcbDetails, AreResultsAndMetadata) {
  const auto grade = parse_lcb_details(
      R"({"results":[true,false,-2,-4],"metadata":{"error_code":-2,"inputs":"é\n"}})");
  ASSERT_TRUE(grade) << grade.error().message;
  EXPECT_THAT(grade->results, ElementsAre(1, 0, -2, -4));
  EXPECT_EQ(grade->metadata, R"({"error_code": -2, "inputs": "\u00e9\n"})");  // as json.dumps
  const auto empty = parse_lcb_details(R"({"results":[],"metadata":{}})");
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->results, IsEmpty());
  EXPECT_EQ(empty->metadata, "{}");
}

TEST(LcbDetails, SaysWhatIsWrong) {
  const auto error = [](const std::string& text) {
    const auto grade = parse_lcb_details(text);
    return grade ? "no error" : grade.error().message;
  };
  EXPECT_EQ(error(""), "not valid JSON at byte 1");
  EXPECT_EQ(error(R"({"results":[1],"metadata":{}})"),
            "results: must be a list of true, false and -5 to -1");
  EXPECT_EQ(error(R"({"results":[-6],"metadata":{}})"),
            "results: must be a list of true, false and -5 to -1");
  EXPECT_EQ(error(R"({"results":[true]})"), "metadata: is missing");
}

}  // namespace
}  // namespace evalrun
