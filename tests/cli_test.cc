// Words in, one clear line and the right exit code out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/program.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

int line_count(const std::string& text) { return int(std::count(text.begin(), text.end(), '\n')); }

void expect_usage_error(const Finished& run, const std::string& part) {
  EXPECT_EQ(run.exit, 64) << run.err;
  EXPECT_THAT(run.err, HasSubstr(part));
  EXPECT_EQ(line_count(run.err), 1) << run.err;
  EXPECT_EQ(run.out, "");
}

TEST(Cli, ListNamesWhatWorksAndNothingElse) {
  const Finished run = evalrun({"list"});
  EXPECT_EQ(run.exit, 0);
  for (const char* name : {"crux-o", "crux-i", "crux-mini", "letters", "baseline", "cot", "cepo",
                           "local", "remote", "recorded", "llama-server", "cs3", "llama3.3-70b"})
    EXPECT_THAT(run.out, HasSubstr(name));
  EXPECT_THAT(run.out, Not(HasSubstr("best-of-n")));
}

TEST(Cli, JsonStandsAloneOnStdout) {
  const Finished list = evalrun({"list", "--json"});
  const auto json = nlohmann::json::parse(list.out);
  EXPECT_EQ(json["strategies"][0]["name"], "baseline");
  EXPECT_EQ(list.err, "");
  const Finished doctor = evalrun({"doctor", "--json"});
  EXPECT_TRUE(nlohmann::json::parse(doctor.out)["sandbox"]["layers"].is_array());
}

TEST(Cli, WrongNamesGetTheNearestRightOne) {
  expect_usage_error(evalrun({"reprot"}), "unknown verb (did you mean \"report\"?)");
  expect_usage_error(evalrun({"--suit", "crux"}), "did you mean \"--suite\"?");
  expect_usage_error(evalrun({"--suite", "letter"}), "did you mean \"letters\"?");
  expect_usage_error(evalrun({"--suite", "letters", "--strategy", "cep"}),
                     "did you mean \"cepo\"?");
  expect_usage_error(evalrun({"--target", "cs3"}), "cs3: is none of local, remote, recorded");
  expect_usage_error(evalrun({"fetch", "cruz"}), "did you mean \"crux\"?");
}

TEST(Cli, WrongValuesNameTheFlagAndTheValue) {
  expect_usage_error(evalrun({"--epochs", "0"}), "--epochs: 0 is outside 1 to");
  expect_usage_error(evalrun({"--epochs", "x"}), "--epochs: \"x\" is not a whole number");
  expect_usage_error(evalrun({"--temperature", "nan"}), "--temperature: nan is outside 0 to 10");
  expect_usage_error(evalrun({"--suite", "letters", "--limit", "5-2"}), "--limit: \"5-2\"");
  expect_usage_error(evalrun({"--suite", "letters", "--limit", "0"}), "--limit: \"0\"");
  expect_usage_error(evalrun({"--suite", "letters", "--sample-id", "letters_9x"}),
                     "--sample-id: no chosen suite has a sample \"letters_9x\"");
  expect_usage_error(evalrun({"--cepo-planning-n", "many"}), "\"many\" is not a whole number");
  expect_usage_error(evalrun({"--suite", "letters", "--strategy", "cepo", "--cepo-planning-n", "9",
                              "--cepo-planning-m", "3"}),
                     "planning_n");
}

TEST(Cli, HostileWordsAreMadePrintable) {
  const Finished run = evalrun({"--suite", "\x1b[31mred"});
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.err, HasSubstr("\\x1b[31mred"));
}

class ConfigFile : public ::testing::Test {
 protected:
  Finished run_with(const std::string& toml) {
    std::ofstream(folder_.path("run.toml")) << toml;
    return evalrun({"--config", folder_.path("run.toml"), "--out", folder_.path("run")});
  }
  TestFolder folder_;
};

TEST_F(ConfigFile, UnknownKeysNameFileLineAndTheNearestKey) {
  expect_usage_error(run_with("suite = 'letters'\nlimitt = 3\n"),
                     "run.toml:2: limitt: there is no such setting (did you mean \"limit\"?)");
  expect_usage_error(run_with("[cepo]\nplaning_n = 2\n"), "run.toml:2: planing_n");
  expect_usage_error(run_with("[cebo]\nplanning_n = 2\n"), "run.toml:1: cebo");
}

TEST_F(ConfigFile, SyntaxAndTypeErrorsNameFileAndLine) {
  expect_usage_error(run_with("suite = 'letters'\nlimit =\n"), "run.toml:2:");
  expect_usage_error(run_with("epochs = 1979-05-27\n"), "run.toml:1: epochs: needs a string");
  expect_usage_error(run_with("epochs = [1, 2]\n"), "run.toml:1: epochs: needs one value, got 2");
}

TEST_F(ConfigFile, EverySettingCanStandInItAndFlagsOverrideIt) {
  std::ofstream(folder_.path("run.toml")) << "suite = ['letters']\nstrategy = 'cepo'\nlimit = 2\n"
                                             "seed = 9\n[cepo]\nplanning_n = 1\nplanning-m = 2\n";
  const Finished run =
      evalrun({"--config", folder_.path("run.toml"), "--seed", "4", "--out", folder_.path("run")});
  ASSERT_EQ(run.exit, 0) << run.err;
  const auto manifest = nlohmann::json::parse(file_text(folder_.path("run/manifest.json")));
  EXPECT_EQ(manifest["effective"]["seed"], 4);
  EXPECT_EQ(manifest["effective"]["cepo-planning-n"], 1);
  EXPECT_EQ(manifest["effective"]["cepo-planning-m"], 2);
  EXPECT_EQ(manifest["requested"]["seed"], 4);
  EXPECT_FALSE(manifest["requested"].contains("epochs"));
  EXPECT_EQ(manifest["effective"]["epochs"], 1);
}

TEST(Cli, MissingFilesAreNamed) {
  expect_usage_error(evalrun({"--config", "/nowhere/run.toml"}), "/nowhere/run.toml");
  EXPECT_THAT(evalrun({"--model", "/nowhere/m.gguf", "--suite", "letters"}).err,
              HasSubstr("/nowhere/m.gguf"));
  EXPECT_THAT(evalrun({"report", "/nowhere"}).err, HasSubstr("/nowhere"));
  EXPECT_THAT(evalrun({"resume", "/nowhere"}).err, HasSubstr("/nowhere"));
}

TEST(Cli, WithoutTheDatasetItSaysWhereItLookedAndWhatToDo) {
  const TestFolder home;
  const Finished run =
      evalrun({"--suite", "crux-o"}, {"EVALRUN_DATA=", "XDG_CACHE_HOME=" + home.path("cache")});
  expect_usage_error(run, "evalrun fetch crux");
  EXPECT_THAT(run.err, HasSubstr(home.path("cache")));
}

TEST(Cli, ShowPromptPrintsExactBytes) {
  const Finished run = evalrun({"show", "prompt", "crux-mini-o", "mini_0", "--form", "question"});
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("def f(s):\n    return s[::-1]"));
  TestFolder folder;
  std::ofstream(folder.path("crux.output.direct.txt")) << "<{input}|{code}>{output}";
  const Finished own =
      evalrun({"show", "prompt", "crux-mini-o", "mini_0", "--prompts", folder.path("")});
  EXPECT_EQ(own.out, "<'cat'|def f(s):\n    return s[::-1]>{output}");
}

}  // namespace
}  // namespace evalrun
