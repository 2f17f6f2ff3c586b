#include "harness/core/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>

#include "harness/core/text.h"

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

// What json.dumps and every other writer may write instead of the character (RFC 8259, section 7).
TEST(AppendUnescaped, KnowsEveryEscape) {
  const auto text = [](std::string_view raw) {
    std::string out = "<";
    append_unescaped(out, raw);
    return out;
  };
  EXPECT_EQ(text(R"(\"\\\/\b\f\n\r\t)"), "<\"\\/\b\f\n\r\t");
  EXPECT_EQ(text(R"(\u0041\u00e9\u20AC\ud83d\ude00)"), "<A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(text("a\xff"), "<a\xff");
  EXPECT_EQ(text(""), "<");
}

TEST(AppendUnescaped, IsTheInverseOnEveryCharacter) {
  for (std::uint32_t c = 0; c < 0x80; ++c) {
    const std::string text(3, char(c));
    const std::string json = written(text);
    std::string back;
    append_unescaped(back, std::string_view(json).substr(1, json.size() - 2));
    EXPECT_EQ(back, text) << c;
  }
}

TEST(FindJsonSpecial, FindsTheFirstOneWhereverItStands) {
  for (int c = 0; c < 256; ++c) {
    const bool is_special = c < 0x20 || c == '"' || c == '\\';
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, '\xa0');  // its neighbours must not be taken for what they are beside
      text[at] = char(c);
      text[19] = '"';
      const char* found = find_json_special(text.data(), text.data() + text.size());
      ASSERT_EQ(std::size_t(found - text.data()), is_special ? at : 19u) << c << " at " << at;
    }
  }
}

TEST(ValidUtf8Bytes, EndBeforeTheFirstPieceThatIsNone) {
  EXPECT_EQ(valid_utf8_bytes(""), 0u);
  const std::string good = "plain ASCII \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";
  EXPECT_EQ(valid_utf8_bytes(good), good.size());
  EXPECT_EQ(valid_utf8_bytes(good + "\xff" + good), good.size());
  EXPECT_EQ(valid_utf8_bytes(good + "\xc3"), good.size());
  EXPECT_EQ(valid_utf8_bytes("\xed\xa0\x80"), 0u);       // half a surrogate pair
  EXPECT_EQ(valid_utf8_bytes("\xc0\xaf"), 0u);           // a slash, written too long
  EXPECT_EQ(valid_utf8_bytes("a\xf4\x90\x80\x80"), 1u);  // beyond U+10FFFF
}

TEST(ValidUtf8Bytes, AllAreExactlyWhereNothingIsReplaced) {
  std::mt19937_64 random(2);
  const std::string likely = "a\"\x7f\x80\x8f\x90\x9f\xa0\xbf\xc2\xdf\xe0\xed\xf0\xf4\xf5\xff";
  for (int i = 0; i < 100'000; ++i) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = likely[random() % likely.size()];
    const std::string valid = to_valid_utf8(text);
    ASSERT_EQ(valid_utf8_bytes(text) == text.size(), valid == text) << i;
    make_valid_utf8(text);
    ASSERT_EQ(text, valid) << i;
  }
}

}  // namespace
}  // namespace evalrun
