// Runs small hostile Python programs: a pool of pre-warmed interpreters, each in its own jail.
//
// Needs no root, no daemon, no cgroup: user namespaces, seccomp and rlimits only (jail.h tells
// how). What a program did is a RunResult, whatever it did; what we failed to do is
// `sandbox_error`, and never looks like the program's fault.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
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
};

struct Program {
  ProgramKind kind = ProgramKind::call;
  std::string source;  // Python; UTF-8, other bytes make the program raise
  std::string
      arguments;  // call only: the text between the parentheses of f( ). Evaluated as Python
                  // in the program's globals (12 of CRUXEval's 800 inputs are no literals),
                  // so who calls with a model's text checks first that it is literals.
};

struct Limits {
  // CPU time: a busy machine does not turn right into wrong. Watched in the program's first
  // process; each process that it forks has the same limit of its own, and the sum is judged at the
  // end.
  int cpu_ms = 3000;
  int wall_ms = 10000;                                // backstop for programs that sleep
  std::int64_t memory_bytes = std::int64_t{1} << 30;  // address space of each process
  std::int64_t output_bytes = std::int64_t{1} << 20;  // stdout, stderr and value, each
  int processes = 16;  // processes and threads of the program, itself included
};

enum class RunStatus {
  ok,
  raised,         // an uncaught exception; reason is its type and, where safe to ask, its message
  exited,         // SystemExit, or the process ended without reaching the end of its program
  signaled,       // died by a signal that was not ours
  time_limit,     // CPU or wall
  memory_limit,   // an uncaught MemoryError
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
  int cpu_ms = 0, wall_ms = 0;           // of all its processes; of the whole run
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
  // Starts all workers (about 0.1 s). Fails with one line that names the missing layer, what would
  // be lost and what to do, unless options.unsafe.
  static Result<std::unique_ptr<Sandbox>> open(const SandboxOptions& options);
  ~Sandbox();  // no run() may be under way

  // Thread-safe; waits for a free worker. A worker that dies or talks nonsense is replaced and the
  // program run once more; if that fails too the status is sandbox_error.
  RunResult run(const Program& program, const Limits& limits);

  std::vector<Layer> layers() const { return layers_; }
  std::string python_version() const { return python_version_; }  // "3.11.2"
  std::vector<int> worker_pids() const;  // of the zygotes, for diagnosis; not while programs run

 private:
  Sandbox() = default;
  std::unique_ptr<Worker> take();
  void give(std::unique_ptr<Worker> worker);

  std::vector<Layer> layers_;         // constant after open
  std::string python_version_;        // constant after open
  std::unique_ptr<WorkerSpec> spec_;  // constant after open

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Worker>> idle_;  // guarded by mutex_
};

}  // namespace evalrun
