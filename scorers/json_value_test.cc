#include "scorers/json_value.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

// Python's repr of what json.loads gives; expectations by CPython 3.11.
std::string loaded(std::string_view json) {
  const auto value = parse_json(json);
  return value ? repr(*value) : "error: " + value.error().message;
}

TEST(ParseJson, AsPythonReadsIt) {
  const std::pair<std::string_view, std::string_view> expected[] = {
      {"null", "None"},
      {" true\r\n\t", "True"},
      {"false", "False"},
      {"-0", "0"},
      {"-0.0", "-0.0"},
      {"1e5", "100000.0"},
      {"1.0E+2", "100.0"},
      {"1E400", "inf"},
      {"-Infinity", "-inf"},
      {"NaN", "nan"},
      {"123456789012345678901234567890", "123456789012345678901234567890"},
      {"[]", "[]"},
      {"{}", "{}"},
      {"[1, [2.5, {}], \"x\"]", "[1, [2.5, {}], 'x']"},
      {R"({"a":1,"b":2,"a":3})", "{'a': 3, 'b': 2}"},
      {R"("\"\\\/\b\f\n\r\t")", R"('"\\/\x08\x0c\n\r\t')"},
      {R"("\u00e9")", R"('\xe9')"},
      {R"("\ud83d\ude00")", R"('\U0001f600')"},
      {R"("\ud83d")", R"('\ud83d')"},
      {R"("\ude00\ud83d")", R"('\ude00\ud83d')"},
      {R"("\ud83d\u0041")", R"('\ud83dA')"},
      {R"("\ud83d\ud83d\ude00")", R"('\ud83d\U0001f600')"},
      {"\"\x7f\"", R"('\x7f')"},
      {"\"\xc3\xa9\"", R"('\xe9')"}};
  for (const auto& [json, python] : expected) EXPECT_EQ(loaded(json), python) << json;
}

TEST(ParseJson, WhatPythonRefuses) {
  for (const std::string_view json : {"",
                                      "nan",
                                      "tru",
                                      "-",
                                      "01",
                                      "-01",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1.e5",
                                      "1_0",
                                      "+1",
                                      "-NaN",
                                      "1 2",
                                      "[1,]",
                                      "[1 2]",
                                      "[1,,2]",
                                      "{1:2}",
                                      "{\"a\":1,}",
                                      "{\"a\"}",
                                      "\"a",
                                      "\"\t\"",
                                      R"("\x41")",
                                      R"("\u00zz")",
                                      R"("\u+123")",
                                      R"("\ud83d\u12")",
                                      "\xef\xbb\xbf"
                                      "1",
                                      "\xc2\xa0"
                                      "1",
                                      "\xd9\xa1"}) {
    EXPECT_FALSE(parse_json(json)) << json;
  }
  EXPECT_EQ(loaded("[1 2]"), "error: byte 3: a comma or closing bracket is missing");
}

TEST(ParseJson, Limits) {
  EXPECT_TRUE(parse_json(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')));
  EXPECT_FALSE(parse_json(std::string(kMaxJsonDepth + 1, '[') + std::string(300, ']')));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
  EXPECT_TRUE(parse_json(std::string(kMaxJsonDigits, '7')));
  EXPECT_FALSE(parse_json(std::string(kMaxJsonDigits + 1, '7')));
}

TEST(ParseJson, EveryTruncationIsRefused) {
  const std::string whole = R"({"a": [1, -2.5e3, true, null, NaN, "\u00e9\ud83d\ude00"], "b": {}})";
  ASSERT_TRUE(parse_json(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_FALSE(parse_json(whole.substr(0, n))) << n;
  }
}

TEST(ParseJson, NanEqualsNothing) {
  const PyValue nan = *parse_json("[NaN]");
  EXPECT_FALSE(python_equal(nan, nan));
  EXPECT_TRUE(python_equal(*parse_json("[3.0, true]"), *parse_literal("[3, 1]")));
}

}  // namespace
}  // namespace evalrun
