// evalrun simulate and --target cs3, as a user starts them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/fault_replies.h"
#include "tests/program.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Simulated : public ::testing::Test {
 protected:
  // Six samples under baseline and cepo with the embedded model, made once.
  static const std::string& run_dir() {
    static const TestFolder folder;
    static const std::string dir = [] {
      const Finished run = evalrun({"--suite", "letters", "--limit", "6", "--strategy", "cepo",
                                    "--out", folder.path("run")});
      EXPECT_EQ(run.exit, 0) << run.err;
      return folder.path("run");
    }();
    return dir;
  }
  Finished simulate(std::vector<std::string> more) {
    more.insert(more.begin(), {"simulate", run_dir()});
    return evalrun(more);
  }
  json simulated(std::vector<std::string> more) {
    more.emplace_back("--json");
    const Finished run = simulate(std::move(more));
    EXPECT_EQ(run.exit, 0) << run.err;
    return json::parse(run.out, nullptr, false);
  }
  static const json& row(const json& simulation, const std::string& machine,
                         const std::string& strategy) {
    for (const json& row : simulation["results"])
      if (row["machine"] == machine && row["strategy"] == strategy) return row;
    static const json none;
    ADD_FAILURE() << "no " << machine << " " << strategy;
    return none;
  }
  TestFolder folder_;
};

TEST_F(Simulated, EveryTableSaysSo) {
  const Finished run = simulate({"--machine", "cs3,h100x8", "--as", "llama3.3-70b", "--report"});
  ASSERT_EQ(run.exit, 0) << run.err;
  const std::vector<std::string> lines = [&] {
    std::vector<std::string> out;
    for (std::size_t at = 0, end; (end = run.out.find('\n', at)) != std::string::npos; at = end + 1)
      out.push_back(run.out.substr(at, end - at));
    return out;
  }();
  int tables = 0;
  for (std::size_t i = 2; i < lines.size(); ++i) {
    if (!lines[i].starts_with("---")) continue;
    ++tables;
    // The heading is above the names of the columns; the latency has a table a row below one.
    const std::string above = lines[i - 2] + (i >= 3 ? lines[i - 3] : "");
    const bool is_part = lines[i - 1].starts_with("ms ");
    EXPECT_TRUE(is_part || above.find("simulated") != std::string::npos) << lines[i - 2];
  }
  EXPECT_GE(tables, 8);
  EXPECT_THAT(run.out, HasSubstr("SIMULATED, not measured"));
}

TEST_F(Simulated, ThinkingCostsWhatItsCallsCost) {
  const json simulation = simulated({"--machine", "cs3,h100x8", "--as", "llama3.3-70b"});
  EXPECT_EQ(simulation["simulated"], true);
  EXPECT_EQ(simulation["results"].size(), 4u);
  for (const char* machine : {"cs3", "h100x8"}) {
    const json& cepo = row(simulation, machine, "cepo");
    const json& baseline = row(simulation, machine, "baseline");
    EXPECT_EQ(cepo["samples"], 6);
    EXPECT_EQ(cepo["calls"], 6 * 27);  // jan2025's and the compact preset's: 3 x (3 x 2 + 2) + 3
    EXPECT_GT(cepo["seconds_per_sample"]["mean"], baseline["seconds_per_sample"]["mean"]);
    EXPECT_GE(cepo["accuracy"], 0);
  }
  // A pass of 70B on one wafer pipeline takes a fraction of one on eight H100s.
  EXPECT_LT(row(simulation, "cs3", "cepo")["seconds_per_sample"]["mean"],
            row(simulation, "h100x8", "cepo")["seconds_per_sample"]["mean"]);
}

// One stream: a token of the 70B takes what validate-sim computes for the launch speed, so the
// simulated run must agree with `evalrun validate-sim` within the difference in context length.
TEST_F(Simulated, AStreamIsAsFastAsValidateSimSays) {
  const Finished validation = evalrun({"validate-sim", "--json"});
  const json groups = json::parse(validation.out)["groups"];
  double expected = 0;
  for (const json& group : groups)
    if (group["name"] == "cs3 bare")
      for (const json& point : group["points"])
        if (point["what"].get<std::string>().find("70b") != std::string::npos)
          expected = point["computed"];
  ASSERT_GT(expected, 0);
  const json simulation = simulated({"--machine", "cs3", "--as", "llama3.1-70b"});
  const double seen = row(simulation, "cs3", "baseline")["tokens_per_second_per_call"];
  EXPECT_NEAR(seen / expected, 1, 0.05);
}

TEST_F(Simulated, EqualInputGivesEqualBytes) {
  const std::vector<std::string> words = {
      "--machine", "cs3,h100x8,b200", "--as",    "llama3.3-70b",        "--concurrency",
      "0",         "--json",          "--trace", folder_.path("a.json")};
  const Finished once = simulate(words);
  const std::string trace = file_text(folder_.path("a.json"));
  const Finished again = simulate(words);
  EXPECT_EQ(once.out, again.out);
  EXPECT_EQ(trace, file_text(folder_.path("a.json")));
}

TEST_F(Simulated, ALoadedMachineKeepsSamplesWaitingAndDoesMore) {
  const std::vector<std::string> words = {"--machine", "h100x8", "--as", "llama3.3-70b"};
  auto all = words;
  all.insert(all.end(), {"--concurrency", "0"});
  const json one = simulated(words), loaded = simulated(all);
  EXPECT_GT(row(loaded, "h100x8", "cepo")["seconds_per_sample"]["mean"],
            row(one, "h100x8", "cepo")["seconds_per_sample"]["mean"]);
  EXPECT_GT(row(loaded, "h100x8", "cepo")["tokens_per_second"],
            row(one, "h100x8", "cepo")["tokens_per_second"]);
  auto open = words;
  open.insert(open.end(), {"--request-rate", "0.01"});
  // One sample every 100 s: nobody meets another.
  EXPECT_NEAR(row(simulated(open), "h100x8", "cepo")["seconds_per_sample"]["mean"].get<double>(),
              row(one, "h100x8", "cepo")["seconds_per_sample"]["mean"].get<double>(), 1e-6);
}

TEST_F(Simulated, ATraceOpensInAViewer) {
  const Finished run =
      simulate({"--machine", "cs3", "--as", "llama3.3-70b", "--trace", folder_.path("trace.json")});
  ASSERT_EQ(run.exit, 0) << run.err;
  const json trace = json::parse(file_text(folder_.path("trace.json")));
  std::set<std::string> names;
  for (const json& event : trace["traceEvents"]) {
    EXPECT_TRUE(event.contains("ph") && event.contains("pid") && event.contains("name"));
    if (event["ph"] == "X") names.insert(event["name"]);
    if (event["name"] != "process_name") continue;
    EXPECT_THAT(event["args"]["name"].get<std::string>(), HasSubstr("simulated"));
  }
  for (const char* step : {"plan", "execute", "review", "final", "rate", "prompt", "completion"})
    EXPECT_TRUE(names.contains(step)) << step;
}

TEST_F(Simulated, WhatDoesNotFitStandsBelowWhatDoes) {
  const json simulation = simulated({"--machine", "h100x8,b200x8", "--as", "llama3.1-405b"});
  ASSERT_EQ(simulation["refused"].size(), 1u);
  EXPECT_THAT(simulation["refused"][0]["why"].get<std::string>(), HasSubstr("811.7 GB"));
  EXPECT_EQ(row(simulation, "b200x8", "cepo")["samples"], 6);
  const Finished alone = simulate({"--machine", "h100x8", "--as", "llama3.1-405b"});
  EXPECT_EQ(alone.exit, 64);
  EXPECT_THAT(alone.err, HasSubstr("does not fit on h100x8"));
}

TEST_F(Simulated, BadWordsAreOneLine) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--machine", "cs9", "--as", "llama3.3-70b"}, "--machine: unknown \"cs9\""},
      {{"--machine", "cs3", "--as", "gpt"}, "--as: unknown \"gpt\""},
      {{"--machine", "cs3"}, "--as"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--concurrency", "-1"}, "--concurrency"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--machines", "/nonexistent"}, "/nonexistent"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--trace", "/nonexistent/t"}, "/nonexistent/t"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--trace", "/dev/null"}, "not a regular file"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--request-rate", "1e-300"}, "--request-rate"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--weight-bits", "5"}, "--weight-bits"},
      {{"--machine", "cs3", "--as", "llama3.1-8b", "--request-rate", "1", "--concurrency", "2"},
       "--request-rate: an open loop"},
  };
  for (const auto& [words, what] : cases) {
    const Finished run = simulate(words);
    EXPECT_NE(run.exit, 0) << what;
    EXPECT_THAT(run.err, HasSubstr(what));
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
  }
}

TEST_F(Simulated, CallsWithoutTokenCountsAreSaidOneByOne) {
  ASSERT_FALSE(run_dir().empty());
  std::string text = file_text(run_dir() + "/samples.jsonl");
  const std::string dir = folder_.path("blind");
  std::filesystem::copy(run_dir(), dir);
  for (std::size_t at = 0; (at = text.find("\"prompt\":", at)) != std::string::npos; ++at)
    text.replace(at, text.find(',', at) - at, "\"prompt\":0");
  std::ofstream(dir + "/samples.jsonl") << text;
  const Finished run = evalrun({"simulate", dir, "--machine", "cs3", "--as", "llama3.3-70b"});
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.err, AllOf(HasSubstr("letters/letters_0001/epoch=0/baseline/answer: no token"),
                             HasSubstr("168 call(s) without token counts"), HasSubstr("and 148")));
}

TEST_F(Simulated, WhatIsMissingIsSaid) {
  const std::string dir = folder_.path("half");
  std::filesystem::copy(run_dir(), dir);
  const auto lines = file_lines(dir + "/samples.jsonl");
  std::ofstream(dir + "/samples.jsonl") << lines[0] << "\n" << lines[1] << "\n" << lines[2] << "\n";
  const Finished run = evalrun({"simulate", dir, "--machine", "cs3", "--as", "llama3.3-70b"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_THAT(run.out, AllOf(HasSubstr("INCOMPLETE: baseline has 2 of 6 answers"),
                             HasSubstr("INCOMPLETE: cepo has 1 of 6 answers")));
}

TEST_F(Simulated, AMachineFolderHoldsFiles) {
  std::filesystem::create_directory(folder_.path("machines"));
  std::filesystem::create_symlink("/dev/zero", folder_.path("machines") + "/zero.toml");
  const Finished run = simulate(
      {"--machine", "cs3", "--as", "llama3.3-70b", "--machines", folder_.path("machines")});
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.err, HasSubstr("holds no *.toml file"));
}

TEST_F(Simulated, AnOldRunSaysHowToMakeItAgain) {
  const std::string dir = folder_.path("old");
  std::filesystem::copy(run_dir(), dir);
  std::string text = file_text(dir + "/samples.jsonl");
  for (std::size_t at = 0; (at = text.find(",\"after\":[", at)) != std::string::npos;)
    text.erase(at, text.find(']', at) + 1 - at);
  std::ofstream(dir + "/samples.jsonl") << text;
  const Finished old = evalrun({"simulate", dir, "--machine", "cs3", "--as", "llama3.3-70b"});
  EXPECT_EQ(old.exit, 64);
  EXPECT_THAT(old.err, HasSubstr("evalrun run --target recorded --from"));
  const Finished again =
      evalrun({"--suite", "letters", "--limit", "6", "--strategy", "cepo", "--target", "recorded",
               "--from", dir, "--out", folder_.path("again")});
  ASSERT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(file_text(folder_.path("again") + "/samples.jsonl"),
            file_text(run_dir() + "/samples.jsonl"));
}

// Live: the answers of another target, the times of the machine.
TEST_F(Simulated, ALiveRunHasTheMachinesTimes) {
  const Finished run = evalrun({"--suite", "letters", "--limit", "6", "--strategy", "cepo",
                                "--target", "cs3", "--as", "llama3.3-70b", "--content", "recorded",
                                "--from", run_dir(), "--out", folder_.path("live")});
  ASSERT_EQ(run.exit, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("SIMULATED, not measured: every time below is computed for 4 x "
                                 "Cerebras CS-3 (WSE-3) as llama3.3-70b"));
  EXPECT_EQ(file_text(folder_.path("live") + "/samples.jsonl"),
            file_text(run_dir() + "/samples.jsonl"));
  const json report = json::parse(evalrun({"report", folder_.path("live"), "--json"}).out);
  EXPECT_THAT(report["run"]["simulated"].get<std::string>(), HasSubstr("llama3.3-70b"));
  const json replay = simulated({"--machine", "cs3", "--as", "llama3.3-70b"});
  for (const json& result : report["results"])
    EXPECT_NEAR(result["seconds_per_sample"].get<double>(),
                row(replay, "cs3", result["strategy"])["seconds_per_sample"]["mean"].get<double>(),
                1e-5);
  const json board = json::parse(evalrun({"export", folder_.path("live")}).out);
  EXPECT_THAT(board["simulated"].get<std::string>(), HasSubstr("llama3.3-70b"));
  const json measured = json::parse(evalrun({"export", run_dir()}).out);
  EXPECT_FALSE(measured.contains("simulated"));
}

// The endpoint is paid and capped as ever; the report is about the machine.
TEST_F(Simulated, AnEndpointCanGiveTheAnswers) {
  FaultServer server{answer};
  auto words =
      remote_words(server.url("/v1"), {"--letters-count", "20", "--content", "remote", "--as",
                                       "llama3.1-8b", "--max-tokens", "50", "--max-total-tokens",
                                       "300", "--out", folder_.path("run")});
  *(std::ranges::find(words, "--target") + 1) = "cs3";
  const Finished stopped = evalrun(words);
  EXPECT_EQ(stopped.exit, 3) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("--max-total-tokens"));
  const Finished resumed = evalrun({"resume", folder_.path("run"), "--max-total-tokens", "100000"});
  ASSERT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_EQ(server.totals().requests, 20);
  EXPECT_THAT(resumed.out, AllOf(HasSubstr("1 x Cerebras CS-3 (WSE-3) as llama3.1-8b"),
                                 Not(HasSubstr("Traffic")), Not(HasSubstr("US dollars"))));
}

TEST_F(Simulated, ALiveTargetIsCheckedBeforeAnythingIsAsked) {
  const auto refusal = [&](const std::string& target, const std::string& as) {
    std::vector<std::string> words = {"--suite",  "letters", "--limit", "2",
                                      "--target", target,    "--out",   folder_.path("none")};
    if (!as.empty()) words.insert(words.end(), {"--as", as});
    const Finished run = evalrun(words);
    EXPECT_EQ(run.exit, 64);
    return run.err;
  };
  EXPECT_THAT(refusal("locl", ""), HasSubstr("did you mean \"local\"?"));
  EXPECT_THAT(refusal("cs3", ""), HasSubstr("--as MODEL"));
  EXPECT_THAT(refusal("cs4", "llama3.3-70b"), HasSubstr("--target: unknown \"cs4\""));
  EXPECT_THAT(refusal("h100", "llama3.1-405b"), HasSubstr("does not fit on h100"));
  EXPECT_THAT(refusal("local", "llama3.1-8b"), HasSubstr("plays no other model"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("none")));
}

}  // namespace
}  // namespace evalrun
