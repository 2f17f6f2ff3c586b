#include "tests/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "harness/core/check.h"

namespace evalrun {

namespace {

// Asks every 10 ms; the last answer.
bool wait_until(double timeout_s, const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  address.sin_port = ::htons(std::uint16_t(port));
  return address;
}

bool accepts_connections(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool ok = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return ok;
}

// After fork: only what is safe there. Does not return.
[[noreturn]] void become(char* const* argv, char* const* environment, const char* directory,
                         const char* log_file) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int log = ::open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (log < 0 || ::dup2(nothing, 0) < 0 || ::dup2(log, 1) < 0 || ::dup2(log, 2) < 0) ::_exit(126);
  if (*directory != '\0' && ::chdir(directory) != 0) ::_exit(126);
  ::execve(argv[0], argv, environment);
  ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path == nullptr ? "" : path) +
                             ":/usr/sbin:/usr/local/sbin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const std::string file = folder + "/" + name; ::access(file.c_str(), X_OK) == 0)
      return file;
  return "";
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  CHECK(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(fd);
  return ::ntohs(address.sin_port);
}

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& log_file,
                           const std::vector<std::string>& environment,
                           const std::string& directory)
    : log_file_(log_file) {
  std::vector<std::string> words = argv, variables = environment;  // the first of a name counts
  for (char** entry = ::environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
  const auto argv_pointers = pointers(words), variable_pointers = pointers(variables);
  pid_ = ::fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0)
    become(argv_pointers.data(), variable_pointers.data(), directory.c_str(), log_file.c_str());
  ::setpgid(pid_, pid_);  // here too: whoever comes first
}

ChildProcess::~ChildProcess() {
  if (!has_ended()) {
    ::kill(-pid_, SIGTERM);
    wait_for_end(5);
  }
  ::kill(-pid_, SIGKILL);  // what it left behind, or itself
  if (!has_ended()) ::waitpid(pid_, nullptr, 0);
}

bool ChildProcess::has_ended() {
  int status = 0;
  if (exit_ == -2 && ::waitpid(pid_, &status, WNOHANG) == pid_)
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return exit_ != -2;
}

bool ChildProcess::wait_for_port(int port, double timeout_s) {
  bool accepts = false;
  wait_until(timeout_s, [&] { return (accepts = accepts_connections(port)) || has_ended(); });
  return accepts && !has_ended();
}

int ChildProcess::wait_for_end(double timeout_s) {
  wait_until(timeout_s, [&] { return has_ended(); });
  return exit_;
}

std::string ChildProcess::log() const {
  std::ifstream in(log_file_, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace evalrun
