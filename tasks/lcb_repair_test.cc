#include "tasks/lcb_repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/test_lcb_rows.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::StartsWith;

const json kWrong = {{"error_code", -2},
                     {"error_message", "Wrong Answer"},
                     {"inputs", "1\n"},
                     {"output", "3\n"},
                     {"expected", "2\n"}};

Result<std::vector<LcbAttempt>> read(const std::string& text) {
  return read_lcb_attempts(*MappedFile::embedded("RUN", text));
}

std::string error_of(const json& rows) {
  const auto attempts = read(rows.dump());
  return attempts ? "" : attempts.error().message;
}

TEST(LcbRepair, ReadsEveryAttemptOfEveryRow) {
  const json rows = {lcb_eval_json("a", {false, true}, kWrong), lcb_eval_json("b", {true}, {})};
  const auto attempts = read(rows.dump(4));
  ASSERT_TRUE(attempts) << attempts.error().message;
  ASSERT_EQ(attempts->size(), 3u);
  const LcbAttempt& first = (*attempts)[0];
  EXPECT_EQ(first.question_id, "a");
  EXPECT_EQ(first.count, 2);
  EXPECT_FALSE(first.right);
  EXPECT_EQ(first.output, "said 0");
  EXPECT_EQ(first.code, "print(0)");
  EXPECT_EQ(first.failure.error_code, -2);
  EXPECT_TRUE(first.failure.has_test);
  EXPECT_EQ(first.failure.inputs, "1\n");
  EXPECT_EQ(first.failure.output, "3\n");
  EXPECT_EQ(first.failure.expected, "2\n");
  EXPECT_EQ(first.failure.error, "Wrong Answer");
  EXPECT_EQ((*attempts)[1].index, 1);
  EXPECT_TRUE((*attempts)[1].right);
  EXPECT_EQ((*attempts)[2].row, 2);
}

TEST(LcbRepair, TheExceptionIsPreferredToTheMessage) {
  const auto attempts = read(
      json({lcb_eval_json("a", {false},
                          {{"error_code", -4}, {"error", "ValueError()"}, {"error_message", "x"}})})
          .dump());
  ASSERT_TRUE(attempts);
  EXPECT_EQ(attempts->at(0).failure.error, "ValueError()");
  EXPECT_FALSE(attempts->at(0).failure.has_test);
}

TEST(LcbRepair, ErrorsNameFileRowAndKey) {
  const json good = lcb_eval_json("a", {false}, kWrong);
  const auto changed = [&](const char* key, const json& value) {
    json row = lcb_eval_json("b", {false}, kWrong);
    row[key] = value;
    return error_of({good, row});
  };
  EXPECT_EQ(error_of(json::object()), "RUN: byte 1: expected a JSON array");
  EXPECT_EQ(error_of(json::array()), "RUN: no rows");
  EXPECT_EQ(error_of({good, 3}), "RUN: row 2: not a JSON object");
  EXPECT_EQ(changed("question_id", 3), "RUN: row 2: question_id: expected a string");
  EXPECT_EQ(changed("output_list", json::array()),
            "RUN: row 2: output_list: expected a list of at least one attempt");
  EXPECT_EQ(changed("code_list", {"a", "b"}),
            "RUN: row 2: code_list: expected 1 elements as in output_list, found 2");
  EXPECT_EQ(changed("graded_list", {1}),
            "RUN: row 2: graded_list: expected booleans, found number");
  EXPECT_EQ(changed("metadata", nullptr), "RUN: row 2: metadata: expected a list, found null");
  EXPECT_EQ(changed("metadata", {"[]"}),
            "RUN: row 2: metadata: expected a JSON object in a string");
  EXPECT_EQ(changed("output_list", {nullptr}),
            "RUN: row 2: output_list: expected strings, found null");
  EXPECT_EQ(error_of({good, good}), "RUN: row 2: question_id: \"a\" occurs twice, first in row 1");
}

TEST(LcbRepair, TruncatedAtEachByteIsAnError) {
  const std::string text = json({lcb_eval_json("a", {false, true}, kWrong)}).dump();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(read(text.substr(0, size))) << size;
  EXPECT_TRUE(read(text));
}

}  // namespace
}  // namespace evalrun
