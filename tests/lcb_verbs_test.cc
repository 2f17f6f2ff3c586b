// LiveCodeBench through the real command, on lcb-mini: scoring files, going on after an
// interruption, exports, filters, repair. The programs are those of tasks/lcb_mini/solutions.jsonl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kFolder = std::string(EVALRUN_SOURCE_DIR) + "/tasks/lcb_mini/";

// What LiveCodeBench's custom_evaluator takes: one right answer a problem, and for the first a
// wrong one too.
std::string write_generations(const TestFolder& folder) {
  json entries = json::array();
  for (const std::string& line : file_lines(kFolder + "solutions.jsonl")) {
    const json problem = json::parse(line);
    json codes = {problem["right"][0]["program"]};
    if (entries.empty()) codes.push_back("class Solution: pass");
    entries.push_back({{"question_id", problem["question_id"]}, {"code_list", codes}});
  }
  return folder.write("generations.json", entries.dump());
}

class LcbVerbs : public ::testing::Test {
 protected:
  Finished score(std::vector<std::string> arguments) {
    std::vector<std::string> all{"score", "--suite", "lcb-mini", "--generations", generations_};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return evalrun(all);
  }
  TestFolder folder_;
  const std::string generations_ = write_generations(folder_);
};

TEST_F(LcbVerbs, AFileIsScoredByBothAndTheWholeDenominatorCounts) {
  const Finished done = score({"--limit", "2"});
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("lcb-mini: 2 samples\n"));
  EXPECT_THAT(done.out, HasSubstr("official  pass@1 75.0000"));  // (1/2 + 1/1) / 2
  EXPECT_THAT(done.out, HasSubstr("strict    pass@1 75.0000"));
  EXPECT_THAT(done.out, Not(HasSubstr("pass@5")));  // one problem has one answer
  EXPECT_THAT(done.out, HasSubstr("0 generations are judged apart"));
}

TEST_F(LcbVerbs, FiltersAndScorersAreChecked) {
  EXPECT_THAT(score({"--scorer", "offical"}).err, HasSubstr("--scorer: \"offical\" is not one of"));
  EXPECT_THAT(score({"--out-format", "cruxeval"}).err, HasSubstr("is no format of lcb-mini"));
  EXPECT_THAT(score({"--out-format", "jsonl"}).err, HasSubstr("needs --out FILE"));
  EXPECT_THAT(evalrun({"--suite", "lcb-mini", "--difficulty", "esy"}).err,
              HasSubstr("--difficulty: \"esy\" is none (did you mean \"easy\"?)"));
  EXPECT_THAT(evalrun({"--suite", "letters", "--release", "v1"}).err,
              HasSubstr("none of the chosen suites is of LiveCodeBench"));
  const std::string cut = folder_.write("cut.json", file_text(generations_).substr(0, 3000));
  const Finished bad = evalrun({"score", "--suite", "lcb-mini", "--generations", cut});
  EXPECT_EQ(bad.exit, 64);
  EXPECT_THAT(bad.err, HasSubstr("cut.json"));
}

TEST_F(LcbVerbs, AnInterruptedScoringGoesOn) {
  const std::string whole = folder_.path("whole.jsonl"), cut = folder_.path("cut.jsonl");
  const std::vector<std::string> common{"--limit", "3", "--scorer", "strict", "--out-format",
                                        "jsonl", "--out"};
  auto arguments = common;
  arguments.push_back(whole);
  ASSERT_EQ(score(arguments).exit, 0);
  const auto lines = file_lines(whole);
  ASSERT_EQ(lines.size(), 4u);  // two answers, one, one
  // As a killed process leaves it: one verdict, and half of the next. The first is marked, to see
  // that it is not judged again.
  json first = json::parse(lines[0]);
  first["explanation"] = "from before";
  folder_.write("cut.jsonl", first.dump() + "\n" + lines[1].substr(0, 40));
  arguments.back() = cut;
  const Finished again = score(arguments);
  ASSERT_EQ(again.exit, 0) << again.err;
  const auto after = file_lines(cut);
  ASSERT_EQ(after.size(), 4u);
  EXPECT_EQ(json::parse(after[0])["explanation"], "from before");
  EXPECT_THAT(again.out, HasSubstr("strict    pass@1 83.3333"));  // (1/2 + 1 + 1) / 3
}

TEST_F(LcbVerbs, ItsOwnFilesComeOutAndGoInAgain) {
  const std::string graded = folder_.path("eval_all.json");
  ASSERT_EQ(score({"--limit", "2", "--out-format", "lcb-eval-all", "--out", graded}).exit, 0);
  const json rows = json::parse(file_text(graded));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["question_id"], "mini_001");
  EXPECT_EQ(rows[0]["graded_list"], json({true, false}));
  EXPECT_EQ(rows[0]["pass@1"], 0.5);
  EXPECT_EQ(json::parse(rows[0]["metadata"][1].get<std::string>())["error_code"], -4);
  EXPECT_GT(rows[0]["question_content"].get<std::string>().size(), 100u);
  const json eval = json::parse(score({"--limit", "2", "--out-format", "lcb-eval"}).out);
  EXPECT_EQ(eval[0]["pass@1"], 0.75);
  EXPECT_EQ(eval[1]["0"][1], json({-4}));
}

// The earlier run's right attempts are kept and nothing is asked about them.
TEST_F(LcbVerbs, RepairAsksOnlyAboutWhatWasWrong) {
  const std::string graded = folder_.path("eval_all.json"), data = kFolder + "lcb_mini.jsonl";
  ASSERT_EQ(score({"--limit", "2", "--out-format", "lcb-eval-all", "--out", graded}).exit, 0);
  const Finished done =
      evalrun({"--suite", "lcb-repair", "--repair-from", graded, "--data", data, "--strategy",
               "baseline", "--max-tokens", "20", "--out", folder_.path("run")});
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(file_lines(folder_.path("run/samples.jsonl")).size(), 3u);
  const auto calls = file_lines(folder_.path("run/calls.jsonl"));
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(json::parse(calls[0])["sample"], "mini_001#1");
  const Finished out = evalrun({"export", folder_.path("run"), "--format", "lcb-eval-all"});
  ASSERT_EQ(out.exit, 0) << out.err;
  const json rows = json::parse(out.out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["graded_list"], json({true, false}));
  EXPECT_EQ(rows[0]["original_code_list"].size(), 2u);
}

TEST_F(LcbVerbs, ARunIsExportedForTheLeaderboard) {
  const std::string run = folder_.path("run");
  ASSERT_EQ(evalrun({"--suite", "lcb-mini", "--strategy", "cot", "--limit", "2", "--max-tokens",
                     "20", "--out", run})
                .exit,
            0);
  const Finished unclear = evalrun({"export", run, "--format", "lcb-eval"});
  EXPECT_EQ(unclear.exit, 64);
  EXPECT_THAT(unclear.err, HasSubstr("--strategy must be one of the run's: baseline, cot"));
  const Finished done = evalrun({"export", run, "--format", "lcb-performances", "--strategy", "cot",
                                 "--model-name", "tiny", "--model-date", "2026-11-01"});
  ASSERT_EQ(done.exit, 0) << done.err;
  const json file = json::parse(done.out);
  ASSERT_EQ(file["performances"].size(), 2u);
  EXPECT_EQ(file["performances"][0]["question_id"], "mini_001");
  EXPECT_EQ(file["performances"][0]["pass@1"], 0.0);
  EXPECT_EQ(file["models"][0]["release_date"], 1793491200000);  // 2026-11-01
}

}  // namespace
}  // namespace evalrun
