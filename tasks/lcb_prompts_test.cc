#include "tasks/lcb_prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/core/resources.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

LcbPrompts load(LcbScenario scenario, std::string_view style, const char* profile = "full") {
  SuiteOptions options;
  options.lcb.style = style;
  options.profile = profile;
  auto prompts = LcbPrompts::load(options, scenario);
  EXPECT_TRUE(prompts) << prompts.error().message;
  return *std::move(prompts);
}

LcbProblem problem(const std::string& starter_code) {
  LcbProblem problem;
  problem.content = "THE {format} STATEMENT";  // braces in data are only data
  problem.starter_code = starter_code;
  problem.func_name = "pick";
  return problem;
}
constexpr const char* kStarter = "class Solution:\n    def pick(self, a):\n        ";

std::vector<Role> roles(const Prompt& prompt) {
  std::vector<Role> roles;
  for (const Message& message : prompt.messages) roles.push_back(message.role);
  return roles;
}

// The structures of prompts/code_generation.py: which styles have a system message of their own.
TEST(LcbStyles, SystemTextStandsWhereTheOfficialCodePutsIt) {
  const std::set<std::string_view> own_message = {
      "openai-chat", "claude", "llama3", "codeqwen", "qwq", "deepseek-r1", "codellama"};
  std::set<std::string_view> names;
  for (const LcbStyle& style : lcb_prompt_styles()) {
    EXPECT_TRUE(names.insert(style.name).second);
    const LcbAsked asked = load(LcbScenario::code, style.name).code(problem(""));
    for (const Prompt& prompt : {asked.direct, asked.cot}) {
      if (own_message.contains(style.name))
        EXPECT_THAT(roles(prompt), ElementsAre(Role::system, Role::user)) << style.name;
      else
        EXPECT_THAT(roles(prompt), ElementsAre(Role::user)) << style.name;
      EXPECT_THAT(prompt.messages.back().content, HasSubstr("THE {format} STATEMENT"));
    }
    EXPECT_NE(asked.direct.messages, asked.cot.messages) << style.name;
    EXPECT_THAT(asked.question, StartsWith("THE {format} STATEMENT"));
    EXPECT_THAT(asked.question, Not(HasSubstr("```")));
  }
  EXPECT_EQ(names.size(), 11u);
  EXPECT_EQ(lcb_prompt_styles()[0].name, LcbOptions{}.style);
}

TEST(LcbStyles, SystemTextInTheTurnIsSetOffByOneLineOrTwo) {
  const std::string preview =
      load(LcbScenario::code, "openai-reason-preview").code(problem("")).direct.messages[0].content;
  EXPECT_THAT(preview, HasSubstr("\n\n### Question:\nTHE"));
  const std::string gemini =
      load(LcbScenario::code, "gemini").code(problem("")).direct.messages[0].content;
  EXPECT_THAT(gemini, Not(HasSubstr("\n\n### Question:\nTHE")));
  EXPECT_THAT(gemini, HasSubstr(".\n### Question:\nTHE"));
}

TEST(LcbStyles, TheSectionsAndTheFenceOfTheDefaultStyle) {
  const LcbPrompts prompts = load(LcbScenario::code, "openai-chat");
  const std::string stdin_turn = prompts.code(problem("")).direct.messages[1].content;
  EXPECT_THAT(stdin_turn, StartsWith("### Question:\nTHE {format} STATEMENT\n\n### Format: "));
  EXPECT_THAT(stdin_turn, HasSubstr("\n```python\n# the program\n```\n\n### Answer: "));
  EXPECT_THAT(stdin_turn, HasSubstr("stdin"));
  EXPECT_THAT(stdin_turn, Not(HasSubstr("main()")));
  const std::string starter_turn = prompts.code(problem(kStarter)).direct.messages[1].content;
  EXPECT_THAT(starter_turn,
              HasSubstr("\n```python\n" + std::string(kStarter) + "\n```\n\n### Answer: "));
  EXPECT_THAT(starter_turn, Not(HasSubstr("stdin")));
  EXPECT_EQ(prompts.fence(), CodeFence::backticks);
}

TEST(LcbStyles, OnlyReasonAsksForMainAndOnlyOnStdin) {
  const LcbPrompts prompts = load(LcbScenario::code, "openai-reason");
  EXPECT_THAT(prompts.code(problem("")).direct.messages[0].content, HasSubstr("`main()`"));
  EXPECT_THAT(prompts.code(problem(kStarter)).direct.messages[0].content, Not(HasSubstr("main()")));
}

TEST(LcbStyles, ClaudeGetsNoSpaceAtTheEnd) {
  const std::string turn =
      load(LcbScenario::code, "claude").code(problem("")).direct.messages[1].content;
  EXPECT_THAT(turn, EndsWith(")"));
  EXPECT_EQ(turn + "\n\n",
            load(LcbScenario::code, "llama3").code(problem("")).direct.messages[1].content);
}

TEST(LcbStyles, CodeLlamaUsesTags) {
  const LcbPrompts prompts = load(LcbScenario::code, "codellama");
  const std::string turn = prompts.code(problem(kStarter)).direct.messages[1].content;
  EXPECT_THAT(turn, HasSubstr("[PYTHON]\n" + std::string(kStarter) + "\n[/PYTHON]"));
  EXPECT_THAT(turn, Not(HasSubstr("```")));
  EXPECT_EQ(prompts.fence(), CodeFence::python_tag);
}

TEST(LcbStyles, BaseModelsGetOneWorkedExampleAndNoInstruction) {
  const LcbPrompts prompts = load(LcbScenario::code, "generic-base");
  const Prompt stdin_prompt = prompts.code(problem("")).direct;
  const std::string text = stdin_prompt.messages[0].content;
  EXPECT_THAT(text, StartsWith("### Question\n"));
  EXPECT_THAT(text, EndsWith("### Question\nTHE {format} STATEMENT\n\n### Answer\n\n"));
  EXPECT_THAT(text, Not(HasSubstr("### Starter Code")));
  EXPECT_THAT(stdin_prompt.stop, ElementsAre("### Question"));
  const std::string starter = prompts.code(problem(kStarter)).direct.messages[0].content;
  EXPECT_THAT(starter,
              EndsWith("### Starter Code\n" + std::string(kStarter) + "\n\n### Answer\n\n"));
  EXPECT_EQ(prompts.fence(), CodeFence::none);
  EXPECT_EQ(load(LcbScenario::testgen, "generic-base").fence(), CodeFence::backticks);
}

// The text between two markers of a prompt.
std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const std::size_t begin = text.find(open) + open.size();
  return text.substr(begin, text.find(close, begin) - begin);
}

bool python_says(const TestFolder& folder, const std::string& program, const std::string& input,
                 const std::string& output) {
  const std::string code = folder.write("program.py", program);
  const std::string in = folder.write("in", input), want = folder.write("want", output);
  return std::system(
             ("python3 -I '" + code + "' < '" + in + "' | cmp -s - '" + want + "'").c_str()) == 0;
}

TEST(LcbStyles, TheWorkedExamplesOfBaseModelsAreRight) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "no python3 here";
  const TestFolder folder;
  const LcbPrompts prompts = load(LcbScenario::code, "generic-base");
  const std::string whole = prompts.code(problem("")).direct.messages[0].content;
  const std::string program = between(whole, "### Answer\n\n", "### Question");
  const std::string example = between(whole, "\nExample\n\n", "\n### Answer");
  EXPECT_TRUE(python_says(folder, program, between(example, "Input\n", "Output\n"),
                          example.substr(example.find("Output\n") + 7)))
      << example;
  const std::string method = prompts.code(problem(kStarter)).direct.messages[0].content;
  const std::string solution = between(method, "### Answer\n\n", "### Question");
  EXPECT_TRUE(python_says(folder,
                          solution + "print(Solution().lonelyLetters(\"balloon\"))\n"
                                     "print(Solution().lonelyLetters(\"noon\"))\n",
                          "", "ban\n\n"));
}

TEST(LcbExecPrompts, AskForAnAssertionBetweenTags) {
  LcbExecRow row;
  row.code = "def g(a):\n    return '{call}'";
  row.input = "g(a = 1)";
  row.output = "'SECRET'";
  const LcbAsked asked = load(LcbScenario::exec, "openai-chat").exec(row);
  for (const Prompt& prompt : {asked.direct, asked.cot}) {
    EXPECT_THAT(roles(prompt), ElementsAre(Role::system, Role::user));
    EXPECT_THAT(prompt.messages[1].content,
                HasSubstr("[PYTHON]\n" + row.code + "\nassert g(a = 1) == ?\?\n[/PYTHON]\n"));
    EXPECT_THAT(prompt.messages[1].content, Not(HasSubstr("SECRET")));
    EXPECT_THAT(prompt.stop, ElementsAre("[PYTHON]"));
  }
  EXPECT_THAT(asked.direct.messages[1].content, EndsWith("[/PYTHON]\n[ANSWER]\n"));
  EXPECT_THAT(asked.cot.messages[1].content, EndsWith("[/PYTHON]\n[THOUGHT]\n"));
  EXPECT_THAT(asked.question, HasSubstr("g(a = 1)"));
  // prompts/code_execution.py: no system text where there is no system message.
  EXPECT_THAT(roles(load(LcbScenario::exec, "gemini").exec(row).direct), ElementsAre(Role::user));
}

// Each worked example, its function and its assertion, is a program that ends well.
TEST(LcbExecPrompts, EveryWorkedExampleIsTrueInPython) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "no python3 here";
  const TestFolder folder;
  for (const auto& [name, count] : {std::pair{"direct", 2}, std::pair{"cot", 1}}) {
    std::string rest(
        find_resource("tasks/prompts/full/lcb.exec." + std::string(name) + ".txt").value());
    rest.erase(0, rest.find("\n\n"));
    for (int i = 0; i < count; ++i) {
      const std::string shown = between(rest, "[PYTHON]\n", "[/PYTHON]");
      const std::string program =
          shown.substr(0, shown.find("assert")) + between(rest, "[ANSWER]\n", "[/ANSWER]");
      ASSERT_THAT(program, HasSubstr("\nassert "));
      EXPECT_TRUE(python_says(folder, program, "", "")) << program;
      rest.erase(0, rest.find("[/ANSWER]") + 9);
    }
  }
}

TEST(LcbTestgenPrompts, AskToCompleteTheAssertion) {
  LcbTestgenRow row;
  row.problem = problem(kStarter);
  row.test = {"[1, 2]\n\"x\"", "SECRET"};
  const LcbAsked asked = load(LcbScenario::testgen, "openai-chat").testgen(row);
  EXPECT_THAT(roles(asked.direct), ElementsAre(Role::system, Role::user));
  EXPECT_THAT(asked.direct.messages[1].content,
              HasSubstr("```python\nassert pick([1, 2], \"x\") == ?\?\n```\n"));
  EXPECT_THAT(asked.direct.messages[1].content, HasSubstr(kStarter));
  EXPECT_THAT(asked.cot.messages[1].content, StartsWith(asked.direct.messages[1].content));
  for (const Message& message : asked.cot.messages)
    EXPECT_THAT(message.content, Not(HasSubstr("SECRET")));
  EXPECT_THAT(asked.question, HasSubstr("pick([1, 2], \"x\")"));
  const LcbAsked tags = load(LcbScenario::testgen, "codellama").testgen(row);
  EXPECT_THAT(tags.direct.messages[0].content, HasSubstr("[PYTHON] and [/PYTHON]"));
}

std::string repair_turn(const LcbFailure& failure) {
  LcbAttempt attempt;
  attempt.code = "print({verdict})";
  attempt.failure = failure;
  return load(LcbScenario::repair, "openai-chat")
      .repair(problem(kStarter), attempt)
      .direct.messages[1]
      .content;
}

TEST(LcbRepairPrompts, TellWhatWentWrong) {
  LcbFailure failure{-2, "E", true, "IN", "OUT", "WANT"};
  const std::string wrong = repair_turn(failure);
  EXPECT_THAT(wrong, StartsWith("### Question:\nTHE {format} STATEMENT\n\n### Answer:\n```python\n"
                                "print({verdict})\n```\n\n"));
  EXPECT_THAT(wrong, HasSubstr("Input: IN\nIts output: OUT\nExpected: WANT\n"));
  EXPECT_THAT(wrong, HasSubstr("### Format: "));
  EXPECT_THAT(wrong, Not(HasSubstr("class Solution")));  // the official prompt has no starter code
  failure.error_code = -3;
  EXPECT_THAT(repair_turn(failure), HasSubstr("too long.\nE\nInput: IN\nExpected: WANT\n"));
  failure.error_code = -4;
  EXPECT_THAT(repair_turn(failure), HasSubstr("Input: IN\nExpected: WANT\nE\n"));
  failure.error_code = -1;
  EXPECT_THAT(repair_turn(failure), HasSubstr("does not compile:\nE\n"));
}

// The official code ends with an exception here; a run of -5 holds no test either.
TEST(LcbRepairPrompts, OtherFailuresGetPlainWords) {
  for (const int code : {0, -2, -4, -5, 7})
    EXPECT_THAT(repair_turn({code, "E", false, "", "", ""}),
                HasSubstr("The program above does not pass the tests. E\n"))
        << code;
}

TEST(LcbPrompts, WrongStylesAreErrors) {
  SuiteOptions options;
  options.lcb.style = "openai-chta";
  EXPECT_EQ(LcbPrompts::load(options, LcbScenario::code).error().message,
            "no LiveCodeBench prompt style \"openai-chta\" (did you mean \"openai-chat\"?)");
  options.lcb.style = "generic-base";
  EXPECT_EQ(LcbPrompts::load(options, LcbScenario::repair).error().kind, Error::Kind::usage);
}

TEST(LcbPrompts, EveryScenarioStyleAndProfileHasItsTexts) {
  std::set<std::string> hashes;
  for (const LcbStyle& style : lcb_prompt_styles())
    for (const LcbScenario scenario :
         {LcbScenario::code, LcbScenario::exec, LcbScenario::testgen, LcbScenario::repair})
      for (const char* profile : {"full", "compact"})
        if (scenario != LcbScenario::repair || !style.one_shot)
          hashes.insert(load(scenario, style.name, profile).sha256());
  EXPECT_GT(hashes.size(), 8u);
}

TEST(LcbPrompts, AnOverrideThatLostItsPlaceholderIsAnError) {
  const TestFolder folder;
  SuiteOptions options;
  options.prompts_dir = folder.path();
  const std::string path = folder.write("lcb.repair.turn.txt", "{question} {code}");
  EXPECT_EQ(LcbPrompts::load(options, LcbScenario::repair).error().message,
            path + ": the prompt has no {verdict}");
  EXPECT_TRUE(LcbPrompts::load(options, LcbScenario::code));  // does not use that prompt
}

}  // namespace
}  // namespace evalrun
