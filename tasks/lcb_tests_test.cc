#include "tasks/lcb_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::StartsWith;

constexpr std::string_view kTwo =
    R"([{"input": "1 2\n", "output": "3\n", "testtype": "stdin"},)"
    R"( {"input": "\u00e9", "output": "", "testtype": "functional"}])";

// CPython 3.11: base64.b64encode(zlib.compress(pickle.dumps(json.dumps(tests)))) of the two tests
// {1 2\n, 3\n} and {é, ""}, both stdin.
constexpr std::string_view kPacked =
    "\"eJxrYJlaxgABPUXR1UqZeQWlJUpWCkqGCkYxeUo6Ckr5pSVQIWOIQElqcUlJZUEqSKi4JCUzT6lWRwFJZ0ypgUGq"
    "JapWHPpip+gBACsoJeM=\"";

std::string error_of(const Result<std::vector<TestCase>>& tests) {
  return tests ? "" : tests.error().message;
}

TEST(LcbTests, ReadsTheJsonList) {
  const auto tests = parse_lcb_tests(kTwo);
  ASSERT_TRUE(tests) << tests.error().message;
  ASSERT_EQ(tests->size(), 2u);
  EXPECT_EQ((*tests)[0].input, "1 2\n");
  EXPECT_EQ((*tests)[0].output, "3\n");
  EXPECT_EQ((*tests)[1].input, "\xc3\xa9");
  EXPECT_TRUE(parse_lcb_tests("[]").value().empty());
}

TEST(LcbTests, ErrorsNameTestAndKey) {
  const std::string good = R"({"input": "", "output": "", "testtype": "stdin"})";
  EXPECT_EQ(error_of(parse_lcb_tests("{}")), "not a JSON list of tests");
  EXPECT_EQ(error_of(parse_lcb_tests("[" + good + ", 3]")),
            "test 2: expected an object, found number");
  EXPECT_EQ(error_of(parse_lcb_tests(R"([{"input": "", "testtype": "stdin"}])")),
            "test 1: output: missing");
  EXPECT_EQ(error_of(parse_lcb_tests(R"([{"input": [1], "output": "", "testtype": "stdin"}])")),
            "test 1: input: expected a string, found array");
  EXPECT_EQ(error_of(parse_lcb_tests(R"([{"input": "", "output": "", "testtype": "file"}])")),
            "test 1: testtype: expected stdin or functional, found \"file\"");
}

TEST(LcbTests, BothFormsOfAFieldHoldTheSame) {
  const auto packed = decode_lcb_tests(kPacked);
  ASSERT_TRUE(packed) << packed.error().message;
  ASSERT_EQ(packed->size(), 2u);
  EXPECT_EQ((*packed)[0].output, "3\n");
  EXPECT_EQ((*packed)[1].input, "\xc3\xa9");
  const auto plain = decode_lcb_tests(
      R"("[{\"input\": \"1 2\\n\", \"output\": \"3\\n\", \"testtype\": \"stdin\"}]")");
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->at(0).input, "1 2\n");
  EXPECT_TRUE(decode_lcb_tests("\"[]\"").value().empty());
}

TEST(LcbTests, AnEscapedDigitOfBase64IsStillOne) {
  std::string escaped;
  for (char c : kPacked) escaped += c == '+' ? std::string("\\u002b") : std::string(1, c);
  ASSERT_NE(escaped, kPacked);
  EXPECT_EQ(decode_lcb_tests(escaped).value().size(), 2u);
}

TEST(LcbTests, APackedFieldCutAtEachByteIsAnError) {
  for (std::size_t size = 1; size + 1 < kPacked.size(); ++size)
    EXPECT_FALSE(decode_lcb_tests(std::string(kPacked.substr(0, size)) + "\"")) << size;
}

TEST(LcbTests, WhatIsNoFieldIsRefused) {
  for (const char* field : {"", "\"", "3", "[]", "\"\"", "\"hello\"", "\"\\ud800\""})
    EXPECT_FALSE(decode_lcb_tests(field)) << field;
}

class LoadLcbTests : public testing::Test {
 protected:
  LcbTestSpans spans(std::string_view public_tests, std::string_view private_tests) {
    std::string text = std::string(public_tests) + std::string(private_tests);
    const auto file = MappedFile::open(folder_.write("test.jsonl", text)).value();
    return {file, 7, file->bytes().substr(0, public_tests.size()),
            file->bytes().substr(public_tests.size())};
  }
  const std::string one_ = R"("[{\"input\": \"p\", \"output\": \"q\", \"testtype\": \"stdin\"}]")";
  TestFolder folder_;
};

TEST_F(LoadLcbTests, PublicTestsComeFirst) {
  const LcbTestSpans both = spans(one_, kPacked);
  for (int again = 0; again < 2; ++again) {
    const auto tests = load_lcb_tests(both);
    ASSERT_TRUE(tests) << tests.error().message;
    ASSERT_EQ(tests->size(), 3u);
    EXPECT_EQ((*tests)[0].input, "p");
    EXPECT_EQ((*tests)[1].input, "1 2\n");
  }
}

TEST_F(LoadLcbTests, ErrorsNameFileLineAndKey) {
  const std::string path = folder_.path("test.jsonl");
  EXPECT_THAT(error_of(load_lcb_tests(spans("\"x\"", kPacked))),
              StartsWith(path + ":7: public_test_cases: base64: "));
  EXPECT_THAT(error_of(load_lcb_tests(spans(one_, "\"x\""))),
              StartsWith(path + ":7: private_test_cases: base64: "));
  EXPECT_EQ(error_of(load_lcb_tests(spans("\"[]\"", "\"[]\""))),
            path + ":7: no tests: any program would pass");
}

TEST_F(LoadLcbTests, AChangedFileIsOurFailure) {
  const LcbTestSpans both = spans(one_, kPacked);
  folder_.write("test.jsonl", "shorter");
  const auto tests = load_lcb_tests(both);
  ASSERT_FALSE(tests);
  EXPECT_EQ(tests.error().kind, Error::Kind::system);
}

}  // namespace
}  // namespace evalrun
