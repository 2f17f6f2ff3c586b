#include "tasks/json_span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace evalrun {
namespace {

using testing::ElementsAre;

constexpr std::string_view kRow =
    R"( { "id" : "a" , "n":-1.5e3,"t":true, "deep": {"x": ["}", {"y": "]\""}], "z": []},)"
    R"("s": "quote \" and slash \\", "empty": {} } )";

std::vector<std::pair<std::string, std::string>> members_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto members = scan_json_object(text);
  EXPECT_TRUE(members) << members.error().message;
  for (const JsonMember& member : members ? *members : std::vector<JsonMember>{})
    out.emplace_back(member.key, member.value);
  return out;
}

std::string error_of(std::string_view text) {
  const auto members = scan_json_object(text);
  return members ? "" : members.error().message;
}

TEST(JsonSpan, MembersAreTheBytesThatStandThere) {
  EXPECT_THAT(
      members_of(kRow),
      ElementsAre(std::pair("id", "\"a\""), std::pair("n", "-1.5e3"), std::pair("t", "true"),
                  std::pair("deep", R"({"x": ["}", {"y": "]\""}], "z": []})"),
                  std::pair("s", R"("quote \" and slash \\")"), std::pair("empty", "{}")));
  EXPECT_TRUE(members_of("{}").empty());
}

TEST(JsonSpan, EachSpanIsTheValueThatAJsonParserFinds) {
  const auto whole = nlohmann::json::parse(kRow);
  const auto members = scan_json_object(kRow);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->size(), whole.size());
  for (const JsonMember& member : *members)
    EXPECT_EQ(nlohmann::json::parse(member.value), whole.at(std::string(member.key)));
}

// JSON: a quote is escaped when an odd number of backslashes stands before it.
TEST(JsonSpan, BackslashesBeforeAQuoteAreCounted) {
  EXPECT_THAT(members_of(R"({"a":"\\","b":"\\\"","c":"\\\\"})"),
              ElementsAre(std::pair("a", R"("\\")"), std::pair("b", R"("\\\"")"),
                          std::pair("c", R"("\\\\")")));
  EXPECT_EQ(error_of(R"({"a":"\\\"})"), "byte 12: expected the end of a string");
}

TEST(JsonSpan, ErrorsSayWhereAndWhatWasExpected) {
  EXPECT_EQ(error_of(""), "byte 1: expected a JSON object");
  EXPECT_EQ(error_of("[]"), "byte 1: expected a JSON object");
  EXPECT_EQ(error_of("{1: 2}"), "byte 2: expected a string");
  EXPECT_EQ(error_of(R"({"a" 1})"), "byte 6: expected a colon");
  EXPECT_EQ(error_of(R"({"a": })"), "byte 7: expected a value");
  EXPECT_EQ(error_of(R"({"a": 1 "b": 2})"), "byte 9: expected a comma or }");
  EXPECT_EQ(error_of(R"({"a": [1}})"), "byte 9: expected ]");
  EXPECT_EQ(error_of(R"({"a": 1,})"), "byte 9: expected a string");
  EXPECT_EQ(error_of("{} {}"), "byte 4: expected nothing after the object");
}

TEST(JsonSpan, TruncatedAtEachByteIsAnError) {
  const std::string_view row = kRow.substr(0, kRow.rfind('}') + 1);
  for (std::size_t size = 0; size < row.size(); ++size)
    EXPECT_FALSE(scan_json_object(row.substr(0, size))) << size;
  EXPECT_TRUE(scan_json_object(row));
}

TEST(JsonSpan, DeepNestingTakesNoStack) {
  constexpr std::size_t kDepth = 1'000'000;
  const std::string row = "{\"a\": " + std::string(kDepth, '[') + std::string(kDepth, ']') + "}";
  ASSERT_EQ(members_of(row).size(), 1u);
  EXPECT_EQ(members_of(row)[0].second.size(), 2 * kDepth);
}

TEST(JsonSpan, ElementsOfAnArray) {
  const auto elements = scan_json_array(" [ {\"a\": \"]\"}, 3,\n\"x,y\", [1, 2] ]\n");
  ASSERT_TRUE(elements);
  EXPECT_THAT(*elements, ElementsAre("{\"a\": \"]\"}", "3", "\"x,y\"", "[1, 2]"));
  EXPECT_TRUE(scan_json_array("[]").value().empty());
  for (const char* text : {"", "{}", "[", "[1", "[1,", "[1,]", "[1 2]", "[1] 2"})
    EXPECT_FALSE(scan_json_array(text)) << text;
}

}  // namespace
}  // namespace evalrun
