#include "results/json_reader.h"

#include <gtest/gtest.h>

#include <limits>

namespace evalrun {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

std::string parse_error(std::string_view text) {
  Json json;
  const auto root = parse_json(text, json);
  return root ? "no error" : root.error().message;
}

TEST(ParseJson, NamesTheFirstByteThatDoesNotFitCountedFromOne) {
  EXPECT_EQ(parse_error(R"({"a": [1, 2]})"), "no error");
  EXPECT_EQ(parse_error(""), "not valid JSON at byte 1");
  EXPECT_EQ(parse_error("{\"a\":?}"), "not valid JSON at byte 6");
  EXPECT_EQ(parse_error("[1] 2"), "not valid JSON at byte 5");
  EXPECT_EQ(parse_error("[1"), "not valid JSON at byte 3");
}

// RFC 8259, section 8.1: a reader may ignore it. Editors on Windows write it.
TEST(ParseJson, AByteOrderMarkIsLetBe) {
  EXPECT_EQ(parse_error("\xef\xbb\xbf{}"), "no error");
  EXPECT_EQ(parse_error("\xef\xbb\xbf{?}"), "not valid JSON at byte 5");
  EXPECT_EQ(parse_error("{}\xef\xbb\xbf"), "not valid JSON at byte 3");
}

// Nothing that was read from a file is repaired: an answer would be scored that nobody gave.
TEST(ParseJson, RefusesTextThatIsNoUnicode) {
  EXPECT_EQ(parse_error("[\"a\xff\"]"), "not valid JSON at byte 4");
  EXPECT_EQ(parse_error("[\"\xc3\xa9\xed\xa0\x80\"]"), "not valid JSON at byte 5");
  EXPECT_EQ(parse_error("[\"\xc3"), "not valid JSON at byte 3");
  EXPECT_EQ(parse_error(R"(["\ud83d\ude00", "\ud83d"])"), "not valid JSON at byte 19");
  EXPECT_EQ(parse_error("[\"" + std::string(kReplacement) + "\"]"), "no error");
}

// One JSON text for a test, whose reader is at the document itself.
struct Document {
  explicit Document(std::string_view text) : root(parse_json(text, json)) {}
  Json json;
  Result<JsonValue> root;
};

template <typename T>
std::string read_error(std::string_view value) {
  const std::string text = "{\"k\":" + std::string(value) + "}";
  const Document document(text);
  JsonReader in(*document.root);
  T out{};
  in.read("k", out);
  const Status status = in.done();
  return status ? "no error" : status.error().message;
}

TEST(JsonReader, IntegersAreExactOrAnError) {
  const Document document(
      R"({"most":18446744073709551615,"least":0,"signed":9223372036854775807})");
  JsonReader in(*document.root);
  std::uint64_t most = 0, least = 1;
  std::int64_t with_sign = 0;
  in.read("most", most);
  in.read("least", least);
  in.read("signed", with_sign);
  EXPECT_TRUE(in.done());
  EXPECT_EQ(most, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(least, 0u);
  EXPECT_EQ(with_sign, std::numeric_limits<std::int64_t>::max());
}

TEST(JsonReader, NothingIsRoundedToAnInteger) {
  const std::string reason = "k: must be an integer, 0 or more";
  for (const char* value : {"1.0", "1e3", "-1", "-0", "18446744073709551616", "\"1\"", "null"})
    EXPECT_EQ(read_error<std::uint64_t>(value), reason) << value;
  EXPECT_EQ(read_error<std::int64_t>("9223372036854775808"), "k: is too large");
  EXPECT_EQ(read_error<int>("2147483648"), "k: is too large");
  EXPECT_EQ(read_error<int>("2147483647"), "no error");
}

TEST(JsonReader, NumbersAreFiniteAndNotNegative) {
  EXPECT_EQ(read_error<double>("1e3"), "no error");
  EXPECT_EQ(read_error<double>("0.07"), "no error");
  for (const char* value : {"-0.1", "1e999", "true", "\"1\""})
    EXPECT_EQ(read_error<double>(value), "k: must be a number, 0 or more") << value;
}

TEST(JsonReader, OtherTypesAreNamed) {
  EXPECT_EQ(read_error<std::string>("7"), "k: must be a string");
  EXPECT_EQ(read_error<bool>("0"), "k: must be true or false");
  EXPECT_EQ(read_error<std::vector<std::string>>("\"a\""), "k: must be a list");
  EXPECT_EQ(read_error<std::vector<std::string>>("[\"a\", 1]"), "k: must be a list of strings");
}

TEST(JsonReader, AnIdIsAStringOrAnIntegerAsItStandsThere) {
  const Document document(R"({"s":"abc","n":-12,"big":123456789012345678901,"half":1.5})");
  JsonReader in(*document.root);
  std::string s, n, big, half;
  in.read_id("s", s);
  in.read_id("n", n);
  in.read_id("big", big);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(s + " " + n + " " + big, "abc -12 123456789012345678901");
  in.read_id("half", half);
  EXPECT_EQ(in.status().error().message, "half: must be a string or an integer");
}

TEST(JsonReader, OfSeveralMembersWithOneKeyTheLastCounts) {
  const Document document(R"({"a":1,"b":"x","\u0061":2})");
  JsonReader in(*document.root);
  int a = 0;
  std::string b;
  in.read("a", a);
  in.read("b", b);
  EXPECT_TRUE(in.done()) << in.done().error().message;
  EXPECT_EQ(a, 2);
}

TEST(JsonReader, TheFirstMemberThatNobodyAskedForIsNamed) {
  const Document document(R"({"a":1,"\u001b[2J":2,"c":3})");
  JsonReader in(*document.root);
  int a = 0;
  in.read("a", a);
  EXPECT_TRUE(in.status()) << "a format that is not ours may have more";
  EXPECT_EQ(in.done().error().message, "\\x1b[2J: unknown key");
}

TEST(JsonReader, TheFirstErrorStaysAndNothingIsReadAfterIt) {
  const Document document(R"({"b":5,"c":6})");
  JsonReader in(*document.root);
  int a = 1, b = 2;
  in.read("a", a);
  in.read("b", b);
  EXPECT_TRUE(in.object("b").is(JsonValue::Type::missing));
  EXPECT_EQ(in.done().error().message, "a: is missing");
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 2);
}

TEST(JsonReader, NestedErrorsSayWhere) {
  const Document document(R"({"run":{"steps":[{},{"usage":{}}]}})");
  JsonReader top(*document.root);
  JsonReader run(top.object("run"), {&top, "run"});
  JsonReader step(JsonValue(), {&run, "steps", 1});
  EXPECT_EQ(step.status().error().message, "run.steps[1]: must be a JSON object");
  int n = 0;
  JsonReader usage((*document.root)["run"], {&step, "usage"});
  usage.read("prompt", n);
  EXPECT_EQ(usage.status().error().message, "run.steps[1].usage.prompt: is missing");
  JsonReader entry((*document.root)["run"], {.index = 7});
  entry.read("id", n);
  EXPECT_EQ(entry.status().error().message, "[7].id: is missing");
  EXPECT_EQ(JsonReader(JsonValue()).status().error().message, "must be a JSON object");
}

TEST(JsonReader, ReadsMoreKeysThanItHasRoomFor) {
  std::string text = "{";
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) {
    keys.push_back("key" + std::to_string(i));
    text += (i == 0 ? "\"" : ",\"") + keys.back() + "\":" + std::to_string(i);
  }
  text += "}";
  const Document document(text);
  JsonReader in(*document.root);
  int sum = 0;
  for (const std::string& key : keys) {
    int n = 0;
    in.read(key, n);
    sum += n;
  }
  EXPECT_TRUE(in.done());
  EXPECT_EQ(sum, 4950);  // 0 + 1 + ... + 99
}

TEST(JsonReader, NullIsReadOnlyWhereItIsLookedFor) {
  const Document document(R"({"price":null,"n":1})");
  JsonReader in(*document.root);
  EXPECT_TRUE(in.has("price"));
  EXPECT_FALSE(in.read_null("n"));
  EXPECT_FALSE(in.read_null("absent"));
  EXPECT_TRUE(in.read_null("price"));
  EXPECT_EQ(in.done().error().message, "n: unknown key");
}

}  // namespace
}  // namespace evalrun
