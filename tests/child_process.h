// Programs that nobody here wrote, started by a test and gone with it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace evalrun {

// The path of a program in $PATH or where daemons are (/usr/sbin, /usr/local/sbin); "" = none.
std::string find_program(const std::string& name);

// A loopback TCP port that was free a moment ago.
int free_port();

// One program with its own process group; stdout and stderr go to a file. Its destruction ends the
// group: SIGTERM, and SIGKILL to what is left after 5 s. If the test itself is killed it gets
// SIGTERM.
class ChildProcess {
 public:
  // argv[0]: a path. `environment`: "NAME=VALUE", added to ours. `directory`: "" = ours.
  ChildProcess(const std::vector<std::string>& argv, const std::string& log_file,
               const std::vector<std::string>& environment = {}, const std::string& directory = "");
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Waits until something accepts connections on a loopback port. False: the program ended, or
  // `timeout_s` went by; the log says why.
  bool wait_for_port(int port, double timeout_s);
  // Its exit code once it has ended; -1 by a signal; -2 while it runs after `timeout_s`.
  int wait_for_end(double timeout_s);
  std::string log() const;

 private:
  bool has_ended();

  std::string log_file_;
  pid_t pid_ = -1;
  int exit_ = -2;
};

}  // namespace evalrun
