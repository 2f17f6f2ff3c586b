// evalrun claims, as a user starts it, and its count of lines beside cloc's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/child_process.h"
#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const json& claims() {
  static const json parsed = [] {
    const Finished run = evalrun({"claims", "--json"});
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return json::parse(run.out, nullptr, false);
  }();
  return parsed;
}

// What must be in the ledger, after the words of the request for it.
TEST(ClaimsVerb, HasEveryClaim) {
  std::set<std::string> names;
  for (const json& claim : claims()["claims"]) names.insert(claim["name"]);
  for (const char* name :
       {"2100-tokens", "16-times-gpu", "o1-minutes-cepo-seconds", "only-in-real-time",
        "surpasses-405b", "level-of-sonnet", "55-tb", "287-gb200", "two-racks", "one-percent",
        "50-steps", "16-linear", "565-lines", "grows-without-end"})
    EXPECT_TRUE(names.contains(name)) << name;
}

TEST(ClaimsVerb, EachHasAVerdictItsInputsSourcesAndACommand) {
  int counted = 0;
  for (const json& claim : claims()["claims"]) {
    for (const char* key : {"title", "words", "verdict", "finding", "rule", "command"})
      EXPECT_NE(claim[key], "") << claim["name"];
    bool simulated = false;
    for (const json& step : claim["steps"]) {
      EXPECT_TRUE(step["value"].is_number()) << claim["name"] << step["what"];
      EXPECT_NE(step["from"], "") << claim["name"] << step["what"];
      simulated = simulated || step["kind"] == "simulated";
    }
    EXPECT_EQ(claim["simulated"], simulated) << claim["name"];
  }
  for (const auto& [verdict, n] : claims()["verdicts"].items()) counted += n.get<int>();
  EXPECT_EQ(counted, claims()["claims"].size());
}

TEST(ClaimsVerb, TextMarksWhatIsSimulatedAndEndsWithALegend) {
  const Finished run = evalrun({"claims"});
  EXPECT_EQ(run.exit, 0) << run.err;
  for (const json& claim : claims()["claims"])
    EXPECT_THAT(run.out, HasSubstr("(" + claim["name"].get<std::string>() + ")"));
  EXPECT_THAT(run.out, HasSubstr("*simulated* "));
  EXPECT_THAT(run.out, HasSubstr("cannot be checked "));
  EXPECT_THAT(run.out, HasSubstr("not measured"));
}

TEST(ClaimsVerb, OneClaimIsShownWhole) {
  const Finished run = evalrun({"claims", "surpasses-405b"});
  EXPECT_EQ(run.exit, 0) << run.err;
  for (const char* part : {"claim    ", "rule     ", "command  ", "verdict  does not follow",
                           "LiveCodeBench", "+0.1", "215?", "optillm README, 2025-01", "tie"})
    EXPECT_THAT(run.out, HasSubstr(part));
  const json one = json::parse(evalrun({"claims", "55-tb", "--json"}).out, nullptr, false);
  ASSERT_EQ(one["claims"].size(), 1u);
  EXPECT_EQ(one["claims"][0]["name"], "55-tb");
}

std::string verdict(const json& all, const std::string& name) {
  for (const json& claim : all["claims"])
    if (claim["name"] == name) return claim["verdict"];
  return "";
}

// A GPU of twice the memory: half of 287 hold 55 TB.
TEST(ClaimsVerb, AMachineFileChangesAVerdict) {
  const TestFolder folder;
  std::string text = file_text(EVALRUN_SOURCE_DIR "/hw/sim/machines/gb200.toml");
  const std::string memory = "198674743296";
  const std::size_t at = text.find(memory);
  ASSERT_NE(at, text.npos);
  folder.write("mine.toml", text.replace(at, memory.size(), "397349486592"));
  const Finished run = evalrun({"claims", "--json", "--machines", folder.path()});
  ASSERT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(verdict(claims(), "287-gb200"), "reproduced");
  EXPECT_EQ(verdict(json::parse(run.out), "287-gb200"), "does not follow");
  EXPECT_EQ(verdict(json::parse(run.out), "2100-tokens"), verdict(claims(), "2100-tokens"));
}

TEST(ClaimsVerb, WrongWordsAreRefusedInOneLine) {
  for (const auto& [arguments, part] :
       {std::pair{std::vector<std::string>{"claims", "55tb"}, "did you mean \"55-tb\"?"},
        {{"claims", "--machines", "/nowhere"}, "--machines: /nowhere"},
        {{"claims", "--count-lines", "/nowhere"}, "--count-lines: /nowhere"},
        {{"claims", "55-tb", "--count-lines", "."}, "goes with --json alone"},
        {{"claims", "--machine", "x"}, "did you mean \"--machines\"?"}}) {
    const Finished run = evalrun(arguments);
    EXPECT_EQ(run.exit, 64) << part;
    EXPECT_EQ(run.out, "") << part;
    EXPECT_THAT(run.err, HasSubstr(part));
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
  }
}

// A tree with what tells counters apart.
void write_tree(const TestFolder& tree) {
  tree.write("a.c",
             "/* x */ int a; /* y\n*/\n#define B \\\n\nchar* s = \"/*\";\n// */\n\nint c;\n");
  tree.write("b.cc", "// x \\\nint a; // y \\\nint b;\n/* open\nint c;\r\n");
  tree.write("c.hpp", "#pragma once\n\n/// doc\nint f();  /* z */\n");
  tree.write("k.cu", "__global__ void k() {}  // x\n/*\n\n*/\n");
  tree.write("p.py",
             "#!/usr/bin/env python3\n'''doc\n\nstring'''\nx = u\"\"\"a\nb\"\"\"\n# c\n"
             "y = 'a/*b'\nz = 1  # d\nw = \\\n\n2\n");
  tree.write("run", "#!/bin/bash\n# x\necho 1\n");
  tree.write("s.sh.in", "#!/bin/sh\necho 1\n");
  tree.write("s.sh", "#!/bin/sh\n\necho 1 # y\n# z\n");
  tree.write("Makefile", "# x\nall:\n\techo \\\n\n");
  tree.write("CMakeLists.txt", "# x\nproject(a)\n");
  tree.write("h.html", "<p>a</p><!-- x -->\n<!-- y\nz --> <b>\n\n<i> <!-- o\n");
  tree.write("m.md", "# Title\n\n<!-- x\ny -->\ntext <!-- z\n-->\nmore\n");
  tree.write("v.S", "# x\n; y\n  mov a, b\n@ z\n-- w\n");
  tree.write("t.toml", "# x\na = 1\n");
  tree.write("j.json", "{\n\n\"a\": 1}\n");
  tree.write("sub/twin.c", "int twin;\n");
  tree.write("twin.h", "int twin;\n");
  tree.write("latin.c", "// caf\xe9\nint x;\n");
  tree.write("bytes.c", std::string("int\0x;\n", 7));
  tree.write("crlf.c", "int a;\r\n\r\n// b\r\n");
  tree.write("bom.c", "\xEF\xBB\xBF// b\nint a;");
  tree.write(".git/no.c", "int no;\n");
  tree.write("empty.c", "");
}

json cloc(const std::string& program, const std::string& folder) {
  const TestFolder logs;
  ChildProcess child({program, "--json", "--quiet", folder}, logs.path("log"));
  EXPECT_EQ(child.wait_for_end(120), 0) << child.log();
  return json::parse(child.log(), nullptr, false);
}

// Every language that both know must have equal counts; `others` may be cloc's alone.
void expect_as_cloc(const std::string& program, const std::string& folder,
                    const std::set<std::string>& others) {
  const json theirs = cloc(program, folder);
  const json ours = json::parse(evalrun({"claims", "--count-lines", folder, "--json"}).out);
  ASSERT_TRUE(theirs.is_object()) << folder;
  std::set<std::string> compared;
  for (const json& own : ours["languages"]) {
    const std::string language = own["language"];
    compared.insert(language);
    ASSERT_TRUE(theirs.contains(language)) << language << " in " << folder;
    EXPECT_EQ(own["files"], theirs[language]["nFiles"]) << language << " in " << folder;
    for (const char* key : {"blank", "comment", "code"})
      EXPECT_EQ(own[key], theirs[language][key]) << key << " of " << language << " in " << folder;
  }
  for (const auto& [language, theirs_own] : theirs.items())
    if (language != "header" && language != "SUM" && !others.contains(language)) {
      EXPECT_TRUE(compared.contains(language)) << language << " in " << folder;
    }
}

class Cloc : public testing::Test {
 protected:
  void SetUp() override {
    if (program_.empty()) GTEST_SKIP() << "cloc is not installed";
  }
  const std::string program_ = find_program("cloc");
};

TEST_F(Cloc, CountsTheSameInATreeOfTraps) {
  const TestFolder tree;
  write_tree(tree);
  expect_as_cloc(program_, tree.path(), {});
}

TEST_F(Cloc, CountsTheSameInThisRepository) {
  for (const char* folder : {"harness", "hw", "results", "runners", "scorers", "tasks", "tests"})
    expect_as_cloc(program_, std::string(EVALRUN_SOURCE_DIR "/") + folder, {});
}

}  // namespace
}  // namespace evalrun
