// LiveCodeBench's real files, where they are at hand: lcb/ in $EVALRUN_DATA. The expected numbers
// are facts of those files, counted with CPython (json, base64, zlib, pickle), not with this code.
#include "tasks/lcb_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/core/hash.h"
#include "harness/core/test_folder.h"
#include "harness/core/text.h"
#include "tasks/jsonl_index.h"
#include "tasks/lcb.h"
#include "tasks/row_fields.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string gunzipped(const std::string& path) {
  gzFile in = gzopen(path.c_str(), "rb");
  if (in == nullptr) return "";
  std::string out, piece(1 << 20, '\0');
  for (int n = 0; (n = gzread(in, piece.data(), unsigned(piece.size()))) > 0;)
    out.append(piece, 0, std::size_t(n));
  gzclose(in);
  return out;
}

class LcbRealData : public testing::Test {
 protected:
  void SetUp() override {
    const char* dir = std::getenv("EVALRUN_DATA");
    dir_ = std::string(dir == nullptr ? "" : dir) + "/lcb/";
    if (!std::filesystem::exists(dir_ + "code_generation_subset80.jsonl"))
      GTEST_SKIP() << "no lcb/code_generation_subset80.jsonl in $EVALRUN_DATA";
    options_.data_file = dir_ + "code_generation_subset80.jsonl";
  }

  // All 1,055 problems in the full shape: the public file, completed from a run's rows.
  void use_all_problems() {
    std::map<std::string, json> rows;
    for (json& row : eval_all("qwen2.5-7b.codegeneration_eval_all")) rows[row["question_id"]] = row;
    const std::string text = gunzipped(dir_ + "public_1055.jsonl.gz");
    std::string whole;
    for (std::string_view line : split(text, '\n')) {
      json row = json::parse(line);
      const json& more = rows.at(row["question_id"]);
      for (const char* key : {"platform", "contest_id", "contest_date"}) row[key] = more[key];
      row["private_test_cases"] = "[]";
      row["metadata"] = "{}";
      whole += row.dump() + "\n";
    }
    options_.data_file = folder_.write("all.jsonl", whole);
  }

  json eval_all(const std::string& name) {
    return json::parse(gunzipped(dir_ + name + ".json.gz"));
  }

  // Attempts that were right, and attempts to be asked about.
  std::pair<int, int> repair(const std::string& name) {
    options_.lcb.repair_from = folder_.write("run.json", gunzipped(dir_ + name + ".json.gz"));
    const auto suite = load_lcb_repair(options_);
    EXPECT_TRUE(suite) << suite.error().message;
    std::pair<int, int> kept_asked;
    for (const Sample& sample : suite ? suite->samples : std::vector<Sample>{}) {
      ++(sample.given_answer ? kept_asked.first : kept_asked.second);
      EXPECT_EQ(sample.given_answer.has_value(), sample.direct.messages.empty());
    }
    return kept_asked;
  }

  std::string dir_;
  TestFolder folder_;
  SuiteOptions options_;
};

// 80 rows, 73 with func_name (and starter code); 197 public and 1,092 private tests. The hash is
//   h = sha256(); for r in sorted(rows, key=question_id): for t in public + private:
//   h.update((t.input + "\0" + t.output + "\0").encode())
TEST_F(LcbRealData, EveryTestOfTheSubsetIsWhatCPythonReads) {
  const auto suite = load_lcb(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->samples.size(), 80u);
  EXPECT_EQ(suite->samples.front().id, "1873_A");
  EXPECT_EQ(suite->samples.back().id, "abc302_c");
  EXPECT_EQ(suite->dataset_sha256, sha256_file(options_.data_file).value());
  std::size_t methods = 0, count = 0;
  std::string all;
  for (const Sample& sample : suite->samples) {
    const auto& check = std::get<PythonTests>(sample.check);
    const auto tests = check.load_tests();
    ASSERT_TRUE(tests) << tests.error().message;
    methods += !check.entry_point.empty();
    count += tests->size();
    for (const TestCase& test : *tests) {
      all.append(test.input).push_back('\0');
      all.append(test.output).push_back('\0');
    }
  }
  EXPECT_EQ(methods, 73u);
  EXPECT_EQ(count, 1289u);
  EXPECT_EQ(sha256_hex(all), "ead66c9f1192e65cd03fad484d17ad4e22f03afdf9b6f8c968014299ceaa01ee");
}

TEST_F(LcbRealData, PublicTestsComeFirst) {
  const auto rows = load_lcb_code_rows(options_);
  ASSERT_TRUE(rows) << rows.error().message;
  std::size_t public_count = 0;
  for (const LcbCodeRow& row : rows->rows) {
    const auto all = load_lcb_tests(row.tests).value();
    const auto first = decode_lcb_tests(row.tests.public_tests).value();
    public_count += first.size();
    ASSERT_LE(first.size(), all.size());
    for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].input, all[i].input);
  }
  EXPECT_EQ(public_count, 197u);
}

// 12 problems of 2024, 11 of August 2023, 44 easy, 5 of AtCoder.
TEST_F(LcbRealData, FiltersChooseTheKnownNumbers) {
  const auto size = [&](auto change) {
    SuiteOptions options = options_;
    change(options.lcb);
    return load_lcb(options).value().samples.size();
  };
  EXPECT_EQ(size([](LcbOptions& lcb) { lcb.start_date = "2024-01-01"; }), 12u);
  EXPECT_EQ(size([](LcbOptions& lcb) {
              lcb.start_date = "2023-08-01";
              lcb.end_date = "2023-09-01";
            }),
            11u);
  EXPECT_EQ(size([](LcbOptions& lcb) { lcb.difficulties = {"easy"}; }), 44u);
  EXPECT_EQ(size([](LcbOptions& lcb) { lcb.platforms = {"atcoder"}; }), 5u);
}

TEST_F(LcbRealData, AnAuthenticEncodingIsRead) {
  const json kaggle =
      json::parse(read_file(dir_ + "kaggle_1873_A_original_private_test_cases.json").value());
  const auto authentic = decode_lcb_tests(kaggle["private_test_cases"].dump());
  ASSERT_TRUE(authentic) << authentic.error().message;
  ASSERT_EQ(authentic->size(), 4u);
  const auto row = load_lcb_code_rows(options_).value().rows.at(0);
  ASSERT_EQ(row.problem.question_id, "1873_A");
  const auto subset = decode_lcb_tests(row.tests.private_tests).value();
  ASSERT_EQ(subset.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ((*authentic)[i].input, subset[i].input);
    EXPECT_EQ((*authentic)[i].output, subset[i].output);
  }
}

// Another project's file: other fields, and pickles of a dict.
TEST_F(LcbRealData, PicklesOfADictAreRefused) {
  options_.data_file = dir_ + "sandboxfusion_live_code_bench_v1.jsonl";
  EXPECT_EQ(load_lcb(options_).error().message, options_.data_file + ":1: question_id: missing");
  int refused = 0;
  const auto file = MappedFile::open(options_.data_file).value();
  const auto walked = walk_jsonl(*file, [&](std::size_t, std::span<const JsonMember> members) {
    const auto tests = decode_lcb_tests(RowFields(members).raw("test").value());
    EXPECT_EQ(tests.error().message,
              "pickle: expected a plain str, found EMPTY_DICT; it is not executed");
    ++refused;
    return Status();
  });
  ASSERT_TRUE(walked);
  EXPECT_EQ(refused, 3);
}

// 1,055 rows with 2,762 public tests; 1 rows without any.
TEST_F(LcbRealData, TheWholeReleaseLoadsWithItsPublicTests) {
  use_all_problems();
  const auto suite = load_lcb(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_EQ(suite->samples.size(), 1055u);
  std::size_t count = 0, without = 0;
  std::map<std::string, int> errata;
  for (const Sample& sample : suite->samples) {
    const auto& check = std::get<PythonTests>(sample.check);
    const auto tests = check.load_tests();  // no tests at all are an error
    if (tests) count += tests->size();
    without += !tests;
    ++errata[check.erratum];
  }
  EXPECT_EQ(count, 2762u);
  EXPECT_EQ(without, 1u);
  // ERRATA.md lists 11 + 2 + 4 problems; all 17 are in the release.
  EXPECT_EQ(errata,
            (std::map<std::string, int>{
                {"", 1038}, {"several right answers", 11}, {"interactive", 2}, {"bad tests", 4}}));
}

TEST_F(LcbRealData, RepairAsksForWhatWasGradedWrong) {
  use_all_problems();
  EXPECT_EQ(repair("qwen2.5-7b.codegeneration_eval_all"), std::pair(252, 803));
  EXPECT_EQ(repair("qwen2.5-7b.selfrepair_eval_all"), std::pair(293, 762));
  EXPECT_EQ(repair("o1-mini.codegeneration_eval_all"), std::pair(602, 278));
}

TEST_F(LcbRealData, RepairOfARunOverAnotherReleaseIsAnError) {
  options_.lcb.repair_from =
      folder_.write("run.json", gunzipped(dir_ + "qwen2.5-7b.codegeneration_eval_all.json.gz"));
  EXPECT_THAT(load_lcb_repair(options_).error().message, HasSubstr("is not in"));
}

}  // namespace
}  // namespace evalrun
