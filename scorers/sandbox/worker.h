// One worker: a zygote in its jail and the socket to it. Runs one program at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "harness/core/result.h"
#include "scorers/sandbox/python.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {

struct WorkerSpec {  // what all workers of a sandbox have in common
  Python python;
  std::string zygote;  // source of zygote.py
  bool isolate = true;
  bool filter = true;
};

// Not thread-safe: it belongs to one thread at a time.
class Worker {
 public:
  // Starts the zygote; does not wait until it is warm.
  static Result<std::unique_ptr<Worker>> start(const WorkerSpec& spec);
  ~Worker();  // kills the zygote and with it everything in its jail
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Waits until the zygote is warm: its Python version, or why it did not come up.
  Result<std::string> await_ready();

  // Error: one line on what the zygote did wrong; this worker is then of no more use.
  std::expected<RunResult, std::string> run(const Program& program, const Limits& limits);

  pid_t pid() const { return pid_; }

 private:
  Worker() = default;

  pid_t pid_ = -1;
  int control_fd_ = -1;
  int errors_fd_ = -1;       // memory file: what the zygote wrote to stderr while starting
  std::string work_folder_;  // not isolated: the temporary folder to remove
  std::uint64_t sequence_ = 0;
};

}  // namespace evalrun
