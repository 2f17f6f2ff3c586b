// The main job from end to end, on the embedded model and suites that need no data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::vector<json> json_lines(const std::string& path) {
  std::vector<json> out;
  for (const std::string& line : file_lines(path)) out.push_back(json::parse(line));
  return out;
}

std::string call_key(const json& call) {
  std::string key;
  for (const char* part : {"suite", "sample", "epoch", "strategy", "path"})
    key += call[part].dump() + "/";
  return key;
}

class Run : public ::testing::Test {
 protected:
  Finished run(std::vector<std::string> arguments, const std::string& name = "run") {
    arguments.insert(arguments.end(), {"--out", folder_.path(name)});
    return evalrun(arguments);
  }
  std::string in_run(const std::string& file, const std::string& name = "run") const {
    return folder_.path(name + "/" + file);
  }
  TestFolder folder_;
};

TEST_F(Run, LeavesAFolderThatHoldsEveryCallAnswerAndVerdict) {
  const Finished done = run({"--suite", "letters", "--strategy", "cepo", "--limit", "3"});
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("baseline"));
  EXPECT_THAT(done.out, HasSubstr("cepo"));
  EXPECT_THAT(done.out, HasSubstr(folder_.path("run")));

  const auto samples = json_lines(in_run("samples.jsonl"));
  ASSERT_EQ(samples.size(), 6u);  // 3 samples x (the added baseline, cepo)
  EXPECT_EQ(samples[0]["strategy"], "baseline");
  EXPECT_EQ(samples[1]["strategy"], "cepo");
  std::set<std::string> paths;
  for (const json& call : json_lines(in_run("calls.jsonl"))) {
    EXPECT_TRUE(paths.insert(call_key(call)).second) << call;
    EXPECT_GT(call["usage"]["prompt"].get<int>(), 0);
  }
  // CePO's least and most calls a sample are 27 and 45 (3 candidates, 3 of at most 6 attempts).
  EXPECT_GE(paths.size(), 3u * (1 + 27));
  EXPECT_LE(paths.size(), 3u * (1 + 45));
  EXPECT_EQ(json_lines(in_run("scores.jsonl")).size(), 6u);  // letters has no official scorer
}

TEST_F(Run, ReportAndExportSayTheSameAsTheRun) {
  ASSERT_EQ(run({"--suite", "crux-mini", "--strategy", "cot", "--limit", "4"}).exit, 0);
  const Finished report = evalrun({"report", folder_.path("run"), "--json"});
  ASSERT_EQ(report.exit, 0) << report.err;
  const json parsed = json::parse(report.out);
  ASSERT_EQ(parsed["results"].size(), 4u);  // two halves x (baseline, cot)
  for (const json& row : parsed["results"]) {
    EXPECT_EQ(row["planned"], 4);
    EXPECT_EQ(row["scored"], 4);
    EXPECT_TRUE(row["official"].is_object());
  }
  const Finished exported = evalrun({"export", folder_.path("run"), "--format", "leaderboard"});
  ASSERT_EQ(exported.exit, 0) << exported.err;
  EXPECT_TRUE(json::parse(exported.out).is_object());
  EXPECT_EQ(evalrun({"export", folder_.path("run"), "--format", "csv"}).exit, 64);
}

TEST_F(Run, AnswersDoNotDependOnThreadsOrOnWhatElseRuns) {
  const std::vector<std::string> what{"--suite", "letters", "--strategy", "cot,cepo",
                                      "--limit", "4",       "--seed",     "3"};
  auto one = what, many = what;
  one.insert(one.end(), {"--max-samples", "1", "--threads", "1"});
  many.insert(many.end(), {"--max-samples", "7", "--threads", "2"});
  ASSERT_EQ(run(one, "one").exit, 0);
  ASSERT_EQ(run(many, "many").exit, 0);
  EXPECT_EQ(file_text(in_run("samples.jsonl", "one")), file_text(in_run("samples.jsonl", "many")));
  EXPECT_EQ(file_text(in_run("scores.jsonl", "one")), file_text(in_run("scores.jsonl", "many")));
}

TEST_F(Run, AnotherSeedAsksOtherLetters) {
  ASSERT_EQ(run({"--suite", "letters", "--limit", "3", "--seed", "1"}, "a").exit, 0);
  ASSERT_EQ(run({"--suite", "letters", "--limit", "3", "--seed", "2"}, "b").exit, 0);
  EXPECT_NE(
      json::parse(file_text(in_run("manifest.json", "a")))["run"]["suites"][0]["dataset_sha256"],
      json::parse(file_text(in_run("manifest.json", "b")))["run"]["suites"][0]["dataset_sha256"]);
}

TEST_F(Run, ARecordedRunCanBeReplayedWithoutTheModel) {
  ASSERT_EQ(
      run({"--suite", "letters", "--strategy", "cepo", "--limit", "2", "--seed", "6"}, "live").exit,
      0);
  const Finished replay = run({"--suite", "letters", "--strategy", "cepo", "--limit", "2",
                               "--target", "recorded", "--from", folder_.path("live")},
                              "replay");
  ASSERT_EQ(replay.exit, 0) << replay.err;
  EXPECT_EQ(file_text(in_run("samples.jsonl", "live")),
            file_text(in_run("samples.jsonl", "replay")));
}

TEST_F(Run, AnAnswerThatIsNotRecordedMakesTheRunIncompleteNotWrong) {
  ASSERT_EQ(run({"--suite", "letters", "--limit", "2"}, "live").exit, 0);
  const Finished replay = run({"--suite", "letters", "--limit", "3", "--target", "recorded",
                               "--from", folder_.path("live")},
                              "replay");
  EXPECT_EQ(replay.exit, 3);
  EXPECT_THAT(replay.out, HasSubstr("INCOMPLETE"));
  const auto scores = json_lines(in_run("scores.jsonl", "replay"));
  ASSERT_EQ(scores.size(), 3u);
  int failed = 0;
  for (const json& score : scores) failed += score["verdict"] == "model_error";
  EXPECT_EQ(failed, 1);
}

TEST_F(Run, AnExistingRunIsNeverOverwritten) {
  ASSERT_EQ(run({"--suite", "letters", "--limit", "1"}).exit, 0);
  const std::string before = file_text(in_run("calls.jsonl"));
  const Finished again = run({"--suite", "letters", "--limit", "1"});
  EXPECT_EQ(again.exit, 64);
  EXPECT_THAT(again.err, HasSubstr("resume"));
  EXPECT_EQ(file_text(in_run("calls.jsonl")), before);
}

TEST_F(Run, AFolderOfAnotherVersionIsRefusedByName) {
  ASSERT_EQ(run({"--suite", "letters", "--limit", "1"}).exit, 0);
  std::string manifest = file_text(in_run("manifest.json"));
  const std::size_t at = manifest.find("evalrun-run/1");
  ASSERT_NE(at, std::string::npos);
  std::ofstream(in_run("manifest.json")) << manifest.replace(at, 13, "evalrun-run/9");
  for (const char* verb : {"report", "resume", "score", "export"}) {
    const Finished refused = evalrun({verb, folder_.path("run")});
    EXPECT_EQ(refused.exit, 64) << verb;
    EXPECT_THAT(refused.err, HasSubstr("evalrun-run/9")) << verb;
  }
}

TEST_F(Run, AFolderThatCannotBeWrittenIsOneClearLine) {
  std::ofstream(folder_.path("file")) << "in the way";
  const Finished refused =
      evalrun({"--suite", "letters", "--limit", "1", "--out", folder_.path("file") + "/run"});
  EXPECT_EQ(refused.exit, 3) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr(folder_.path("file")));
}

TEST_F(Run, ACorruptModelFileIsOneClearLine) {
  std::ofstream(folder_.path("bad.gguf")) << "GGUF\x03 not much more";
  const Finished refused = run({"--suite", "letters", "--model", folder_.path("bad.gguf")});
  EXPECT_EQ(refused.exit, 64) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("bad.gguf"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("run")));
}

TEST_F(Run, OfficialPromptWordingCanBeDroppedIn) {
  std::filesystem::create_directory(folder_.path("prompts"));
  std::ofstream(folder_.path("prompts/crux.output.direct.txt")) << "value of f({input})? {code}";
  ASSERT_EQ(run({"--suite", "crux-mini-o", "--limit", "1"}, "ours").exit, 0);
  ASSERT_EQ(
      run({"--suite", "crux-mini-o", "--limit", "1", "--prompts", folder_.path("prompts")}, "own")
          .exit,
      0);
  const auto hash = [&](const std::string& name) {
    return json::parse(
        file_text(in_run("manifest.json", name)))["run"]["suites"][0]["prompts_sha256"];
  };
  EXPECT_NE(hash("ours"), hash("own"));
  std::ofstream(folder_.path("prompts/crux.output.direkt.txt")) << "misspelt";
  const Finished refused =
      run({"--suite", "crux-mini-o", "--prompts", folder_.path("prompts")}, "none");
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.err, HasSubstr("did you mean \"crux.output.direct"));
}

TEST_F(Run, APromptLongerThanTheContextIsTheRunsFailureNotTheModels) {
  std::filesystem::create_directory(folder_.path("prompts"));
  std::ofstream(folder_.path("prompts/letters.direct.txt"))
      << std::string(5000, 'x') << "{letter}{word}";  // a byte a token, and the context is 4096
  const Finished long_prompt =
      run({"--suite", "letters", "--limit", "2", "--prompts", folder_.path("prompts")});
  EXPECT_EQ(long_prompt.exit, 3);
  EXPECT_THAT(long_prompt.out, HasSubstr("INCOMPLETE"));
  for (const json& score : json_lines(in_run("scores.jsonl"))) {
    EXPECT_EQ(score["verdict"], "model_error");
    EXPECT_THAT(score["explanation"].get<std::string>(), HasSubstr("context of 4096"));
  }
}

TEST_F(Run, NothingIsPrintedOverTheProgressLineWhenStderrIsNoTerminal) {
  const Finished done = run({"--suite", "letters", "--limit", "2"});
  EXPECT_EQ(done.err.find('\r'), std::string::npos);
  EXPECT_EQ(done.err.find('\x1b'), std::string::npos);
}

TEST_F(Run, ShowStepsNamesEachStepWithItsTokens) {
  const Finished done = run({"--suite", "letters", "--strategy", "cepo", "--no-baseline", "--limit",
                             "1", "--show", "steps"});
  ASSERT_EQ(done.exit, 0) << done.err;
  for (const char* step : {"plan", "execute", "review", "final", "rate"})
    EXPECT_THAT(done.err, HasSubstr(std::string("  ") + step + "  "));
  EXPECT_THAT(done.err, HasSubstr(" tokens"));
}

}  // namespace
}  // namespace evalrun
