#include "results/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/report_fixture.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr ScorerKind kStrict = ScorerKind::strict;
constexpr ScorerKind kOfficial = ScorerKind::official;

TEST(BuildReport, TheDenominatorIsThePlan) {
  FakeRun run;
  run.add_suite("letters", 10, false);
  run.add("letters", "baseline", kStrict, "rrrwnmiu--");
  run.add("letters", "cepo", kStrict, "rrrrrrrrrw");
  const Report report = run.report();
  const SuiteRow& row = report.rows[0];
  EXPECT_EQ(row.planned, 10);
  EXPECT_EQ(row.scored, 5);
  EXPECT_EQ(row.missing, 2);
  EXPECT_EQ(row.unscored, 1);
  EXPECT_EQ(row.model_errors, 1);
  EXPECT_EQ(row.infra_errors, 1);
  EXPECT_EQ(row.no_answer, 1);
  EXPECT_EQ(row.first_error, "connection refused");
  EXPECT_FALSE(row.complete());
  EXPECT_FALSE(report.complete);
  // 3 right for sure, 5 undecided: from the low end of 3 of 10 to the high end of 8 of 10.
  EXPECT_DOUBLE_EQ(row.strict.value, 0.3);
  EXPECT_DOUBLE_EQ(row.strict.ci.low, wilson(3, 10).low);
  EXPECT_DOUBLE_EQ(row.strict.ci.high, wilson(8, 10).high);
  EXPECT_TRUE(report.rows[1].complete());
  EXPECT_DOUBLE_EQ(report.rows[1].strict.value, 0.9);
  EXPECT_DOUBLE_EQ(report.rows[1].strict.ci.low, wilson(9, 10).low);
}

TEST(BuildReport, AnOfficialVerdictIsNeededWhereTheSuiteHasOne) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("crux-o", 3, true);
  run.add("crux-o", "baseline", kStrict, "rrr");
  EXPECT_EQ(run.report().rows[0].unscored, 3);
  run.add("crux-o", "baseline", kOfficial, "rri");
  EXPECT_EQ(run.report().rows[0].infra_errors, 1);
  EXPECT_DOUBLE_EQ(run.report().rows[0].strict.value, 1);  // strict came to a verdict on all
  EXPECT_EQ(run.report().rows[0].first_error, "no sandbox");
  run.scores.back().verdict = Verdict::wrong;
  EXPECT_TRUE(run.report().complete);
  EXPECT_DOUBLE_EQ(run.report().rows[0].official->value, 2.0 / 3);
}

TEST(BuildReport, ARunWithoutAPlanIsNotComplete) { EXPECT_FALSE(FakeRun().report().complete); }

TEST(BuildReport, TheAnswerCountsNotTheErrorBeforeIt) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("letters", 1, false);
  run.samples.push_back({"letters", "sample_0", 0, "baseline", {}, "timeout"});
  run.samples.push_back({"letters", "sample_0", 0, "baseline", {}, ""});
  run.samples.push_back({"letters", "sample_0", 0, "baseline", {}, "late"});
  run.scores.push_back(
      {"letters", "sample_0", 0, "baseline", kStrict, Verdict::right, false, "", ""});
  EXPECT_TRUE(run.report().complete);
}

TEST(BuildReport, RecordsOutsideThePlanAreCountedAndLeftOut) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("letters", 2, false);
  run.add("letters", "baseline", kStrict, "rwr");  // sample_2: a sample and a score
  run.add("letters", "cot", kStrict, "r");
  run.add("chess", "baseline", kStrict, "r");
  run.add("letters", "baseline", kStrict, "r", /*epoch=*/1);
  run.add_call("letters", "sample_9", "baseline", "answer", 1, 2);
  const Report report = run.report();
  EXPECT_EQ(report.unplanned_records, 9);
  EXPECT_DOUBLE_EQ(report.rows[0].strict.value, 0.5);
  EXPECT_TRUE(report.complete);
}

TEST(BuildReport, OfficialLeavesSkippedOutOfN) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.epochs = 2;
  run.add_suite("crux-o", 2, true);
  // sample_0: right and skipped -> official 1 of 1; sample_1: skipped and wrong -> 0 of 2.
  run.add("crux-o", "baseline", kOfficial, "rs", 0);
  run.add("crux-o", "baseline", kOfficial, "sw", 1);
  run.add("crux-o", "baseline", kStrict, "rw", 0);
  run.add("crux-o", "baseline", kStrict, "ww", 1);
  const SuiteRow row = run.report().rows[0];
  EXPECT_DOUBLE_EQ(row.official->value, 0.5);
  EXPECT_DOUBLE_EQ(row.strict.value, 0.25);
  EXPECT_EQ(row.strict.method, IntervalMethod::clustered_t);
}

TEST(BuildReport, PassAtFiveAndItsArtefacts) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.epochs = 5;
  run.add_suite("crux-o", 2, true);
  for (int epoch = 0; epoch < 5; ++epoch) {
    run.add("crux-o", "baseline", kStrict, epoch == 0 ? "rw" : "ww", epoch);
    run.add("crux-o", "baseline", kOfficial, epoch == 0 ? "rw" : "sw", epoch);
  }
  const SuiteRow row = run.report().rows[0];
  ASSERT_THAT(row.pass_at_k, SizeIs(2));
  EXPECT_EQ(row.pass_at_k[0].k, 1);
  EXPECT_DOUBLE_EQ(row.pass_at_k[0].strict.value, row.strict.value);
  EXPECT_EQ(row.pass_at_k[1].k, 5);
  EXPECT_DOUBLE_EQ(row.pass_at_k[1].strict.value, 0.5);  // any of sample_0's five is right
  EXPECT_DOUBLE_EQ(*row.pass_at_k[1].official, 0.5);     // sample_0 left with n = 1: an artefact
  EXPECT_EQ(row.pass_at_k[1].official_artefacts, 1);
  EXPECT_DOUBLE_EQ(row.strict.value, 0.1);
  EXPECT_DOUBLE_EQ(row.official->value, 0.5);  // 1 of 1, and 0 of 5
  run.info.epochs = 4;
  EXPECT_THAT(run.report().rows[0].pass_at_k, SizeIs(1));
}

// 100 samples: 16 right only under cepo, 4 only under baseline.
FakeRun twenty_discordant() {
  FakeRun run;
  run.add_suite("crux-o", 100, false);
  run.add("crux-o", "baseline", kStrict,
          std::string(16, 'w') + std::string(4, 'r') + std::string(40, 'r') + std::string(40, 'w'));
  run.add("crux-o", "cepo", kStrict,
          std::string(16, 'r') + std::string(4, 'w') + std::string(40, 'r') + std::string(40, 'w'));
  return run;
}

// The interval by a second implementation in Python: [3.29, 20.31].
TEST(BuildReport, ComparesPairs) {
  const Report report = twenty_discordant().report();
  ASSERT_THAT(report.comparisons, SizeIs(1));
  const Comparison& c = report.comparisons[0];
  EXPECT_EQ(c.base, "baseline");
  EXPECT_EQ(c.strategy, "cepo");
  EXPECT_EQ(c.counts.both, 40);
  EXPECT_EQ(c.counts.only_a, 4);
  EXPECT_EQ(c.counts.only_b, 16);
  EXPECT_EQ(c.counts.neither, 40);
  EXPECT_DOUBLE_EQ(c.paired.difference, 0.12);
  EXPECT_NEAR(c.paired.p_value, 1549.0 / 131072, 1e-15);
  EXPECT_EQ(c.p_holm, c.paired.p_value);
  EXPECT_EQ(c.outcome, Outcome::better);
  EXPECT_EQ(verdict_words(c),
            "cepo is better than baseline: +12.0 points [+3.3, +20.3], p = 0.012 (exact McNemar, "
            "n = 100; right only under cepo: 16, only under baseline: 4)");
}

TEST(BuildReport, SeveralComparisonsAreAdjusted) {
  FakeRun run = twenty_discordant();
  run.info.strategies = {"cot", "baseline", "cepo"};
  run.add("crux-o", "cot", kStrict,
          std::string(16, 'w') + std::string(44, 'r') + std::string(40, 'w'));  // as baseline
  const Report report = run.report();
  ASSERT_THAT(report.comparisons, SizeIs(2));
  EXPECT_EQ(report.comparisons[0].strategy, "cot");
  EXPECT_EQ(report.comparisons[0].base, "baseline");
  EXPECT_EQ(report.comparisons[0].outcome, Outcome::not_shown);
  EXPECT_EQ(report.comparisons[1].p_holm, 2 * report.comparisons[1].paired.p_value);
  EXPECT_THAT(verdict_words(report.comparisons[1]), HasSubstr("exact McNemar, Holm over 2, n"));
  EXPECT_THAT(verdict_words(report.comparisons[0]),
              HasSubstr("no difference shown between cot and baseline: +0.0 points"));
  EXPECT_THAT(verdict_words(report.comparisons[0]), HasSubstr("disagree too rarely"));
}

TEST(BuildReport, WithoutABaselineTheFirstStrategyIsTheBase) {
  FakeRun run;
  run.info.strategies = {"cot", "cepo"};
  run.add_suite("letters", 1, false);
  EXPECT_EQ(run.report().comparisons[0].base, "cot");
  EXPECT_EQ(verdict_words(run.report().comparisons[0]),
            "nothing to compare: no sample is scored under both");
}

TEST(BuildReport, UndecidedPairsAreLeftOutAndSaid) {
  FakeRun run;
  run.add_suite("letters", 4, false);
  run.add("letters", "baseline", kStrict, "rwm-");
  run.add("letters", "cepo", kStrict, "rrrr");
  const Comparison c = run.report().comparisons[0];
  EXPECT_EQ(c.counts.pairs(), 2);
  EXPECT_EQ(c.counts.only_b, 1);
  EXPECT_FALSE(c.complete());
  EXPECT_THAT(verdict_words(c), HasSubstr("INCOMPLETE: 2 of 4 pairs are scored"));
}

TEST(BuildReport, EpochsArePairedByProblem) {
  FakeRun run;
  run.info.epochs = 2;
  run.add_suite("letters", 6, false);
  // Differences of means a problem: 0.5 0 0.5 1 -0.5 0.5, as in the test of compare_clusters.
  run.add("letters", "baseline", kStrict, "rwwwrw", 0);
  run.add("letters", "baseline", kStrict, "wwwwrr", 1);
  run.add("letters", "cepo", kStrict, "rwrrrr", 0);
  run.add("letters", "cepo", kStrict, "rwwrwr", 1);
  const Comparison c = run.report().comparisons[0];
  EXPECT_EQ(c.paired.method, PairedMethod::cluster_sign_flip);
  EXPECT_NEAR(c.paired.difference, 1.0 / 3, 1e-15);
  EXPECT_NEAR(c.paired.p_value, 10.0 / 32, 1e-15);
  EXPECT_EQ(c.counts.pairs(), 12);
  EXPECT_EQ(c.counts.only_b, 5);
  EXPECT_EQ(c.counts.only_a, 1);
  EXPECT_THAT(verdict_words(c), HasSubstr("this run could have seen 73.6 points"));
}

TEST(BuildReport, LedgerCountsWhatWasThrownAway) {
  FakeRun run;
  run.info.strategies = {"cepo"};
  run.add_suite("letters", 3, false);
  run.add("letters", "cepo", kStrict, "rwm");
  const auto step = [](const char* kind, std::int64_t completion, bool discarded) {
    return StepUse{"p", kind, {100, 0, completion, 0}, Finish::stop, discarded};
  };
  run.sample("letters", "sample_0", 0, "cepo").answer.steps = {
      step("plan", 10, false), step("plan", 30, true), step("final", 5, false)};
  run.sample("letters", "sample_1", 0, "cepo").answer.steps = {step("plan", 20, false),
                                                               step("final", 7, false)};
  run.sample("letters", "sample_2", 0, "cepo").answer.steps = {step("plan", 999, false)};
  const SuiteRow row = run.report().rows[0];
  EXPECT_EQ(row.answered, 2);
  ASSERT_THAT(row.ledger, SizeIs(2));
  EXPECT_EQ(row.ledger[0].step, "plan");
  EXPECT_EQ(row.ledger[0].calls, 3);
  EXPECT_EQ(row.ledger[0].discarded_calls, 1);
  EXPECT_EQ(row.ledger[0].usage.completion, 60);
  EXPECT_EQ(row.ledger[0].discarded_completion, 30);
  EXPECT_EQ(row.ledger[1].usage.prompt, 200);
  EXPECT_DOUBLE_EQ(row.calls_per_sample, 2.5);
  EXPECT_DOUBLE_EQ(row.prompt_per_sample, 250);
  EXPECT_DOUBLE_EQ(row.completion_per_sample, 36);
  EXPECT_DOUBLE_EQ(row.discarded_per_sample, 15);
}

TEST(BuildReport, SecondsAreFromTheAskToTheLastTokenWithoutPauses) {
  FakeRun run;
  run.info.strategies = {"cepo"};
  run.add_suite("letters", 4, false);
  run.add("letters", "cepo", kStrict, "rrrr");
  // Two side by side, then one: 1 s to 4 s, 4 s to 6 s.
  run.add_call("letters", "sample_0", "cepo", "plan=1", 1'000'000, 4'000'000);
  run.add_call("letters", "sample_0", "cepo", "final", 4'000'000, 6'000'000);
  run.add_call("letters", "sample_0", "cepo", "plan=0", 1'000'000, 2'000'000);
  // Killed, and resumed an hour later: 1 s and 2 s.
  run.add_call("letters", "sample_1", "cepo", "plan=0", 1'000'000, 2'000'000);
  run.add_call("letters", "sample_1", "cepo", "final", 3'601'000'000, 3'603'000'000);
  // One call without times: not measured. sample_3 has no call.
  run.add_call("letters", "sample_2", "cepo", "plan=0", 1'000'000, 2'000'000);
  run.add_call("letters", "sample_2", "cepo", "final", 0, 0);
  EXPECT_DOUBLE_EQ(*run.report().rows[0].seconds_per_sample, (5.0 + 3.0) / 2);
  run.calls.clear();
  EXPECT_FALSE(run.report().rows[0].seconds_per_sample);
}

TEST(BuildReport, FailedCallsTakeNoTime) {
  FakeRun run;
  run.info.strategies = {"cepo"};
  run.add_suite("letters", 1, false);
  run.add("letters", "cepo", kStrict, "r");
  run.add_call("letters", "sample_0", "cepo", "answer", 1'000'000, 9'000'000);
  run.calls.back().completion.finish = Finish::error;
  run.add_call("letters", "sample_0", "cepo", "answer", 10'000'000, 11'000'000);
  EXPECT_DOUBLE_EQ(*run.report().rows[0].seconds_per_sample, 1);
}

TEST(BuildReport, SplitsByBucket) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("letters", 4, false);
  run.add("letters", "baseline", kStrict, "rrwr");
  const char* buckets[] = {"easy", "hard", "hard", "easy"};
  for (int i = 0; i < 4; ++i)
    run.metadata[{"letters", "sample_" + std::to_string(i)}] = {{"length", "9"},
                                                                {"bucket", buckets[i]}};
  const SuiteRow row = run.report().rows[0];
  ASSERT_THAT(row.buckets, SizeIs(2));
  EXPECT_EQ(row.buckets[0].bucket, "easy");
  EXPECT_DOUBLE_EQ(row.buckets[0].strict.value, 1);
  EXPECT_EQ(row.buckets[1].planned, 2);
  EXPECT_DOUBLE_EQ(row.buckets[1].strict.value, 0.5);
}

TEST(BuildReport, ListsWhatTheScorersDifferOn) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("crux-o", 4, true);
  run.add("crux-o", "baseline", kOfficial, "rrww");
  run.add("crux-o", "baseline", kStrict, "rwrn");
  const Report report = run.report();
  ASSERT_THAT(report.disagreements, SizeIs(2));  // wrong and no_answer are no disagreement
  EXPECT_EQ(report.disagreements[0].sample, "sample_1");
  EXPECT_EQ(report.disagreements[0].official, Verdict::right);
  EXPECT_EQ(report.disagreements[1].sample, "sample_2");
  EXPECT_EQ(disagreements_text(report),
            "crux-o/sample_1/epoch=0/baseline: official right, strict wrong: because\n"
            "crux-o/sample_2/epoch=0/baseline: official wrong, strict right: because\n");
}

}  // namespace
}  // namespace evalrun
