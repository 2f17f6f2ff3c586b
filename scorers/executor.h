// The narrow door to the sandbox: what scoring needs to know of a program's run.
#pragma once

#include <string>

namespace evalrun {

enum class ExecStatus {
  ok,
  raised,   // an exception, an AssertionError too
  exited,   // ended without reaching its end: SystemExit, os._exit
  crashed,  // a signal
  time_limit,
  memory_limit,
  infra_error,  // ours: nothing is known about the program
};

struct ExecResult {
  ExecStatus status = ExecStatus::infra_error;
  std::string value;  // call, ok: the result as Python literal text; other text if it is no literal
  std::string detail;  // one line: type and message of the exception, the signal, our failure
};

// Thread-safe. Never throws.
class Executor {
 public:
  virtual ~Executor() = default;

  // Runs `program` as CRUXEval's own executor does: in fresh globals, under its guard. ok = it ran
  // to its end without any exception.
  virtual ExecResult run_assert(const std::string& program) = 0;

  // Runs `code`, then evaluates f(<arguments>). Is never told which value is expected, so that
  // nothing the program does can produce it by comparison.
  virtual ExecResult call(const std::string& code, const std::string& arguments) = 0;
};

}  // namespace evalrun
