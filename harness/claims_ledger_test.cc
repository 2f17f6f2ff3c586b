#include "harness/claims_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kFile = R"([input]
"a.b" = {value = 2, unit = "s", what = "time", source = "paper", status = "assumed"}
[[claim]]
name = "fast"
title = "it is fast"
words = "very"
rule = "none"
command = "evalrun claims fast"
)";

std::string error(const std::string& from, const std::string& to) {
  std::string text = kFile;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  const auto ledger = parse_claim_ledger(text.replace(at, from.size(), to), "FILE");
  return ledger ? "no error" : ledger.error().message;
}

TEST(ClaimLedger, IsRead) {
  const auto ledger = parse_claim_ledger(kFile, "FILE");
  ASSERT_TRUE(ledger) << ledger.error().message;
  ASSERT_EQ(ledger->claims.size(), 1u);
  EXPECT_EQ(ledger->claims[0].name, "fast");
  EXPECT_EQ(ledger->claims[0].title, "it is fast");
  EXPECT_EQ(ledger->claims[0].words, "very");
  EXPECT_EQ(ledger->claims[0].rule, "none");
  EXPECT_EQ(ledger->claims[0].command, "evalrun claims fast");
  ASSERT_TRUE(ledger->inputs.contains("a.b"));
  EXPECT_EQ(ledger->inputs.at("a.b").value, 2);
  EXPECT_EQ(ledger->inputs.at("a.b").unit, "s");
  EXPECT_EQ(ledger->inputs.at("a.b").what, "time");
  EXPECT_EQ(ledger->inputs.at("a.b").source, "paper");
  EXPECT_EQ(ledger->inputs.at("a.b").status, "assumed");
}

TEST(ClaimLedger, BadFilesAreRefusedByLineAndKey) {
  EXPECT_EQ(error("value = 2", "value = -2"), "FILE:2: value: needs a number from 0");
  EXPECT_EQ(error("value = 2", "value = nan"), "FILE:2: value: needs a number from 0");
  EXPECT_EQ(error("value = 2, ", ""), "FILE:2: value: is missing; add a number");
  EXPECT_EQ(error("\"paper\"", "\" \""), "FILE:2: source: needs words, in quotes");
  EXPECT_THAT(error("\"assumed\"", "\"guessed\""), StartsWith("FILE:2: status: needs"));
  EXPECT_EQ(error("unit", "unti"),
            "FILE:2: unti: unknown key (did you mean \"unit\"?); take it out");
  EXPECT_EQ(error("rule = \"none\"\n", ""), "FILE:3: rule: is missing; add words, in quotes");
  EXPECT_THAT(error("[[claim]]", "[claim]"), HasSubstr("claim: needs [[claim]] tables"));
  EXPECT_THAT(error("[input]", "[inputs]"), StartsWith("FILE:1: inputs: unknown key"));
  EXPECT_THAT(error("\"a.b\" = {", "\"a.b\" = 2 #"), HasSubstr("a.b: needs the form"));
  const std::string words = "title = \"t\"\nwords = \"w\"\nrule = \"r\"\ncommand = \"c\"\n";
  EXPECT_EQ(error("[[claim]]", "[[claim]]\nname = \"fast\"\n" + words + "[[claim]]"),
            "FILE:9: name: \"fast\" comes twice");
}

TEST(ClaimLedger, CutAnywhereItIsReadOrRefused) {
  const std::string text = kFile;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto ledger = parse_claim_ledger(text.substr(0, size), "FILE");
    if (!ledger) {
      EXPECT_THAT(ledger.error().message, StartsWith("FILE:"));
    }
  }
}

TEST(ClaimLedger, TheBuiltInOneIsComplete) {
  const auto ledger = load_claim_ledger();
  ASSERT_TRUE(ledger) << ledger.error().message;
  EXPECT_GE(ledger->claims.size(), 20u);
  // As read at the sources.
  EXPECT_EQ(ledger->inputs.at("lcb.cepo").value, 31.9);
  EXPECT_EQ(ledger->inputs.at("lcb.405b").value, 31.8);
  EXPECT_EQ(ledger->inputs.at("lines.megatron").value, 20507);
  for (const auto& [name, input] : ledger->inputs)
    if (input.source == "no source states it") {
      EXPECT_EQ(input.status, "assumed") << name;
    }
}

}  // namespace
}  // namespace evalrun
