// The narrow door to the sandbox: what scoring needs to know of a program's run.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace evalrun {

enum class ExecStatus {
  ok,
  raised,   // an exception, an AssertionError too
  exited,   // ended without reaching its end: SystemExit, os._exit
  crashed,  // a signal
  time_limit,
  memory_limit,
  output_limit,
  infra_error,  // ours: nothing is known about the program
};

struct ExecResult {
  ExecStatus status = ExecStatus::infra_error;
  // call, and tests of an entry point, ok: the result as Python literal text; other text if it is
  // no literal. Tests of a whole program, ok: its stdout, any bytes.
  std::string value;
  std::string detail;  // one line: type and message of the exception, the signal, our failure
  // Tests, official: it failed before its first input, when the grader compiled it. `detail` of an
  // exception is str() then, and repr() afterwards: the words of the grader's metadata.
  bool before_tests = false;
  std::int64_t cpu_us = 0;  // of the program and what it started; of one test
};

// What stands before a program that is run for its assertion.
enum class Prelude {
  none,
  lcb,  // the imports of LiveCodeBench's code execution grader; the modules this machine lacks are
        // left out
};

// A program that is judged by tests.
struct TestedProgram {
  // true: as LiveCodeBench's grader runs it (evaluation/testing_util.py at 28fef95), with its
  //   prelude of imports, mocked stdin and stdout, one process and one instance for all tests, and
  //   a TimeoutException that the program may swallow.
  // false: as a judge would. Stdin to stdout: a process of its own for each test, real files, run
  //   as __main__. Entry point: one process, a new instance of Solution for each test.
  bool official = false;
  std::string code;
  std::string entry_point;  // "" = whole program, stdin to stdout
};

// Told the result of each test in turn; false = enough, run no more. `ok` with exit code 0 is a
// program's good end, however it came about (the end of its text, sys.exit(0), os._exit(0)).
using TestObserver = std::function<bool(std::size_t test, const ExecResult& result)>;

// Thread-safe. Never throws.
class Executor {
 public:
  virtual ~Executor() = default;

  // Runs `program` as CRUXEval's own executor does (LiveCodeBench's code execution has a copy of
  // it): in fresh globals, under its guard. ok = it ran to its end without any exception.
  virtual ExecResult run_assert(const std::string& program, Prelude prelude) = 0;

  // Runs `code`, then evaluates f(<arguments>). Is never told which value is expected, so that
  // nothing the program does can produce it by comparison.
  virtual ExecResult call(const std::string& code, const std::string& arguments) = 0;

  // Runs the program on each input in order, and stops at the first that does not end well, or when
  // the observer says so. A program sees an input only when it was judged on all before it, and
  // never an expected output. A failure before the first test (a syntax error) is test 0's.
  virtual void run_tests(const TestedProgram& program, std::span<const std::string_view> inputs,
                         const TestObserver& observe) = 0;
};

}  // namespace evalrun
