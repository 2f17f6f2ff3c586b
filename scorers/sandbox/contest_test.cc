// Whole programs and methods, as contests have them: hostile ones with the exact status each must
// get, twice in a row, and what honest ones may rely on.
#include <gmock/gmock.h>

#include "scorers/sandbox/sandbox.h"
#include "scorers/sandbox/test_support.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr ProgramKind kProgram = ProgramKind::program;
constexpr ProgramKind kMethod = ProgramKind::method;
constexpr ProgramKind kOfficialProgram = ProgramKind::official_program;
constexpr ProgramKind kOfficialMethod = ProgramKind::official_method;

constexpr Limits kLimits{.cpu_ms = 600,
                         .wall_ms = 20'000,
                         .memory_bytes = 512 << 20,
                         .output_bytes = 1 << 20,
                         .processes = 16};

// What the programs were meant to print. It stays in this process.
constexpr std::string_view kExpected = "the 4711-answer";

struct Row {
  const char* name;
  ProgramKind kind;
  RunStatus status;
  const char* says = "";  // the output or value if ok, else a part of the reason
  int number = 0;         // exit code or signal
};

const Row kRows[] = {
    {"frame_walk", kProgram, RunStatus::ok, "nothing\n"},
    {"frame_walk", kOfficialProgram, RunStatus::ok, "nothing\n"},
    {"object_search", kProgram, RunStatus::ok, "0\n"},
    {"object_search", kOfficialProgram, RunStatus::ok, "0\n"},
    {"forge_protocol", kProgram, RunStatus::ok, "sprayed\n"},
    {"forge_protocol", kOfficialProgram, RunStatus::ok, "sprayed\n"},
    {"exit_zero", kProgram, RunStatus::ok, ""},
    {"exit_zero", kOfficialProgram, RunStatus::exited, "before"},
    {"sys_exit_zero", kProgram, RunStatus::ok, ""},
    {"sys_exit_zero", kOfficialProgram, RunStatus::ok, ""},
    {"sys_exit_text", kProgram, RunStatus::exited, "before", 1},
    {"quit_early", kProgram, RunStatus::ok, ""},
    {"quit_early", kOfficialProgram, RunStatus::raised, "TypeError"},
    {"late_output", kProgram, RunStatus::ok, "early\nlate\n"},
    {"late_output", kOfficialProgram, RunStatus::ok, "early\n"},
    {"swallow_everything", kProgram, RunStatus::time_limit, "CPU time"},
    {"swallow_everything", kOfficialProgram, RunStatus::time_limit, "CPU time"},
    {"switch_off_clock", kProgram, RunStatus::time_limit, "CPU time"},
    {"switch_off_clock", kOfficialProgram, RunStatus::time_limit, "CPU time"},
    {"read_ahead", kProgram, RunStatus::ok, "'7\\n' b'7\\n' 2\n"},
    {"spoil_stdin", kProgram, RunStatus::ok, "'7\\n'\n"},
    {"seal_stdin", kProgram, RunStatus::ok, "refused\n"},
    {"unblock_stdout", kProgram, RunStatus::ok, "unblocked\n"},
    {"close_stdout", kProgram, RunStatus::ok, ""},
    {"many_threads", kProgram, RunStatus::ok, "50000\n"},
    {"deep_recursion", kProgram, RunStatus::ok, "30000\n"},
    {"endless_recursion", kProgram, RunStatus::signaled, "11", 11},
    {"zombies", kProgram, RunStatus::ok, "left to rot\n"},
    {"orphans", kProgram, RunStatus::ok, "gone\n"},
    {"huge_mapping", kProgram, RunStatus::raised, "OSError"},
    {"stderr_flood", kProgram, RunStatus::output_limit, "stdout or stderr"},
    {"stderr_flood", kOfficialProgram, RunStatus::output_limit, "stdout or stderr"},
    {"set_clock", kProgram, RunStatus::ok, "refused\n"},
    {"look_around", kProgram, RunStatus::ok,
     "['HOME', 'LC_CTYPE', 'PYTHONHASHSEED', 'TMPDIR'] ['program.py'] /tmp [] __main__ sandbox\n"},
    {"read_proc", kProgram, RunStatus::ok, "[]\n"},
    {"mount_something", kProgram, RunStatus::ok, "-1 1\n"},
    {"raise_limits", kProgram, RunStatus::ok, "[]\n"},
    {"leave_files", kProgram, RunStatus::ok, "[]\n"},
    {"always_equal", kMethod, RunStatus::ok, "<Yes object>"},
    {"always_equal", kOfficialMethod, RunStatus::ok, "<Yes object>"},
    {"lying_list", kMethod, RunStatus::ok, "[7]"},
    {"lying_list", kOfficialMethod, RunStatus::ok, "[7]"},
    {"wake_the_host", kMethod, RunStatus::signaled, "9", 9},
    {"wake_the_host", kOfficialMethod, RunStatus::signaled, "9", 9},
    {"own_verdict", kMethod, RunStatus::ok, "'forged'"},
    {"next_inputs", kMethod, RunStatus::ok, "False"},
};

class ContestTestcases : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() {
    auto opened = open_sandbox(1);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    sandbox_ = opened->release();
    for (const ProgramKind kind : {kProgram, kOfficialProgram})  // workers start when needed
      sandbox_->run({kind, "pass"}, kLimits);
  }
  static void TearDownTestSuite() {
    delete sandbox_;
    sandbox_ = nullptr;
  }
  static Sandbox* sandbox_;
};
Sandbox* ContestTestcases::sandbox_ = nullptr;

std::string output_of(ProgramKind kind, const RunResult& result) {
  return kind == kProgram ? result.stdout_text : result.value;
}

TEST_P(ContestTestcases, GetsItsStatusTwice) {
  ASSERT_NE(sandbox_, nullptr);
  const Row& row = GetParam();
  const auto zygotes = sandbox_->worker_pids();
  const bool method = row.kind == kMethod || row.kind == kOfficialMethod;
  const Program program{row.kind, testcase(std::string("contest/") + row.name),
                        method ? "solve" : ""};
  for (int run = 0; run < 2; ++run) {
    const RunResult result = sandbox_->run(program, kLimits, method ? "7" : "7\n");
    SCOPED_TRACE(fmt::format("run {}: {} ({}), {}", run, name(result.status), result.reason,
                             output_of(row.kind, result).substr(0, 200)));
    EXPECT_EQ(name(result.status), name(row.status));
    if (row.status == RunStatus::ok) {
      EXPECT_EQ(output_of(row.kind, result), row.says);
    } else {
      EXPECT_THAT(result.reason, HasSubstr(row.says));
    }
    EXPECT_THAT(output_of(row.kind, result), testing::Not(HasSubstr(kExpected)));
    EXPECT_EQ(result.exit_code, row.status == RunStatus::exited ? row.number : 0);
    EXPECT_EQ(result.signal, row.status == RunStatus::signaled ? row.number : 0);
    for (const int zygote : zygotes) EXPECT_TRUE(soon_has_no_children(zygote));
  }
  EXPECT_THAT(sandbox_->worker_pids(), testing::UnorderedElementsAreArray(zygotes))
      << "the program brought its zygote down";
}

std::string row_name(const testing::TestParamInfo<Row>& info) {
  constexpr const char* kKinds[] = {"assert",           "call",           "program", "method",
                                    "official_program", "official_method"};
  return fmt::format("{}_{}", info.param.name, kKinds[static_cast<int>(info.param.kind)]);
}
INSTANTIATE_TEST_SUITE_P(Each, ContestTestcases, testing::ValuesIn(kRows), row_name);

TEST(ContestFiles, EachHasARow) {
  const auto folder =
      std::filesystem::path(EVALRUN_SOURCE_DIR) / "scorers/sandbox/testcases/contest";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const bool listed =
        std::ranges::any_of(kRows, [&](const Row& row) { return entry.path().stem() == row.name; });
    EXPECT_TRUE(listed) << entry.path();
  }
}

// ------------------------------------------------------------------------------------- sessions

class Contest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_sandbox(1);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    sandbox_ = *std::move(opened);
  }

  // The outputs of the tests; of one that is not ok "status: reason".
  std::vector<std::string> outputs(ProgramKind kind, const std::string& source,
                                   const std::vector<std::string_view>& inputs,
                                   const std::string& method = "") {
    std::vector<std::string> out;
    sandbox_->run_tests(
        {kind, source, method}, limits_, inputs, [&](std::size_t test, const RunResult& result) {
          EXPECT_EQ(test, out.size());
          before_tests_ = result.before_tests;
          out.push_back(result.status == RunStatus::ok
                            ? output_of(kind, result)
                            : fmt::format("{}: {}", name(result.status), result.reason));
          return out.size() < enough_;
        });
    return out;
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::size_t enough_ = 1000;
  bool before_tests_ = false;
  Limits limits_ = kLimits;
};

TEST_F(Contest, AWholeProgramStartsAnewForEachInput) {
  const std::string source =
      "import sys, builtins\nseen = getattr(builtins, 'seen', [])\nbuiltins.seen = seen\n"
      "seen.append(input())\nopen('/tmp/x', 'a').write('y')\nprint(seen, "
      "len(open('/tmp/x').read()))";
  EXPECT_THAT(outputs(kProgram, source, {"a\n", "b\n", "c"}),
              ElementsAre("['a'] 1\n", "['b'] 1\n", "['c'] 1\n"));
}

TEST_F(Contest, AWholeProgramReadsItsInputAsItLikes) {
  const std::string_view two = "1 2\n3\n";
  for (const char* source : {
           "print(input()); print(input())",
           "import sys\nfor line in sys.stdin: print(line, end='')",
           "import sys\nsys.stdout.write(''.join(sys.stdin.readlines()))",
           "import sys\nr = sys.stdin.buffer.readline\nprint(r().decode(), r().decode(), sep='', "
           "end='')",
           "print(open(0).read(), end='')",
           "import os\nos.write(1, os.read(0, 100))",
           "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())",
           "import sys\ndef main():\n    print(sys.stdin.read(), end='')\nif '__main__' == "
           "__name__: main()\n",
           "if __name__ == '__main__':\n    a = input()\nprint(a)\nprint(input())",
           "x = 0\ndef f():\n    global x\n    x = input()\nf(); print(x); print(input()); exit()",
           "import io, os, sys\nsys.stdin = io.StringIO(os.read(0, 100).decode())\n"
           "print(input()); print(input()); sys.exit()",
       }) {
    EXPECT_THAT(outputs(kProgram, source, {two}), ElementsAre(two)) << source;
  }
  EXPECT_THAT(outputs(kProgram, "x = input('prompt ')\nprint(x)", {"5"}),
              ElementsAre("prompt 5\n"));
}

// Expectations: python3 -X utf8 under LC_CTYPE=C.UTF-8, with a file and two pipes.
TEST_F(Contest, AWholeProgramHasTheStreamsOfAnOrdinaryOne) {
  const std::string source =
      "import sys\ni, o, e = sys.stdin, sys.stdout, sys.stderr\nfirst = i.readline()\n"
      "print(i.seekable(), o.seekable(), i.buffer.tell(), i.seek(0), i.read() == first + 'b\\n')\n"
      "print(o.line_buffering, e.line_buffering, i.encoding, o.errors, e.errors, o.fileno())";
  const std::string expected =
      "True False 4 0 True\nFalse True utf-8 surrogateescape backslashreplace 1\n";
  EXPECT_THAT(outputs(kProgram, source, {"a\nb\n", "a\nb\n"}), ElementsAre(expected, expected));
}

// The first process of a program leaves its compiled code to the others, where programs can reach.
TEST_F(Contest, AProgramThatSpoilsItsKeptCodeHarmsItselfAlone) {
  const std::string source =
      "import sys\nframe = sys._getframe()\n"
      "while '_keep_code' not in frame.f_globals: frame = frame.f_back\n"
      "frame.f_globals['_keep_code'](b'garbage', 7)\nprint(input())";
  EXPECT_THAT(outputs(kProgram, source, {"a", "b"}),
              ElementsAre("a\n", "raised: EOFError: marshal data too short"));
  EXPECT_THAT(outputs(kProgram, "print(input())", {"a", "b"}), ElementsAre("a\n", "b\n"));
}

TEST_F(Contest, CodeThatIsTooLongToKeepIsCompiledAgain) {
  std::string source;  // its constants are folded: 400 kB of code from 2 kB of text
  for (int i = 100; i < 200; ++i) source += fmt::format("x = '{}z' * 1000\n", i);
  EXPECT_THAT(outputs(kProgram, source + "print(input(), len(x))", {"a", "b", "c"}),
              ElementsAre("a 4000\n", "b 4000\n", "c 4000\n"));
}

TEST_F(Contest, AWholeProgramMayBeBadInManyWays) {
  EXPECT_THAT(outputs(kProgram, "print(1", {""})[0], HasSubstr("raised: SyntaxError"));
  EXPECT_THAT(outputs(kProgram, "\xff", {""})[0], HasSubstr("raised: UnicodeDecodeError"));
  EXPECT_THAT(outputs(kProgram, "input()", {""})[0], HasSubstr("raised: EOFError"));
  EXPECT_THAT(outputs(kProgram, "import no_such_module", {""})[0],
              HasSubstr("raised: ModuleNotFoundError: No module named 'no_such_module'"));
  EXPECT_THAT(outputs(kProgram, "print('x' * (1 << 21))", {""})[0], HasSubstr("output_limit"));
  EXPECT_THAT(outputs(kProgram, "a = bytearray(1 << 30)", {""})[0], HasSubstr("memory_limit"));
  EXPECT_THAT(outputs(kProgram, "import os; os.kill(os.getpid(), 6)", {""})[0],
              HasSubstr("signaled: signal 6"));
}

TEST_F(Contest, StopsAtTheFirstBadTestAndWhenTheObserverHasEnough) {
  const std::string source = "n = int(input())\nprint(10 // n)";
  EXPECT_THAT(outputs(kProgram, source, {"1", "0", "2"}),
              ElementsAre("10\n", "raised: ZeroDivisionError: integer division or modulo by zero"));
  enough_ = 2;
  EXPECT_THAT(outputs(kProgram, source, {"1", "2", "5"}), ElementsAre("10\n", "5\n"));
  EXPECT_THAT(outputs(kOfficialProgram, source, {"1", "2", "5"}), ElementsAre("10\n", "5\n"));
  enough_ = 1000;  // and the worker is in its right mind afterwards
  EXPECT_THAT(outputs(kOfficialProgram, source, {"1", "2", "5"}),
              ElementsAre("10\n", "5\n", "2\n"));
}

TEST_F(Contest, LongInputsAndOutputsPass) {
  const std::string input(900'000, 'x');
  EXPECT_THAT(outputs(kProgram, "print(len(input()))", {input, "1"}),
              ElementsAre("900000\n", "1\n"));
  EXPECT_THAT(outputs(kOfficialProgram, "print(len(input()))", {"1", input}),
              ElementsAre("1\n", "900000\n"));
  EXPECT_EQ(outputs(kProgram, "print('y' * 900000)", {""})[0].size(), 900'001U);
  EXPECT_EQ(outputs(kOfficialProgram, "print('y' * 900000)", {""})[0].size(), 900'001U);
}

TEST_F(Contest, AMethodGetsANewInstanceForEachInput) {
  const std::string source =
      "class Solution:\n    def __init__(self): self.seen = []\n"
      "    def f(self, a: List[int], b): self.seen.append(a); return self.seen, (b, None), {'k': "
      "1.5}";
  EXPECT_THAT(outputs(kMethod, source, {"[1]\n\"x\"", "[2]\ntrue"}, "f"),
              ElementsAre("([[1]], ('x', None), {'k': 1.5})", "([[2]], (True, None), {'k': 1.5})"));
  EXPECT_THAT(outputs(kMethod, "def f(a): return a + 1", {"1"}, "f"), ElementsAre("2"));
  EXPECT_THAT(outputs(kMethod, "class Solution: pass", {"1"}, "f")[0], HasSubstr("AttributeError"));
  EXPECT_THAT(outputs(kMethod, "def f(a): return 10 ** 5000", {"1"}, "f")[0].size(), 5001U);
}

// ------------------------------------- LiveCodeBench's grader: scorers.md 3.3 of the design, M5

TEST_F(Contest, TheOfficialGraderKeepsOneInstanceAndItsTimer) {
  const std::string source =
      "class Solution:\n    def __init__(self): self.seen = []\n"
      "    def f(self, a): self.seen.append(a); return self.seen";
  EXPECT_THAT(outputs(kOfficialMethod, source, {"1", "2"}, "f"), ElementsAre("[1]", "[1, 2]"));
  EXPECT_THAT(outputs(kOfficialMethod,
                      "class Solution:\n  def f(self, a):\n    while a: pass\n    return 1",
                      {"0", "1"}, "f"),
              ElementsAre("1", "time_limit: TimeoutException()"));
  EXPECT_THAT(outputs(kOfficialMethod, "class Solution: pass", {"1"}, "f"),
              ElementsAre("raised: cannot unpack non-iterable NoneType object"));
  EXPECT_TRUE(before_tests_);
  EXPECT_THAT(
      outputs(kOfficialMethod, "class Solution:\n def f(self): raise ValueError('no')", {"1"}, "f"),
      ElementsAre(HasSubstr("raised: TypeError(")));
  EXPECT_FALSE(before_tests_);
}

TEST_F(Contest, TheOfficialGraderHasItsPrelude) {
  // Names of the modules and then the modules themselves: `datetime` and `bisect` are modules.
  EXPECT_THAT(outputs(kOfficialProgram,
                      "print(Counter('aa'), heappop([1]), datetime.datetime(2024, 1, 2).year, "
                      "pow(2, 3, 5), List, bisect.bisect([1], 1), sys.getrecursionlimit())",
                      {""}),
              ElementsAre("Counter({'a': 2}) 1 2024 3 typing.List 1 50000\n"));
  EXPECT_THAT(outputs(kOfficialProgram, "print(bisect([1], 1))", {""})[0],
              HasSubstr("raised: TypeError"));
  EXPECT_THAT(outputs(kOfficialProgram, "from __future__ import annotations\nprint(1)", {""})[0],
              HasSubstr("raised: from __future__ imports must occur at the beginning"));
  EXPECT_TRUE(before_tests_);
}

// The grader has loaded it before its guard forbids what NumPy does as it is loaded.
TEST_F(Contest, NumpyWorksUnderTheGraderWhereTheMachineHasIt) {
  limits_.memory_bytes = std::int64_t{4} << 30;
  limits_.cpu_ms = 20'000;
  limits_.processes = 64;
  const std::string source = "import numpy as np\nprint(np.arange(4).sum())";
  if (outputs(kProgram, source, {""})[0].contains("ModuleNotFoundError"))
    GTEST_SKIP() << "no numpy on this machine";
  EXPECT_THAT(outputs(kProgram, source, {""}), ElementsAre("6\n"));
  EXPECT_THAT(outputs(kOfficialProgram, source, {""}), ElementsAre("6\n"));
  EXPECT_THAT(outputs(kOfficialProgram, "import numpy, os\nprint(os.putenv, os.getcwd)", {""}),
              ElementsAre("None None\n"));
}

TEST_F(Contest, TheOfficialGradersKnownFaults) {
  const auto one = [&](const char* source) {
    return outputs(kOfficialProgram, source, {"1 2\n3\n"})[0];
  };
  EXPECT_EQ(one("print(input()); print(input())"), "1 2\n3\n");
  EXPECT_EQ(one("print(sys.stdin.readlines())"), "['1 2', '3', '']\n");
  EXPECT_EQ(one("sys.stdin.read(); print(sys.stdin.read())"), "1 2\n3\n\n");
  EXPECT_THAT(one("for line in sys.stdin: print(line)"), HasSubstr("raised: TypeError("));
  EXPECT_EQ(one("r = sys.stdin.buffer.readline\nprint(r(), r())"), "b'1 2\\n' b'1 2\\n'\n");
  EXPECT_THAT(one("sys.stdout.buffer.write(b'1')"), HasSubstr("raised: AttributeError("));
  EXPECT_EQ(one("print(repr(open(0).read()))"), "''\n");
  EXPECT_THAT(one("x = 0\ndef f():\n    global x\n    x += 1\nf()"),
              HasSubstr("raised: NameError("));
  EXPECT_EQ(one("def main(): print(1)\nif '__main__' == __name__: main()"), "");
  EXPECT_EQ(one("if __name__ == '__main__':\n    print(1)\nprint(2)"), "2\n");
  EXPECT_EQ(one("print(2)\nif __name__ == \"__main__\":\n    print(1)"), "2\n1\n");
  EXPECT_THAT(one("quit()"), HasSubstr("raised: TypeError("));
  EXPECT_EQ(one("print(1); exit(); print(2)"), "1\n");
  EXPECT_EQ(one("x = input('prompt ')\nprint(x)"), "prompt 1 2\n");
  EXPECT_THAT(one("print(1"), HasSubstr("raised: '(' was never closed"));
  EXPECT_TRUE(before_tests_);
  EXPECT_THAT(one("try:\n    from math import *\nexcept ImportError: pass\nprint(1)"),
              HasSubstr("raised: import * only allowed at module level"));
}

}  // namespace
}  // namespace evalrun
