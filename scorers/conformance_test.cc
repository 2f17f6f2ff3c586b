// The official scorer against flags that others published, with the real sandbox; and what cheats
// the official scorer but not ours.

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "scorers/sandbox/sandbox_executor.h"
#include "scorers/score.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Flags = std::vector<bool>;

struct Problem {
  Check output, input;
};

class Conformance : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("EVALRUN_DATA");
    if (data == nullptr) GTEST_SKIP() << "EVALRUN_DATA is not set";
    folder_ = fs::path(data) / "cruxeval";
    const auto file = read_file(folder_ / "cruxeval.jsonl");
    if (!file) GTEST_SKIP() << file.error().message;
    auto executor = SandboxExecutor::open({});
    if (!executor) GTEST_SKIP() << executor.error().message;
    executor_ = std::move(*executor);
    for (const std::string_view line : split(*file, '\n')) {
      if (line.empty()) continue;
      const Json item = Json::parse(line);
      const std::string code = item["code"], input = item["input"], output = item["output"];
      problems_[item["id"]] = {ExactLiteral{code, input, output},
                               PythonAssert{code, input, output}};
    }
    ASSERT_EQ(problems_.size(), 800u);
  }

  fs::path folder_;
  std::unique_ptr<Executor> executor_;
  std::map<std::string, Problem> problems_;
};

// Outcomes of one sample, in the order of its generations.
using Outcomes = std::map<std::string, std::vector<ScoreOutcome>>;

Outcomes score_file(const Json& generations, bool is_input,
                    const std::map<std::string, Problem>& problems, Executor& executor) {
  std::vector<ScoreJob> jobs;
  std::vector<std::string> ids;
  for (const auto& [id, texts] : generations.items()) {
    const Problem& problem = problems.at(id);
    for (const Json& text : texts) {
      jobs.push_back({is_input ? &problem.input : &problem.output, text, PromptForm::direct, true});
      ids.push_back(id);
    }
  }
  auto outcomes = score(ScorerKind::official, jobs, &executor);
  Outcomes of_sample;
  for (std::size_t i = 0; i < jobs.size(); ++i) of_sample[ids[i]].push_back(std::move(outcomes[i]));
  return of_sample;
}

// A sample's flags without its skipped generations.
Flags dropped_flags(const std::vector<ScoreOutcome>& outcomes) {
  Flags flags;
  for (const ScoreOutcome& o : outcomes) {
    if (!o.skipped) flags.push_back(o.verdict == Verdict::right);
  }
  return flags;
}

// As evaluate_score makes the list: they are back, as False, if nothing is right.
Flags repository_flags(const std::vector<ScoreOutcome>& outcomes) {
  Flags flags = dropped_flags(outcomes);
  const bool any_right = std::ranges::find(flags, true) != flags.end();
  return any_right ? flags : Flags(outcomes.size(), false);
}

// As one site file has it: they stay away; where nothing is left, one False.
Flags not_reset_flags(const std::vector<ScoreOutcome>& outcomes) {
  const Flags flags = dropped_flags(outcomes);
  return flags.empty() ? Flags{false} : flags;
}

// As its first version made it: a skipped generation is False.
Flags first_version_flags(const std::vector<ScoreOutcome>& outcomes) {
  Flags flags;
  for (const ScoreOutcome& o : outcomes) flags.push_back(o.verdict == Verdict::right);
  return flags;
}

int count_infra_errors(const Outcomes& outcomes) {
  int count = 0;
  for (const auto& [id, list] : outcomes) {
    for (const ScoreOutcome& o : list) count += o.verdict == Verdict::infra_error;
  }
  return count;
}

// The repository's own fixture: every flag of 2 x 8,000 generations.
TEST_F(Conformance, TheRepositorysFixtureBitForBit) {
  for (const bool is_input : {false, true}) {
    const std::string stem = "codellama-7b_temp0.2_" + std::string(is_input ? "input" : "output");
    const Json generations = Json::parse(read_file(folder_ / (stem + ".generations.json")).value());
    const Json scored = Json::parse(read_file(folder_ / (stem + ".scored.json")).value());
    const Outcomes ours = score_file(generations, is_input, problems_, *executor_);
    EXPECT_EQ(count_infra_errors(ours), 0);
    ASSERT_EQ(ours.size(), 800u);
    std::size_t flags = 0;
    for (const auto& [id, outcomes] : ours) {
      const Flags theirs = scored["raw_scored_generations"][id];
      EXPECT_EQ(repository_flags(outcomes), theirs) << stem << " " << id;
      flags += outcomes.size();
    }
    EXPECT_EQ(flags, 8000u);
  }
}

// A literal's verdict is foretold; running it must not change anything.
TEST_F(Conformance, ForetoldVerdictsAreThoseOfTheRuns) {
  std::vector<ScoreJob> jobs;  // of crux-o: the answers of crux-i are calls
  const std::string file = "codellama-7b_temp0.2_output.generations.json";
  const Json generations = Json::parse(read_file(folder_ / file).value());
  for (const auto& [id, texts] : generations.items())
    for (const Json& text : texts)
      jobs.push_back({&problems_.at(id).output, text, PromptForm::direct, true});
  ScoreStats foretold_stats, run_stats;
  const auto foretold = score(ScorerKind::official, jobs, executor_.get(),
                              {.on_outcome = {}, .stats = &foretold_stats});
  const auto run = score(ScorerKind::official, jobs, executor_.get(),
                         {.on_outcome = {}, .foretell_literals = false, .stats = &run_stats});
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(foretold[i].verdict, run[i].verdict) << jobs[i].text;
    EXPECT_EQ(foretold[i].explanation, run[i].explanation) << jobs[i].text;
    EXPECT_EQ(foretold[i].skipped, run[i].skipped);
  }
  EXPECT_EQ(foretold_stats.distinct, run_stats.distinct);
  EXPECT_EQ(run_stats.runs_saved, run_stats.programs - run_stats.distinct);
  EXPECT_GT(foretold_stats.runs_saved, run_stats.runs_saved);
}

// What is right without knowing the answer. Official: all of them are. Ours: none is.
TEST_F(Conformance, CheatsPassTheOfficialScorerOnly) {
  const std::string always_equal = "type('f(', (), {'__eq__': lambda a, b: True})()";
  int samples = 0;
  for (const auto& [id, problem] : problems_) {
    if (++samples > 10) break;
    const std::string& input = std::get<ExactLiteral>(problem.output).input;
    const ScoreJob jobs[] = {{&problem.output, "0 or True", PromptForm::direct, true},
                             {&problem.output, "f( " + input + ")", PromptForm::direct, true},
                             {&problem.output, always_equal, PromptForm::direct, true},
                             {&problem.input, "0 or 'f('", PromptForm::direct, true},
                             {&problem.input, always_equal, PromptForm::direct, true}};
    for (const ScoreOutcome& o : score(ScorerKind::official, jobs, executor_.get())) {
      EXPECT_EQ(o.verdict, Verdict::right) << id << " " << o.extracted << " " << o.explanation;
      EXPECT_FALSE(o.skipped);
    }
    for (const ScoreOutcome& o : score(ScorerKind::strict, jobs, executor_.get())) {
      EXPECT_EQ(o.verdict, Verdict::no_answer) << id << " " << o.extracted;
    }
  }
}

// A function that the model may not reach: were its text run, each of these would give the answer.
TEST_F(Conformance, NoTextOfTheModelRunsUnderStrict) {
  const Check check = PythonAssert{"def f(n):\n    return n + 1", "3", "4"};
  for (const std::string text : {"f(setattr(f, '__code__', (lambda n: 4).__code__))",
                                 "f(3) if f(3) else f([])", "f(*[3])", "f(2 + 1)", "f(int('3'))"}) {
    const ScoreJob job{&check, text, PromptForm::direct, true};
    const Verdict verdict = score(ScorerKind::strict, {&job, 1}, executor_.get())[0].verdict;
    EXPECT_NE(verdict, Verdict::right) << text;
  }
  const ScoreJob honest{&check, "assert f(3.0) == 4", PromptForm::direct, false};
  EXPECT_EQ(score(ScorerKind::strict, {&honest, 1}, executor_.get())[0].verdict, Verdict::right);
}

// The gold answers are right, all of them, also the 12 whose arguments are no literals.
TEST_F(Conformance, PerfectModelIsPerfectUnderStrict) {
  std::vector<ScoreJob> jobs;
  for (const auto& [id, problem] : problems_) {
    const auto& gold = std::get<ExactLiteral>(problem.output);
    const std::string text = "assert f(" + gold.input + ") == " + gold.expected;
    jobs.push_back({&problem.output, text, PromptForm::direct, false});
    jobs.push_back({&problem.input, text, PromptForm::direct, false});
  }
  for (const ScoreOutcome& o : score(ScorerKind::strict, jobs, executor_.get())) {
    EXPECT_EQ(o.verdict, Verdict::right) << o.extracted << ": " << o.explanation;
  }
}

// Files of the leaderboard site, scored by several versions of the evaluator on other machines.
// Every flag is explained: the samples whose list is the repository's, those that count a skipped
// generation as False (the evaluator's first version), those that drop it even where nothing is
// right (no version we know of), and the samples that differ for another reason.
struct SiteFile {
  const char* name;
  int repository, first_version, not_reset;
  std::vector<std::string> other;
  bool is_small;  // else only with EVALRUN_CONFORMANCE=all: thousands of runs each
};

// sample_664 iterates over a set of strings: it depends on PYTHONHASHSEED, which is 0 here.
const SiteFile kSiteFiles[] = {
    {"codellama-13b+cot_temp0.8_input", 725, 75, 0, {}, false},
    {"codellama-34b+cot_temp0.2_output", 800, 0, 0, {}, false},
    {"codellama-34b+cot_temp0.8_output", 797, 3, 0, {}, false},
    {"deepseek-base-1.3b_temp0.2_output", 800, 0, 0, {}, false},
    {"gpt-3.5-turbo-0613+cot_temp0.8_output", 785, 15, 0, {}, false},
    {"gpt-4-0613+cot_temp0.8_input", 767, 33, 0, {}, false},
    {"gpt-4-0613+cot_temp0.8_output", 789, 11, 0, {}, true},
    {"gpt-4-0613_temp0.2_input", 799, 0, 0, {"sample_664"}, true},
    {"gpt-4-0613_temp0.2_output", 800, 0, 0, {}, true},
    {"gpt-4-turbo-2024-04-09+cot_temp0.2_input", 740, 0, 60, {}, true},
    {"gpt-4-turbo-2024-04-09+cot_temp0.2_output", 800, 0, 0, {}, true},
    {"mistral-7b_temp0.8_input", 800, 0, 0, {}, false},
    {"phi-1_temp0.8_input", 800, 0, 0, {}, false},
};

class SiteConformance : public Conformance, public testing::WithParamInterface<SiteFile> {};

TEST_P(SiteConformance, EveryDifferenceIsExplained) {
  const SiteFile& expected = GetParam();
  const char* extent = std::getenv("EVALRUN_CONFORMANCE");
  if (!expected.is_small && (extent == nullptr || std::string_view(extent) != "all")) {
    GTEST_SKIP() << "set EVALRUN_CONFORMANCE=all to run the large files";
  }
  const auto text = read_file(folder_ / "generations" / (std::string(expected.name) + ".json"));
  if (!text) GTEST_SKIP() << text.error().message;
  const Json file = Json::parse(*text);
  const bool is_input = std::string_view(expected.name).ends_with("input");
  const Outcomes ours = score_file(file["raw_generations"], is_input, problems_, *executor_);
  EXPECT_EQ(count_infra_errors(ours), 0);
  int repository = 0, first_version = 0, not_reset = 0;
  std::vector<std::string> other;
  for (const auto& [id, outcomes] : ours) {
    const Flags theirs = file["raw_scored_generations"][id];
    if (repository_flags(outcomes) == theirs) {
      ++repository;
    } else if (first_version_flags(outcomes) == theirs) {
      ++first_version;
    } else if (not_reset_flags(outcomes) == theirs) {
      ++not_reset;
    } else {
      other.push_back(id);
    }
  }
  EXPECT_EQ(repository, expected.repository);
  EXPECT_EQ(first_version, expected.first_version);
  EXPECT_EQ(not_reset, expected.not_reset);
  EXPECT_EQ(other, expected.other);
}

std::string test_name(const testing::TestParamInfo<SiteFile>& info) {
  std::string name = info.param.name;
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

void PrintTo(const SiteFile& file, std::ostream* out) { *out << file.name; }

INSTANTIATE_TEST_SUITE_P(Site, SiteConformance, testing::ValuesIn(kSiteFiles), test_name);

}  // namespace
}  // namespace evalrun
