#include "scorers/lcb_compare.h"

#include <string>

#include <gtest/gtest.h>

#include "scorers/json_value.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

using Result = OfficialStdout::Result;

Result official(std::string_view output, std::string_view expected) {
  return compare_stdout_official(output, expected).result;
}

// Expectations by the rules of grade_stdio.
TEST(OfficialStdout, Equal) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"YES\n", "YES"},
      {"\n\n a \n b\t\n\n", "a\nb"},
      {"", "\n"},
      {"6.0 7", "6 7e0"},
      {"1_000", "1000"},
      {"1  2\xc2\xa0 3", "1 2 3"},         // words of numbers, whatever the blanks
      {"\xe3\x80\x80x\xe3\x80\x80", "x"},  // Python strips U+3000
      {"a\r\nb\r\n", "a\nb"},
      {"nan", "nan"}};  // equal as text
  for (const auto& [a, b] : pairs) EXPECT_EQ(official(a, b), Result::equal) << a << " / " << b;
}

TEST(OfficialStdout, Different) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"yes", "YES"},     {"a  b", "a b"}, {"0.3333333333", "0.33333333333"},  // no tolerance
      {"nan 1", "NaN 1"},                                     // NaN is equal to nothing
      {"1 2", "1 2 3"},   {"1 x", "1 y"},  {"sNaN", "1 2"}};  // the lengths are compared first
  for (const auto& [a, b] : pairs) EXPECT_EQ(official(a, b), Result::different) << a << " / " << b;
}

TEST(OfficialStdout, WordsOfTheGrader) {
  EXPECT_EQ(compare_stdout_official("a\nb", "a").message, "Wrong answer: mismatched output length");
  EXPECT_EQ(compare_stdout_official("a\n b ", "a\nc").message,
            "Wrong answer at output_line_idx=1: b != c");
  const std::string message = compare_stdout_official(std::string(301, 'x'), "y").message;
  EXPECT_EQ(message, "Wrong answer at output_line_idx=0: " + std::string(150, 'x') +
                         "...(truncated) ..." + std::string(150, 'x') + " != y");
}

TEST(OfficialStdout, ASignalingNanEndsTheGrader) {
  const OfficialStdout compared = compare_stdout_official("sNaN", "1");
  EXPECT_EQ(compared.result, Result::raises);
  EXPECT_EQ(compared.message, "[<class 'decimal.InvalidOperation'>]");
  EXPECT_EQ(official("1 sNaN", "2 sNaN"), Result::different);  // the first pair decides
}

bool result_official(std::string_view output, std::string_view json) {
  return equal_result_official(*parse_literal(output), *parse_json(json));
}

TEST(OfficialResult, PythonsEqualityAndTheOuterTuple) {
  EXPECT_TRUE(result_official("(1, 2)", "[1, 2]"));
  EXPECT_TRUE(result_official("3.0", "3"));
  EXPECT_TRUE(result_official("True", "1"));
  EXPECT_TRUE(result_official("{'a': None}", R"({"a": null})"));
  EXPECT_FALSE(result_official("[(1, 2)]", "[[1, 2]]"));
  EXPECT_FALSE(result_official("{1, 2}", "[1, 2]"));
  EXPECT_FALSE(result_official("0.1", "0.10000000001"));
  EXPECT_FALSE(result_official("1", "\"1\""));
  EXPECT_FALSE(equal_result_official(*parse_json("NaN"), *parse_json("NaN")));
}

TEST(StrictStdout, Equal) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"a b  \n\n\n", "a b"},
      {"a   b", " a b"},
      {"a\r\nb", "a\nb"},
      {"", "\n\n"},
      {"6.0", "6"},
      {"0.333333", "0.3333333333"},
      {"1000000.5", "1e6"},  // 5e-7 relative
      {"x 2.0000001", "x 2.0"}};
  for (const auto& [a, b] : pairs) EXPECT_EQ(stdout_difference(a, b), "") << a << " / " << b;
}

TEST(StrictStdout, TellsTheFirstDifference) {
  EXPECT_EQ(stdout_difference("a\nb", "a"), "2 lines, expected 1");
  EXPECT_EQ(stdout_difference("\na", "a"), "line 1: 0 words, expected 1");
  EXPECT_EQ(stdout_difference("a\nb c", "a\nb d"), "line 2: word 2 is c, expected d");
  EXPECT_EQ(stdout_difference("1000001", "1000000"), "line 1: word 1 is 1000001, expected 1000000");
  EXPECT_EQ(stdout_difference("0.33333", "0.33334"), "line 1: word 1 is 0.33333, expected 0.33334");
  EXPECT_EQ(stdout_difference("nan", "1.0"), "line 1: word 1 is nan, expected 1.0");
  EXPECT_EQ(stdout_difference("\x1b[2J" + std::string(99, 'x'), "y"),
            "line 1: word 1 is \\x1b[2J" + std::string(36, 'x') + "..., expected y");
}

bool result_strict(std::string_view output, std::string_view json) {
  return equal_result_strict(*parse_literal(output), *parse_json(json));
}

TEST(StrictResult, TuplesAreListsAndFloatsAreNear) {
  EXPECT_TRUE(result_strict("[(1, 2), [3]]", "[[1, 2], [3]]"));
  EXPECT_TRUE(result_strict("0.100009", "0.1"));
  EXPECT_TRUE(result_strict("2", "2.000001"));
  EXPECT_TRUE(result_strict("{'a': (1.0,)}", R"({"a": [1.000001]})"));
  EXPECT_TRUE(result_strict("1e999", "Infinity"));
  EXPECT_TRUE(result_strict("True", "1"));
}

TEST(StrictResult, WhatDiffers) {
  EXPECT_FALSE(result_strict("0.10002", "0.1"));
  EXPECT_FALSE(result_strict("2.000001", "2"));  // an integer is expected exactly
  EXPECT_FALSE(result_strict("{1}", "[1]"));
  EXPECT_FALSE(result_strict("'a'", "[\"a\"]"));
  EXPECT_FALSE(result_strict("[1, 2]", "[1]"));
  EXPECT_FALSE(result_strict("{'a': 1}", R"({"b": 1})"));
  EXPECT_FALSE(result_strict("{1: 1}", R"({"1": 1})"));
  EXPECT_FALSE(result_strict("None", "0.0"));
  EXPECT_FALSE(equal_result_strict(*parse_json("NaN"), *parse_json("NaN")));
  EXPECT_FALSE(result_strict("1e999", "1.5"));
}

}  // namespace
}  // namespace evalrun
