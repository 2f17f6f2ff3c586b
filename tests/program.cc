#include "tests/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace evalrun {

namespace {

void redirect(int fd, const std::string& file) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (opened < 0 || ::dup2(opened, fd) < 0) ::_exit(126);
}

void set_environment(const std::string& entry) {
  const std::size_t equals = entry.find('=');
  const std::string name = entry.substr(0, equals), value = entry.substr(equals + 1);
  if (value.empty())
    ::unsetenv(name.c_str());
  else
    ::setenv(name.c_str(), value.c_str(), 1);
}

}  // namespace

pid_t start_evalrun(const std::vector<std::string>& arguments, const std::string& out_file,
                    const std::string& err_file, const std::vector<std::string>& environment) {
  std::vector<std::string> words{EVALRUN_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  redirect(STDOUT_FILENO, out_file);
  redirect(STDERR_FILENO, err_file);
  for (const std::string& entry : environment) set_environment(entry);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

Finished evalrun(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
  const TestFolder folder;
  const pid_t pid = start_evalrun(arguments, folder.path("out"), folder.path("err"), environment);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  Finished finished;
  if (WIFEXITED(status)) finished.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  finished.out = file_text(folder.path("out"));
  finished.err = file_text(folder.path("err"));
  return finished;
}

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  return std::move(out).str();
}

std::vector<std::string> file_lines(const std::string& path) {
  std::istringstream in(file_text(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string data_file(const std::string& name) {
  const char* dir = std::getenv("EVALRUN_DATA");
  if (dir == nullptr || *dir == '\0') return "";
  const std::string path = std::string(dir) + "/" + name;
  return std::filesystem::exists(path) ? path : "";
}

}  // namespace evalrun
