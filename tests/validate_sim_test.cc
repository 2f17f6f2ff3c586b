// evalrun validate-sim, as a user starts it. The bounds are the ones set before the simulator was
// built; what misses them is listed here too, so that it cannot go unsaid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

const json& validation() {
  static const json parsed = [] {
    const Finished run = evalrun({"validate-sim", "--json"});
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return json::parse(run.out, nullptr, false);
  }();
  return parsed;
}

json group(const std::string& name) {
  for (const json& group : validation()["groups"])
    if (group["name"] == name) return group;
  ADD_FAILURE() << "no group " << name;
  return {};
}

// Magnitudes, from the two numbers alone.
std::vector<double> errors(const std::string& name) {
  std::vector<double> out;
  const json own = group(name);
  for (const json& point : own["points"])
    out.push_back(std::abs(point["computed"].get<double>() / point["published"].get<double>() - 1));
  return out;
}
double worst(const std::vector<double>& errors) { return *std::ranges::max_element(errors); }
double mean(const std::vector<double>& errors) {
  double sum = 0;
  for (double error : errors) sum += error;
  return sum / double(errors.size());
}

TEST(ValidateSim, IsMarkedSimulated) {
  EXPECT_EQ(validation()["simulated"], true);
  const Finished run = evalrun({"validate-sim"});
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_THAT(run.out, StartsWith("*simulated*"));
}

TEST(ValidateSim, TwoThirdsOfThePointsAreNotCalibrated) {
  int all = 0, calibration = 0;
  for (const json& group : validation()["groups"])
    for (const json& point : group["points"]) {
      ++all;
      calibration += point["calibration"].get<bool>() ? 1 : 0;
    }
  EXPECT_GE(all, 24 + 8 + 3 + 16 + 90 + 9);  // the tables that the bounds are about
  EXPECT_GT(calibration, 0);
  EXPECT_LE(3 * calibration, all);
  EXPECT_EQ(validation()["calibration"]["of"], all);
  EXPECT_EQ(validation()["calibration"]["points"], calibration);
}

TEST(ValidateSim, TheWaferIsWithinTheBounds) {
  std::vector<double> layers = errors("wafer prefill");
  const std::vector<double> decode = errors("wafer decode");
  layers.insert(layers.end(), decode.begin(), decode.end());
  ASSERT_EQ(layers.size(), 24u);
  EXPECT_LE(mean(layers), 0.10);
  EXPECT_LE(worst(layers), 0.25);
  ASSERT_EQ(errors("wafer end to end").size(), 8u);
  EXPECT_LE(worst(errors("wafer end to end")), 0.15);
  EXPECT_LE(worst(errors("cs3 launch, assumed")), 0.20);
  EXPECT_LE(worst(errors("cs3 later, assumed")), 0.20);
}

TEST(ValidateSim, TheGpuIsWithinTheBounds) {
  EXPECT_LE(worst(errors("gpu kernels")), 0.15);
  ASSERT_EQ(errors("gpu offline").size(), 90u);
  EXPECT_LE(mean(errors("gpu offline")), 0.15);
  EXPECT_LE(worst(errors("gpu batch 1")), 0.15);
}

// The published figures themselves: two of each source, as they stand there.
TEST(ValidateSim, WhatWasPublishedIsWhatTheSourcesSay) {
  EXPECT_EQ(group("wafer prefill")["points"][0]["published"], 20320.6);
  EXPECT_EQ(group("wafer decode")["points"][11]["published"], 787.1);
  EXPECT_EQ(group("gpu offline")["points"][0]["published"], 11147);
  EXPECT_EQ(group("cs3 bare")["points"][0]["published"], 1800);
}

TEST(ValidateSim, SummariesFollowFromThePoints) {
  for (const json& group : validation()["groups"]) {
    const std::vector<double> all = errors(group["name"]);
    EXPECT_EQ(group["all"]["points"], all.size());
    EXPECT_NEAR(group["all"]["mean_error"].get<double>(), mean(all), 1e-12);
    EXPECT_NEAR(group["all"]["worst_error"].get<double>(), worst(all), 1e-12);
    const auto own = std::ranges::count_if(
        group["points"], [](const json& point) { return !point["calibration"].get<bool>(); });
    EXPECT_EQ(group["predictions"]["points"], own);
  }
}

TEST(ValidateSim, WhatMissesIsSaid) {
  std::set<std::string> missed;
  for (const json& bound : validation()["bounds"]) {
    if (!bound["kept"]) missed.insert(bound["name"]);
    if (bound["name"] == "WaferLLM prefill and decode") {
      EXPECT_EQ(bound["signs_right"], true);
    }
  }
  // 1,800, 450 and 2,100 cannot all follow from one machine without an assumption: 2,100 is more
  // than the launch speed of a model an eighth as large.
  EXPECT_TRUE(missed.contains("CS-3 published speeds, nothing assumed"));
  EXPECT_THAT(missed, testing::IsSubsetOf({"CS-3 published speeds, nothing assumed",
                                           "Vidur medians of all-reduces"}));
  const Finished run = evalrun({"validate-sim"});
  for (const std::string& name : missed) EXPECT_THAT(run.out, HasSubstr("MISSED " + name));
}

TEST(ValidateSim, SaysWhatMustBeAssumedFor2100) {
  const json& needs = validation()["speculation_needs"];
  EXPECT_EQ(needs["tokens_per_s"], 2100);
  bool some = false, none = false;
  for (const json& need : needs["assumed"]) {
    const json& acceptance = need["acceptance"];
    (acceptance.is_null() ? none : some) = true;
    if (acceptance.is_null()) continue;
    EXPECT_GT(acceptance, 0);
    EXPECT_LE(acceptance, 1);
  }
  EXPECT_TRUE(some);
  EXPECT_TRUE(none);
  EXPECT_THAT(evalrun({"validate-sim"}).out, HasSubstr("must be ASSUMED for 2100 tokens/s"));
}

std::string h100(const std::string& bandwidth, int domain) {
  const auto field = [](const std::string& key, const std::string& value) {
    return key + " = {value = " + value + ", source = \"test\", status = \"derived\"}\n";
  };
  return "name = \"h100\"\ntitle = \"another\"\n" + field("memory_bytes", "85520809984") +
         field("memory_bytes_per_s", bandwidth) + field("bf16_flops_per_s", "9.894e14") +
         field("fp8_flops_per_s", "1.979e15") + field("fp4_flops_per_s", "0") +
         field("link_bytes_per_s", "9e11") + field("domain_gpus", std::to_string(domain)) +
         field("power_w", "700") + field("price_usd", "0");
}

// Half the bandwidth: reading one layer's weights for one token takes about twice as long.
TEST(ValidateSim, AUsersMachineTakesThePlaceOfTheBuiltIn) {
  const TestFolder folder;
  folder.write("mine.toml", h100("1.675e12", 8));
  const Finished run = evalrun({"validate-sim", "--json", "--machines", folder.path()});
  ASSERT_EQ(run.exit, 0) << run.err;
  const json other = json::parse(run.out);
  for (const json& group : other["groups"])
    if (group["name"] == "gpu kernels") {
      const double before = validation()["groups"][6]["points"][2]["computed"];
      ASSERT_EQ(validation()["groups"][6]["points"][2]["what"], group["points"][2]["what"]);
      EXPECT_NEAR(group["points"][2]["computed"].get<double>() / before, 2, 0.1);
    }
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& part) {
  const Finished run = evalrun(arguments);
  EXPECT_EQ(run.exit, 64) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr(part));
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
}

TEST(ValidateSim, BadFilesAreRefusedByName) {
  const TestFolder folder;
  const std::string file = folder.write("mine.toml", h100("-1", 8));
  expect_refused({"validate-sim", "--machines", folder.path()},
                 file + ":4: memory_bytes_per_s.value: needs a number from 1e+06");
  expect_refused({"validate-sim", "--models", folder.path()},
                 file + ":5: bf16_flops_per_s: unknown key");
  folder.write("mine.toml", h100("3.35e12", 4));
  expect_refused({"validate-sim", "--machines", folder.path()}, "h100: domain_gpus: 4 is less");
  expect_refused({"validate-sim", "--machines", "/nowhere"}, "--machines: /nowhere");
  expect_refused({"validate-sim", "--machine", "x"}, "did you mean \"--machines\"?");
}

}  // namespace
}  // namespace evalrun
