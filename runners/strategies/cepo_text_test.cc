#include "runners/strategies/cepo_text.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

using Strings = std::vector<std::string>;

TEST(StripThink, TakesOutClosedSections) {
  EXPECT_EQ(strip_think("<think>hm</think>\n\n42"), "42");
  EXPECT_EQ(strip_think("a <think>x</think>b<think>y</think> c "), "a b c");
}

TEST(StripThink, ClosingTagAlone) { EXPECT_EQ(strip_think("hm, so\n</think>\n42"), "42"); }

TEST(StripThink, OpeningTagAlone) {
  EXPECT_EQ(strip_think("<think>hm, so"), "");
  EXPECT_EQ(strip_think("42 <think>or not"), "42");
}

TEST(StripThink, NestedAndMixed) {
  EXPECT_EQ(strip_think("<think>a<think>b</think>c</think>d"), "d");
  EXPECT_EQ(strip_think("</think>a<think>b"), "a");
  EXPECT_EQ(strip_think("<think></think>"), "");
}

TEST(StripThink, OtherTextsStayByteForByte) {
  for (const char* text : {"", "  42\n", "<thinking>x</thinking>", "< think>", "</think"})
    EXPECT_EQ(strip_think(text), text);
}

TEST(ParseRating, TheFirstInItsFormatCounts) {
  EXPECT_EQ(parse_rating("Good. Rating: [[7]]"), 7);
  EXPECT_EQ(parse_rating("Rating: [[3]] then Rating: [[9]]"), 3);
  EXPECT_EQ(parse_rating("rating:\n [[10]]"), 10);
  EXPECT_EQ(parse_rating("**Rating:** [[8]]"), 8);
  EXPECT_EQ(parse_rating("Rating: [[0]]"), 0);
  EXPECT_EQ(parse_rating("Rating: [[007]]"), 7);
  EXPECT_EQ(parse_rating("Rating: [[1-10]] hm, Rating: [[6]]"), 6);  // the prompt's words echoed
}

TEST(ParseRating, OthersAreNothing) {
  for (const char* text :
       {"", "7", "[[7]]", "Rating: 7", "Rating: [7]", "Rating: [[]]", "Rating: [[7]",
        "Rating: [[7.5]]", "Rating: [[-1]]", "Rating: [[11]]", "Rating: [[99999999999999999999]]",
        "Rating: x [[7]]", "Better Response: [[1]]"})
    EXPECT_EQ(parse_rating(text), std::nullopt) << text;
}

TEST(ParseBetterResponse, ZeroOrOne) {
  EXPECT_EQ(parse_better_response("Better Response: [[0]]"), 0);
  EXPECT_EQ(parse_better_response("so, Better Response: [[1]]."), 1);
  for (const char* text : {"", "Better Response: [[2]]", "Better Response: [[A]]", "[[1]]"})
    EXPECT_EQ(parse_better_response(text), std::nullopt) << text;
}

TEST(NormaliseAnswer, WhiteSpaceAndQuoteKindDoNotMatter) {
  EXPECT_EQ(normalise_answer(" [1,  2,3]\n"), normalise_answer("[1, 2, 3]"));
  EXPECT_EQ(normalise_answer("{'a': 1}"), normalise_answer("{ \"a\" :1 }"));
  EXPECT_EQ(normalise_answer("f( 3 ) == 'x'"), "f(3)==\"x\"");
}

TEST(NormaliseAnswer, DifferentAnswersStayDifferent) {
  EXPECT_NE(normalise_answer("'a b'"), normalise_answer("'ab'"));
  EXPECT_NE(normalise_answer("'a  b'"), normalise_answer("'a b'"));
  EXPECT_NE(normalise_answer("1 2"), normalise_answer("12"));
  EXPECT_NE(normalise_answer("not x"), normalise_answer("notx"));
  EXPECT_NE(normalise_answer("'a'"), normalise_answer("'A'"));
  EXPECT_NE(normalise_answer("'it\"s'"), normalise_answer("'it's'"));
}

TEST(NormaliseAnswer, QuotesWithoutPartnersAreOrdinary) {
  EXPECT_EQ(normalise_answer("it's  3"), "it's 3");
  EXPECT_EQ(normalise_answer("'a\nb'"), "'a b'");
  EXPECT_EQ(normalise_answer(R"('it\'s  3')"), R"("it\'s  3")");
  EXPECT_EQ(normalise_answer("\\"), "\\");
  EXPECT_EQ(normalise_answer("'"), "'");
}

TEST(NormaliseAnswer, IsLinearOnManyEscapedQuotes) {
  std::string text = "'";
  for (int i = 0; i < 500'000; ++i) text += "\\'";  // minutes, were it quadratic
  EXPECT_EQ(normalise_answer(text), text);
}

TEST(ParseApproaches, JsonObject) {
  const Strings expected = {"use json", "say \"hi\""};
  EXPECT_EQ(parse_approaches(R"({"approach_1": "use json", "approach_2": "say \"hi\""})", 2),
            expected);
  EXPECT_EQ(parse_approaches("Sure!\n```json\n{\"approach_1\": \"use json\",\n"
                             "\"approach_2\": \"say \\\"hi\\\"\"}\n```\nGood luck.",
                             2),
            expected);
  EXPECT_EQ(parse_approaches("<think>{\"x\": \"y\"}</think>[\"use json\", \"say \\\"hi\\\"\"]", 2),
            expected);
}

TEST(ParseApproaches, JsonKeepsTheModelsOrder) {
  EXPECT_EQ(parse_approaches(R"({"approach_2": "b", "approach_10": "c", "approach_1": "a"})", 3),
            (Strings{"b", "c", "a"}));
}

TEST(ParseApproaches, OneLevelOfNesting) {
  EXPECT_EQ(parse_approaches(R"({"approaches": ["a", "b"]})", 2), (Strings{"a", "b"}));
  EXPECT_EQ(parse_approaches(R"({"approaches": {"1": "a", "2": "b"}})", 2), (Strings{"a", "b"}));
}

TEST(ParseApproaches, Lists) {
  EXPECT_EQ(parse_approaches("Here they are:\n1. trace it\n2) work backwards\n", 2),
            (Strings{"trace it", "work backwards"}));
  EXPECT_EQ(parse_approaches("- a\n* b\n\n- c", 3), (Strings{"a", "b", "c"}));
  EXPECT_EQ(parse_approaches("trace it\n\nwork backwards", 2),
            (Strings{"trace it", "work backwards"}));
  EXPECT_EQ(parse_approaches("1. look at d[\"k\"]\n2. build {\"a\": \"b\"}", 2),
            (Strings{"look at d[\"k\"]", "build {\"a\": \"b\"}"}));
}

TEST(ParseApproaches, TooManyAreCutTooFewAreReturned) {
  EXPECT_EQ(parse_approaches("1. a\n2. b\n3. c", 2), (Strings{"a", "b"}));
  EXPECT_EQ(parse_approaches("1. a", 3), (Strings{"a"}));
  EXPECT_EQ(parse_approaches(R"({"approach_1": "a", "approach_2": "", "n": 3})", 3),
            (Strings{"a"}));
}

TEST(ParseApproaches, OthersAreNothing) {
  for (const char* text :
       {"", "  \n ", "I cannot do that.", "{", "{}", "[]", "{\"a\": 1}", "[1, 2]",
        "{\n\"approach_1\": \"cut o", "<think>1. a\n2. b", "```json\n```"})
    EXPECT_EQ(parse_approaches(text, 3), Strings{}) << text;
}

TEST(ParseApproaches, SurvivesDeepNesting) {
  EXPECT_EQ(parse_approaches(std::string(200'000, '[') + "]", 3), Strings{});
  EXPECT_EQ(parse_approaches(std::string(200'000, '[') + std::string(200'000, ']'), 3), Strings{});
}

TEST(CepoText, EachParserTakesATextCutAtAnyByte) {
  const std::string text =
      "<think>a</think>```json\n{\"approach_1\": \"say \\\"hi\\\" \xc3\xa9 \\u00e9\", "
      "\"b\": [\"c\"]}\n```\n1. it's 'x \\' y'\nRating: [[7]] Better Response: [[1]]";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::string_view cut = std::string_view(text).substr(0, n);
    EXPECT_LE(strip_think(cut).size(), n);
    EXPECT_LE(normalise_answer(cut).size(), n);
    EXPECT_LE(parse_approaches(cut, 2).size(), 2u);
    const std::size_t rating_end = text.find("]] Better") + 2;
    EXPECT_EQ(parse_rating(cut).has_value(), n >= rating_end);
    EXPECT_EQ(parse_better_response(cut).has_value(), n == text.size());
  }
}

}  // namespace
}  // namespace evalrun
