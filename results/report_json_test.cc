#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "results/report.h"
#include "results/report_fixture.h"
#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using Json = nlohmann::ordered_json;

// Everything that a report can hold: two suites, errors, epochs, buckets, times.
FakeRun full_run() {
  FakeRun run;
  run.info.epochs = 5;
  run.add_suite("crux-o", 3, true);
  run.add_suite("letters", 2, false);
  for (int epoch = 0; epoch < 5; ++epoch) {
    for (const char* strategy : {"baseline", "cepo"}) {
      run.add("crux-o", strategy, ScorerKind::strict, epoch == 0 ? "rwn" : "wwr", epoch);
      run.add("crux-o", strategy, ScorerKind::official, epoch == 0 ? "rrw" : "sww", epoch);
    }
    run.add("letters", "baseline", ScorerKind::strict, "rm", epoch);
  }
  run.samples[0].answer.steps = {{"answer", "answer", {9, 1, 8, 2}, Finish::stop, true}};
  run.metadata[{"letters", "sample_0"}] = {{"bucket", "easy"}};
  run.metadata[{"letters", "sample_1"}] = {{"erratum", "the word is misspelt"}};
  run.metadata[{"crux-o", "sample_0"}] = {{"problem", "p"}};
  run.metadata[{"crux-o", "sample_2"}] = {{"problem", "p"}};
  run.add_call("crux-o", "sample_0", "baseline", "answer", 1'000'000, 3'000'000);
  return run;
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

TEST(ReportJson, HoldsTheReport) {
  const Report report = full_run().report();
  const Json json = Json::parse(report_json(report));
  EXPECT_EQ(json["schema"], "evalrun-report/1");
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["run"]["run_id"], "r1");
  ASSERT_EQ(json["results"].size(), 4u);
  EXPECT_EQ(json["results"][0]["strict"]["value"], report.rows[0].strict.value);
  EXPECT_EQ(json["results"][0]["seconds_per_sample"], 2.0);
  EXPECT_EQ(json["results"][0]["ledger"][0]["discarded_completion"], 8);
  EXPECT_EQ(json["results"][1]["seconds_per_sample"], nullptr);
  EXPECT_EQ(json["results"][0]["samples"], 3);
  EXPECT_EQ(json["results"][0]["problems"], 2);
  EXPECT_EQ(json["results"][0]["without_errata"], nullptr);
  EXPECT_EQ(json["results"][0]["verdicts"],
            Json::parse(R"({"right": 5, "wrong": 9, "no_answer": 1})"));
  EXPECT_EQ(json["results"][0]["pass_at_k"][1]["k"], 5);
  EXPECT_EQ(json["results"][0]["pass_at_k"][1]["strict_ci_low"],
            report.rows[0].pass_at_k[1].strict.ci.low);
  EXPECT_EQ(json["results"][2]["without_errata"]["problems"], 1);
  EXPECT_EQ(json["results"][2]["without_errata"]["planned"], 5);
  EXPECT_EQ(json["results"][2]["without_errata"]["strict"]["value"], 1.0);
  EXPECT_EQ(json["comparisons"][0]["problems"], 2);
  EXPECT_EQ(json["comparisons"][0]["method"], "exact cluster sign-flip");
  EXPECT_EQ(json["results"][2]["official"], nullptr);
  EXPECT_EQ(json["results"][2]["model_errors"], 5);
  EXPECT_EQ(json["results"][2]["first_error"], "connection refused");
  EXPECT_EQ(json["results"][2]["buckets"][0]["bucket"], "easy");
  EXPECT_EQ(json["comparisons"].size(), 2u);
  EXPECT_EQ(json["disagreements"].size(), report.disagreements.size());
  EXPECT_EQ(report_json(report), report_json(full_run().report()));
}

TEST(LeaderboardJson, DescribesItself) {
  const Json json = Json::parse(leaderboard_json(full_run().report()));
  EXPECT_THAT(keys(json), ElementsAre("schema", "run_id", "created", "complete", "scope", "tool",
                                      "model", "price", "traffic", "seed", "epochs", "suites",
                                      "strategies", "scorers", "results", "comparisons"));
  EXPECT_EQ(json["schema"], "evalrun-leaderboard/1");
  EXPECT_EQ(json["created"], "2026-01-31T12:00:00Z");
  EXPECT_EQ(json["suites"][0]["planned"], 15);
  EXPECT_EQ(json["suites"][1]["n"], 5);
  // A crux row: accuracy, official pass@1, pass@5 of both; a letters row: accuracy and pass@5.
  ASSERT_EQ(json["results"].size(), 2u * 4 + 2u * 2);
  EXPECT_EQ(json["results"][0]["metric"], "accuracy");
  EXPECT_EQ(json["results"][0]["scorer"], "strict");
  EXPECT_EQ(json["results"][1]["metric"], "pass@1");
  EXPECT_EQ(json["results"][1]["scorer"], "official");
  EXPECT_EQ(json["results"][2]["metric"], "pass@5");
  EXPECT_EQ(json["results"][2]["ci_high"], full_run().report().rows[0].pass_at_k[1].strict.ci.high);
  EXPECT_EQ(json["results"][3]["metric"], "pass@5");
  EXPECT_EQ(json["results"][3]["artefacts"], 1);  // sample_0 keeps 1 answer of 5
  EXPECT_EQ(json["results"][3]["ci_low"], nullptr);
  EXPECT_FALSE(json["results"][0].contains("without_errata"));
  EXPECT_EQ(json["results"][8]["without_errata"]["problems"], 1);
  // What both documents say of a comparison is the same.
  const Json report = Json::parse(report_json(full_run().report()));
  for (const char* key : {"difference", "ci_low", "ci_high", "p", "p_holm", "method", "planned",
                          "samples", "problems", "only_base", "only_strategy", "outcome"})
    EXPECT_EQ(json["comparisons"][0][key], report["comparisons"][0][key]) << key;
}

// A price, traffic, and calls with all that a remote endpoint tells.
FakeRun remote_run() {
  FakeRun run = full_run();
  run.info.traffic = "closed loop, 8 samples in flight, up to 8 connections";
  run.info.price = Price{2, 1, 4, "2026-06-21", "a page"};
  Completion& c = run.calls[0].completion;
  c.sent_us = 1'500'000;
  c.first_us = 2'000'000;
  c.usage = {9, 1, 8, 2};
  c.gaps = {{300, 7}};
  c.server = {1'000, 2'000, 3'000, 6'000};
  return run;
}

TEST(ReportJson, HoldsPriceAndCost) {
  const Json json = Json::parse(report_json(remote_run().report()));
  EXPECT_EQ(json["run"]["price"]["completion_usd"], 4);
  EXPECT_EQ(json["run"]["traffic"], "closed loop, 8 samples in flight, up to 8 connections");
  // One step of 9 prompt tokens, 1 of them cached, and 8 more: (8 * 2 + 1 * 1 + 8 * 4) / 10^6.
  const Json& cost = json["results"][0]["cost_usd"];
  EXPECT_DOUBLE_EQ(cost["paid"].get<double>(), 49e-6);
  EXPECT_EQ(cost["from_cache"], 0);
  EXPECT_DOUBLE_EQ(cost["per_sample"].get<double>(), 49e-6 / 15);
  EXPECT_DOUBLE_EQ(cost["per_right"].get<double>(), 49e-6 / 5);
  EXPECT_EQ(json["results"][1]["cost_usd"]["paid"], 0);
  EXPECT_EQ(json["results"][3]["cost_usd"]["per_sample"], nullptr);  // nothing was answered
  const Json board = Json::parse(leaderboard_json(remote_run().report()));
  EXPECT_EQ(board["results"][0]["cost_usd"], cost);
  EXPECT_EQ(board["price"]["as_of"], "2026-06-21");
}

TEST(ReportJson, AnUnknownPriceIsNullNotZero) {
  const Report report = full_run().report();
  const Json json = Json::parse(report_json(report));
  EXPECT_EQ(json["run"]["price"], nullptr);
  const Json board = Json::parse(leaderboard_json(report));
  EXPECT_EQ(board["price"], nullptr);
  for (const Json& row : json["results"]) EXPECT_EQ(row["cost_usd"], nullptr);
  for (const Json& row : board["results"]) EXPECT_EQ(row["cost_usd"], nullptr);
}

TEST(ReportJson, HoldsLatency) {
  FakeRun run = remote_run();
  const Report report =
      build_report({run.info, run.calls, run.samples, run.scores, {}, Slo{600, 300, 2'000}});
  const Json latency = Json::parse(report_json(report))["latency"];
  EXPECT_EQ(latency["slo"], Json::parse(R"({"ttft_ms":600,"tpot_ms":300,"latency_ms":2000})"));
  ASSERT_EQ(latency["rows"].size(), 1u);  // only those with calls
  EXPECT_EQ(latency["rows"][0]["suite"], "crux-o");
  EXPECT_EQ(latency["all"]["suite"], "");
  EXPECT_EQ(latency["all"]["ttft_ms"]["p50"], 500);
  EXPECT_EQ(latency["all"]["latency_scheduled_ms"]["max"], 2000);
  EXPECT_EQ(latency["all"]["server"]["queue_ms"], 1);
  // TTFT from scheduling is a second.
  EXPECT_EQ(latency["all"]["goodput"],
            Json::parse(R"({"n":1,"good":0,"share":0.0,"per_second":0.0})"));
  const Json local = Json::parse(report_json(full_run().report()))["latency"];
  EXPECT_EQ(local["slo"], nullptr);
  EXPECT_EQ(local["all"]["ttft_ms"], nullptr);  // not measured, which is not 0
  EXPECT_EQ(local["all"]["tokens_per_second"], nullptr);
  EXPECT_EQ(local["all"]["untimed"], 1);
}

// Runs the validator of Debian's python3-jsonschema, if it is there.
bool have_validator() {
  return std::system("/usr/bin/python3 -c 'import jsonschema' >/dev/null 2>&1") == 0;
}

bool is_valid(const std::string& json, const std::string& schema) {
  const TestFolder temp;
  temp.write("x.json", json);
  const std::string script =
      "import json, sys, jsonschema\n"
      "schema = json.load(open(sys.argv[1]))\n"
      "v = jsonschema.validators.validator_for(schema)\n"
      "v.check_schema(schema)\n"
      "errors = list(v(schema).iter_errors(json.load(open(sys.argv[2]))))\n"
      "print(*[f'{list(e.path)}: {e.message[:200]}' for e in errors[:5]], sep='\\n', end='')\n"
      "sys.exit(1 if errors else 0)\n";
  temp.write("check.py", script);
  const std::string command = "/usr/bin/python3 " + temp.path("check.py") + " " +
                              EVALRUN_SOURCE_DIR "/docs/schema/" + schema + " " +
                              temp.path("x.json");
  return std::system(command.c_str()) == 0;
}

TEST(Schemas, ExportsAreValid) {
  if (!have_validator()) GTEST_SKIP() << "python3-jsonschema is not installed";
  const Report report = full_run().report();
  EXPECT_TRUE(is_valid(leaderboard_json(report), "leaderboard-1.json"));
  EXPECT_TRUE(is_valid(report_json(report), "report-1.json"));
}

TEST(Schemas, RemoteRunsAreValid) {
  if (!have_validator()) GTEST_SKIP() << "python3-jsonschema is not installed";
  FakeRun run = remote_run();
  for (const std::optional<Slo>& slo : {std::optional<Slo>(), std::optional(Slo{600, {}, 2'000})}) {
    const Report report =
        build_report({run.info, run.calls, run.samples, run.scores, run.metadata, slo});
    EXPECT_TRUE(is_valid(leaderboard_json(report), "leaderboard-1.json"));
    EXPECT_TRUE(is_valid(report_json(report), "report-1.json"));
  }
}

TEST(Schemas, SimulatedRunsSaySoAndAreValid) {
  FakeRun run = remote_run();
  run.info.simulated = "4 x Toy as llama";
  const Report report = run.report();
  EXPECT_EQ(Json::parse(leaderboard_json(report))["simulated"], "4 x Toy as llama");
  EXPECT_EQ(Json::parse(report_json(report))["run"]["simulated"], "4 x Toy as llama");
  EXPECT_FALSE(Json::parse(leaderboard_json(remote_run().report())).contains("simulated"));
  if (!have_validator()) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_TRUE(is_valid(leaderboard_json(report), "leaderboard-1.json"));
  EXPECT_TRUE(is_valid(report_json(report), "report-1.json"));
}

// Documents from before clusters had a method that is not written any more.
TEST(Schemas, EarlierDocumentsStayValid) {
  if (!have_validator()) GTEST_SKIP() << "python3-jsonschema is not installed";
  Json json = Json::parse(leaderboard_json(full_run().report()));
  for (Json& result : json["results"]) {
    result.erase("samples");
    result.erase("problems");
    result.erase("without_errata");
    result.erase("cost_usd");
  }
  json.erase("price");
  json.erase("traffic");
  for (Json& comparison : json["comparisons"]) {
    comparison.erase("samples");
    comparison.erase("problems");
    comparison["method"] = "clustered paired t";
  }
  EXPECT_TRUE(is_valid(json.dump(), "leaderboard-1.json"));
}

TEST(Schemas, WrongExportsAreNot) {
  if (!have_validator()) GTEST_SKIP() << "python3-jsonschema is not installed";
  Json json = Json::parse(leaderboard_json(full_run().report()));
  json["results"][0]["value"] = 41.0;  // percent instead of a fraction
  EXPECT_FALSE(is_valid(json.dump(), "leaderboard-1.json"));
  json = Json::parse(leaderboard_json(full_run().report()));
  json["results"][0].erase("planned");
  EXPECT_FALSE(is_valid(json.dump(), "leaderboard-1.json"));
  json = Json::parse(report_json(full_run().report()));
  json["latency"]["all"]["ttft_ms"] = 0;  // instead of null
  EXPECT_FALSE(is_valid(json.dump(), "report-1.json"));
  json = Json::parse(report_json(full_run().report()));
  json["surprise"] = 1;
  EXPECT_FALSE(is_valid(json.dump(), "report-1.json"));
}

}  // namespace
}  // namespace evalrun
