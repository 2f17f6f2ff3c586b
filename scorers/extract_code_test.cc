#include "scorers/extract_code.h"

#include <string>

#include <gtest/gtest.h>

namespace evalrun {
namespace {

constexpr auto kBackticks = CodeFence::backticks;
constexpr auto kTag = CodeFence::python_tag;
constexpr auto kNone = CodeFence::none;

// Expectations by the rules of utils/extraction_utils.py.
TEST(OfficialProgram, BetweenTheLastTwoFences) {
  EXPECT_EQ(official_program(kBackticks, "```python\na\n```"), "a");
  EXPECT_EQ(official_program(kBackticks, "```\na\n```\nso\n```python\nb\n\nc\n```\nend"), "b\n\nc");
  EXPECT_EQ(official_program(kBackticks, "```\na\n```\nb\n```"), "b");  // the last two, even so
  EXPECT_EQ(official_program(kBackticks, "x ``` y\na\n  ```"), "a");    // anywhere in the line
  EXPECT_EQ(official_program(kBackticks, "```\n```"), "");
  EXPECT_EQ(official_program(kBackticks, "```\n\n```"), "");
  EXPECT_EQ(official_program(kBackticks, "```\n\n\n```"), "\n");
  EXPECT_EQ(official_program(kBackticks, "```python\nunclosed"), "");
  EXPECT_EQ(official_program(kBackticks, "```a```"), "");  // one line is one fence
  EXPECT_EQ(official_program(kBackticks, ""), "");
  EXPECT_EQ(official_program(kBackticks, "<think>\n```\nx\n```\n</think>"), "x");
}

TEST(OfficialProgram, OtherStyles) {
  EXPECT_EQ(official_program(kTag, "[PYTHON]\na\n[/PYTHON]\n"), "a");
  EXPECT_EQ(official_program(kTag, "[PYTHON]\n```\na\n```"), "a");
  EXPECT_EQ(official_program(kTag, "a"), "");
  EXPECT_EQ(official_program(kNone, " \n```\na\n```\n"), "```\na\n```");
}

TEST(OfficialTestOutput, TheLastAssertLineOrTheFirstBlock) {
  EXPECT_EQ(official_test_output(kBackticks, "assert f(1) == 2\nassert f(2) == 3\nx"),
            "assert f(2) == 3");
  EXPECT_EQ(official_test_output(kBackticks, "```\nassertion\n```"), "assertion");
  EXPECT_EQ(official_test_output(kBackticks, " assert f(1) == 2"), "");
  EXPECT_EQ(official_test_output(kBackticks, "```\na\n```\n```python\nb\n```"), "b");
  EXPECT_EQ(official_test_output(kBackticks, "```\na\n```\n```\nb\n```"), "a");
  EXPECT_EQ(official_test_output(kBackticks, "```Python\nb"), "");
  EXPECT_EQ(official_test_output(kTag, "[PYTHON]\n a\n[/PYTHON]"), " a");
  EXPECT_EQ(official_test_output(kTag, "```\na\n```"), "");
}

TEST(OfficialCallOutput, DirectAndCot) {
  constexpr auto kDirect = PromptForm::direct, kCot = PromptForm::cot;
  EXPECT_EQ(official_call_output(kDirect, " 3 [/ANSWER] x"), "3");
  EXPECT_EQ(official_call_output(kDirect, "3\n4"), "3");
  EXPECT_EQ(official_call_output(kDirect, "\n3"), "");  // not stripped before the first line
  EXPECT_EQ(official_call_output(kDirect, "f(1) == \n3\n4"), "3");
  EXPECT_EQ(official_call_output(kDirect, "a == b == c"), "b");
  EXPECT_EQ(official_call_output(kCot, "a == 1 [ANSWER] f(1) == 2 [/ANSWER]"), "2");
  EXPECT_EQ(official_call_output(kCot, "[ANSWER]1[ANSWER]2"), "1");
  EXPECT_EQ(official_call_output(kCot, "so f(1) == 2 \nend"), "2");
  EXPECT_EQ(official_call_output(kDirect, ""), "");
}

std::string strict(CodeFence fence, std::string_view text) {
  const auto found = strict_program(fence, text);
  return found ? std::string(found->rule) + ": " + found->text : "(none)";
}

TEST(StrictProgram, ThePythonBlockThatComesLast) {
  EXPECT_EQ(strict(kBackticks, "```python\na\n```\n```py\nb\n```\nOutput:\n```\n3\n```"),
            "python block: b\n");
  EXPECT_EQ(strict(kBackticks, "```Python 3\na\n```"), "python block: a\n");
  EXPECT_EQ(strict(kBackticks, "```python\na\nb"), "python block: a\nb");
  EXPECT_EQ(strict(kBackticks, "```python\na\n```python\nb\n```"), "python block: b\n");
  EXPECT_EQ(strict(kBackticks, "```python\n\n```\n```python3\na\n```"), "python block: a\n");
}

TEST(StrictProgram, DropsThinking) {
  EXPECT_EQ(strict(kBackticks, "<think>\n```python\na\n```\n</think>none"), "(none)");
  EXPECT_EQ(strict(kBackticks, "<think>\n```\n</think>\n```python\na\n```"), "python block: a\n");
}

TEST(StrictProgram, BlocksWithoutATagMustLookLikePython) {
  EXPECT_EQ(strict(kBackticks, "```\n# read\nn = int(input())\n```\n```\n3 4\n```"),
            "code block: # read\nn = int(input())\n");
  EXPECT_EQ(strict(kBackticks, "```cpp\nint main() {}\n```"), "(none)");
  EXPECT_EQ(strict(kBackticks, "```\nYes\nNo\n```"), "(none)");
  EXPECT_EQ(strict(kBackticks, "```\nfor x in y:\n  print(x)\n```"),
            "code block: for x in y:\n  print(x)\n");
}

TEST(StrictProgram, TheWholeText) {
  EXPECT_EQ(strict(kBackticks, "import sys\nprint(1)"), "whole text: import sys\nprint(1)");
  EXPECT_EQ(strict(kNone, "a, b = map(int, input().split())"),
            "whole text: a, b = map(int, input().split())");
  EXPECT_EQ(strict(kBackticks, "print(1)"), "whole text: print(1)");
  for (const std::string_view prose :
       {"I cannot do that.", "for example, 3", "if we sort, it works", "import is not needed.",
        "The answer is x = 3.", "", "   \n", "3"}) {
    EXPECT_EQ(strict(kBackticks, prose), "(none)") << prose;
  }
}

TEST(StrictProgram, PythonTags) {
  EXPECT_EQ(strict(kTag, "[PYTHON]a[/PYTHON] [PYTHON]b"), "[PYTHON] block: b");
  EXPECT_EQ(strict(kTag, "[PYTHON] [/PYTHON]\n```python\nc\n```"), "python block: c\n");
  EXPECT_EQ(strict(kBackticks, "[PYTHON]a[/PYTHON]"), "(none)");
}

std::string test_output(std::string_view text) {
  const auto found = strict_test_output(text);
  return found ? std::string(found->rule) + ": " + found->text : "(none)";
}

TEST(StrictTestOutput, AssertionsThenLiterals) {
  EXPECT_EQ(
      test_output("assert f(1) == 2\n```\nassert g(x = [1, \"a == b\"]) == [3, 4], \"m\"\n```"),
      "assertion: [3, 4]");
  EXPECT_EQ(test_output("assert Solution().f(1) == 2  # so"), "assertion: 2");
  EXPECT_EQ(test_output("assert f(1) == [\n1,\n2]\n"), "assertion: [\n1,\n2]");
  EXPECT_EQ(test_output("assert f(1) == 2\nassert f(2)\n"), "assertion: 2");
  EXPECT_EQ(test_output("So:\n```\n[1, 2]\n```"), "code block: [1, 2]");
  EXPECT_EQ(test_output(" True\n"), "whole text: True");
  EXPECT_EQ(test_output("<think>assert f(1) == 2</think>"), "(none)");
  EXPECT_EQ(test_output("assert f(1 == 2"), "(none)");
  EXPECT_EQ(test_output("I do not know"), "(none)");
}

// What is found is never more than was said, and never empty.
TEST(ExtractCode, SafeOnEveryTruncation) {
  const std::string whole =
      "<think>a</think>\n```python\nassert f(\"x\") == [1]\n```\n[PYTHON]\nb = 1\n[/PYTHON]";
  const auto is_sane = [](const std::optional<Extracted>& found, std::size_t said) {
    return !found || (!found->text.empty() && found->text.size() <= said);
  };
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    const std::string text = whole.substr(0, n);
    for (const CodeFence fence : {kBackticks, kTag, kNone}) {
      EXPECT_LE(official_program(fence, text).size(), n);
      EXPECT_LE(official_test_output(fence, text).size(), n);
      EXPECT_TRUE(is_sane(strict_program(fence, text), n)) << text;
    }
    EXPECT_TRUE(is_sane(strict_test_output(text), n)) << text;
  }
}

}  // namespace
}  // namespace evalrun
