#include "results/line_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines(const std::string& path, LastLine last = LastLine::may_be_torn) {
  std::vector<std::string> out;
  const Status status = for_each_line(path, last, [&](std::string_view line) -> Status {
    out.emplace_back(line);
    return {};
  });
  EXPECT_TRUE(status);
  return out;
}

TEST(LineFile, ReadsWhatWasAppended) {
  const TestFolder dir;
  {
    Result<LineWriter> writer = LineWriter::open(dir.path("x"));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append("one"));
    ASSERT_TRUE(writer->append(""));
  }
  Result<LineWriter> again = LineWriter::open(dir.path("x"));
  ASSERT_TRUE(again->append("three"));
  EXPECT_THAT(lines(dir.path("x")), ElementsAre("one", "", "three"));
}

TEST(LineFile, KeepLinesTakesTheRestBackAndGoesOn) {
  const TestFolder dir;
  Result<LineWriter> writer = LineWriter::open(dir.path("x"));
  ASSERT_TRUE(writer);
  for (const char* line : {"one", "two", "three"}) ASSERT_TRUE(writer->append(line));
  ASSERT_TRUE(writer->keep_lines(5));
  EXPECT_THAT(lines(dir.path("x")), ElementsAre("one", "two", "three"));
  ASSERT_TRUE(writer->keep_lines(1));
  ASSERT_TRUE(writer->append("four"));
  EXPECT_EQ(slurp(dir.path("x")), "one\nfour\n");
  ASSERT_TRUE(writer->keep_lines(0));
  EXPECT_EQ(slurp(dir.path("x")), "");
}

TEST(LineFile, MissingFileHasNoLines) {
  const TestFolder dir;
  EXPECT_THAT(lines(dir.path("none")), IsEmpty());
}

TEST(LineFile, LinesMayBeLongerThanAReadBlock) {
  const TestFolder dir;
  const std::string big(3'000'000, 'x');
  dir.write("x", "a\n" + big + "\n" + big + "b\n");
  EXPECT_THAT(lines(dir.path("x")), ElementsAre("a", big, big + "b"));
}

TEST(LineFile, TornLineLongerThanAScanBlockIsCut) {
  const TestFolder dir;
  dir.write("x", "whole\n" + std::string(200'000, 'x'));
  ASSERT_TRUE(LineWriter::open(dir.path("x"))->append("next"));
  EXPECT_EQ(slurp(dir.path("x")), "whole\nnext\n");
}

TEST(LineFile, TornLineAloneIsCut) {
  const TestFolder dir;
  dir.write("x", "torn");
  ASSERT_TRUE(LineWriter::open(dir.path("x")));
  EXPECT_EQ(slurp(dir.path("x")), "");
}

TEST(LineFile, AFileWrittenAtOnceMustEndInANewline) {
  const TestFolder dir;
  dir.write("x", "a\nb");
  const Status status = for_each_line(dir.path("x"), LastLine::must_be_whole,
                                      [](std::string_view) -> Status { return {}; });
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("/x:2: the file ends in the middle of a line"));
}

TEST(LineFile, ErrorsOfTheVisitorGetFileAndLine) {
  const TestFolder dir;
  dir.write("x", "good\nbad\ngood\n");
  int visited = 0;
  const Status status =
      for_each_line(dir.path("x"), LastLine::may_be_torn, [&](std::string_view line) -> Status {
        ++visited;
        if (line == "bad") return input_error("key: reason");
        return {};
      });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, dir.path("x") + ":2: key: reason");
  EXPECT_EQ(visited, 2);
}

TEST(LineFile, AFolderIsNoFileOfLines) {
  const TestFolder dir;
  EXPECT_FALSE(LineWriter::open(dir.path()));
  EXPECT_FALSE(for_each_line(dir.path(), LastLine::may_be_torn,
                             [](std::string_view) -> Status { return {}; }));
}

}  // namespace
}  // namespace evalrun
