#include "tasks/letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kWords[] = {"fig", "pear", "apple", "banana", "berry", "strawberry"};

// Consecutive equal letters count as one.
std::string squeezed(const std::string& word) {
  std::string out;
  for (char c : word)
    if (out.empty() || out.back() != c) out += c;
  return out;
}

int longest_run(const std::string& word) {
  int longest = 0, run = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    run = i > 0 && word[i] == word[i - 1] ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

TEST(Letters, EachItemKeepsThePromisesOfItsBucket) {
  const auto items = generate_letters(kWords, 7, 3000);
  ASSERT_EQ(items.size(), 3000u);
  constexpr std::pair<std::size_t, std::size_t> kLengths[] = {{4, 7}, {8, 11}, {12, 16}};
  std::set<std::pair<std::string, char>> pairs;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const LetterItem& item = items[i];
    int count = 0;
    for (char c : item.word) {
      ASSERT_TRUE(c >= 'a' && c <= 'z');
      if (c == item.letter) ++count;
    }
    EXPECT_EQ(item.count, count) << item.word;
    EXPECT_TRUE(item.letter >= 'a' && item.letter <= 'z');
    EXPECT_GE(item.word.size(), kLengths[i % 3].first) << item.word;
    EXPECT_LE(item.word.size(), kLengths[i % 3].second) << item.word;
    EXPECT_LE(longest_run(item.word), 4) << item.word;
    EXPECT_TRUE(pairs.emplace(item.word, item.letter).second) << item.word << item.letter;
  }
}

TEST(Letters, SameSeedSameItemsAndLongerSuitesBeginWithShorterOnes) {
  const auto items = generate_letters(kWords, 1, 300);
  EXPECT_EQ(generate_letters(kWords, 1, 300), items);
  const auto first = generate_letters(kWords, 1, 100);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), items.begin()));
}

TEST(Letters, AnotherSeedGivesOtherItems) {
  const auto one = generate_letters(kWords, 1, 300);
  const auto two = generate_letters(kWords, 2, 300);
  int equal = 0;
  for (std::size_t i = 0; i < one.size(); ++i) equal += one[i] == two[i];
  EXPECT_LT(equal, 15);
}

// Bounds are five standard deviations of a binomial with the promised share.
TEST(Letters, SharesAreAsPromised) {
  constexpr int kCount = 3000;
  const auto items = generate_letters(kWords, 3, kCount);
  const auto near = [](int n, double share) {
    return std::abs(n - share * kCount) < 5 * std::sqrt(kCount * share * (1 - share));
  };
  std::set<std::string> known;
  for (std::string_view word : kWords) known.insert(squeezed(std::string(word)));
  int absent = 0, repeated = 0, random = 0;
  for (const LetterItem& item : items) {
    absent += item.count == 0;
    repeated += item.count >= 2;
    random += !known.contains(squeezed(item.word));
  }
  EXPECT_TRUE(near(absent, 0.10)) << absent;
  // The six words run out in places, and random letters take over there.
  EXPECT_GT(random, kCount * 0.17);
  EXPECT_LT(random, kCount * 0.35);
  // 80 % of the letters that are present are chosen among the repeated ones. A stretched word
  // nearly always has one.
  EXPECT_GT(repeated, kCount * 0.9 * 0.75);
}

TEST(Letters, WorksWithoutWords) {
  const auto items = generate_letters({}, 1, 60);
  EXPECT_EQ(items.size(), 60u);
}

TEST(Letters, RealWordsMayAppearUnstretchedAndStretched) {
  const auto items = generate_letters(kWords, 5, 600);
  int plain = 0, stretched = 0;
  for (const LetterItem& item : items) {
    plain += item.word == "banana" || item.word == "pear";
    stretched += item.word != "strawberry" && squeezed(item.word) == "strawbery";
  }
  EXPECT_GT(plain, 0);
  EXPECT_GT(stretched, 0);
}

TEST(LettersSuite, SamplesCarryPromptsCheckAndMetadata) {
  SuiteOptions options;
  options.letters_count = 30;
  const auto suite = load_letters(options);
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->samples.size(), 30u);
  EXPECT_EQ(suite->dataset, "generated from seed 1");
  const Sample& sample = suite->samples[2];
  EXPECT_EQ(sample.id, "letters_0003");
  EXPECT_EQ(sample.suite, "letters");
  const auto& check = std::get<LetterCount>(sample.check);
  const std::string length = std::to_string(check.word.size());
  EXPECT_THAT(sample.metadata, ElementsAre(std::pair<std::string, std::string>("bucket", "hard"),
                                           std::pair<std::string, std::string>("length", length),
                                           std::pair<std::string, std::string>(
                                               "count", std::to_string(check.expected))));
  const std::string asked = std::string("\"") + check.letter + "\" occur in \"" + check.word + "\"";
  for (PromptForm form : {PromptForm::direct, PromptForm::cot}) {
    ASSERT_EQ(sample.prompt(form).messages.size(), 1u);  // no system prompt
    EXPECT_EQ(sample.prompt(form).messages[0].role, Role::user);
    EXPECT_THAT(sample.prompt(form).messages[0].content, HasSubstr(asked));
    EXPECT_TRUE(sample.prompt(form).stop.empty());
  }
  EXPECT_THAT(sample.cot.messages[0].content, testing::EndsWith("Answer: N"));
  EXPECT_THAT(sample.question, HasSubstr(asked));
}

TEST(LettersSuite, TheHashNamesTheItems) {
  SuiteOptions options;
  options.letters_count = 30;
  const std::string sha256 = load_letters(options)->dataset_sha256;
  EXPECT_EQ(load_letters(options)->dataset_sha256, sha256);
  options.seed = 2;
  EXPECT_NE(load_letters(options)->dataset_sha256, sha256);
}

TEST(LettersSuite, ASystemPromptOfTheUsersIsSent) {
  const TestFolder folder;
  folder.write("letters.system.txt", "Count.");
  SuiteOptions options;
  options.prompts_dir = folder.path();
  options.letters_count = 1;
  const auto suite = load_letters(options);
  ASSERT_TRUE(suite);
  EXPECT_EQ(suite->samples[0].cot.messages[0], (Message{Role::system, "Count."}));
  EXPECT_EQ(suite->samples[0].cot.messages[1].role, Role::user);
}

TEST(LettersSuite, AbsurdCountsAreUsageErrors) {
  SuiteOptions options;
  for (int count : {0, -1, 100'001}) {
    options.letters_count = count;
    const auto suite = load_letters(options);
    ASSERT_FALSE(suite);
    EXPECT_EQ(suite.error().kind, Error::Kind::usage);
  }
}

}  // namespace
}  // namespace evalrun
