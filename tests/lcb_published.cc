#include "tests/lcb_published.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "scorers/reason.h"
#include "scorers/sandbox/sandbox_executor.h"
#include "tasks/lcb.h"
#include "tasks/lcb_tests.h"
#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;

constexpr struct {
  const char* run;
  const char* file;
} kGradedFiles[] = {{"o1-mini", "o1-mini.codegeneration_eval_all.json.gz"},
                    {"qwen2.5-7b", "qwen2.5-7b.codegeneration_eval_all.json.gz"},
                    {"qwen2.5-7b repair", "qwen2.5-7b.selfrepair_eval_all.json.gz"}};

std::string unzipped(const std::string& path) {
  std::string text;
  FILE* pipe = ::popen(("gzip -dc '" + path + "'").c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  return ::pclose(pipe) == 0 ? text : "";
}

// LeetCode's starter code has one method, and that one is called: "    def f(self, …" -> "f". It is
// what metadata.func_name says, where a file has metadata.
std::string entry_point(const std::string& starter_code) {
  const std::size_t def = starter_code.rfind("def ");
  if (def == starter_code.npos) return "";
  return starter_code.substr(def + 4, starter_code.find('(', def) - def - 4);
}

}  // namespace

std::string lcb_file(const std::string& name) {
  const std::string path = data_file("lcb/" + name);
  if (path.empty()) return "";
  return name.ends_with(".gz") ? unzipped(path) : read_file(path).value_or("");
}

std::vector<GradedProgram> graded_programs() {
  std::vector<GradedProgram> programs;
  for (const auto& [run, file] : kGradedFiles) {
    const std::string text = lcb_file(file);
    if (text.empty()) return {};
    for (const json& row : json::parse(text)) {
      const json metadata = json::parse(row["metadata"][0].get<std::string>());
      programs.push_back({run, row["question_id"], row["code_list"][0],
                          row["graded_list"][0].get<bool>(), metadata.value("error_code", 0)});
    }
  }
  return programs;
}

std::map<std::string, Check> public_checks() {
  std::map<std::string, Check> checks;
  const std::string text = lcb_file("public_1055.jsonl.gz");
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const json row = json::parse(line);
    auto tests = parse_lcb_tests(row["public_test_cases"].get<std::string>());
    if (!tests || tests->empty()) continue;
    PythonTests check;
    check.entry_point = entry_point(row["starter_code"]);
    check.load_tests = [tests = *std::move(tests)] { return Result<std::vector<TestCase>>(tests); };
    checks[row["question_id"]] = check;
  }
  return checks;
}

std::map<std::string, Check> subset_checks() {
  SuiteOptions options;
  options.data_file = data_file("lcb/code_generation_subset80.jsonl");
  std::map<std::string, Check> checks;
  if (options.data_file.empty()) return checks;
  const auto suite = load_lcb(options);
  EXPECT_TRUE(suite) << suite.error().message;
  if (!suite) return checks;
  for (const Sample& sample : suite->samples) checks[sample.id] = sample.check;
  return checks;
}

bool is_full_conformance() {
  const char* extent = std::getenv("EVALRUN_CONFORMANCE");
  return extent != nullptr && std::string_view(extent) == "all";
}

BothOutcomes score_both(const std::vector<ScoreJob>& jobs) {
  auto executor = SandboxExecutor::open({});
  EXPECT_TRUE(executor) << executor.error().message;
  if (!executor) return {};
  BothOutcomes both{score(ScorerKind::official, jobs, executor->get()),
                    score(ScorerKind::strict, jobs, executor->get())};
  for (const auto* outcomes : {&both.official, &both.strict})
    for (const ScoreOutcome& outcome : *outcomes)
      EXPECT_FALSE(is_our_failure(outcome.verdict)) << outcome.explanation;
  return both;
}

std::vector<std::string> judged_apart(const std::vector<std::string>& names,
                                      const BothOutcomes& outcomes) {
  std::vector<std::string> apart;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view reason = reason_class(outcomes.official[i], outcomes.strict[i]);
    if (!reason.empty()) apart.push_back(names[i] + ": " + std::string(reason));
  }
  std::ranges::sort(apart);
  return apart;
}

ScoreJob program_job(const Check& check, std::string code) {
  return {&check, std::move(code), PromptForm::direct, /*extracted=*/true};
}

}  // namespace evalrun
