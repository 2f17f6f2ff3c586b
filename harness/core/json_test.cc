// The reader that works in place has a slow twin: nlohmann's tree.
#include "harness/core/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/rng.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

using nlohmann::json;
using Type = JsonValue::Type;

json tree_of(JsonValue value) {
  switch (value.type()) {
    case Type::object: {
      json tree = json::object();
      value.for_each_member([&](JsonValue key, JsonValue member) {
        tree[to_valid_utf8(key.text())] = tree_of(member);
      });
      return tree;
    }
    case Type::array: {
      json tree = json::array();
      value.for_each_element([&](JsonValue element) { tree.push_back(tree_of(element)); });
      return tree;
    }
    case Type::string:
      return to_valid_utf8(value.text());
    case Type::number:
      return value.number().value_or(0);
    case Type::boolean:
      return value.raw() == "true";
    default:
      return nullptr;
  }
}

// Half a surrogate pair and numbers beyond double are errors to the twin, and not to us.
bool is_beyond_the_twin(const std::string& text) {
  return text.find("\\ud") != text.npos || text.find("\\uD") != text.npos ||
         text.find('e') != text.npos || text.find('E') != text.npos;
}

const std::vector<std::string>& valid_texts() {
  static const std::vector<std::string> kTexts{
      R"({"id":"x","choices":[{"index":0,"delta":{"content":"a\n\"b\" \u00e9 \ud83d\ude00"}}]})",
      R"( [1, -0, 0.5, 1e3, -2.5E-2, 12345678901234567890, true, false, null, "", [], {}] )",
      R"({"a":1,"a":{"b":[[[]]],"":"\/\b\f\n\r\t\\"},"c":null})",
      "\"\xc3\xa9 \xf0\x9f\x98\x80 \x7f\"",
      "0",
      "null",
  };
  return kTexts;
}

void expect_like_the_twin(const std::string& text) {
  Json parsed;
  const bool ok = parsed.parse(text);
  const json twin = json::parse(to_valid_utf8(text), nullptr, /*allow_exceptions=*/false);
  if (is_beyond_the_twin(text) && ok && twin.is_discarded()) return;
  ASSERT_EQ(ok, !twin.is_discarded()) << text;
  if (ok) {
    EXPECT_EQ(tree_of(parsed.root()), twin) << text;
  }
}

TEST(Json, ReadsWhatItsTwinReads) {
  for (const std::string& text : valid_texts()) {
    Json parsed;
    EXPECT_TRUE(parsed.parse(text)) << text << " at " << parsed.error_at();
    expect_like_the_twin(text);
  }
}

TEST(Json, TruncatedAtEachByteItAgreesWithItsTwin) {
  for (const std::string& text : valid_texts())
    for (std::size_t n = 0; n < text.size(); ++n) expect_like_the_twin(text.substr(0, n));
}

TEST(Json, ChangedAtRandomItAgreesWithItsTwin) {
  Rng rng(1);
  for (int i = 0; i < 30'000; ++i) {
    std::string text = valid_texts()[rng.below(valid_texts().size())];
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      const std::size_t at = rng.below(text.size());
      if (rng.below(2) == 0)
        text[at] = "\"[]{}(),:\\'\n\x80\xff\x01 u0-.9"[rng.below(21)];
      else
        text.insert(at, text.substr(rng.below(text.size()), rng.below(5)));
    }
    expect_like_the_twin(text);
  }
}

TEST(Json, RefusesWhatRfc8259Refuses) {
  for (const char* text :
       {"",    " ",     "{",   "[1,]", "{\"a\":1,}", "{a:1}",  "{\"a\" 1}", "01",          "+1",
        ".5",  "1.",    "1e",  "-",    "tru",        "nul",    "\"\\x\"",   "\"\\u12g4\"", "\"\t\"",
        "'a'", "[1] x", "NaN", "\"",   "\"\\",       "\"\\u00"}) {
    Json parsed;
    EXPECT_FALSE(parsed.parse(text)) << text;
    EXPECT_EQ(parsed.root().type(), Type::missing) << text;
  }
}

TEST(Json, NamesTheByteThatDoesNotFit) {
  Json parsed;
  EXPECT_FALSE(parsed.parse("{\"a\":?}"));
  EXPECT_EQ(parsed.error_at(), 5u);
}

TEST(Json, DepthIsLimited) {
  Json parsed;
  EXPECT_TRUE(parsed.parse(std::string(128, '[') + std::string(128, ']')));
  EXPECT_FALSE(parsed.parse(std::string(129, '[') + std::string(129, ']')));
  EXPECT_FALSE(parsed.parse(std::string(10'000'000, '[')));
}

TEST(Json, NumberOfValuesIsLimited) {
  std::string text = "[0";
  for (int i = 0; i < (1 << 20); ++i) text += ",0";
  Json parsed;
  EXPECT_FALSE(parsed.parse(text + "]"));
  EXPECT_TRUE(Json(std::size_t{1} << 21).parse(text + "]"));
  EXPECT_FALSE(Json(3).parse("[1,2,3]"));
  EXPECT_TRUE(Json(3).parse("[1,2]"));
}

TEST(Json, OfDuplicateKeysTheLastCounts) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(R"({"a":1,"\u0061":2,"b":3})"));
  EXPECT_EQ(parsed.root()["a"].number(), 2);
  EXPECT_EQ(parsed.root().size(), 3u);
}

TEST(Json, AskingForWhatIsNotThereGivesNothing) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(R"({"s":"x","n":null})"));
  const JsonValue root = parsed.root();
  EXPECT_EQ(root["no"]["such"]["thing"].type(), Type::missing);
  EXPECT_FALSE(root["n"].is_given());
  EXPECT_FALSE(root["s"].number().has_value());
  EXPECT_EQ(root["n"].text(), "");
  EXPECT_EQ(root["s"].first().type(), Type::missing);
  EXPECT_EQ(JsonValue().raw(), "");
}

TEST(Json, CountsAreWholeAndNotNegative) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(R"([12, 12.0, 1e2, -1, 1e300, 1e999, "7"])"));
  std::vector<std::int64_t> counts;
  parsed.root().for_each_element(
      [&](JsonValue value) { counts.push_back(value.count().value_or(-1)); });
  EXPECT_EQ(counts, (std::vector<std::int64_t>{12, 12, 100, -1, -1, -1, -1}));
}

TEST(Json, HalfASurrogatePairIsReplacedAndLosesNothingElse) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(R"(["a\ud83db", "\ude00", "\ud83d\u0041", "\ud83d\ude00"])"));
  std::vector<std::string> texts;
  parsed.root().for_each_element([&](JsonValue value) { texts.push_back(value.text()); });
  EXPECT_EQ(texts, (std::vector<std::string>{"a\xef\xbf\xbd"
                                             "b",
                                             "\xef\xbf\xbd",
                                             "\xef\xbf\xbd"
                                             "A",
                                             "\xf0\x9f\x98\x80"}));
}

TEST(Json, WholeNumbersAreExact) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(
      R"([0, 18446744073709551615, 18446744073709551616, -0, -1, 1.0, 1e3, "7", true])"));
  std::vector<std::optional<std::uint64_t>> numbers;
  parsed.root().for_each_element([&](JsonValue value) { numbers.push_back(value.whole()); });
  const std::optional<std::uint64_t> none;
  EXPECT_EQ(numbers,
            (std::vector<std::optional<std::uint64_t>>{0, std::numeric_limits<std::uint64_t>::max(),
                                                       none, none, none, none, none, none, none}));
}

TEST(Json, AnIntegerHasNeitherFractionNorExponent) {
  Json parsed;
  ASSERT_TRUE(parsed.parse(R"([7, -7, 7.0, 7e0, 7E0, "7", null])"));
  std::vector<bool> is_integer;
  parsed.root().for_each_element([&](JsonValue v) { is_integer.push_back(v.is_integer()); });
  EXPECT_EQ(is_integer, (std::vector<bool>{true, true, false, false, false, false, false}));
}

TEST(Json, CompactTextIsWithoutTheSpaceBetweenValues) {
  Json parsed;
  ASSERT_TRUE(parsed.parse("\t{ \"a b\" : [ 1.0 , { } ],\n\"\\\\\" : \" \\\" : \\u0041 \" }\r "));
  std::string out = "x";
  parsed.root().append_compact_to(out);
  EXPECT_EQ(out, "x{\"a b\":[1.0,{}],\"\\\\\":\" \\\" : \\u0041 \"}");
}

TEST(Json, NamesTheFirstHalfOfASurrogatePair) {
  const auto half_at = [](const char* text) {
    Json parsed;
    EXPECT_TRUE(parsed.parse("\"\\ud83d\"")) << "a text before leaves nothing behind";
    EXPECT_TRUE(parsed.parse(text)) << text;
    return parsed.half_pair_at();
  };
  EXPECT_EQ(half_at(R"(["\ud83d\ude00", "\uD83D\uDE00", "\\ud83d", "\ue000\ud7ff"])"),
            Json::kNowhere);
  EXPECT_EQ(half_at(R"("a\ud83db")"), 2u);
  EXPECT_EQ(half_at(R"(["", "\ude00", "\ud83d"])"), 6u);
  EXPECT_EQ(half_at(R"("\ud83d\ud83d\ude00")"), 1u);
  EXPECT_EQ(half_at(R"("\ud83d\u0041")"), 1u);
  EXPECT_EQ(half_at(R"("\ud83d\n")"), 1u);
  EXPECT_EQ(half_at(R"("\ud83d")"), 1u);
}

}  // namespace
}  // namespace evalrun
