#include "harness/core/text.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace evalrun {
namespace {

TEST(Text, FillTemplateReplacesOnlyNamedPlaceholdersAndNeverRescansValues) {
  EXPECT_EQ(fill_template("{code}{x} {input}{", {{"code", "{input}"}, {"input", "1"}}),
            "{input}{x} 1{");
  EXPECT_EQ(fill_template("", {{"a", "b"}}), "");
}

TEST(Text, DidYouMeanNamesTheNearestOrNothing) {
  const std::vector<std::string> known{"crux", "crux-o", "crux-i", "letters"};
  EXPECT_EQ(did_you_mean("crus", known), " (did you mean \"crux\"?)");
  EXPECT_EQ(did_you_mean("leters", known), " (did you mean \"letters\"?)");
  EXPECT_EQ(did_you_mean("mmlu", known), "");
}

TEST(Text, InvalidUtf8BecomesReplacementCharacterOnce) {
  EXPECT_EQ(to_valid_utf8("a\xff\xe2\x82z"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
  EXPECT_EQ(to_valid_utf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // surrogate
  const std::string good = "caf\xc3\xa9 \xf0\x9f\x8d\x93";
  EXPECT_EQ(to_valid_utf8(good), good);
  EXPECT_EQ(to_valid_utf8(to_valid_utf8("\x80")), "\xef\xbf\xbd");
}

TEST(Text, PrintableShowsEscapesAndBidirectionalOverrides) {
  EXPECT_EQ(to_printable("\x1b[31mred\r"), "\\x1b[31mred\\x0d");
  EXPECT_EQ(to_printable("a\nb"), "a\nb");
  EXPECT_EQ(to_printable("a\nb", true), "a\\nb");
  EXPECT_EQ(to_printable("\xe2\x80\xae"
                         "evil"),
            "\\u202eevil");
  EXPECT_EQ(to_printable("\xc2\x9b"), "\\x9b");  // C1 control: CSI
}

TEST(Text, SplitAndStrip) {
  EXPECT_TRUE(split("", ',').empty());
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(strip(" \t a b\n"), "a b");
  EXPECT_EQ(strip(" \n"), "");
}

TEST(Text, FilesRoundTripAndErrorsNameThePath) {
  const auto dir = std::filesystem::temp_directory_path() / "evalrun_text_test";
  std::filesystem::create_directories(dir);
  const std::string path = (dir / "file").string();
  ASSERT_TRUE(write_file_atomically(path, std::string("a\0b", 3)));
  EXPECT_EQ(read_file(path).value(), std::string("a\0b", 3));
  ASSERT_TRUE(write_file_atomically(path, ""));
  EXPECT_EQ(read_file(path).value(), "");
  const auto missing = read_file((dir / "none").string());
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("none: No such file"), std::string::npos);
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace evalrun
