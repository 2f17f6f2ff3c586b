#include "results/table.h"

#include <gtest/gtest.h>

namespace evalrun {
namespace {

TEST(Table, LinesUp) {
  Table table({{"suite", false}, {"n"}, {"note", false}});
  table.add({"crux-o", "800", "a"});
  table.add({"x", "7", ""});
  EXPECT_EQ(table.text(),
            "suite     n  note\n"
            "------  ---  ----\n"
            "crux-o  800  a\n"
            "x         7\n");
  EXPECT_EQ(table.width(), 17);
}

TEST(Table, CountsCodePointsNotBytes) {
  Table table({{"id", false}, {"n"}});
  table.add({"\xc3\xa9\xc3\xa9\xc3\xa9", "1"});
  table.add({"abc", "22"});
  EXPECT_EQ(table.text(),
            "id    n\n"
            "---  --\n"
            "\xc3\xa9\xc3\xa9\xc3\xa9   1\n"
            "abc  22\n");
}

TEST(Table, SelectsColumns) {
  Table table({{"a", false}, {"b"}, {"c"}});
  table.add({"1", "2", "3"});
  EXPECT_EQ(table.select({0, 2}).text(), "a  c\n-  -\n1  3\n");
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 8), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 13), "one two three\n");
  EXPECT_EQ(wrapped("one two", 9, "  - "), "  - one\n    two\n");
  EXPECT_EQ(wrapped("a verylongword b", 5), "a\nverylongword\nb\n");
  EXPECT_EQ(wrapped("", 5), "\n");
}

}  // namespace
}  // namespace evalrun
