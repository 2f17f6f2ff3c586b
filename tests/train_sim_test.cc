// evalrun train-sim, as a user starts it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "train-sim");
  const Finished run = evalrun(arguments);
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.err, "");
  return run.out;
}

json json_of(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  return json::parse(text_of(arguments), nullptr, false);
}

TEST(TrainSim, EveryTableIsMarkedSimulated) {
  const std::string text = text_of({"--machine", "cs3,h100", "--systems", "1,16"});
  EXPECT_THAT(text, StartsWith("*simulated*"));
  EXPECT_THAT(text, AllOf(HasSubstr("Cerebras CS-3 (WSE-3) (simulated)"),
                          HasSubstr("NVIDIA H100 SXM 80 GB (simulated)"), HasSubstr("\nassumed\n"),
                          HasSubstr("nobody published it")));
  EXPECT_EQ(json_of({})["simulated"], true);
}

// 4 TB in and 2 TB out at 150 GB/s each way are 26.7 s, one way at a time 40 s.
TEST(TrainSim, ATrillionOnOneWaferTakesWhatTheLinkTakes) {
  const std::vector<std::string> small{"--params", "1e12",           "--systems",
                                       "1",        "--batch-tokens", "2048"};
  const json out = json_of(small);
  const json row = out["machines"][0]["rows"][0];
  EXPECT_NEAR(row["step_s"], 26.7, 0.5);
  EXPECT_NEAR(row["run_s"], 50 * 26.7, 25);
  EXPECT_EQ(row["bound"], "stream");
  EXPECT_NEAR(row["state_bytes"], 16e12, 0.01e12);
  // 23 kW for these seconds.
  EXPECT_NEAR(row["run_kwh"].get<double>(), 23.0 * row["run_s"].get<double>() / 3600, 1e-6);
  double half_s = 0;
  for (const json& variant : out["machines"][0]["variants"])
    if (!variant["full_duplex"] && !variant["spills_activations"]) half_s = variant["step_s"];
  EXPECT_NEAR(half_s, 40.0, 0.5);
}

TEST(TrainSim, SixteenSystemsAreBetweenThePublishedAndTheIdeal) {
  const json rows = json_of({"--systems", "1,2,4,8,16"})["machines"][0]["rows"];
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0]["speedup_same_batch"], 1);
  EXPECT_GT(rows[4]["speedup_same_batch_each"], 15.3);
  EXPECT_LE(rows[4]["speedup_same_batch_each"], 16);
}

TEST(TrainSim, WhatDoesNotFitIsSaidWithNumbers) {
  EXPECT_THAT(text_of({"--memory", "12TB", "--systems", "1"}),
              HasSubstr("DOES NOT FIT: weights, gradients and optimizer take 16.00 TB of MemoryX's "
                        "12.00 TB"));
  const json row = json_of({"--memory", "12TB"})["machines"][0]["rows"][0];
  EXPECT_EQ(row["fits"], false);
  EXPECT_FALSE(row.contains("step_s"));
  EXPECT_THAT(text_of({"--machine", "h100", "--gpus", "64"}), HasSubstr("DOES NOT FIT"));
}

TEST(TrainSim, GpusStandBesideTheWafer) {
  const json out = json_of({"--machine", "cs3,b200", "--gpus", "512,1024"});
  ASSERT_EQ(out["machines"].size(), 2u);
  EXPECT_EQ(out["machines"][1]["kind"], "gpu");
  const json rows = out["machines"][1]["rows"];
  ASSERT_EQ(rows.size(), 3u);  // the fewest, and the two
  EXPECT_EQ(rows[0]["least"], true);
  EXPECT_LE(rows[2]["step_s"], rows[1]["step_s"]);
  for (const json& row : rows) {
    double sum_s = 0, sum_bytes = 0;
    for (const json& part : row["parts_s"]) sum_s += part.get<double>();
    EXPECT_NEAR(row["step_s"].get<double>() / sum_s, 1, 1e-9);
    for (const char* part : {"weights", "gradients", "optimizer", "activations", "working"})
      sum_bytes += row["memory_bytes"][part].get<double>();
    EXPECT_NEAR(row["memory_bytes"]["total"].get<double>() / sum_bytes, 1, 1e-9);
    EXPECT_EQ(row["gpus"], row["layout"]["tensor"].get<int>() *
                               row["layout"]["pipeline"].get<int>() *
                               row["layout"]["data"].get<int>());
  }
}

TEST(TrainSim, AModelByNameAndAMachineOfOnesOwn) {
  EXPECT_EQ(json_of({"--model", "llama3.1-70b"})["model"]["parameters"], 70'553'706'496);
  EXPECT_THAT(text_of({"--model", "llama3.1-8b", "--memory", "1.5TB"}), HasSubstr("llama3.1-8b"));
  // A wafer with ten times the link: a trillion parameters in 2.7 s instead of 26.7.
  std::string toml = file_text(std::string(EVALRUN_SOURCE_DIR) + "/hw/sim/machines/cs3.toml");
  const auto replace = [&](const std::string& old, const std::string& with) {
    ASSERT_NE(toml.find(old), std::string::npos) << old;
    toml.replace(toml.find(old), old.size(), with);
  };
  replace("\"cs3\"", "\"cs9\"");
  replace("150e9", "1500e9");
  const TestFolder folder;
  folder.write("cs9.toml", toml);
  const json own = json_of({"--machine", "cs9", "--machines", folder.path(), "--batch-tokens",
                            "2048", "--systems", "1"});
  EXPECT_NEAR(own["machines"][0]["rows"][0]["stream_only_s"], 2.67, 0.02);
  const Finished run = evalrun({"train-sim", "--machines", folder.path() + "/none"});
  EXPECT_EQ(run.exit, 64);
}

TEST(TrainSim, BadInputIsOneLine) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"--machine", "cs4"}, "machine cs4: unknown"},
      {{"--model", "llama3.1-80b"}, "did you mean"},
      {{"--params", "1e3"}, "1000 parameters"},
      {{"--params", "nan"}, "parameters"},
      {{"--params", "1e12", "--model", "llama3.1-8b"}, "--"},
      {{"--systems", "0"}, "0 systems"},
      {{"--systems", "x"}, "x"},
      {{"--batch-tokens", "1000"}, "must be a multiple of --sequence 2048"},
      {{"--sequence", "0"}, "--sequence 0"},
      {{"--memory", "55"}, "--memory 55: must be a size"},
      {{"--memory", "TB"}, "published: 1.5TB, 12TB, 55TB, 1.2PB"},
      {{"--memory", "-5TB"}, "above 0"},
      {{"--steps", "0"}, "--steps"},
      {{"--machine", "h100", "--gpus", "7919"}, "7919 GPUs cannot share"},
      {{"--gpu", "8"}, "--gpus"},
  };
  for (const auto& [arguments, words] : cases) {
    std::vector<std::string> all{"train-sim"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Finished run = evalrun(all);
    EXPECT_EQ(run.exit, 64) << words;
    EXPECT_EQ(run.out, "") << words;
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
    EXPECT_THAT(run.err, HasSubstr(words));
  }
}

TEST(TrainSim, TheSameArgumentsGiveTheSameBytes) {
  const std::vector<std::string> arguments{"--machine", "cs3,gb200", "--gpus", "1024", "--json"};
  EXPECT_EQ(text_of(arguments), text_of(arguments));
}

}  // namespace
}  // namespace evalrun
