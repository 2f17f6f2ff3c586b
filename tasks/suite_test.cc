#include "tasks/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/core/resources.h"
#include "harness/core/prompt_set.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(Suites, NamesAreUniqueAndGroupsHoldSuites) {
  std::set<std::string_view> names;
  for (const SuiteInfo& suite : suites()) EXPECT_TRUE(names.insert(suite.name).second);
  const std::set<std::string_view> only_suites = names;
  for (const SuiteGroup& group : suite_groups()) {
    EXPECT_TRUE(names.insert(group.name).second);
    for (std::string_view member : group.members) EXPECT_TRUE(only_suites.contains(member));
  }
}

// Data sets that are not shipped; lcb-repair needs a run to start from.
bool is_not_here(const Error& error) {
  return error.message.starts_with("CRUXEval not found") ||
         error.message.starts_with("LiveCodeBench not found") ||
         error.message.starts_with("lcb-repair needs");
}

TEST(Suites, EachLoadsUnderItsNameWithUniqueIdsInBothProfiles) {
  for (const SuiteInfo& info : suites()) {
    for (const char* profile : {"full", "compact"}) {
      SuiteOptions options;
      options.profile = profile;
      const char* dir = std::getenv("EVALRUN_DATA");
      options.data_dir = dir == nullptr ? "" : dir;
      const auto suite = info.load(options);
      if (!suite && is_not_here(suite.error())) continue;
      ASSERT_TRUE(suite) << info.name << ": " << suite.error().message;
      EXPECT_EQ(suite->name, info.name);
      EXPECT_EQ(suite->samples.size(), std::size_t(info.default_size)) << info.name;
      std::set<std::string> ids;
      for (const Sample& sample : suite->samples) {
        EXPECT_EQ(sample.suite, info.name);
        EXPECT_TRUE(ids.insert(sample.id).second) << sample.id;
        EXPECT_FALSE(sample.question.empty());
      }
    }
  }
}

TEST(Prompts, EveryEmbeddedFileHasAKnownName) {
  const auto known = task_prompt_names();
  for (const Resource& resource : resources()) {
    if (!resource.name.starts_with("tasks/prompts/")) continue;
    std::string_view name = resource.name.substr(resource.name.rfind('/') + 1);
    ASSERT_TRUE(name.ends_with(".txt")) << resource.name;
    name.remove_suffix(4);
    EXPECT_TRUE(std::ranges::find(known, name) != known.end()) << resource.name;
  }
}

std::string full(const std::string& name) {
  return std::string(find_resource("tasks/prompts/full/" + name + ".txt").value());
}

// Where the model goes on writing: official extraction of direct replies expects no opening tag,
// that of CoT replies looks for one.
TEST(Prompts, FullFormsEndWhereTheModelGoesOn) {
  for (const char* half : {"crux.output", "crux.input"}) {
    EXPECT_THAT(full(std::string(half) + ".direct"), EndsWith("[/PYTHON]\n[ANSWER]\n"));
    EXPECT_THAT(full(std::string(half) + ".cot"), EndsWith("[/PYTHON]\n[THOUGHT]\n"));
    EXPECT_THAT(full(std::string(half) + ".question"), testing::Not(HasSubstr("ANSWER")));
  }
  EXPECT_THAT(full("letters.question"), testing::Not(HasSubstr("Answer")));
}

std::string between(const std::string& text, const std::string& open, const std::string& close,
                    std::size_t& position) {
  const std::size_t begin = text.find(open, position);
  if (begin == std::string::npos) return "";
  const std::size_t end = text.find(close, begin);
  if (end == std::string::npos) return "";
  position = end;
  return text.substr(begin + open.size(), end - begin - open.size());
}

// Each worked example as a program: its function, then its answer.
std::vector<std::string> worked_examples(const std::string& prompt) {
  std::vector<std::string> programs;
  for (std::size_t position = prompt.find("\n\n");;) {
    const std::string shown = between(prompt, "[PYTHON]\n", "[/PYTHON]", position);
    const std::string answer = between(prompt, "[ANSWER]\n", "[/ANSWER]", position);
    if (answer.empty()) return programs;  // the task itself
    programs.push_back(shown.substr(0, shown.find("assert")) + answer);
  }
}

TEST(Prompts, EveryWorkedExampleIsTrueInPython) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "no python3 here";
  const TestFolder folder;
  for (const char* half : {"crux.output", "crux.input"}) {
    for (const auto& [form, count] : {std::pair{".direct", 2u}, std::pair{".cot", 1u}}) {
      const auto programs = worked_examples(full(std::string(half) + form));
      ASSERT_EQ(programs.size(), count) << half << form;
      for (const std::string& program : programs) {
        ASSERT_THAT(program, HasSubstr("\nassert f("));
        const std::string path = folder.write("example.py", program);
        EXPECT_EQ(std::system(("python3 -I '" + path + "'").c_str()), 0) << program;
      }
    }
  }
}

}  // namespace
}  // namespace evalrun
