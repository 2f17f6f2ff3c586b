// The reader that works in place has a slow twin: nlohmann's tree.
#include "runners/remote/wire_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/core/rng.h"
#include "harness/core/text.h"
#include "runners/remote/wire_text.h"

namespace evalrun {
namespace {

using nlohmann::json;
using Type = WireValue::Type;

json tree_of(WireValue value) {
  switch (value.type()) {
    case Type::object: {
      json tree = json::object();
      value.for_each_member([&](WireValue key, WireValue member) {
        tree[to_valid_utf8(key.text())] = tree_of(member);
      });
      return tree;
    }
    case Type::array: {
      json tree = json::array();
      value.for_each_element([&](WireValue element) { tree.push_back(tree_of(element)); });
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
  WireJson parsed;
  const bool ok = parsed.parse(text);
  const json twin = json::parse(to_valid_utf8(text), nullptr, /*allow_exceptions=*/false);
  if (is_beyond_the_twin(text) && ok && twin.is_discarded()) return;
  ASSERT_EQ(ok, !twin.is_discarded()) << text;
  if (ok) {
    EXPECT_EQ(tree_of(parsed.root()), twin) << text;
  }
}

TEST(WireJson, ReadsWhatItsTwinReads) {
  for (const std::string& text : valid_texts()) {
    WireJson parsed;
    EXPECT_TRUE(parsed.parse(text)) << text << " at " << parsed.error_at();
    expect_like_the_twin(text);
  }
}

TEST(WireJson, TruncatedAtEachByteItAgreesWithItsTwin) {
  for (const std::string& text : valid_texts())
    for (std::size_t n = 0; n < text.size(); ++n) expect_like_the_twin(text.substr(0, n));
}

TEST(WireJson, ChangedAtRandomItAgreesWithItsTwin) {
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

TEST(WireJson, RefusesWhatRfc8259Refuses) {
  for (const char* text :
       {"",    " ",     "{",   "[1,]", "{\"a\":1,}", "{a:1}",  "{\"a\" 1}", "01",          "+1",
        ".5",  "1.",    "1e",  "-",    "tru",        "nul",    "\"\\x\"",   "\"\\u12g4\"", "\"\t\"",
        "'a'", "[1] x", "NaN", "\"",   "\"\\",       "\"\\u00"}) {
    WireJson parsed;
    EXPECT_FALSE(parsed.parse(text)) << text;
    EXPECT_EQ(parsed.root().type(), Type::missing) << text;
  }
}

TEST(WireJson, NamesTheByteThatDoesNotFit) {
  WireJson parsed;
  EXPECT_FALSE(parsed.parse("{\"a\":?}"));
  EXPECT_EQ(parsed.error_at(), 5u);
}

TEST(WireJson, DepthIsLimited) {
  WireJson parsed;
  EXPECT_TRUE(parsed.parse(std::string(128, '[') + std::string(128, ']')));
  EXPECT_FALSE(parsed.parse(std::string(129, '[') + std::string(129, ']')));
  EXPECT_FALSE(parsed.parse(std::string(10'000'000, '[')));
}

TEST(WireJson, NumberOfValuesIsLimited) {
  std::string text = "[0";
  for (int i = 0; i < (1 << 20); ++i) text += ",0";
  WireJson parsed;
  EXPECT_FALSE(parsed.parse(text + "]"));
}

TEST(WireJson, OfDuplicateKeysTheLastCounts) {
  WireJson parsed;
  ASSERT_TRUE(parsed.parse(R"({"a":1,"\u0061":2,"b":3})"));
  EXPECT_EQ(parsed.root()["a"].number(), 2);
  EXPECT_EQ(parsed.root().size(), 3u);
}

TEST(WireJson, AskingForWhatIsNotThereGivesNothing) {
  WireJson parsed;
  ASSERT_TRUE(parsed.parse(R"({"s":"x","n":null})"));
  const WireValue root = parsed.root();
  EXPECT_EQ(root["no"]["such"]["thing"].type(), Type::missing);
  EXPECT_FALSE(root["n"].is_given());
  EXPECT_FALSE(root["s"].number().has_value());
  EXPECT_EQ(root["n"].text(), "");
  EXPECT_EQ(root["s"].first().type(), Type::missing);
  EXPECT_EQ(WireValue().raw(), "");
}

TEST(WireJson, CountsAreWholeAndNotNegative) {
  WireJson parsed;
  ASSERT_TRUE(parsed.parse(R"([12, 12.0, 1e2, -1, 1e300, 1e999, "7"])"));
  std::vector<std::int64_t> counts;
  parsed.root().for_each_element(
      [&](WireValue value) { counts.push_back(value.count().value_or(-1)); });
  EXPECT_EQ(counts, (std::vector<std::int64_t>{12, 12, 100, -1, -1, -1, -1}));
}

TEST(WireJson, HalfASurrogatePairIsReplacedAndLosesNothingElse) {
  WireJson parsed;
  ASSERT_TRUE(parsed.parse(R"(["a\ud83db", "\ude00", "\ud83d\u0041", "\ud83d\ude00"])"));
  std::vector<std::string> texts;
  parsed.root().for_each_element([&](WireValue value) { texts.push_back(value.text()); });
  EXPECT_EQ(texts, (std::vector<std::string>{"a\xef\xbf\xbd"
                                             "b",
                                             "\xef\xbf\xbd",
                                             "\xef\xbf\xbd"
                                             "A",
                                             "\xf0\x9f\x98\x80"}));
}

TEST(WireText, EscapesAsItsTwin) {
  Rng rng(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes;
    for (std::uint64_t n = rng.below(40); n > 0; --n)
      bytes += rng.below(3) == 0 ? char(rng.next()) : "\"\\\n\x1f\x7f aZ/\xc3\xa9"[rng.below(11)];
    std::string written;
    append_wire_string(written, bytes);
    ASSERT_EQ(written, json(to_valid_utf8(bytes)).dump());
    ASSERT_EQ(json::parse(written), to_valid_utf8(bytes));
  }
}

}  // namespace
}  // namespace evalrun
