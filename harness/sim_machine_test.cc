#include "harness/sim_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalrun {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const SimData& data() {
  static const SimData loaded = load_sim_data("", "").value();
  return loaded;
}

Result<SimTarget> make(const std::string& machine, const std::string& as,
                       const SimAssumptions& assumptions = {}, std::int64_t tokens = 1000) {
  return make_sim_target(data(), "--machine", machine, as, assumptions, tokens);
}

std::string refusal(const std::string& machine, const std::string& as,
                    const SimAssumptions& assumptions = {}, std::int64_t tokens = 1000) {
  const auto target = make(machine, as, assumptions, tokens);
  return target ? "" : target.error().message;
}

// 70B in 16 bits is 141 GB: four wafers of 44 GB (Cerebras' own number), two GPUs of 80 GB and
// more.
TEST(SimMachine, NamesUnits) {
  EXPECT_EQ(make("cs3", "llama3.3-70b")->title, "4 x Cerebras CS-3 (WSE-3)");
  EXPECT_EQ(make("cs3x5", "llama3.3-70b")->title, "5 x Cerebras CS-3 (WSE-3)");
  EXPECT_EQ(make("h100x8", "llama3.3-70b")->title, "8 x NVIDIA H100 SXM 80 GB");
  EXPECT_EQ(make("b200", "llama3.1-8b")->title, "1 x NVIDIA B200 SXM 180 GB");
  EXPECT_EQ(make("cs3", "llama3.3-70b")->cost->power_w(), 4 * 23000);
  EXPECT_EQ(make("h100x8", "llama3.3-70b")->cost->power_w(), 8 * 700);
}

TEST(SimMachine, AMachineMayBeCalledLikeACount) {
  SimData own = data();
  own.machines["h100x8"] = own.machines.at("a100");
  own.machines["h100x8"].name = "h100x8";
  EXPECT_EQ(make_sim_target(own, "--machine", "h100x8", "llama3.1-8b", {}, 1)->title,
            "1 x NVIDIA A100 SXM 80 GB");
}

TEST(SimMachine, WhatDoesNotFitIsSaidWithTheNumbersAndWhatWould) {
  EXPECT_THAT(refusal("h100", "llama3.3-70b"),
              AllOf(HasSubstr("llama3.3-70b does not fit on h100: 141.1 GB"),
                    HasSubstr("90 % of 85.5 GB"), HasSubstr("; h100x2 would hold it")));
  // 811.7 GB: more than 8 x 85.5 GB hold.
  EXPECT_THAT(refusal("h100x8", "llama3.1-405b"),
              AllOf(HasSubstr("811.7 GB"), ::testing::Not(HasSubstr("would hold it"))));
  EXPECT_THAT(refusal("b200x2", "llama3.1-405b"), HasSubstr("; b200x8 would hold it"));
  EXPECT_THAT(refusal("cs3x1", "llama3.3-70b"), HasSubstr("given were 1"));
  // 131,072 bytes a token of 8B: a million of them are 131 GB.
  EXPECT_THAT(refusal("h100", "llama3.1-8b", {}, 1'000'000), HasSubstr("131.1 GB of KV cache"));
}

TEST(SimMachine, LessBitsNeedLessMemory) {
  EXPECT_EQ(refusal("h100", "llama3.3-70b", {.bytes_per_weight = 1}), "");
  EXPECT_THAT(make("h100", "llama3.3-70b", {.bytes_per_weight = 1})->assumed,
              ElementsAre("weights of 8 bits"));
}

TEST(SimMachine, AssumptionsAreNamed) {
  const auto target =
      make("cs3", "llama3.3-70b",
           {.speculation = "llama3.2-1b:4:0.8", .kernel_speedup = 1.5, .host_us = 172});
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_THAT(
      target->assumed,
      ElementsAre("speculation: llama3.2-1b drafts 4 tokens, 0.8 of them kept",
                  "kernels 1.5 times as fast as WaferLLM's", "172 us of host time a wafer"));
  EXPECT_TRUE(make("cs3", "llama3.3-70b")->assumed.empty());
}

TEST(SimMachine, WhatIsWronglyNamedIsRefused) {
  EXPECT_THAT(refusal("cs4", "llama3.3-70b"),
              AllOf(HasSubstr("--machine: unknown \"cs4\""), HasSubstr("did you mean")));
  EXPECT_THAT(refusal("cs3", "llama3.3-71b"), HasSubstr("did you mean \"llama3.3-70b\""));
  for (const char* name : {"h100x0", "h100x", "h100x-1", "h100x2x", "h100x99999999999999"})
    EXPECT_THAT(refusal(name, "llama3.1-8b"), HasSubstr("unknown")) << name;
  EXPECT_THAT(refusal("h100x16", "llama3.1-8b"), HasSubstr("8 of these reach each other"));
  EXPECT_THAT(refusal("h100", "llama3.1-8b", {.host_us = 1}), HasSubstr("of wafers only"));
  for (const char* text : {"x", "llama3.2-1b:4", "llama3.2-1b:0:0.8", "llama3.2-1b:4:1.1",
                           "llama3.2-1b:4:nan", "llama3.2-1b:4:0.8:1", "llama3.2-1b:4:0.8 "})
    EXPECT_THAT(refusal("cs3", "llama3.3-70b", {.speculation = text}),
                HasSubstr("DRAFT:TOKENS:ACCEPTANCE"))
        << text;
  EXPECT_THAT(refusal("cs3", "llama3.3-70b", {.speculation = "nobody:4:0.8"}),
              HasSubstr("--assume-speculation: unknown \"nobody\""));
}

}  // namespace
}  // namespace evalrun
