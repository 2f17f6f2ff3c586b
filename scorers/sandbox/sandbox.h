// Runs small hostile Python programs: a pool of pre-warmed interpreters, each in its own jail.
//
// Needs no root and no daemon: user namespaces, seccomp and rlimits (jail.h tells how); where the
// machine lets us, a control group for each worker (cgroup.h). What a program did is a RunResult,
// whatever it did; what we failed to do is `sandbox_error`, and never looks like the program's
// fault.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "scorers/sandbox/layers.h"

namespace evalrun {

enum class ProgramKind {
  // As CRUXEval's own executor runs it: exec(source, {}) after its reliability guard, with silent
  // stdout and stderr, unreadable stdin and a TimeoutException at the time limit that the program
  // may swallow (it is then killed at 4/3 of the limit). `ok` = ran to its end with no exception.
  official_assert,
  // exec(source), then f(<arguments>); `ok` = returned, and `value` holds the result. The expected
  // value is never given to the program, so it cannot be looked up or faked by __eq__.
  call,
  // `python3 program.py`: a process of its own for each input, stdin and stdout are files, __name__
  // is __main__, threads are joined and atexit functions run. `ok` = exit code 0; its output is
  // stdout_text.
  program,
  // LeetCode's way: one process; for each input a new Solution() (or the module, if there is none)
  // whose method `arguments` is called with one JSON value a line. `ok`: `value` holds the result.
  method,
  // LiveCodeBench's grader (evaluation/testing_util.py at 28fef95), stdin to stdout, one process
  // for
  // all inputs: imports in front, the rest in a function, mocked stdin. `value` = what it printed;
  // reason of an exception = repr(), before the first input str().
  official_program,
  // The same grader's other half: one Solution() for all inputs, a TimeoutException at the limit.
  official_method,
};

struct Program {
  ProgramKind kind = ProgramKind::call;
  std::string source;  // Python; UTF-8, other bytes make the program raise
  // call: the text between the parentheses of f( ). Evaluated as Python in the program's globals
  // (12 of CRUXEval's 800 inputs are no literals), so who calls with a model's text checks first
  // that it is literals. method: its name.
  std::string arguments = {};
  bool lcb_prelude = false;  // official_assert: LiveCodeBench's imports stand before the program
};

struct Limits {
  // CPU time: a busy machine does not turn right into wrong. Watched in the program's first
  // process; each process that it forks has the same limit of its own, and the sum is judged at the
  // end.
  int cpu_ms = 3000;    // of each test
  // Of each test: backstop for programs that sleep. Each ms of CPU time adds 10 ms, so that waiting
  // for a busy machine is not taken for sleeping.
  int wall_ms = 10000;
  // Address space of each process; with control groups also, and a fixed allowance, what all its
  // processes and files use together.
  std::int64_t memory_bytes = std::int64_t{1} << 30;
  std::int64_t output_bytes = std::int64_t{1} << 20;  // stdout, stderr and value, each
  int processes = 16;  // processes and threads of the program, itself included
};

enum class RunStatus {
  ok,
  raised,         // an uncaught exception; reason is its type and, where safe to ask, its message
  exited,         // SystemExit, or the process ended without reaching the end of its program
  signaled,       // died by a signal that was not ours
  time_limit,     // CPU or wall
  memory_limit,   // an uncaught MemoryError, or the kernel killed one of its processes for memory
  output_limit,   // stdout, stderr or the value was too long
  sandbox_error,  // ours: nothing is known about the program
};
std::string_view name(RunStatus status);

struct RunResult {
  RunStatus status = RunStatus::sandbox_error;
  std::string reason;  // one line for people; empty when ok. May quote the program: hostile text
  int exit_code = 0;   // when exited
  int signal = 0;      // when signaled
  // call, ok: the result as canonical Python literal text, by structure and not by __repr__:
  //   None True False ints floats complex str bytes; [..] (..) {k: v} {..} with ", " between;
  //   infinities are 1e999 and -1e999, the float that is none is nan; sets are sorted by their
  //   elements' text, empty: set(); subclasses (Counter, namedtuple, IntEnum, ..) as their base
  //   type; bytearray as bytes; anything else is no literal: <range object>; a list inside itself
  //   is <recursion>; nested deeper than 200 is <too deep>.
  std::string value;
  std::string stdout_text, stderr_text;  // any bytes; official_assert swallows what Python prints
  bool before_tests = false;  // official_*: it failed before its first input, as it was compiled
  std::int64_t cpu_us = 0, wall_us = 0;  // of all its processes; of this test
  std::int64_t peak_memory_bytes = 0;    // resident, of the largest process
};

struct SandboxOptions {
  int workers = 0;      // programs at the same time; 0 = one a CPU
  std::string python;   // "" = /usr/bin/python3, else python3 from PATH
  bool unsafe = false;  // run even where layers are missing, without them (--unsafe-no-sandbox)
};

class Worker;
struct WorkerSpec;

class Sandbox {
 public:
  // Starts one worker (about 0.1 s), the others when they are needed. Fails with one line that
  // names the missing layer, what would be lost and what to do, unless options.unsafe.
  static Result<std::unique_ptr<Sandbox>> open(const SandboxOptions& options);
  ~Sandbox();  // no run() may be under way

  // Thread-safe; waits for a free worker. A worker that dies or talks nonsense is replaced and the
  // program run once more; if that fails too the status is sandbox_error. `input`: see ProgramKind.
  RunResult run(const Program& program, const Limits& limits, std::string_view input = {});

  // Told each test's result; false = enough. Nothing is told after a result that is not ok.
  using Observer = std::function<bool(std::size_t test, const RunResult& result)>;
  // The same on each input in order (program, method, official_program, official_method). A program
  // gets an input only after it was judged on those before it.
  void run_tests(const Program& program, const Limits& limits,
                 std::span<const std::string_view> inputs, const Observer& observe);

  std::vector<Layer> layers() const { return layers_; }
  std::string python_version() const { return python_version_; }  // "3.11.2"
  std::vector<int> worker_pids() const;  // of the idle zygotes, for diagnosis and tests

 private:
  static constexpr std::size_t kPools = 4;  // one for each combination of WorkerRules

  Sandbox() = default;
  std::unique_ptr<Worker> take(std::size_t pool);
  void give(std::size_t pool, std::unique_ptr<Worker> worker);
  Result<std::unique_ptr<Worker>> start(std::size_t pool) const;

  std::vector<Layer> layers_;         // constant after open
  std::string python_version_;        // constant after open
  std::unique_ptr<WorkerSpec> spec_;  // constant after open

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  int free_ = 0;  // guarded by mutex_: programs that may start now
  std::vector<std::unique_ptr<Worker>> idle_[kPools];  // guarded by mutex_
};

}  // namespace evalrun
