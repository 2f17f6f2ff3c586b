// For the sandbox's tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "harness/core/text.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {

inline Result<std::unique_ptr<Sandbox>> open_sandbox(int workers) {
  return Sandbox::open({.workers = workers, .python = "", .unsafe = false});
}

inline bool has_layer(const Sandbox& sandbox, std::string_view name) {
  for (const Layer& layer : sandbox.layers())
    if (layer.name == name) return layer.active;
  return false;
}

// NAME.py of testcases/.
inline std::string testcase(const std::string& name) {
  const auto source =
      read_file(fmt::format("{}/scorers/sandbox/testcases/{}.py", EVALRUN_SOURCE_DIR, name));
  EXPECT_TRUE(source.has_value()) << name;
  return source.value_or("");
}

// Calls fn(pid, parent's pid) for every process that can be seen.
template <typename Fn>
void for_each_process(Fn fn) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    std::ifstream stat(entry.path() / "stat");
    std::string text;
    if (!std::getline(stat, text)) continue;
    const auto fields = split(std::string_view(text).substr(text.rfind(')') + 2), ' ');
    if (fields.size() > 1)
      fn(std::atoi(entry.path().filename().c_str()), std::atoi(std::string(fields[1]).c_str()));
  }
}

inline int children_of(int pid) {
  int count = 0;
  for_each_process([&](int, int parent) { count += parent == pid; });
  return count;
}

// The last test of a session is told while its process is being killed: waits for that.
inline bool soon_has_no_children(int pid) {
  for (int i = 0; i < 5000 && children_of(pid) > 0; ++i) usleep(1000);
  return children_of(pid) == 0;
}

}  // namespace evalrun
