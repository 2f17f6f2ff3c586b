// Extraction and comparison against what LiveCodeBench published; see tests of the sandbox for
// whole gradings.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "scorers/extract_code.h"
#include "scorers/json_value.h"
#include "scorers/lcb_compare.h"
#include "scorers/lcb_metadata.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kFiles[] = {"o1-mini.codegeneration_eval_all.json.gz",
                                  "qwen2.5-7b.codegeneration_eval_all.json.gz",
                                  "qwen2.5-7b.selfrepair_eval_all.json.gz"};

// The text of a .gz file; "" if it cannot be read.
std::string unzipped(const fs::path& path) {
  std::string text;
  FILE* pipe = ::popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  return ::pclose(pipe) == 0 ? text : "";
}

class LcbData : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("EVALRUN_DATA");
    if (data == nullptr) GTEST_SKIP() << "EVALRUN_DATA is not set";
    folder_ = fs::path(data) / "lcb";
    if (!fs::exists(folder_)) GTEST_SKIP() << folder_ << " is not there";
  }
  fs::path folder_;
};

TEST_F(LcbData, EveryPublishedProgramIsExtracted) {
  int programs = 0;
  for (const char* file : kFiles) {
    const std::string text = unzipped(folder_ / file);
    if (text.empty()) GTEST_SKIP() << file << " cannot be read";
    for (const Json& row : Json::parse(text)) {
      for (std::size_t i = 0; i < row["output_list"].size(); ++i, ++programs) {
        EXPECT_EQ(official_program(CodeFence::backticks, row["output_list"][i].get<std::string>()),
                  row["code_list"][i].get<std::string>())
            << file << " " << row["question_id"];
      }
    }
  }
  EXPECT_EQ(programs, 2990);
}

bool is_whole(const std::string& text) { return !text.contains("...(truncated) ..."); }

// What the grader called a wrong output is wrong here, in the same words; where a text was cut,
// nothing can be said.
TEST_F(LcbData, EveryPublishedWrongOutputIsWrong) {
  int outputs = 0, values = 0;
  const auto check = [&](const Json& metadata) {
    if (metadata.value("error_code", 0) != kLcbWrong) return;
    const std::string output = metadata["output"], expected = metadata["expected"];
    const std::string message = metadata["error_message"];
    if (!is_whole(output) || !is_whole(expected)) return;
    if (message != "Wrong Answer") {
      const OfficialStdout compared = compare_stdout_official(output, expected);
      EXPECT_EQ(compared.result, OfficialStdout::Result::different) << metadata;
      EXPECT_EQ(compared.message, message);
      ++outputs;
      return;
    }
    // str() of the values, which are Python's: a text may look like a number, so only literals
    // that cannot be texts are compared.
    const auto value = parse_literal(output), right = parse_literal(expected);
    if (!value || !right) return;
    EXPECT_FALSE(equal_result_official(*value, *right)) << metadata;
    ++values;
  };
  const auto subset = read_file(folder_ / "official_verdicts_subset.json");
  if (!subset) GTEST_SKIP() << subset.error().message;
  for (const Json& row : Json::parse(*subset)) check(row["meta"]);
  EXPECT_GT(outputs + values, 25);
  for (const char* file : kFiles) {
    const std::string text = unzipped(folder_ / file);
    if (text.empty()) GTEST_SKIP() << file << " cannot be read";
    for (const Json& row : Json::parse(text)) {
      for (const Json& metadata : row["metadata"]) check(Json::parse(metadata.get<std::string>()));
    }
  }
  EXPECT_GT(outputs, 500);
  EXPECT_GT(values, 300);
}

// Our metadata of a wrong output is the published one, key by key and in order.
TEST_F(LcbData, MetadataIsWrittenAsPublished) {
  const auto subset = read_file(folder_ / "official_verdicts_subset.json");
  if (!subset) GTEST_SKIP() << subset.error().message;
  int compared = 0;
  for (const Json& row : Json::parse(*subset)) {
    const auto published = nlohmann::ordered_json::parse(row["official_meta"].get<std::string>());
    if (published.value("error_code", 0) != kLcbWrong) continue;
    EXPECT_EQ(
        lcb_wrong(published["output"].get<std::string>(), published["inputs"].get<std::string>(),
                  published["expected"].get<std::string>(),
                  published["error_message"].get<std::string>()),
        published.dump());
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

// Every test of the subset reads as JSON where the grader reads JSON.
TEST_F(LcbData, PublicTestsAreJsonToUs) {
  const std::string text = unzipped(folder_ / "public_1055.jsonl.gz");
  if (text.empty()) GTEST_SKIP() << "public_1055.jsonl.gz cannot be read";
  int values = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const Json row = Json::parse(line);
    for (const Json& test : Json::parse(row["public_test_cases"].get<std::string>())) {
      if (test["testtype"] != "functional") continue;
      const std::string output = test["output"], input = test["input"];
      EXPECT_TRUE(parse_json(output)) << output;
      for (const std::string_view argument : split(input, '\n')) {
        EXPECT_TRUE(parse_json(argument)) << argument;
        ++values;
      }
    }
  }
  EXPECT_GT(values, 1000);
}

}  // namespace
}  // namespace evalrun
