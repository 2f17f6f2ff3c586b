#include "harness/prices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/core/resources.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kTwo = R"([[price]]
provider = "openai"
model = "gpt-4.1*"
prompt_usd = 2
cached_usd = 0.5
completion_usd = 8.0
as_of = "2026-06-21"
source = "a page"

[[price]]
model = "llama"
prompt_usd = 0.0
completion_usd = 0.0
as_of = "2026-02-28"
source = "my own machine"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error(const std::string& from, const std::string& to) {
  const auto rows = parse_prices(replaced(kTwo, from, to), "FILE");
  return rows ? "no error" : rows.error().message;
}

TEST(ParsePrices, ReadsEveryField) {
  const auto rows = parse_prices(kTwo, "FILE");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0], (PriceRow{"openai", "gpt-4.1*", {2, 0.5, 8, "2026-06-21", "a page"}}));
  EXPECT_EQ((*rows)[1], (PriceRow{"", "llama", {0, 0, 0, "2026-02-28", "my own machine"}}));
}

TEST(ParsePrices, CachedTokensCostAsThePromptWhenNothingIsSaid) {
  const auto rows = parse_prices(replaced(kTwo, "cached_usd = 0.5\n", ""), "FILE");
  EXPECT_EQ((*rows)[0].price.cached_usd, 2);
}

TEST(ParsePrices, NothingIsNoRows) { EXPECT_TRUE(parse_prices("# none\n", "FILE")->empty()); }

TEST(ParsePrices, NamesFileLineAndKey) {
  const std::string usd = "needs a number of US dollars a million tokens from 0";
  EXPECT_EQ(error("prompt_usd = 2", "prompt_usd = -2"), "FILE:4: prompt_usd: " + usd);
  EXPECT_EQ(error("completion_usd = 8.0", "completion_usd = nan"),
            "FILE:6: completion_usd: " + usd);
  EXPECT_EQ(error("completion_usd = 8.0", "completion_usd = inf"),
            "FILE:6: completion_usd: " + usd);
  EXPECT_EQ(error("cached_usd = 0.5", "cached_usd = \"0.5\""), "FILE:5: cached_usd: " + usd);
  EXPECT_EQ(error("prompt_usd = 2\n", ""),
            "FILE:1: prompt_usd: is missing; add a number of US dollars a million tokens");
  EXPECT_EQ(error("prompt_usd = 0.0\n", ""),
            "FILE:10: prompt_usd: is missing; add a number of US dollars a million tokens");
  EXPECT_EQ(error("model = \"llama\"", "model = \"\""),
            "FILE:11: model: needs the model's name, in quotes");
  EXPECT_EQ(error("cached_usd", "cashed_usd"),
            "FILE:5: cashed_usd: unknown key (did you mean \"cached_usd\"?); take it out");
  EXPECT_EQ(error("[[price]]\nprovider", "[[prize]]\nprovider"),
            "FILE:1: prize: only [[price]] tables may stand here");
  EXPECT_EQ(error("as_of = \"2026-06-21\"", "as_of = 2026-06-21"),
            "FILE:7: as_of: needs the day it was looked up, such as 2026-06-21, in quotes");
  EXPECT_THAT(error("prompt_usd = 2", "prompt_usd = "), StartsWith("FILE:4: "));
}

TEST(ParsePrices, ADayMustExist) {
  const std::string wrong = "FILE:7: as_of: needs a day in quotes, such as \"2026-06-21\"";
  for (const char* day : {"2026-02-29", "2026-13-01", "2026-00-01", "2026-1-011", "2026/06/21",
                          "2026-06-2x", "June 2026"})
    EXPECT_EQ(error("2026-06-21", day), wrong) << day;
  EXPECT_EQ(error("2026-06-21", "2024-02-29"), "no error");  // 2024 was a leap year
}

// Hostile or half a file: an error or fewer rows, never a crash or an exception.
TEST(ParsePrices, TruncatedAnywhereIsAnAnswer) {
  const std::string text = kTwo;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto rows = parse_prices(text.substr(0, n), "FILE");
    if (rows) {
      EXPECT_LE(rows->size(), 2u);
    } else {
      EXPECT_THAT(rows.error().message, StartsWith("FILE:")) << n;
    }
  }
}

PriceRow row(const std::string& provider, const std::string& model, double usd) {
  return {provider, model, {usd, usd, usd, "2026-01-01", "here"}};
}

TEST(FindPrice, AStarStandsForAnyEnd) {
  const std::vector<PriceRow> rows{row("p", "exact", 1), row("p", "begin*", 2)};
  EXPECT_EQ(find_price(rows, "p", "exact")->prompt_usd, 1);
  EXPECT_EQ(find_price(rows, "p", "exact-2026"), std::nullopt);
  EXPECT_EQ(find_price(rows, "p", "begin")->prompt_usd, 2);
  EXPECT_EQ(find_price(rows, "p", "begin-2026")->prompt_usd, 2);
  EXPECT_EQ(find_price(rows, "p", "beg"), std::nullopt);
  EXPECT_EQ(find_price(rows, "q", "exact"), std::nullopt);
  EXPECT_EQ(find_price({}, "p", "exact"), std::nullopt);
}

TEST(FindPrice, TheLastRowThatMatchesCounts) {
  const std::vector<PriceRow> rows{row("p", "m", 1), row("", "m*", 2), row("q", "m", 3)};
  EXPECT_EQ(find_price(rows, "p", "m")->prompt_usd, 2);
  EXPECT_EQ(find_price(rows, "q", "m")->prompt_usd, 3);
  EXPECT_EQ(find_price(rows, "", "m")->prompt_usd, 2);  // whoever serves it
}

TEST(LoadPrices, AUsersRowWins) {
  const TestFolder temp;
  const auto built_in = find_price(*load_prices(""), "openai", "gpt-4.1");
  ASSERT_TRUE(built_in);
  temp.write("mine.toml", replaced(kTwo, "prompt_usd = 2", "prompt_usd = 7.25"));
  const auto rows = load_prices(temp.path("mine.toml"));
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(find_price(*rows, "openai", "gpt-4.1")->prompt_usd, 7.25);
  EXPECT_EQ(find_price(*rows, "anybody", "llama")->prompt_usd, 0);
  EXPECT_TRUE(find_price(*rows, "anthropic", "claude-haiku-4-5-20251001"));
}

TEST(LoadPrices, AMissingFileIsSaid) {
  const auto rows = load_prices("/nowhere/prices.toml");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, Error::Kind::usage);
  EXPECT_THAT(rows.error().message, HasSubstr("--prices: /nowhere/prices.toml"));
}

// What a list of prices must be, whatever it says.
TEST(BuiltInPrices, AreWhole) {
  const auto rows = load_prices("");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_GE(rows->size(), 5u);
  std::set<std::string> names;
  for (const PriceRow& row : *rows) {
    const std::string name = row.provider + " " + row.model;
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_NE(row.provider, "") << name;
    EXPECT_GT(row.price.prompt_usd, 0) << name;
    EXPECT_LE(row.price.cached_usd, row.price.prompt_usd) << name;
    EXPECT_GE(row.price.completion_usd, row.price.prompt_usd) << name;
    EXPECT_THAT(row.price.source, StartsWith("https://")) << name;
  }
  // As https://platform.claude.com/docs/en/about-claude/pricing had it.
  const auto opus = find_price(*rows, "anthropic", "claude-opus-5");
  EXPECT_EQ(opus->prompt_usd, 5);
  EXPECT_EQ(opus->cached_usd, 0.5);
  EXPECT_EQ(opus->completion_usd, 25);
  // A later model costs less: the row of an earlier one must not be taken for it.
  EXPECT_EQ(find_price(*rows, "anthropic", "claude-opus-5-5"), std::nullopt);
}

}  // namespace
}  // namespace evalrun
