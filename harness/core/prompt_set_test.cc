#include "harness/core/prompt_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/core/resources.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;

constexpr std::string_view kRoot = "tasks/prompts/";
constexpr std::array<std::string_view, 2> kNames = {"letters.system", "letters.direct"};

PromptSet load_or_die(const std::string& override_dir) {
  auto set = PromptSet::load(kRoot, kNames, "full", override_dir);
  EXPECT_TRUE(set.has_value()) << set.error().message;
  return *std::move(set);
}

TEST(PromptSet, ServesTheEmbeddedBytesAndAnAbsentSystemPromptIsEmpty) {
  const PromptSet set = load_or_die("");
  EXPECT_EQ(set.get("letters.direct"),
            find_resource("tasks/prompts/full/letters.direct.txt").value());
  ASSERT_FALSE(find_resource("tasks/prompts/full/letters.system.txt"));
  EXPECT_EQ(set.get("letters.system"), "");
}

TEST(PromptSet, AnOverrideReplacesOnePromptByteForByte) {
  const TestFolder folder;
  const std::string text = " {word}\r\n{letter}\n\n";
  folder.write("letters.direct.txt", text);
  EXPECT_EQ(load_or_die(folder.path()).get("letters.direct"), text);
  EXPECT_EQ(load_or_die(folder.path()).get("letters.system"), "");
  folder.write("letters.system.txt", "Count.");
  EXPECT_EQ(load_or_die(folder.path()).get("letters.system"), "Count.");
}

TEST(PromptSet, HashNamesTheBytesAndNotTheirOrigin) {
  const PromptSet plain = load_or_die("");
  const TestFolder folder;
  folder.write("letters.direct.txt", plain.get("letters.direct"));
  EXPECT_EQ(load_or_die(folder.path()).sha256(), plain.sha256());
  folder.write("letters.direct.txt", std::string(plain.get("letters.direct")) + "\n");
  EXPECT_NE(load_or_die(folder.path()).sha256(), plain.sha256());
  EXPECT_EQ(plain.sha256().size(), 64u);
}

TEST(PromptSet, HashDoesNotDependOnTheOrderOfNames) {
  const std::array<std::string_view, 2> reversed = {kNames[1], kNames[0]};
  EXPECT_EQ(PromptSet::load(kRoot, reversed, "full", "")->sha256(), load_or_die("").sha256());
}

TEST(PromptSet, WrongProfileFolderOrBytesAreErrors) {
  const auto profile = PromptSet::load(kRoot, kNames, "ful", "");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "no prompt profile \"ful\" (did you mean \"full\"?)");
  EXPECT_EQ(profile.error().kind, Error::Kind::usage);

  const TestFolder folder;
  const auto missing = PromptSet::load(kRoot, kNames, "full", folder.path("none"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr(folder.path("none") + ": no such folder"));

  folder.write("letters.direct.txt", "{word}\xff");
  const auto bytes = PromptSet::load(kRoot, kNames, "full", folder.path());
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().message,
              HasSubstr("letters.direct.txt: a prompt has to be valid UTF-8"));

  const std::array<std::string_view, 1> unknown = {"letters.nothing"};
  const auto name = PromptSet::load(kRoot, unknown, "full", "");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().message, "tasks/prompts/full/letters.nothing.txt: no such prompt");
}

TEST(PromptSet, RequireNamesTheFileThatLostAPlaceholder) {
  const TestFolder folder;
  const std::string path = folder.write("letters.direct.txt", "How many {leter} in {word}?");
  const PromptSet set = load_or_die(folder.path());
  EXPECT_TRUE(set.require("letters.direct", {"word"}));
  const Status wrong = set.require("letters.direct", {"word", "letter"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, path + ": the prompt has no {letter}");
}

TEST(PromptSetDeathTest, AskingForAPromptThatWasNotLoadedIsBrokenCode) {
  const PromptSet set = load_or_die("");
  EXPECT_DEATH(set.get("crux.system"), "texts_.end");
}

TEST(CheckOverrideDir, FindsMisspeltNamesAndLeavesOtherFilesAlone) {
  const TestFolder folder;
  EXPECT_TRUE(check_override_dir("", kNames));
  EXPECT_TRUE(check_override_dir(folder.path(), kNames));
  folder.write("README.md", "not a prompt");
  folder.write("letters.direct.txt", "x");
  EXPECT_TRUE(check_override_dir(folder.path(), kNames));
  folder.write("letters.dirct.txt", "x");
  const Status wrong = check_override_dir(folder.path(), kNames);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            folder.path("letters.dirct.txt") +
                ": no prompt has this name (did you mean \"letters.direct\"?)");
  EXPECT_FALSE(check_override_dir(folder.path("none"), kNames));
}

}  // namespace
}  // namespace evalrun
