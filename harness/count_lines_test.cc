// Files counted by hand, after cloc's documentation of what is blank, comment and code. The same
// trees are held against cloc itself in tests/claims_test.cc.
#include "harness/count_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;

LineCount count(const char* file_name, std::string_view text) {
  const LineLanguage* language = line_language(file_name, text);
  EXPECT_NE(language, nullptr) << file_name;
  return language == nullptr ? LineCount() : count_text(*language, text);
}

std::string language_of(const char* file_name, std::string_view head = "") {
  const LineLanguage* language = line_language(file_name, head);
  return language == nullptr ? "" : std::string(name(*language));
}

TEST(CountText, CAndItsComments) {
  const char* text =
      "/* one\n"
      "   two */\n"
      "\n"
      "int x;  // code\n"
      "// comment\n"
      "int y; /* begins here\n"
      "ends here */\n"
      "int z;\n";
  EXPECT_EQ(count("a.c", text), (LineCount{.blank = 1, .comment = 4, .code = 3}));
  EXPECT_EQ(count("a.cu", text), (LineCount{.blank = 1, .comment = 4, .code = 3}));
  EXPECT_EQ(count("a.cc", "int x;\n/* never closed\nint y;\n"), (LineCount{0, 0, 3}));
  EXPECT_EQ(count("a.h", "const char* s = \"/*\";\nint x;\nint y; // */\n"), (LineCount{0, 2, 1}));
}

TEST(CountText, ABlankLineAfterABackslashIsCode) {
  EXPECT_EQ(count("a.c", "#define A \\\n\nint x;\n"), (LineCount{0, 0, 3}));
  EXPECT_EQ(count("a.cu", "#define A \\\n\nint x;\n"), (LineCount{1, 0, 2}));
}

TEST(CountText, PythonsDocstringsAreComments) {
  const char* text =
      "#!/usr/bin/env python3\n"
      "\"\"\"What it does.\n"
      "\n"
      "More.\"\"\"\n"
      "import os  # code\n"
      "# comment\n"
      "def f():\n"
      "  '''one line'''\n"
      "  return 1\n";
  EXPECT_EQ(count("a.py", text), (LineCount{.blank = 1, .comment = 4, .code = 4}));
}

TEST(CountText, ScriptsAndBuildFiles) {
  EXPECT_EQ(count("a.sh", "#!/bin/sh\n\n# no\necho x # yes\n"), (LineCount{1, 1, 2}));
  EXPECT_EQ(count("Makefile", "# no\nall:\n\ttouch x\n\n"), (LineCount{1, 1, 2}));
  EXPECT_EQ(count("CMakeLists.txt", "# no\nproject(x)\n"), (LineCount{0, 1, 1}));
}

TEST(CountText, HtmlAndMarkdown) {
  const char* text = "<p>a</p> <!-- x -->\n<!-- one\ntwo -->\n\n<p>b</p>\n";
  EXPECT_EQ(count("a.html", text), (LineCount{1, 2, 2}));
  EXPECT_EQ(count("a.md", text), (LineCount{1, 2, 2}));
}

TEST(CountText, EndsAndEncodings) {
  EXPECT_EQ(count("a.c", "int x;"), (LineCount{0, 0, 1}));
  EXPECT_EQ(count("a.c", "int x;\r\n\r\n// c\r\n"), (LineCount{1, 1, 1}));
  EXPECT_EQ(count("a.c", "\xEF\xBB\xBF// c\n"), (LineCount{0, 1, 0}));
  EXPECT_EQ(count("a.c", "// \xff\xfe\nint \x80;\n"), (LineCount{0, 1, 1}));
  EXPECT_EQ(count("a.c", "\n\n\n"), (LineCount{3, 0, 0}));
  EXPECT_EQ(count("a.c", ""), (LineCount{0, 0, 0}));
}

// Ten million bytes in one line, and ten million openings that nothing closes: linear.
TEST(CountText, HugeLines) {
  EXPECT_EQ(count("a.c", std::string(10'000'000, 'x')), (LineCount{0, 0, 1}));
  std::string text;
  for (int i = 0; i < 3'000'000; ++i) text += "/* ";
  EXPECT_EQ(count("a.c", "int x;\n" + text).code, 2);
  EXPECT_EQ(count("a.html", text + "<!--").code, 0);
}

TEST(CountText, CutAnywhereTheLinesAddUp) {
  const std::string text = "#!/bin/x\n'''a\n\n'''/* b\n// c \\\n\n*/ d\n<!-- e\n--> f\n";
  for (const char* file : {"a.c", "a.cc", "a.py", "a.sh", "a.html", "a.md", "a.S", "a.json"})
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const std::string part = text.substr(0, size);
      const LineCount own = count(file, part);
      const bool has_end = part.empty() || part.back() == '\n';
      const long lines = std::ranges::count(part, '\n') + (has_end ? 0 : 1);
      EXPECT_EQ(own.blank + own.comment + own.code, lines) << file << " " << size;
      EXPECT_GE(own.comment, 0) << file << " " << size;
    }
}

TEST(LineLanguage, ByNameThenByFirstLine) {
  EXPECT_EQ(language_of("x.cc"), "C++");
  EXPECT_EQ(language_of("x.C"), "C++");
  EXPECT_EQ(language_of("x.c"), "C");
  EXPECT_EQ(language_of("x.hpp"), "C/C++ Header");
  EXPECT_EQ(language_of("x.cuh"), "CUDA");
  EXPECT_EQ(language_of("CMakeLists.txt"), "CMake");
  EXPECT_EQ(language_of("notes.txt"), "Text");
  EXPECT_EQ(language_of("config.cmake.in"), "CMake");
  EXPECT_EQ(language_of("archive.tar.py"), "Python");
  EXPECT_EQ(language_of("run", "#!/usr/bin/env bash\n"), "Bourne Again Shell");
  EXPECT_EQ(language_of("run", "#! /bin/sh -e\n"), "Bourne Shell");
  EXPECT_EQ(language_of("run.in", "#!/bin/sh\n"), "");
  EXPECT_EQ(language_of("run", "#!"), "");
  EXPECT_EQ(language_of("run", "text"), "");
  EXPECT_EQ(language_of("x.unheard"), "");
  EXPECT_EQ(language_of("x.cc~"), "");
  EXPECT_EQ(language_of("."), "");
  EXPECT_EQ(language_of(""), "");
}

TEST(LooksBinary, AsPerlSays) {
  EXPECT_TRUE(looks_binary(std::string("a\0b", 3)));
  EXPECT_FALSE(looks_binary("plain\n"));
  EXPECT_FALSE(looks_binary("na\xc3\xafve"));
  EXPECT_TRUE(looks_binary("\x01\x02\x03xx"));     // 3 x 3 > 5
  EXPECT_FALSE(looks_binary("\xff\xfe aaaaaaa"));  // 3 x 2 < 10
  EXPECT_FALSE(looks_binary(std::string(512, 'a') + std::string(100, '\0')));
  EXPECT_FALSE(looks_binary(std::string(511, 'a') + "\xc3\xaf"));  // cut at 512
}

TEST(CountLines, AHostileTree) {
  const TestFolder tree;
  tree.write("a.c", "int x;\n");
  tree.write("deep/er/b.c", "int x;\n");  // the same content
  tree.write(".git/c.c", "int hidden;\n");
  tree.write("bin.c", std::string("\0\0", 2));
  tree.write("empty.c", "");
  tree.write("what.unheard", "text\n");
  tree.write("odd\x1b[31m.py", "x = 1\n");
  std::filesystem::create_symlink("/", tree.path("root"));
  std::filesystem::create_symlink(tree.path("a.c"), tree.path("link.c"));
  ASSERT_EQ(::mkfifo(tree.path("pipe.c").c_str(), 0600), 0);
  const auto counts = count_lines(tree.path());
  ASSERT_TRUE(counts) << counts.error().message;
  ASSERT_EQ(counts->languages.size(), 2u);
  EXPECT_EQ(counts->languages[0].language, "C");  // as much code as Python: by name
  EXPECT_EQ(counts->sum.files, 2);
  EXPECT_EQ(counts->sum.lines, (LineCount{0, 0, 2}));
  EXPECT_EQ(counts->duplicates, 1);
  EXPECT_EQ(counts->links, 2);
  EXPECT_EQ(counts->binary, 1);
  EXPECT_EQ(counts->empty, 1);
  EXPECT_EQ(counts->unknown, 1);
  EXPECT_EQ(counts->special, 1);
  EXPECT_TRUE(counts->unreadable.empty());
  EXPECT_THAT(line_counts_text(*counts), HasSubstr("not counted:      2  symbolic link"));
}

TEST(CountLines, WhatCannotBeReadIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser can read everything";
  const TestFolder tree;
  const std::string file = tree.write("secret.c", "int x;\n");
  tree.write("locked/x.c", "int y;\n");
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  ASSERT_EQ(::chmod(tree.path("locked").c_str(), 0), 0);
  const auto counts = count_lines(tree.path());
  ::chmod(tree.path("locked").c_str(), 0700);
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_THAT(counts->unreadable,
              testing::UnorderedElementsAre(HasSubstr("secret.c: "), HasSubstr("locked: ")));
}

TEST(CountLines, AFolderThatIsNone) {
  const auto counts = count_lines("/nowhere/at/all");
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.error().kind, Error::Kind::usage);
  EXPECT_THAT(counts.error().message, testing::StartsWith("--count-lines: /nowhere/at/all: "));
}

}  // namespace
}  // namespace evalrun
