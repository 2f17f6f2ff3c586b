// Tiny bad programs, each with the exact status it must get, twice in a row: what the first run did
// must not show in the second.
#include "scorers/sandbox/sandbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "scorers/sandbox/test_support.h"

namespace evalrun {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr ProgramKind kOfficial = ProgramKind::official_assert;
constexpr ProgramKind kCall = ProgramKind::call;

// Short, so that the tests of limits are; the wall limit has room for a busy machine.
constexpr Limits kTestLimits{.cpu_ms = 400, .wall_ms = 20'000, .memory_bytes = 192 << 20};
constexpr Limits kShortWall{.cpu_ms = 400, .wall_ms = 300, .memory_bytes = 192 << 20};

constexpr Limits kManyHogs{.cpu_ms = 5000, .wall_ms = 20'000, .memory_bytes = 256 << 20};

struct Row {
  const char* name;
  ProgramKind kind;
  RunStatus status;
  const char* says = "";  // the value if ok, else a part of the reason
  int number = 0;         // exit code or signal
  Limits limits = kTestLimits;
};

constexpr char kHostileValue[] =
    "[[1], {'a': 1}, 't', <Other object>, (1, 2), {'a': 2, 'b': 1}, [1, <recursion>], "
    "<range object>, True, -0.0, nan, 1j, {1, 2, 3}, set(), set(), b'b']";

constexpr char kNeedsMemoryGroup[] = "memory of all its processes";

const Row kRows[] = {
    {"ok", kCall, RunStatus::ok, "[1, 'a', (2.5,), {'k': None}]"},
    {"raise", kCall, RunStatus::raised, "ValueError: no"},
    {"assert_false", kOfficial, RunStatus::raised, "AssertionError"},
    {"assert_false", kCall, RunStatus::raised, "AssertionError"},
    {"syntax_error", kOfficial, RunStatus::raised, "SyntaxError"},
    {"sys_exit", kOfficial, RunStatus::exited, "SystemExit", 7},
    {"sys_exit", kCall, RunStatus::exited, "SystemExit", 7},
    {"os_exit", kOfficial, RunStatus::exited, "before"},
    {"os_exit", kCall, RunStatus::exited, "before"},
    {"infinite_loop", kOfficial, RunStatus::time_limit, "raised in the program"},
    {"infinite_loop", kCall, RunStatus::time_limit, "CPU time"},
    {"busy_not_asleep", kCall, RunStatus::time_limit, "CPU time", 0, kShortWall},
    {"sleep", kCall, RunStatus::time_limit, "wall time", 0, kShortWall},
    {"memory_bomb", kCall, RunStatus::memory_limit, "MemoryError"},
    {"memory_bomb", kOfficial, RunStatus::memory_limit, "MemoryError"},
    {"output_flood", kCall, RunStatus::output_limit, "stdout"},
    {"output_flood", kOfficial, RunStatus::output_limit, "stdout"},
    {"value_flood", kCall, RunStatus::output_limit, "value"},
    {"fork_bomb", kCall, RunStatus::ok, "15"},
    {"exponential_fork_bomb", kCall, RunStatus::time_limit, "", 0, kShortWall},
    {"forked_twin", kCall, RunStatus::ok, "'original'"},
    {"daemon", kCall, RunStatus::ok, "'left'"},
    {"write_outside", kCall, RunStatus::ok, "6"},
    {"write_inside", kCall, RunStatus::ok, "([], '/tmp')"},
    {"hard_to_wipe", kCall, RunStatus::ok, "[]"},
    {"fill_disk", kCall, RunStatus::ok, "'ENOSPC'"},
    {"symlinks", kCall, RunStatus::ok, "([], False, False)"},
    {"network", kCall, RunStatus::ok, "5"},
    {"asyncio_works", kCall, RunStatus::ok, "42"},
    {"private_files", kCall, RunStatus::ok, "[]"},
    {"host_name", kCall, RunStatus::ok,
     "('sandbox', True, 1, ['HOME', 'LC_CTYPE', 'PYTHONHASHSEED', 'TMPDIR'])"},
    {"ptrace", kCall, RunStatus::ok, "(-1, 1)"},
    {"kill_everybody", kCall, RunStatus::ok, "1"},
    {"kill_self", kCall, RunStatus::signaled, "9", SIGKILL},
    {"starve_zygote", kCall, RunStatus::ok, "3"},
    {"become_root", kCall, RunStatus::ok, "(8, True)"},
    {"raw_syscalls", kCall, RunStatus::ok, "'refused'"},
    {"deep_recursion", kCall, RunStatus::raised, "RecursionError"},
    {"stack_overflow", kCall, RunStatus::signaled, "11", SIGSEGV},
    {"hostile_str", kCall, RunStatus::raised, "Evil"},
    {"hostile_value", kCall, RunStatus::ok, kHostileValue},
    {"function_value", kCall, RunStatus::ok, "<function object>"},
    {"spray_descriptors", kCall, RunStatus::ok, "[]"},
    {"close_descriptors", kCall, RunStatus::ok, "'still here'"},
    {"spray_and_exit", kOfficial, RunStatus::exited, "before"},
    {"threads", kCall, RunStatus::ok, "5"},
    {"block_signals", kOfficial, RunStatus::time_limit, "CPU time"},
    {"patched_builtins", kCall, RunStatus::raised, "KeyError: patched"},
    {"patched_builtins", kOfficial, RunStatus::raised, "KeyError: patched"},
    {"at_exit", kCall, RunStatus::ok, "'done'"},
    {"many_hogs", kCall, RunStatus::memory_limit, kNeedsMemoryGroup, 0, kManyHogs},
    {"swallow_timeout", kOfficial, RunStatus::ok, ""},
    {"swallow_timeout", kCall, RunStatus::time_limit, "CPU time"},
    {"swallow_for_ever", kOfficial, RunStatus::time_limit, "CPU time"},
    {"official_environment", kOfficial, RunStatus::ok, ""},
};

// One sandbox with one worker for all rows: each program runs where all before it ran.
class SandboxTestcases : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() {
    auto opened = open_sandbox(1);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    sandbox_ = opened->release();
    for (const ProgramKind kind : {kOfficial, kCall})  // workers start when they are needed
      sandbox_->run({kind, "def f(): pass"}, kTestLimits);
  }
  static void TearDownTestSuite() {
    delete sandbox_;
    sandbox_ = nullptr;
  }
  static Sandbox* sandbox_;
};
Sandbox* SandboxTestcases::sandbox_ = nullptr;

TEST_P(SandboxTestcases, GetsItsStatusTwice) {
  ASSERT_NE(sandbox_, nullptr);
  const Row& row = GetParam();
  if (row.says == kNeedsMemoryGroup && !has_layer(*sandbox_, kMemoryGroup))
    GTEST_SKIP() << "no memory groups here: evalrun doctor says why";
  const auto zygotes = sandbox_->worker_pids();
  for (int run = 0; run < 2; ++run) {
    const RunResult result = sandbox_->run({row.kind, testcase(row.name), ""}, row.limits);
    SCOPED_TRACE(fmt::format("run {}: {} ({}), value {}", run, name(result.status), result.reason,
                             result.value.substr(0, 200)));
    EXPECT_EQ(name(result.status), name(row.status));
    if (row.status == RunStatus::ok) {
      EXPECT_EQ(result.value, row.says);
      EXPECT_EQ(result.reason, "");
      EXPECT_EQ(result.stdout_text, "");
    } else {
      EXPECT_THAT(result.reason, HasSubstr(row.says));
    }
    EXPECT_EQ(result.exit_code, row.status == RunStatus::exited ? row.number : 0);
    EXPECT_EQ(result.signal, row.status == RunStatus::signaled ? row.number : 0);
    for (const int zygote : zygotes) EXPECT_TRUE(soon_has_no_children(zygote));
  }
  EXPECT_THAT(sandbox_->worker_pids(), testing::UnorderedElementsAreArray(zygotes))
      << "the program brought the zygote down";
}

INSTANTIATE_TEST_SUITE_P(Each, SandboxTestcases, testing::ValuesIn(kRows), [](const auto& info) {
  return fmt::format("{}_{}", info.param.name, info.param.kind == kCall ? "call" : "official");
});

TEST(Sandbox, EachTestcaseFileHasARow) {
  const auto folder = std::filesystem::path(EVALRUN_SOURCE_DIR) / "scorers/sandbox/testcases";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_directory()) continue;  // contest/: contest_test.cc
    const bool listed =
        std::ranges::any_of(kRows, [&](const Row& row) { return entry.path().stem() == row.name; });
    EXPECT_TRUE(listed) << entry.path();
  }
}

TEST(Sandbox, EvaluatesOneCallWithTheArgumentsGiven) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const std::string code = "base = 10\ndef f(a, *more, k=0):\n    return [a, *more, k]";
  const auto value = [&](const std::string& arguments) {
    const RunResult result = (*sandbox)->run({kCall, code, arguments}, kTestLimits);
    return result.status == RunStatus::ok ? result.value : std::string(name(result.status));
  };
  EXPECT_EQ(value("1"), "[1, 0]");
  EXPECT_EQ(value("1, 'x', k=[2],"), "[1, 'x', [2]]");  // a trailing comma, as the dataset has
  EXPECT_EQ(value("base, lambda: 0"), "[10, <function object>, 0]");
  EXPECT_EQ(value("1 # comment"), "[1, 0]");
  EXPECT_EQ(value("'\u00e9\\ud800'"), "['\u00e9\\ud800', 0]");
  EXPECT_EQ(value("1e999, -1e999"), "[1e999, -1e999, 0]");
  EXPECT_EQ(value("'" + std::string(300, '(') + "'"), "['" + std::string(300, '(') + "', 0]");
  for (const char* not_one_call : {"", "1)(2", "1) or (2", "1), (2", "1 2", ")", "\xff"}) {
    EXPECT_EQ(value(not_one_call), "raised") << not_one_call;
  }
}

TEST(Sandbox, WritesLongIntegersAndDeepNests) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const auto value = [&](const std::string& body) {
    return (*sandbox)->run({kCall, "def f():\n" + body, ""}, kTestLimits).value;
  };
  EXPECT_EQ(value("  return 10 ** 5000"), "1" + std::string(5000, '0'));  // past the limit of str()
  const std::string nest = value("  x = []\n  for _ in range(5000): x = [x]\n  return x");
  EXPECT_EQ(nest, std::string(200, '[') + "<too deep>" + std::string(200, ']'));
}

TEST(Sandbox, CapturesWhatACallPrints) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const std::string code = "import sys\nprint('out')\nsys.stderr.write('err')\ndef f(): print(1)";
  const RunResult result = (*sandbox)->run({kCall, code, ""}, kTestLimits);
  EXPECT_EQ(result.value, "None");
  EXPECT_EQ(result.stdout_text, "out\n1\n");
  EXPECT_EQ(result.stderr_text, "err");
  EXPECT_GT(result.peak_memory_bytes, 1 << 20);
  EXPECT_LT(result.peak_memory_bytes, 192 << 20);
}

TEST(Sandbox, AKilledZygoteIsReplacedAndTheProgramRunAgain) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const auto before = (*sandbox)->worker_pids();
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(kill(before[0], SIGKILL), 0);
  EXPECT_EQ((*sandbox)->run({kCall, testcase("ok"), ""}, kTestLimits).status, RunStatus::ok);
  EXPECT_NE((*sandbox)->worker_pids(), before);
}

TEST(Sandbox, AZygoteKilledAgainAndAgainIsOurFailureNotTheProgramsFault) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  std::atomic<bool> done = false;
  std::jthread killer([&, first = (*sandbox)->worker_pids().at(0)] {
    kill(first, SIGKILL);
    while (!done) {  // the replacement is a child of ours as well
      for_each_process([](int pid, int parent) {
        if (parent == getpid()) kill(pid, SIGKILL);
      });
      usleep(1000);
    }
  });
  const RunResult result = (*sandbox)->run({kCall, testcase("sleep"), ""}, kTestLimits);
  done = true;
  EXPECT_EQ(name(result.status), "sandbox_error");
  killer.join();
  EXPECT_EQ((*sandbox)->run({kCall, testcase("ok"), ""}, kTestLimits).status, RunStatus::ok);
}

TEST(Sandbox, RunsFromManyThreadsAtOnce) {
  auto sandbox = open_sandbox(2);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 10; ++i) {
          const std::string argument = std::to_string(thread * 100 + i);
          const auto result = (*sandbox)->run({kCall, "def f(x): return x", argument}, kTestLimits);
          if (result.value == argument) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 60);
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

TEST(Sandbox, LeavesNoDescriptorAndNoProcess) {
  const std::size_t descriptors = open_descriptors();
  const int children = children_of(getpid());
  {
    auto sandbox = open_sandbox(2);
    ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
    EXPECT_EQ(children_of(getpid()), children + 1);
    for (const char* name : {"daemon", "fork_bomb", "write_inside", "os_exit"}) {
      (*sandbox)->run({kCall, testcase(name), ""}, kTestLimits);
    }
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(children_of(getpid()), children);
}

TEST(Sandbox, AllLayersAreActiveAndNamed) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  EXPECT_GE((*sandbox)->layers().size(), 8U);
  for (const Layer& layer : (*sandbox)->layers())
    EXPECT_TRUE(layer.active || !layer.required) << layer.name << ": " << layer.lost;
  EXPECT_THAT((*sandbox)->python_version(), testing::StartsWith("3."));
}

TEST(Sandbox, SaysWhichPythonIsNone) {
  const auto none = Sandbox::open({.workers = 1, .python = "/bin/true", .unsafe = false});
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(none.error().message, HasSubstr("/bin/true is no Python"));
}

// ------------------------------------------------------------ a machine without user namespaces

// Makes this process one that cannot create user namespaces: inside a fresh one, the limit is 0.
bool forbid_user_namespaces() {
  const auto write_text = [](const char* path, const std::string& text) {
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    const bool ok = fd >= 0 && write(fd, text.data(), text.size()) == std::ssize(text);
    if (fd >= 0) close(fd);
    return ok;
  };
  const std::string map = fmt::format("0 {} 1", geteuid());
  return unshare(CLONE_NEWUSER) == 0 && write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", map) &&
         write_text("/proc/sys/user/max_user_namespaces", "0");
}

// In a process of its own; its exit code says which expectation failed.
int check_refusal_without_user_namespaces() {
  if (!forbid_user_namespaces()) return 1;
  const auto refused = open_sandbox(1);
  if (refused) return 2;
  for (const char* part : {"user namespace is missing", "sysctl", "--unsafe-no-sandbox"}) {
    if (refused.error().message.find(part) == std::string::npos) return 3;
  }
  if (refused.error().message.find('\n') != std::string::npos) return 4;
  const auto unsafe = Sandbox::open({.workers = 1, .python = "", .unsafe = true});
  if (!unsafe) return 5;
  if ((*unsafe)->layers().at(0).active) return 6;
  if ((*unsafe)->run({kCall, "def f(): return 1", ""}, kTestLimits).value != "1") return 7;
  return 0;
}

TEST(Sandbox, RefusesAMachineWithoutUserNamespacesUnlessUnsafe) {
  const pid_t pid = fork();
  if (pid == 0) _exit(check_refusal_without_user_namespaces());
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 1) GTEST_SKIP() << "cannot forbid user namespaces here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace evalrun
