// Reports on suites that ask about a problem several times, and on problems with known faults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/report.h"
#include "results/report_fixture.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr ScorerKind kStrict = ScorerKind::strict;

// Six samples about problems a a a, none, c c.
FakeRun clustered_run() {
  FakeRun run;
  run.add_suite("lcb-exec", 6, false);
  const char* problems[] = {"a", "a", "a", "", "c", "c"};
  for (int i = 0; i < 6; ++i)
    run.metadata[{"lcb-exec", "sample_" + std::to_string(i)}] = {{"problem", problems[i]}};
  run.add("lcb-exec", "baseline", kStrict, "wwwwww");
  run.add("lcb-exec", "cepo", kStrict, "rrwwrr");
  return run;
}

TEST(Clusters, TheValueIsTheMeanOverSamples) {
  const SuiteRow row = clustered_run().report().rows[1];
  EXPECT_EQ(row.samples, 6);
  EXPECT_EQ(row.problems, 3);
  EXPECT_DOUBLE_EQ(row.strict.value, 4.0 / 6);  // not the mean over problems, (2/3 + 0 + 1) / 3
  EXPECT_EQ(row.strict.method, IntervalMethod::clustered_t);
  const Estimate expected = clustered_mean(std::vector<Cluster>{{2, 3}, {0, 1}, {2, 2}});
  EXPECT_DOUBLE_EQ(row.strict.ci.low, expected.ci.low);
  EXPECT_DOUBLE_EQ(row.strict.ci.high, expected.ci.high);
}

TEST(Clusters, AProblemOfItsOwnForEachSampleIsNoCluster) {
  FakeRun run = clustered_run();
  for (auto& [sample, metadata] : run.metadata) metadata[0].second = sample.second;
  EXPECT_EQ(run.report().rows[1].problems, 6);
  EXPECT_EQ(run.report().rows[1].strict.method, IntervalMethod::wilson);
  EXPECT_EQ(run.report().comparisons[0].paired.method, PairedMethod::exact_mcnemar);
}

// Sums of the problems: 2 0 2. Of the four choices of signs two reach 4 or -4; McNemar would say
// 2/16 of the four samples.
TEST(Clusters, SignsAreFlippedByProblem) {
  const Comparison c = clustered_run().report().comparisons[0];
  EXPECT_EQ(c.paired.method, PairedMethod::cluster_sign_flip);
  EXPECT_NEAR(c.paired.p_value, 0.5, 1e-15);
  EXPECT_DOUBLE_EQ(c.paired.difference, 4.0 / 6);
  EXPECT_EQ(c.samples, 6);
  EXPECT_EQ(c.problems, 3);
  EXPECT_THAT(verdict_words(c), HasSubstr("(exact cluster sign-flip, n = 6 answers to 6 samples "
                                          "about 3 problems; right only under cepo: 4"));
}

TEST(Clusters, SplitsByBucketKeepThem) {
  FakeRun run = clustered_run();
  for (auto& [sample, metadata] : run.metadata)
    metadata.push_back({"bucket", sample.second < "sample_3" ? "one problem" : "two"});
  const SuiteRow row = run.report().rows[1];
  EXPECT_DOUBLE_EQ(row.buckets[0].strict.value, 2.0 / 3);
  // One problem: as little as one answer says.
  EXPECT_DOUBLE_EQ(row.buckets[0].strict.ci.low, wilson(2.0 / 3, 1).low);
}

TEST(Clusters, UndecidedAnswersWidenTheInterval) {
  FakeRun run = clustered_run();
  run.scores.pop_back();  // sample_5 under cepo
  const SuiteRow row = run.report().rows[1];
  EXPECT_DOUBLE_EQ(row.strict.value, 3.0 / 6);
  const Estimate wrong = clustered_mean(std::vector<Cluster>{{2, 3}, {0, 1}, {1, 2}});
  EXPECT_DOUBLE_EQ(row.strict.ci.low, wrong.ci.low);
  EXPECT_GE(row.strict.ci.high, wrong.ci.high);
}

// 3 of 10 right: pass@5 = 11/12, pass@10 = 1. The other sample has none.
TEST(PassAtK, HasAnIntervalOverProblems) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.epochs = 10;
  run.add_suite("lcb", 2, false);
  for (int epoch = 0; epoch < 10; ++epoch)
    run.add("lcb", "baseline", kStrict, epoch < 3 ? "rw" : "ww", epoch);
  const SuiteRow row = run.report().rows[0];
  ASSERT_EQ(row.pass_at_k.size(), 3u);
  EXPECT_EQ(row.pass_at_k[1].k, 5);
  EXPECT_NEAR(row.pass_at_k[1].strict.value, 11.0 / 24, 1e-15);
  EXPECT_DOUBLE_EQ(row.pass_at_k[2].strict.value, 0.5);
  EXPECT_DOUBLE_EQ(row.pass_at_k[1].strict.ci.high,
                   mean_of_problems(std::vector<double>{11.0 / 12, 0}).ci.high);
  EXPECT_EQ(row.pass_at_k[1].strict.method, IntervalMethod::clustered_t);
}

// What is missing is not right, however few answers there are: with one wrong answer of five the
// estimate stays 0, and only the interval reaches up.
TEST(PassAtK, MissingAnswersAreNotRight) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.epochs = 5;
  run.add_suite("lcb", 20, false);
  run.add("lcb", "baseline", kStrict, std::string(20, 'w'), 0);
  const SuiteRow row = run.report().rows[0];
  EXPECT_EQ(row.pass_at_k[1].strict.value, 0);
  EXPECT_EQ(row.pass_at_k[1].strict.ci.high, 1);
}

TEST(Errata, ASecondAccuracyWithoutThem) {
  FakeRun run = clustered_run();
  EXPECT_FALSE(run.report().rows[0].without_errata);
  for (const char* id : {"sample_4", "sample_5"})
    run.metadata[{"lcb-exec", id}].push_back({"erratum", "interactive"});
  const SuiteRow row = run.report().rows[1];
  ASSERT_TRUE(row.without_errata);
  EXPECT_EQ(row.without_errata->problems, 1);
  EXPECT_EQ(row.without_errata->planned, 4);
  EXPECT_DOUBLE_EQ(row.without_errata->strict.value, 0.5);
  EXPECT_DOUBLE_EQ(row.strict.value, 4.0 / 6);
  for (auto& [sample, metadata] : run.metadata) metadata.push_back({"erratum", "all"});
  EXPECT_FALSE(run.report().rows[1].without_errata);
}

TEST(Verdicts, AreCounted) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("lcb", 8, false);
  run.add("lcb", "baseline", kStrict, "rwwnwimu");
  run.scores[2].verdict = Verdict::crashed;
  run.scores[4].verdict = Verdict::output_limit;
  EXPECT_THAT(
      run.report().rows[0].verdicts,
      ElementsAre(Pair(Verdict::right, 1), Pair(Verdict::wrong, 1), Pair(Verdict::no_answer, 1),
                  Pair(Verdict::crashed, 1), Pair(Verdict::output_limit, 1)));
  EXPECT_EQ(run.report().rows[0].no_answer, 1);
  run.scores.clear();
  EXPECT_THAT(run.report().rows[0].verdicts, IsEmpty());
}

}  // namespace
}  // namespace evalrun
