#include "results/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalrun {
namespace {

RunInfo some_run() {
  RunInfo run;
  run.run_id = "r1";
  run.created = "2026-01-31T12:00:00Z";
  run.tool_version = "0.1.0";
  run.commit = "abc";
  run.target = "local";
  run.model_name = "tiny";
  run.model_sha256 = "12";
  run.seed = 18446744073709551615u;
  run.epochs = 2;
  run.suites = {{"crux-o", "cruxeval.jsonl", "d1", "p1", true, {"sample_0", "sample_1"}},
                {"letters", "built in", "d2", "p2", false, {}}};
  run.suites[0].metadata = {{"bucket", {"easy", ""}}, {"problem", {"p", "p"}}};
  run.strategies = {"baseline", "cepo"};
  run.scorer_versions = {{"strict", "1"}, {"official", "2"}};
  run.traffic = "closed loop, 64 samples in flight, up to 64 connections";
  run.price = Price{0.35, 0.07, 0.75, "2026-06-12", "a price list"};
  run.scope = "limited to 2 of 800 samples";
  return run;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string run_error(const std::string& from, const std::string& to) {
  const auto run = parse_run_info(replaced(run_info_json(some_run()), from, to), "FILE");
  return run ? "no error" : run.error().message;
}

TEST(RunInfo, IsReadAsItWasWritten) {
  const auto run = parse_run_info(run_info_json(some_run()), "FILE");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(*run, some_run());
}

TEST(RunInfo, AnUnknownPriceIsNull) {
  RunInfo run = some_run();
  run.price.reset();
  const std::string text = run_info_json(run);
  EXPECT_NE(text.find("\"price\":null"), std::string::npos);
  EXPECT_EQ(*parse_run_info(text, "FILE"), run);
}

TEST(RunInfo, WhatIsSimulatedIsKeptAndWhatIsNotDoesNotSay) {
  EXPECT_EQ(run_info_json(some_run()).find("simulated"), std::string::npos);
  RunInfo run = some_run();
  run.simulated = "a machine as a model";
  EXPECT_EQ(*parse_run_info(run_info_json(run), "FILE"), run);
}

// Version 0.1 wrote neither key.
TEST(RunInfo, WithoutTrafficAndPriceThereAreNone) {
  RunInfo run = some_run();
  run.price.reset();
  run.traffic = "T";
  const std::string text = replaced(run_info_json(run), "\"traffic\":\"T\",\"price\":null,", "");
  run.traffic = "";
  const auto read = parse_run_info(text, "FILE");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, run);
}

TEST(RunInfo, SaysWhatIsWrongWithAPrice) {
  const std::string from = "\"cached_usd\":0.07";
  EXPECT_EQ(run_error(from, "\"cached_usd\":-0.07"),
            "FILE: price.cached_usd: must be a number, 0 or more");
  EXPECT_EQ(run_error(from, "\"cached_usd\":\"0.07\""),
            "FILE: price.cached_usd: must be a number, 0 or more");
  EXPECT_EQ(run_error(from, "\"cached_usd\":null"),
            "FILE: price.cached_usd: must be a number, 0 or more");
  EXPECT_EQ(run_error(from, "\"cache_usd\":0.07"), "FILE: price.cached_usd: is missing");
  EXPECT_EQ(run_error("\"as_of\"", "\"x\":1,\"as_of\""), "FILE: price.x: unknown key");
  EXPECT_EQ(run_error("\"traffic\":\"", "\"traffic\":null,\"x\":\""),
            "FILE: traffic: must be a string");
}

TEST(RunInfo, SaysWhatIsWrong) {
  EXPECT_EQ(run_error("\"epochs\":2", "\"epochs\":0"), "FILE: epochs: must be 1 or more");
  EXPECT_EQ(run_error("\"seed\":", "\"sead\":"), "FILE: seed: is missing");
  EXPECT_EQ(run_error("\"sample_1\"", "\"sample_0\""),
            "FILE: suites[0].samples: \"sample_0\" is named twice");
  EXPECT_EQ(run_error("[\"easy\",\"\"]", "[\"easy\"]"),
            "FILE: suites[0].metadata.bucket: must have one value a sample");
  EXPECT_EQ(run_error("\"letters\"", "\"crux-o\""), "FILE: suites: \"crux-o\" is named twice");
  EXPECT_EQ(run_error("\"cepo\"", "\"baseline\""), "FILE: strategies: \"baseline\" is named twice");
  EXPECT_EQ(run_error("\"has_official\":true", "\"has_official\":1"),
            "FILE: suites[0].has_official: must be true or false");
  EXPECT_EQ(run_error("\"strict\":\"1\"", "\"strict\":1"),
            "FILE: scorer_versions: must hold strings");
  EXPECT_EQ(run_error("\"scope\"", "\"shard\":1,\"scope\""), "FILE: shard: unknown key");
}

TEST(Manifest, KeepsTheHarnessTexts) {
  const Manifest manifest{some_run(), R"({"b":1,"a":[2]})", R"({"b":1,"a":[2],"c":null})", "{}"};
  const auto read = parse_manifest(manifest_json(manifest), "FILE");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->run, some_run());
  EXPECT_EQ(read->requested_json, manifest.requested_json);
  EXPECT_EQ(read->effective_json, manifest.effective_json);
  EXPECT_EQ(read->machine_json, "{}");
}

TEST(Manifest, RefusesAnotherFormat) {
  const std::string text = replaced(manifest_json({some_run()}), "evalrun-run/1", "evalrun-run/9");
  const auto read = parse_manifest(text, "FILE");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "FILE: format: \"evalrun-run/9\" is not \"evalrun-run/1\"");
}

TEST(Manifest, NamesAKeyInsideRun) {
  const std::string text = replaced(manifest_json({some_run()}), "\"target\"", "\"tarmac\"");
  EXPECT_EQ(parse_manifest(text, "FILE").error().message, "FILE: run.target: is missing");
}

TEST(Manifest, TruncatedAnywhereIsAnError) {
  const std::string text = manifest_json({some_run()});
  for (std::size_t n = 0; n + 1 < text.size(); ++n)  // the last byte is a newline
    EXPECT_FALSE(parse_manifest(text.substr(0, n), "FILE")) << n;
}

TEST(ManifestDeathTest, PartsMustBeJson) {
  EXPECT_DEATH(manifest_json({some_run(), "{", "{}", "{}"}), "not JSON");
}

}  // namespace
}  // namespace evalrun
