#include "results/verdict_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::HasSubstr;

VerdictLine some_line(int generation, Verdict verdict) {
  VerdictLine line;
  line.key = {"lcb", "abc301_a", generation, ScorerKind::official, std::string(64, 'a')};
  line.verdict = verdict;
  line.skipped = true;
  line.explanation = "test 3: wrong \"\xc3\xa9\"\n";
  line.details = R"({"results": [true, -2], "metadata": {}})";
  return line;
}

const std::string kLine =
    R"({"suite":"lcb","sample":"s","generation":2,"scorer":"strict","program_sha256":"ab",)"
    R"("verdict":"crashed","skipped":true,"explanation":"SIGSEGV","details":""})";

TEST(VerdictLine, IsOneObject) {
  VerdictLine line;
  line.key = {"lcb", "s", 2, ScorerKind::strict, "ab"};
  line.verdict = Verdict::crashed;
  line.skipped = true;
  line.explanation = "SIGSEGV";
  EXPECT_EQ(to_json_line(line), kLine);
}

TEST(VerdictLine, SurvivesTheWay) {
  const VerdictLine line = some_line(7, Verdict::time_limit);
  const std::string text = to_json_line(line);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto read = parse_verdict_line(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->key, line.key);
  EXPECT_EQ(read->verdict, line.verdict);
  EXPECT_EQ(read->skipped, line.skipped);
  EXPECT_EQ(read->explanation, line.explanation);
  EXPECT_EQ(read->details, line.details);
}

TEST(VerdictLine, SaysWhatIsWrong) {
  const auto error = [](std::string from, const std::string& to) {
    std::string text = kLine;
    text.replace(text.find(from), from.size(), to);
    const auto read = parse_verdict_line(text);
    return read ? "no error" : read.error().message;
  };
  EXPECT_EQ(error("crashed", "crushed"), "verdict: unknown value \"crushed\"");
  EXPECT_EQ(error("2", "-2"), "generation: must be an integer, 0 or more");
  EXPECT_EQ(error("sample\"", "simple\""), "sample: is missing");
  EXPECT_EQ(error("{", "{\"x\":1,"), "x: unknown key");
  for (std::size_t n = 0; n < kLine.size(); ++n)
    EXPECT_FALSE(parse_verdict_line(kLine.substr(0, n))) << n;
}

TEST(VerdictLog, GoesOnWhereItWasCut) {
  const TestFolder temp;
  const std::string path = temp.path("verdicts.jsonl");
  {
    const auto log = VerdictLog::open(path);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_FALSE((*log)->find(some_line(0, Verdict::right).key));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*log)->append(some_line(i, Verdict::right)));
    EXPECT_TRUE((*log)->find(some_line(2, Verdict::right).key));
  }
  const std::string whole = slurp(path);
  const std::size_t line = whole.size() / 3;
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    temp.write("verdicts.jsonl", whole.substr(0, n));
    const auto log = VerdictLog::open(path);
    ASSERT_TRUE(log) << n << ": " << log.error().message;
    int known = 0;
    for (int i = 0; i < 3; ++i) {
      if ((*log)->find(some_line(i, Verdict::right).key))
        ++known;
      else
        ASSERT_TRUE((*log)->append(some_line(i, Verdict::right)));
    }
    EXPECT_EQ(known, int(n / line)) << n;
    EXPECT_EQ(slurp(path), whole) << n;
  }
}

TEST(VerdictLog, KnowsAProgramByItsKey) {
  const TestFolder temp;
  const auto log = VerdictLog::open(temp.path("verdicts.jsonl"));
  ASSERT_TRUE((*log)->append(some_line(0, Verdict::wrong)));
  VerdictKey key = some_line(0, Verdict::wrong).key;
  EXPECT_EQ((*log)->find(key)->verdict, Verdict::wrong);
  key.program_sha256 = std::string(64, 'b');  // another program in its place
  EXPECT_FALSE((*log)->find(key));
  key = some_line(0, Verdict::wrong).key;
  key.scorer = ScorerKind::strict;
  EXPECT_FALSE((*log)->find(key));
}

TEST(VerdictLog, OurFailuresAreTriedAgain) {
  const TestFolder temp;
  const std::string path = temp.path("verdicts.jsonl");
  {
    const auto log = VerdictLog::open(path);
    ASSERT_TRUE((*log)->append(some_line(0, Verdict::infra_error)));
    EXPECT_FALSE((*log)->find(some_line(0, Verdict::right).key));
  }
  const auto log = VerdictLog::open(path);
  EXPECT_FALSE((*log)->find(some_line(0, Verdict::right).key));
  ASSERT_TRUE((*log)->append(some_line(0, Verdict::right)));
  EXPECT_EQ((*log)->find(some_line(0, Verdict::right).key)->verdict, Verdict::right);
}

TEST(VerdictLog, ABrokenLineIsNamed) {
  const TestFolder temp;
  temp.write("verdicts.jsonl", kLine + "\n{}\n");
  const auto log = VerdictLog::open(temp.path("verdicts.jsonl"));
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message, HasSubstr("verdicts.jsonl:2: suite: is missing"));
}

TEST(VerdictLog, TakesLinesFromSeveralThreads) {
  const TestFolder temp;
  const std::string path = temp.path("verdicts.jsonl");
  {
    const auto log = VerdictLog::open(path);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 50; ++i)
          EXPECT_TRUE((*log)->append(some_line(4 * i + t, Verdict::right)));
      });
  }
  const auto log = VerdictLog::open(path);
  for (int i = 0; i < 200; ++i) EXPECT_TRUE((*log)->find(some_line(i, Verdict::right).key)) << i;
}

}  // namespace
}  // namespace evalrun
