#include "results/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace evalrun {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// Another implementation of the same promise.
std::string by_nlohmann(const std::string& text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// RFC 8259, section 7.
TEST(AppendJsonString, EscapesWhatJsonSaysItMust) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("a/b"), R"("a/b")");
  EXPECT_EQ(written("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(written(std::string_view("\0\x1f\x20\x7f", 4)), "\"\\u0000\\u001f \x7f\"");
  EXPECT_EQ(written("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\"");
}

// Tables 3-8 to 3-11 of Unicode 15, section 3.9.
TEST(AppendJsonString, ReplacesEachMaximalSubpart) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(written("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
            "\"" + r + r + r + r + r + r + r + r + "A\"");
  EXPECT_EQ(written("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
            "\"" + r + r + r + r + r + r + r + r + "A\"");
  EXPECT_EQ(written("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
            "\"" + r + r + r + r + r + "A" + r + r + "B\"");
  EXPECT_EQ(written("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), "\"" + r + r + r + r + "A\"");
}

TEST(AppendJsonString, EqualsNlohmannOnEveryPairOfBytes) {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string text{char(a), char(b)};
      ASSERT_EQ(written(text), by_nlohmann(text)) << a << " " << b;
    }
}

// Bytes at which sequences begin, go on and end, so that long ones come about often.
TEST(AppendJsonString, EqualsNlohmannOnRandomBytes) {
  std::mt19937_64 random(1);
  const std::string likely =
      "a \"\\\n\x1f\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xe1\xed\xef\xf0\xf1\xf4\xf5\xff";
  for (int i = 0; i < 200'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text)
      c = i % 4 == 0 ? char(random()) : likely[random() % (i % 4 == 1 ? 4 : likely.size())];
    ASSERT_EQ(written(text), by_nlohmann(text)) << i;
  }
}

TEST(JsonWriter, PutsTheCommas) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.member("text", "ends in {");
  json.member("n", std::numeric_limits<std::int64_t>::min());
  json.open_array("empty");
  json.close_array();
  json.open_array("pairs");
  for (const int i : {1, 2}) {
    json.open_array();
    json.element(i);
    json.element(-i);
    json.close_array();
  }
  json.close_array();
  json.open_object("inner");
  json.member("yes", true);
  json.member("no", false);
  json.close_object();
  json.member("view", std::string_view("v"));
  json.close_object();
  EXPECT_EQ(out, R"({"text":"ends in {","n":-9223372036854775808,"empty":[],)"
                 R"("pairs":[[1,-1],[2,-2]],"inner":{"yes":true,"no":false},"view":"v"})");
}

}  // namespace
}  // namespace evalrun
