#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/report.h"
#include "results/report_fixture.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::Not;

FakeRun small_run() {
  FakeRun run;
  run.info.scope = "limited to 4 of 800 samples";
  run.add_suite("crux-o", 4, true);
  run.add("crux-o", "baseline", ScorerKind::strict, "rwwn");
  run.add("crux-o", "baseline", ScorerKind::official, "rrww");
  run.add("crux-o", "cepo", ScorerKind::strict, "rrww");
  run.add("crux-o", "cepo", ScorerKind::official, "rrww");
  for (const char* id : {"sample_0", "sample_1", "sample_2", "sample_3"}) {
    run.sample("crux-o", id, 0, "baseline").answer.steps = {
        {"answer", "answer", {200, 0, 10, 0}, Finish::stop, false}};
    run.sample("crux-o", id, 0, "cepo").answer.steps = {
        {"plan=0", "plan", {250, 0, 100, 0}, Finish::stop, false},
        {"plan=1", "plan", {250, 0, 300, 0}, Finish::length, true},
        {"final", "final", {700, 0, 50, 0}, Finish::stop, false}};
  }
  run.add_call("crux-o", "sample_0", "baseline", "answer", 1'000'000, 1'500'000);
  return run;
}

// Written by hand from the records above. Intervals by a second implementation in Python: Wilson
// for 1 of 4 is [4.56, 69.94], for 2 of 4 [15.00, 85.00]; Newcombe for (1, 0, 1, 2)
// [-31.96, 65.53].
TEST(ReportText, ReadsLikeThis) {
  EXPECT_EQ(report_text(small_run().report(), {120, false}),
            R"(Run r1 of 2026-01-31T12:00:00Z, evalrun 0.1.0 (0123456789abcdef01)
Model tiny on local, seed 7, 1 answer a sample
Scope: limited to 4 of 800 samples

Accuracy, and cost a sample (calls, tokens, seconds)
suite   strategy  strict % [95% CI]  official %  no answer %  calls  prompt  completion  thrown away  seconds
------  --------  -----------------  ----------  -----------  -----  ------  ----------  -----------  -------
crux-o  baseline   25.0 [4.6, 69.9]        50.0         25.0    1.0     200        10.0          0.0     0.50
crux-o  cepo      50.0 [15.0, 85.0]        50.0          0.0    3.0    1200         450          300        -

Not right because (strict)
crux-o baseline: wrong 2, no answer 1
crux-o cepo: wrong 2

Paired differences from baseline, in points (strict)
suite   strategy   difference [95% CI]  only it  only base      p  p (Holm)
------  --------  --------------------  -------  ---------  -----  --------
crux-o  cepo      +25.0 [-32.0, +65.5]        1          0  1.000     1.000

crux-o: no difference shown between cepo and baseline: +25.0 points [-32.0, +65.5], p = 1.000 (exact McNemar, n = 4;
right only under cepo: 1, only under baseline: 0); the two disagree too rarely for this run to show any

Calls and tokens by step, in all
suite   strategy  step   calls  thrown away  prompt  completion  thrown away
------  --------  -----  -----  -----------  ------  ----------  -----------
crux-o  cepo      plan       8            4    2000        1600         1200
crux-o  cepo      final      4            0    2800         200            0

Official and strict scorer differ on 1 answer: crux-o/sample_1/epoch=0/baseline
)");
}

TEST(ReportText, FitsTheWidth) {
  const std::string text = report_text(small_run().report(), {80, false});
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 80u) << text.substr(begin, end - begin);
    begin = end + 1;
  }
  EXPECT_THAT(text, HasSubstr("\nAccuracy\n"));
  EXPECT_THAT(text, HasSubstr("\nCost a sample (calls, tokens, seconds)\n"));
}

TEST(ReportText, ShoutsThatARunIsIncomplete) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.add_suite("letters", 5, false);
  run.add("letters", "baseline", ScorerKind::strict, "rwim");
  const std::string text = report_text(run.report(), {100, false});
  EXPECT_THAT(text, HasSubstr("\nINCOMPLETE: 3 of 5 results are missing."));
  EXPECT_THAT(text, HasSubstr("letters baseline of 5: 1 not generated, 0 not scored, 1 with "
                              "model_error, 1 with"));
  EXPECT_THAT(text, HasSubstr("first error: no sandbox"));
  EXPECT_THAT(text, HasSubstr(">=20.0 ["));
  EXPECT_THAT(report_text(small_run().report(), {100, false}), Not(HasSubstr("INCOMPLETE")));
}

TEST(ReportText, HostileTextCannotReachTheTerminal) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.model_name = "m\x1b[2J";
  run.add_suite("crux-o", 2, true);
  run.info.suites[0].samples[0] = "s\x1b]0;x\x07";
  run.add("crux-o", "baseline", ScorerKind::strict, "wm");
  run.add("crux-o", "baseline", ScorerKind::official, "rm");
  run.samples[0].sample = run.scores[0].sample = run.scores[1].sample =
      run.info.suites[0].samples[0];
  run.scores[0].explanation = "\x1b[31m\r" + std::string(10'000, 'x');
  run.samples[1].model_error = "bad\x1b[H\nline\xe2\x80\xae";
  const Report report = run.report();
  const std::string text = report_text(report, {100, false}) + disagreements_text(report);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_THAT(text, HasSubstr("m\\x1b[2J"));
  EXPECT_THAT(text, HasSubstr("crux-o/s\\x1b]0;x\\x07/epoch=0/baseline"));
  EXPECT_LT(text.size(), 3000u);
}

TEST(ReportText, ColorIsOnlyThereWhenAskedFor) {
  EXPECT_THAT(report_text(small_run().report(), {100, true}), HasSubstr("\x1b[1mAccuracy"));
  EXPECT_THAT(report_text(small_run().report(), {100, false}), Not(HasSubstr("\x1b")));
}

TEST(ReportText, MarksPassAtFiveArtefacts) {
  FakeRun run;
  run.info.strategies = {"baseline"};
  run.info.epochs = 5;
  run.add_suite("crux-o", 1, true);
  for (int epoch = 0; epoch < 5; ++epoch) {
    run.add("crux-o", "baseline", ScorerKind::strict, epoch == 0 ? "r" : "w", epoch);
    run.add("crux-o", "baseline", ScorerKind::official, epoch == 0 ? "r" : "s", epoch);
  }
  EXPECT_THAT(
      report_text(run.report(), {200, false}),
      HasSubstr(
          "crux-o baseline: pass@5 strict 100.0 [20.7, 100.0] %, official 100.0 %; 1 "
          "sample left with fewer than 5 answers, which the official evaluator counts as 100 %"));
}

TEST(ReportText, SaysWhatIsClusteredAndWhatIsAtFault) {
  FakeRun run;
  run.info.epochs = 2;
  run.info.strategies = {"baseline"};
  run.add_suite("lcb", 3, false);
  run.add("lcb", "baseline", ScorerKind::strict, "rwr", 0);
  run.add("lcb", "baseline", ScorerKind::strict, "rww", 1);
  run.scores[1].verdict = Verdict::crashed;
  run.scores[4].verdict = Verdict::output_limit;
  run.metadata[{"lcb", "sample_0"}] = {{"problem", "a"}};
  run.metadata[{"lcb", "sample_1"}] = {{"problem", "a"}};
  run.metadata[{"lcb", "sample_2"}] = {{"problem", "b"}, {"erratum", "several right answers"}};
  const std::string text = report_text(run.report(), {200, false});
  EXPECT_THAT(text,
              HasSubstr("lcb: 6 answers to 3 samples about 2 problems; intervals are robust"));
  EXPECT_THAT(text, HasSubstr("lcb baseline: without 1 problem with known faults of the tests: "
                              "strict 50.0 ["));
  EXPECT_THAT(text, HasSubstr("lcb baseline: wrong 1, crashed 1, output limit 1\n"));
  EXPECT_THAT(report_text(small_run().report(), {200, false}), Not(HasSubstr("clusters")));
}

}  // namespace
}  // namespace evalrun
