#include "scorers/sandbox/python.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr const char* kAsk =
    "import sys, ctypes, resource, select, mmap, json\n"
    "assert sys.version_info >= (3, 11)\n"
    "print(sys.executable, sys.base_prefix, sep='\\n')\n";

std::string choose(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  if (access("/usr/bin/python3", X_OK) == 0) return "/usr/bin/python3";
  const char* path = std::getenv("PATH");
  for (std::string_view folder : split(path == nullptr ? "" : path, ':')) {
    const std::string candidate = fmt::format("{}/python3", folder);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

std::string read_all(int fd) {
  std::string text;
  char piece[4096];
  ssize_t got = 0;
  while ((got = read(fd, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR)) {
    if (got > 0) text.append(piece, static_cast<std::size_t>(got));
  }
  return text;
}

// What the interpreter prints on kAsk; "" if it fails.
std::string ask(const std::string& executable) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string command[] = {executable, "-I", "-S", "-B", "-c", kAsk};
  char* arguments[] = {command[0].data(),
                       command[1].data(),
                       command[2].data(),
                       command[3].data(),
                       command[4].data(),
                       command[5].data(),
                       nullptr};
  char* environment[] = {nullptr};
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, executable.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  const std::string answer = error == 0 ? read_all(ends[0]) : "";
  close(ends[0]);
  int status = 0;
  while (error == 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return error == 0 && status == 0 ? answer : "";
}

}  // namespace

Result<Python> find_python(const std::string& wanted) {
  const std::string chosen = choose(wanted);
  if (chosen.empty())
    return system_error("sandbox: no python3 in PATH: install Python 3.11 or newer");
  const std::string answer = ask(chosen);
  const auto lines = split(answer, '\n');
  std::error_code error;
  const auto executable = lines.empty() ? std::filesystem::path()
                                        : std::filesystem::canonical(std::string(lines[0]), error);
  if (lines.size() < 2 || error || executable.empty()) {
    return system_error(fmt::format(
        "sandbox: {} is no Python 3.11 or newer with its standard library (ctypes too)", chosen));
  }
  return Python{executable.string(), std::string(lines[1])};
}

}  // namespace evalrun
