#include "scorers/pyliteral.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalrun {
namespace {

using ::testing::HasSubstr;

PyValue value_of(std::string_view text) {
  const Result<PyValue> value = parse_literal(text);
  EXPECT_TRUE(value) << text << ": " << value.error().message;
  return value.value_or(PyValue{});
}

bool equal(std::string_view a, std::string_view b) {
  const bool result = python_equal(value_of(a), value_of(b));
  EXPECT_EQ(result, python_equal(value_of(b), value_of(a))) << a << " == " << b;
  return result;
}

std::string refusal(std::string_view text) {
  const Result<PyValue> value = parse_literal(text);
  return value ? "accepted as " + repr(*value) : value.error().message;
}

TEST(PyLiteral, NumbersEqualAsInPython) {
  EXPECT_TRUE(equal("True", "1"));
  EXPECT_TRUE(equal("1", "1.0"));
  EXPECT_TRUE(equal("0.0", "-0.0"));
  EXPECT_TRUE(equal("0x_FF", "255"));
  EXPECT_TRUE(equal("1e22", "10000000000000000000000"));
  EXPECT_TRUE(equal("1e999", "2e999"));
  EXPECT_FALSE(equal("1e999", "-1e999"));
  EXPECT_FALSE(equal("None", "0"));
  EXPECT_FALSE(equal("None", "False"));
}

// 2**53 + 1 has no double; the nearest is 2**53.
TEST(PyLiteral, IntegersAndFloatsCompareExactly) {
  EXPECT_FALSE(equal("9007199254740993", "9007199254740992.0"));
  EXPECT_TRUE(equal("9007199254740992", "9007199254740992.0"));
  EXPECT_FALSE(equal("0.1", "0"));
}

TEST(PyLiteral, KindsDiffer) {
  EXPECT_FALSE(equal("'a'", "b'a'"));
  EXPECT_FALSE(equal("[1]", "(1,)"));
  EXPECT_FALSE(equal("set()", "{}"));
  EXPECT_FALSE(equal("()", "[]"));
  EXPECT_FALSE(equal("'1'", "1"));
}

TEST(PyLiteral, ContainersEqualAsInPython) {
  EXPECT_TRUE(equal("{1, 2, 3}", "{3, 1.0, 2, True}"));
  EXPECT_TRUE(equal("{'a': [1], 'b': 2}", "{'b': 2.0, 'a': [True]}"));
  EXPECT_TRUE(equal("{1: 'x', True: 'y'}", "{1: 'y'}"));
  EXPECT_FALSE(equal("{1: 'x', True: 'y'}", "{1: 'x'}"));
  EXPECT_TRUE(equal("1, 2", "(1, 2,)"));
  EXPECT_FALSE(equal("[1, 2]", "[2, 1]"));
}

TEST(PyLiteral, StringsInEverySpelling) {
  EXPECT_TRUE(equal(R"('a' "b" '''c''')", "'abc'"));
  EXPECT_TRUE(equal(R"('\x41\101\u0041\U00000041')", "'AAAA'"));
  EXPECT_TRUE(equal(R"(r'\n')", R"('\\n')"));
  EXPECT_TRUE(equal("'a\\\nb'", "'ab'"));
  EXPECT_TRUE(equal("'''a\r\nb'''", R"('a\nb')"));
  EXPECT_TRUE(equal(R"('\d')", R"('\\d')"));
  EXPECT_TRUE(equal(R"(b'\xff' Br'\x')", R"(b'\377\\x')"));
  EXPECT_FALSE(
      equal(R"('\ud83d\ude00')", R"('\U0001f600')"));  // two lone surrogates, one character
}

TEST(PyLiteral, RefusesWithAReason) {
  EXPECT_THAT(refusal(""), HasSubstr("byte 0: unexpected end"));
  EXPECT_THAT(refusal("[1, x]"), HasSubstr("byte 4: a name is not a literal"));
  EXPECT_THAT(refusal("1 2"), HasSubstr("byte 2: more than a literal"));
  EXPECT_THAT(refusal("0 or True"), HasSubstr("more than a literal"));
  EXPECT_THAT(refusal("f(1)"), HasSubstr("not a literal"));
  EXPECT_THAT(refusal("f'a'"), HasSubstr("f-strings"));
  EXPECT_THAT(refusal("1j"), HasSubstr("complex"));
  EXPECT_THAT(refusal(R"('\N{DASH}')"), HasSubstr("\\N"));
  EXPECT_THAT(refusal("{[]: 1}"), HasSubstr("unhashable type: 'list'"));
  EXPECT_THAT(refusal("{({},)}"), HasSubstr("unhashable type"));
  EXPECT_THAT(refusal("nan"), HasSubstr("name"));
  EXPECT_THAT(refusal("--1"), HasSubstr("sign"));
  EXPECT_THAT(refusal("'abc"), HasSubstr("unterminated"));
  EXPECT_THAT(refusal(std::string_view("1\0", 2)), HasSubstr("null bytes"));
  EXPECT_THAT(refusal("'\xff'"), HasSubstr("UTF-8"));
}

TEST(PyLiteral, DepthAndSizeAreBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_literal(nested(200)));
  EXPECT_THAT(refusal(nested(201)), HasSubstr("too many nested"));
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), HasSubstr("too many nested"));
  EXPECT_THAT(refusal(std::string(2'000'000, ' ')), HasSubstr("longer than"));
  EXPECT_THAT(refusal(std::string(4301, '1')), HasSubstr("4,300 digits"));
  EXPECT_THAT(refusal("0x" + std::string(500'000, 'f')), HasSubstr("4,300 digits"));
}

TEST(PyLiteral, ReprIsCPythonsAscii) {
  EXPECT_EQ(repr(value_of("{ 'a':1,\"b'\" : (2,) , 3.0:[ ] }")), "{'a': 1, \"b'\": (2,), 3.0: []}");
  EXPECT_EQ(repr(value_of("'\\x00\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'")),
            "'\\x00\\xe9\\u20ac\\U0001f600'");
  EXPECT_EQ(repr(value_of("b'\\x80\"\\''")), "b'\\x80\"\\''");
  EXPECT_EQ(repr(value_of("set ( )")), "set()");
  EXPECT_EQ(repr(value_of("1e16")), "1e+16");
  EXPECT_EQ(repr(value_of("1e15")), "1000000000000000.0");
  EXPECT_EQ(repr(value_of("0.0001")), "0.0001");
  EXPECT_EQ(repr(value_of("0.00001")), "1e-05");
  EXPECT_EQ(repr(value_of("-1e999")), "-inf");
  EXPECT_EQ(to_source(value_of("(-1e999, ...)")), "(-1e999, ...)");
}

TEST(PyLiteral, CallArguments) {
  const auto printed = [](std::string_view text) {
    const auto arguments = parse_call_arguments(text);
    return arguments ? to_source(*arguments) : "error: " + arguments.error().message;
  };
  EXPECT_EQ(printed(""), "");
  EXPECT_EQ(printed(" [1,2] , x = 'a' ,"), "[1, 2], x='a'");
  EXPECT_EQ(printed("(1, ), (1, ), (1, 2)"), "(1,), (1,), (1, 2)");
  EXPECT_EQ(printed("1,\n2 # two"), "1, 2");
  EXPECT_THAT(printed("1) or f(2"), HasSubstr("byte 1: expected a comma"));
  EXPECT_THAT(printed("x=1, 2"), HasSubstr("positional after keyword"));
  EXPECT_THAT(printed("x=1, x=2"), HasSubstr("repeated"));
  EXPECT_THAT(printed("if=1"), HasSubstr("keyword"));
  EXPECT_THAT(printed("x==1"), HasSubstr("name"));
  EXPECT_THAT(printed("lambda: 1"), HasSubstr("name"));
  EXPECT_THAT(printed(",1"), HasSubstr("error"));
}

// Every prefix parses or is refused; none reads beyond the end (run with a sanitizer to see).
TEST(PyLiteral, TruncatedAtEachByte) {
  const std::string whole =
      "{'k\\x41\\u20ac': (1_0, 0x_f, -1.5e-3, .5), b\"\\101\": [None, True, ...], r'''q\n'''  # c\n"
      " 'x' : {1, 2}, 3: set( ) , 4 : \\\n '\xe2\x82\xac' }";
  ASSERT_TRUE(parse_literal(whole)) << refusal(whole);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string prefix = whole.substr(0, size);
    EXPECT_FALSE(parse_literal(prefix)) << prefix;  // an open brace is never a literal
    (void)parse_call_arguments(prefix);
    (void)parse_literal(whole.substr(size));
  }
}

}  // namespace
}  // namespace evalrun
