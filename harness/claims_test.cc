// The rules of the verdicts and the numbers behind them. Expectations are hand calculations from
// the published figures (written out here again), never what the program printed.
#include "harness/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "harness/claims_print.h"
#include "harness/claims_work.h"
#include "harness/sim_files.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const ClaimLedger& ledger() {
  static const ClaimLedger built_in = load_claim_ledger().value();
  return built_in;
}
const MachineMap& machines() {
  static const MachineMap built_in = load_machines("").value();
  return built_in;
}
const ShapeMap& shapes() {
  static const ShapeMap built_in = load_model_shapes("").value();
  return built_in;
}

Claim claim(const std::string& name, const ClaimLedger& with = ledger(),
            const MachineMap& on = machines()) {
  const auto claims = evaluate_claims(with, on, shapes(), name);
  EXPECT_TRUE(claims) << claims.error().message;
  return claims ? claims->front() : Claim();
}

// The value of the only step whose words begin so.
double step(const Claim& claim, const std::string& begin) {
  double value = std::nan("");
  int found = 0;
  for (const ClaimStep& step : claim.steps)
    if (step.what.starts_with(begin)) value = step.value, ++found;
  EXPECT_EQ(found, 1) << begin;
  return value;
}

ClaimLedger with_input(const std::string& name, double value) {
  ClaimLedger changed = ledger();
  ClaimInput& input = changed.inputs[name];
  input.value = value;
  if (input.status.empty())
    input.unit = "%", input.what = "test", input.source = "test", input.status = "published";
  return changed;
}

MachineMap with_clock(double times) {
  MachineMap changed = machines();
  std::get<sim::WaferSpec>(changed.at("cs3").spec).clock_hz.value *= times;
  return changed;
}

const ClaimRow& row(const Claim& claim, const std::string& what) {
  for (const ClaimRow& row : claim.rows)
    if (row.what == what) return row;
  ADD_FAILURE() << "no row " << what;
  static const ClaimRow none;
  return none;
}

// Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80.
TEST(UnpairedInterval, IsThePaperS) {
  const Interval interval = unpaired_interval(56.0 / 70, 70, 48.0 / 80, 80);
  EXPECT_NEAR(interval.low, 0.0524, 5e-5);
  EXPECT_NEAR(interval.high, 0.3339, 5e-5);
}

TEST(ScoreRow, WordsFollowTheInterval) {
  EXPECT_EQ(score_row("", 80, 60, 1000).word, "above");
  EXPECT_EQ(score_row("", 60, 80, 1000).word, "below");
  EXPECT_EQ(score_row("", 61, 60, 1000).word, "tie");
  EXPECT_NEAR(score_row("", 50, 50, 200).standard_error, 0.05, 1e-12);  // sqrt(2 * .25 / 200)
}

TEST(IsNear, IncludesItsEnds) {
  EXPECT_TRUE(is_near(120, 100));
  EXPECT_TRUE(is_near(80, 100));
  EXPECT_FALSE(is_near(120.1, 100));
  EXPECT_FALSE(is_near(79.9, 100));
  EXPECT_FALSE(is_near(std::nan(""), 100));
}

TEST(Claims, EachIsComputedInTheLedgersOrder) {
  const auto claims = evaluate_claims(ledger(), machines(), shapes());
  ASSERT_TRUE(claims) << claims.error().message;
  ASSERT_EQ(claims->size(), ledger().claims.size());
  ASSERT_GE(claims->size(), 20u);
  for (std::size_t i = 0; i < claims->size(); ++i) {
    EXPECT_EQ((*claims)[i].words.name, ledger().claims[i].name);
    EXPECT_NE((*claims)[i].finding, "");
    EXPECT_FALSE((*claims)[i].steps.empty()) << (*claims)[i].words.name;
    for (const ClaimStep& step : (*claims)[i].steps) {
      EXPECT_TRUE(std::isfinite(step.value)) << step.what;
      EXPECT_NE(step.from, "") << step.what;
    }
  }
}

TEST(Claims, EveryInputIsUsedOrLookedFor) {
  std::set<std::string> used;
  const auto claims = evaluate_claims(ledger(), machines(), shapes());
  ASSERT_TRUE(claims);
  for (const Claim& claim : *claims)
    for (const ClaimStep& step : claim.steps) used.insert(step.what);
  for (const auto& [name, input] : ledger().inputs)
    EXPECT_TRUE(used.contains(input.what)) << name << ": take it out of claims.toml";
}

TEST(Claims, TokensASecondFollowTheMachine) {
  const Claim now = claim("2100-tokens");
  EXPECT_TRUE(now.is_simulated());
  const double bare = step(now, "70B on the CS-3, nothing assumed");
  const double gain = step(now, "gain needed");
  // What is not in the kernels (crossings) cannot shrink: the gain is at least the ratio.
  EXPECT_GE(gain, 2100 / bare - 0.01);
  EXPECT_NE(now.verdict, ClaimVerdict::reproduced);  // 2,100 is above 1.2 times the bare speed
  EXPECT_GT(2100, 1.2 * bare);
  EXPECT_EQ(claim("2100-tokens", ledger(), with_clock(2100 / bare)).verdict,
            ClaimVerdict::reproduced);
  EXPECT_EQ(claim("2100-tokens", ledger(), with_clock(0.2)).verdict, ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("2100-tokens", with_input("assumed.acceptance", 0.01)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, LaunchAndLaterSpeedsFollowFromOneAssumptionEach) {
  const Claim launch = claim("450-at-launch");
  const double small = step(launch, "8B on the CS-3"), large = step(launch, "70B on the CS-3, n");
  const double host = step(launch, "host time a wafer");
  EXPECT_NEAR(host, 1 / 1800.0 - 1 / small, 1e-9);  // the 8B is on one wafer
  EXPECT_NEAR(step(launch, "70B on the CS-3 with it"), 1 / (1 / large + 4 * host), 1);  // on four
  EXPECT_EQ(claim("450-at-launch", with_input("speed.70b_launch", 5)).verdict,
            ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("969-of-405b", with_input("speed.405b", 5)).verdict,
            ClaimVerdict::does_not_follow);
  const double bare = step(claim("969-of-405b"), "405B on the CS-3, nothing");
  EXPECT_EQ(claim("969-of-405b", with_input("speed.405b", bare)).verdict, ClaimVerdict::reproduced);
}

TEST(Claims, SixteenTimesIsDividedOut) {
  const Claim now = claim("16-times-gpu");
  EXPECT_NEAR(step(now, "speed of that service"), 131.25, 1e-9);  // 2,100 / 16
  const double h100 = step(now, "70B on H100, 8-bit");
  // 70.6 GB over 8 x 3.35 TB/s are 2.63 ms: 380 tokens/s at the very most, a quarter of it or more
  // with 160 all-reduces and 480 kernels a token.
  EXPECT_LT(h100, 380);
  EXPECT_GT(h100, 95);
  EXPECT_NEAR(step(now, "2,100 over the first"), 2100 / h100, 1e-9);
  EXPECT_NEAR(step(now, "the same once the GPUs"), 2100 / h100 / 3.55, 1e-9);
  EXPECT_EQ(claim("16-times-gpu", with_input("speed.times_gpu", 2100 / h100 / 1.19)).verdict,
            ClaimVerdict::reproduced);
  EXPECT_EQ(claim("16-times-gpu", with_input("speed.times_gpu", 100)).verdict,
            ClaimVerdict::does_not_follow);
}

// 27 calls: 3 x (2 x 3 + 2) + 3; 800 tokens each at 2,100 a second, and 0.24 s to the first.
TEST(Claims, CepoTakesTheSecondsOfItsCalls) {
  const Claim now = claim("o1-minutes-cepo-seconds");
  EXPECT_EQ(step(now, "calls of a sample"), 27);
  EXPECT_EQ(step(now, "longest chain"), 5);
  EXPECT_NEAR(step(now, "an attempt of o1"), 66.6, 1e-9);  // 133.2 / 2
  const double cs3 = step(now, "CePO on the CS-3, one call");
  EXPECT_NEAR(cs3, 27 * (799 / 2100.0 + 0.24), 0.1 * cs3);
  EXPECT_NEAR(step(now, "CePO on the CS-3, in parallel") / cs3, 5 / 27.0, 0.25);
  const double gpu = step(now, "CePO on H100 in 8 bits, one call");
  EXPECT_NEAR(step(now, "what the hardware contributes"), gpu / cs3, 1e-9);
  const double speed = step(claim("16-times-gpu"), "70B on H100, 8-bit");
  EXPECT_NEAR(gpu, 27 * (799 / speed + 0.24), 0.1 * gpu);
  EXPECT_EQ(now.verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("o1-minutes-cepo-seconds", with_input("o1.high", 60)).verdict,
            ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("o1-minutes-cepo-seconds", with_input("cepo.call_tokens", 8000)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, OnlyInRealTimeFallsWithACounterexample) {
  const Claim now = claim("only-in-real-time");
  const double own = step(now, "CePO on the CS-3, in parallel");
  EXPECT_EQ(claim("only-in-real-time", with_input("limit.attention", own * 0.8)).verdict,
            ClaimVerdict::does_not_follow);
  const double other = step(now, "CePO on H200 in 8 bits with a draft model, in parallel");
  EXPECT_GT(other, 1.3 * own);
  EXPECT_EQ(claim("only-in-real-time", with_input("limit.attention", other)).verdict,
            ClaimVerdict::cannot_be_checked);
  EXPECT_EQ(claim("only-in-real-time", with_input("limit.attention", own * 1.01)).verdict,
            ClaimVerdict::consistent);
  EXPECT_EQ(claim("only-in-real-time", with_input("limit.attention", 1000)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, EffectiveSpeedIsOneAnswerOfManyCalls) {
  const Claim now = claim("100-effective");
  EXPECT_NEAR(step(now, "visible tokens/s, one call"), 77.78, 0.01);  // 2,100 / 27
  EXPECT_EQ(step(now, "visible tokens/s, in parallel"), 420);         // 2,100 / 5
  EXPECT_EQ(now.verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("100-effective", with_input("speed.effective", 90)).verdict,
            ClaimVerdict::reproduced);
  EXPECT_EQ(claim("100-effective", with_input("speed.effective", 50)).verdict,
            ClaimVerdict::does_not_follow);
}

// Standard errors and intervals computed apart, in Python, from the published scores.
TEST(Claims, BenchmarksAreHeldAgainstTheirNoise) {
  const Claim now = claim("surpasses-405b");
  ASSERT_EQ(now.rows.size(), 6u);
  struct Expected {
    const char* what;
    double difference, error, low, high;
    const char* word;
  };
  for (const Expected& e : {Expected{"Math-L5", 0.198, 0.01867, 0.16106, 0.23416, "above"},
                            {"MMLU-Pro (Math)", 0.056, 0.01474, 0.02705, 0.08488, "above"},
                            {"GPQA", 0.048, 0.05010, -0.04990, 0.14462, "tie"},
                            {"CRUX", 0.071, 0.02111, 0.02950, 0.11221, "above"},
                            {"LiveCodeBench", 0.001, 0.04493, -0.08654, 0.08852, "tie"},
                            {"SimpleQA", 0.091, 0.00821, 0.07489, 0.10708, "above"}}) {
    const ClaimRow& own = row(now, e.what);
    EXPECT_NEAR(own.difference(), e.difference, 1e-9) << e.what;
    EXPECT_NEAR(own.standard_error, e.error, 1e-5) << e.what;
    EXPECT_NEAR(own.difference_ci.low, e.low, 1e-5) << e.what;
    EXPECT_NEAR(own.difference_ci.high, e.high, 1e-5) << e.what;
    EXPECT_EQ(own.word, e.word) << e.what;
    EXPECT_EQ(own.verdict,
              own.word == "above" ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow);
  }
  EXPECT_EQ(now.verdict, ClaimVerdict::does_not_follow);
  // 2 p (1 - p) (1.96 / 0.001)^2 with p = 0.3185
  EXPECT_NEAR(step(now, "problems at which"), 1'667'698, 1);
  EXPECT_FALSE(row(now, "CRUX").is_assumed);
  EXPECT_TRUE(row(now, "LiveCodeBench").is_assumed);
}

TEST(Claims, AllRowsAboveWouldBeConsistent) {
  ClaimLedger changed = with_input("gpqa.cepo", 75);
  EXPECT_EQ(claim("surpasses-405b", changed).verdict, ClaimVerdict::does_not_follow);
  changed.inputs["lcb.cepo"].value = 45;
  const Claim better = claim("surpasses-405b", changed);
  EXPECT_EQ(better.verdict, ClaimVerdict::consistent);
  EXPECT_THAT(better.finding, StartsWith("above on 6 of 6"));
}

TEST(Claims, WhatWasNotPublishedCannotBeChecked) {
  const Claim now = claim("31-matches-405b");
  EXPECT_EQ(now.verdict, ClaimVerdict::cannot_be_checked);
  EXPECT_NEAR(step(now, "largest gap"), 9.0, 1e-9);  // GPQA: 50.7 - 41.7
  EXPECT_EQ(claim("31-matches-405b", with_input("crux.cepo31", 72.5)).verdict,
            ClaimVerdict::consistent);
  EXPECT_EQ(claim("31-matches-405b", with_input("crux.cepo31", 60)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, TheLevelOfOthersIsATieOrNotPublished) {
  const Claim now = claim("level-of-sonnet");
  EXPECT_EQ(row(now, "LiveCodeBench - GPT-4 Turbo").word, "tie");
  EXPECT_EQ(row(now, "LiveCodeBench - Claude 3.5 Sonnet").word, "tie");
  EXPECT_NEAR(row(now, "LiveCodeBench - Claude 3.5 Sonnet").difference_ci.low, -0.11616, 1e-5);
  EXPECT_EQ(row(now, "CRUX - GPT-4 Turbo").word, "tie");
  EXPECT_EQ(row(now, "CRUX - Claude 3.5 Sonnet").verdict, ClaimVerdict::cannot_be_checked);
  EXPECT_EQ(now.verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("level-of-sonnet", with_input("lcb.sonnet", 60)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, MoreCandidatesBoughtNothing) {
  const Claim now = claim("grows-without-end");
  EXPECT_EQ(step(now, "calls of the larger"), 3);  // 81 / 27
  // (81.3 - 77.2) / (90.8 - 77.2)
  EXPECT_NEAR(step(now, "part of coverage"), 0.3015, 1e-4);
  EXPECT_NEAR(now.rows.front().difference_ci.low, -0.03396, 1e-5);
  // a = -ln .772 = .25877, b = log10(a / -ln .908) = .42812; (a / -ln .99)^(1 / b)
  EXPECT_NEAR(step(now, "answers for a coverage"), 1973, 15);
  EXPECT_EQ(now.verdict, ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("grows-without-end", with_input("ablation.crux_many", 90)).verdict,
            ClaimVerdict::consistent);
}

TEST(Claims, MemoryOfATrillionParameters) {
  const Claim tb = claim("55-tb");
  EXPECT_EQ(step(tb, "training state, at least"), 16e12);
  EXPECT_EQ(step(tb, "training state, at most"), 18e12);
  EXPECT_NEAR(step(tb, "MemoryX over it"), 55 / 18.0, 1e-9);
  EXPECT_EQ(tb.verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("55-tb", with_input("training.memoryx", 12e12)).verdict,
            ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("55-tb", with_input("training.memoryx", 20e12)).verdict,
            ClaimVerdict::reproduced);
  EXPECT_EQ(claim("1t-on-one-cs3").verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("1t-on-one-cs3", with_input("training.memoryx", 12e12)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, StepsCannotBeFasterThanTheLink) {
  const Claim now = claim("50-steps");
  EXPECT_NEAR(step(now, "a step at least"), 4e12 / 150e9, 1e-9);  // 26.7 s
  EXPECT_NEAR(step(now, "the same if in and out"), 40, 1e-9);     // 6e12 / 150e9
  std::map<std::string, double> exactly;
  for (const ClaimStep& step : now.steps) exactly[step.what] = step.value;
  // 6e12 flops a token at 14.4 PFLOP/s, never above the peak; a million tokens.
  EXPECT_GT(exactly["a step"], 6e12 * 1048576 / 14.4e15);
  EXPECT_GT(exactly["a step of those"], 4e12 / 150e9);
  EXPECT_LT(exactly["a step of those"], exactly["a step"]);
  EXPECT_NEAR(exactly["all steps"], 50 * exactly["a step"] / 86400, 1e-9);
  EXPECT_NEAR(exactly["all steps of those"], 50 * exactly["a step of those"] / 86400, 1e-9);
  EXPECT_EQ(now.verdict, ClaimVerdict::consistent);
  EXPECT_NEAR(step(now, "share of a whole run"), 50 * 1048576 / 20e12, 1e-12);
  EXPECT_EQ(claim("50-steps", with_input("training.days", 0.001)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, LinearIsAnEfficiencyAndASimulation) {
  const Claim now = claim("16-linear");
  EXPECT_NEAR(step(now, "published efficiency"), 0.95625, 1e-9);  // 15.3 / 16
  EXPECT_LE(step(now, "speedup at the same batch of each"), 16 * 1.001);
  EXPECT_EQ(now.verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("16-linear", with_input("training.speedup", 8)).verdict,
            ClaimVerdict::does_not_follow);
  // No way of doing it loses so much, nor so little.
  EXPECT_EQ(claim("16-linear", with_input("training.speedup", 14.5)).verdict,
            ClaimVerdict::cannot_be_checked);
  EXPECT_EQ(claim("16-linear", with_input("training.speedup", 17)).verdict,
            ClaimVerdict::cannot_be_checked);
  EXPECT_EQ(claim("accuracy-in-proportion").verdict, ClaimVerdict::does_not_follow);  // 25 x 15.3
  EXPECT_EQ(step(claim("accuracy-in-proportion"), "a guess's accuracy"), 382.5);
}

TEST(Claims, GpusOfFiftyFiveTerabytes) {
  const Claim now = claim("287-gb200");
  EXPECT_EQ(step(now, "GPUs that hold 55 TB"), 277);         // 55e12 / 198,674,743,296 = 276.8
  EXPECT_EQ(step(now, "the same with their nominal"), 287);  // 55,000 / 192 = 286.5
  EXPECT_EQ(step(now, "GB200 superchips"), 144);
  EXPECT_NEAR(step(now, "NVL72 racks"), 3.986, 1e-3);
  EXPECT_EQ(step(now, "GPUs that hold the training state"), 91);  // 18,000 / 198.67 = 90.6
  EXPECT_EQ(now.verdict, ClaimVerdict::reproduced);
  MachineMap changed = machines();
  std::get<sim::GpuSpec>(changed.at("gb200").spec).memory_bytes.value = 400e9;
  EXPECT_EQ(claim("287-gb200", ledger(), changed).verdict, ClaimVerdict::does_not_follow);
}

TEST(Claims, SpaceAndPowerAreNoOnePercent) {
  const Claim now = claim("one-percent");
  EXPECT_EQ(step(now, "share of the space"), 0.5);                 // 2 of 4 racks
  EXPECT_NEAR(step(now, "share of the power"), 0.0479, 1e-4);      // 23 / 480 kW
  EXPECT_NEAR(step(now, "GPUs at which the power"), 1380, 1e-6);   // 2,300 / 120 x 72
  EXPECT_NEAR(step(now, "GPUs at which the space"), 14400, 1e-6);  // 200 racks
  EXPECT_EQ(now.verdict, ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("one-percent", with_input("gpus.claimed", 100000)).verdict,
            ClaimVerdict::consistent);
  EXPECT_EQ(step(claim("two-racks"), "rack units"), 43);  // 15 + 28
  EXPECT_EQ(claim("two-racks").verdict, ClaimVerdict::consistent);
  EXPECT_EQ(claim("two-racks", with_input("racks.server", 0.5e12)).verdict,
            ClaimVerdict::does_not_follow);
}

TEST(Claims, LinesAddUp) {
  const Claim now = claim("565-lines");
  EXPECT_EQ(step(now, "gigaGPT, sum"), 565);        // 69 + 41 + 67 + 219 + 36 + 133
  EXPECT_EQ(step(now, "Megatron-LM, sum"), 20505);  // two short of what is claimed
  EXPECT_NEAR(step(now, "less code"), 0.9724, 1e-4);
  EXPECT_EQ(now.verdict, ClaimVerdict::reproduced);
  EXPECT_EQ(claim("565-lines", with_input("lines.giga.model", 230)).verdict,
            ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("565-lines-for-1t").verdict, ClaimVerdict::does_not_follow);
  EXPECT_EQ(claim("565-lines-for-1t", with_input("lines.tested", 1e12)).verdict,
            ClaimVerdict::consistent);
}

TEST(Claims, AnUnknownNameIsRefused) {
  const auto claims = evaluate_claims(ledger(), machines(), shapes(), "2100-token");
  ASSERT_FALSE(claims);
  EXPECT_EQ(claims.error().kind, Error::Kind::usage);
  EXPECT_THAT(claims.error().message, HasSubstr("did you mean \"2100-tokens\"?"));
}

TEST(Claims, MachinesThatAreMissingOrWrongAreNamed) {
  MachineMap changed = machines();
  changed.erase("h200");
  auto claims = evaluate_claims(ledger(), changed, shapes());
  ASSERT_FALSE(claims);
  EXPECT_EQ(claims.error().message, "machine h200: missing: add its file");
  changed = machines();
  changed.at("cs3") = changed.at("h100");
  claims = evaluate_claims(ledger(), changed, shapes());
  ASSERT_FALSE(claims);
  EXPECT_THAT(claims.error().message, StartsWith("machine cs3: is no wafer"));
  changed = machines();
  std::get<sim::GpuSpec>(changed.at("h100").spec).memory_bytes.value = 1e9;
  claims = evaluate_claims(ledger(), changed, shapes(), "16-times-gpu");
  ASSERT_FALSE(claims);
  EXPECT_THAT(claims.error().message, HasSubstr("does not fit on 8 GPUs of 1 GB"));
}

TEST(Figure, IsShortAndGrouped) {
  EXPECT_EQ(figure(2100), "2,100");
  EXPECT_EQ(figure(1667698.1), "1,667,698");
  EXPECT_EQ(figure(-1000), "-1,000");
  EXPECT_EQ(figure(131.25), "131.2");
  EXPECT_EQ(figure(0.0479), "0.0479");
  EXPECT_EQ(figure(0), "0");
  EXPECT_EQ(figure(55e12), "5.5e+13");
  EXPECT_EQ(figure(0.000171), "0.000171");
}

}  // namespace
}  // namespace evalrun
