// One worker: a zygote in its jail and the socket to it. Runs one program at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "scorers/sandbox/cgroup.h"
#include "scorers/sandbox/python.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {

struct WorkerSpec {  // what all workers of a sandbox have in common
  Python python;
  std::string zygote;      // source of zygote.py
  std::string supervisor;  // bytes of supervisor.so
  bool isolate = true;
  bool filter = true;
  GroupPlaces groups;  // where a worker's control groups are made
};

struct WorkerRules {      // how workers differ
  bool official = false;  // its programs find the guard of the official executors
  bool wide = false;      // many modules are loaded: solutions of contests import them, and forks
                          // are a third dearer
};

// Not thread-safe: it belongs to one thread at a time.
class Worker {
 public:
  // Starts the zygote; does not wait until it is warm.
  static Result<std::unique_ptr<Worker>> start(const WorkerSpec& spec, WorkerRules rules);
  ~Worker();  // kills the zygote and with it everything in its jail
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Waits until the zygote is warm. Error: why it did not come up.
  Status await_ready();
  const std::string& python_version() const { return python_version_; }

  // Runs the program on each input until one does not end well or the observer has enough. "", or
  // one line on what we failed to do; this worker is then of no more use.
  std::string run(const Program& program, const Limits& limits,
                  std::span<const std::string_view> inputs, const Sandbox::Observer& observe);

  // False: the kernel took the zygote away with a program that used too much memory.
  bool usable() const { return usable_; }
  pid_t pid() const { return pid_; }

 private:
  Worker() = default;
  Status limit_group(const Limits& limits, std::size_t longest_input_bytes);
  bool ran_out_of_memory();
  std::string gone(std::size_t test, const Sandbox::Observer& observe, std::string_view what);
  Status place_library(const WorkerSpec& spec, struct Jail& jail);
  bool send_request(const Program& program, const Limits& limits,
                    std::span<const std::string_view> inputs, std::size_t longest_input_bytes);

  pid_t pid_ = -1;
  int control_fd_ = -1;
  int errors_fd_ = -1;        // memory file: what the zygote wrote to stderr while starting
  std::string work_folder_;   // not isolated: the temporary folder to remove
  std::string library_file_;  // not isolated: supervisor.so until it is loaded
  std::string python_version_;
  std::uint64_t sequence_ = 0;
  bool usable_ = true;
  std::unique_ptr<ControlGroup> group_;  // null where there is no place for one
  std::uint64_t oom_kills_ = 0;          // that were noticed
};

}  // namespace evalrun
