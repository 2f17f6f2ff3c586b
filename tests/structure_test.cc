// The shape of the code, checked: who may include whom, how long files and functions may be, and
// where the costly header may stand. House rules; the limits are a ratchet, not a target.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace evalrun {
namespace {

namespace fs = std::filesystem;

constexpr int kFileLinesMax = 600;
constexpr int kFunctionLinesMax = 70;
constexpr int kColumnsMax = 100;
constexpr int kCoreLinesMax = 1800;

// Which folders each folder may include besides itself.
const std::map<std::string, std::set<std::string>> kAllowed{
    {"harness/core", {}},
    {"tasks", {"harness/core"}},
    {"scorers", {"harness/core"}},
    {"results", {"harness/core"}},
    {"hw", {"harness/core"}},
    {"runners", {"harness/core", "hw"}},
    {"harness", {"harness/core", "tasks", "scorers", "results", "hw", "runners"}},
};

std::string folder_of(const std::string& path) {
  if (path.starts_with("harness/core/")) return "harness/core";
  return path.substr(0, path.find('/'));
}

std::vector<std::string> source_files() {
  std::vector<std::string> files;
  for (const char* top : {"harness", "tasks", "scorers", "runners", "hw", "results", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(EVALRUN_SOURCE_DIR) / top))
      if (entry.path().extension() == ".h" || entry.path().extension() == ".cc")
        files.push_back(fs::relative(entry.path(), EVALRUN_SOURCE_DIR).generic_string());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(fs::path(EVALRUN_SOURCE_DIR) / file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_test(const std::string& file) {
  return file.starts_with("tests/") || file.ends_with("_test.cc") || file.ends_with("_fuzz.cc") ||
         file.find("/test_") < file.size();
}

// Characters, not bytes: comments may hold a dash or a multiplication sign.
std::size_t columns(const std::string& line) {
  return std::size_t(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

TEST(Structure, FoldersIncludeOnlyWhatTheyMay) {
  const std::regex include(R"re(^\s*#include "([^"]+)")re");
  int seen = 0;
  for (const std::string& file : source_files()) {
    if (file.starts_with("tests/")) continue;
    const std::string from = folder_of(file);
    ASSERT_TRUE(kAllowed.contains(from)) << file << ": in no known folder";
    for (const std::string& line : lines_of(file)) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string to = folder_of(match[1]);
      ++seen;
      EXPECT_TRUE(to == from || kAllowed.at(from).contains(to))
          << file << " includes " << match[1] << ": " << from << " may not know " << to;
    }
  }
  EXPECT_GT(seen, 50) << "the include pattern no longer matches";
}

TEST(Structure, TheJsonHeaderStandsOnlyInSourceFiles) {
  for (const std::string& file : source_files()) {
    if (!file.ends_with(".h") || is_test(file)) continue;
    for (const std::string& line : lines_of(file))
      EXPECT_FALSE(line.starts_with("#include <nlohmann/json.hpp>"))
          << file << ": costs 2 s in each file that includes it; use it in the .cc";
  }
}

TEST(Structure, FilesAndLinesAreShort) {
  int core_lines = 0;
  for (const std::string& file : source_files()) {
    const auto lines = lines_of(file);
    EXPECT_LE(lines.size(), std::size_t(kFileLinesMax)) << file << ": split it";
    if (folder_of(file) == "harness/core" && !is_test(file)) core_lines += int(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool literal_bytes =
          lines[i].find("R\"") != std::string::npos || lines[i].find("\\x") != std::string::npos;
      EXPECT_TRUE(is_test(file) || literal_bytes || columns(lines[i]) <= std::size_t(kColumnsMax))
          << file << ":" << i + 1;
    }
  }
  EXPECT_LE(core_lines, kCoreLinesMax) << "harness/core is the vocabulary, not a place for code";
}

// Tests are left out: theirs are mostly tables. A function is a line at column 0 that ends in "{"
// and is closed by a "}" at column 0. Members inside a class are indented and short by habit.
TEST(Structure, FunctionsAreShort) {
  for (const std::string& file : source_files()) {
    if (is_test(file)) continue;
    const auto lines = lines_of(file);
    for (std::size_t i = 0, open = 0; i < lines.size(); ++i) {
      const bool opens = lines[i].ends_with(") {") || lines[i].ends_with(") const {");
      if (opens && !lines[i].starts_with(" ")) open = i;
      if (opens && lines[i].starts_with("    ") && i > 0 && !lines[i - 1].starts_with(" "))
        open = i;
      if (lines[i] != "}" || open == 0) continue;
      EXPECT_LE(i - open, std::size_t(kFunctionLinesMax)) << file << ":" << open + 1;
      open = 0;
    }
  }
}

TEST(Structure, NoLeftovers) {
  const std::regex leftover(R"re(\b(FIXME|XXX|TODO)\b)re");
  for (const std::string& file : source_files()) {
    if (file == "tests/structure_test.cc") continue;
    const auto lines = lines_of(file);
    for (std::size_t i = 0; i < lines.size(); ++i)
      EXPECT_FALSE(std::regex_search(lines[i], leftover)) << file << ":" << i + 1;
  }
}

}  // namespace
}  // namespace evalrun
