#include "tests/npm_server.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/core/hash.h"
#include "tests/child_process.h"

namespace evalrun {

namespace {

namespace fs = std::filesystem;

// Some 10 s from npm's own cache; from the registry 20 s, or minutes where it is slow.
constexpr double kInstallMax_s = 240;

std::string last_line(const std::string& text) {
  std::istringstream in(text);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

// "" or why it failed.
std::string npm_ci(const fs::path& folder, const std::vector<std::string>& how) {
  std::vector<std::string> words{
      find_program("npm"), "ci",         "--omit=optional", "--omit=peer",     "--legacy-peer-deps",
      "--ignore-scripts",  "--no-audit", "--no-fund",       "--loglevel=error"};
  words.insert(words.end(), how.begin(), how.end());
  ChildProcess npm(words, folder / "install.log", {}, folder);
  if (npm.wait_for_end(kInstallMax_s) == 0) return "";
  return "npm ci: " + last_line(npm.log());
}

}  // namespace

Result<std::string> install_npm(const std::string& name) {
  for (const char* program : {"npm", "node"})
    if (find_program(program).empty())
      return system_error(std::string(program) + " is not installed");
  const fs::path source = fs::path(EVALRUN_SOURCE_DIR) / "tests/npm" / name;
  const fs::path root = fs::path(EVALRUN_BINARY).parent_path() / "npm";
  std::string contents;  // another version is another folder
  for (const char* file : {"package.json", "package-lock.json"})
    contents += sha256_file(source / file).value_or("");
  const fs::path installed = root / (name + "-" + sha256_hex(contents).substr(0, 12));
  if (fs::exists(installed)) return installed.string();

  // Under a name of its own until it is whole: tests run side by side.
  const fs::path partial = installed.string() + "." + std::to_string(::getpid());
  fs::create_directories(root);
  fs::copy(source, partial);
  const bool is_cached = npm_ci(partial, {"--offline"}).empty();
  const std::string why =
      is_cached ? "" : npm_ci(partial, {"--fetch-timeout=10000", "--fetch-retries=1"});
  std::error_code lost_the_race;
  if (why.empty()) fs::rename(partial, installed, lost_the_race);
  if (!why.empty() || lost_the_race) fs::remove_all(partial);
  if (!fs::exists(installed)) return system_error(name + ": " + why);
  return installed.string();
}

}  // namespace evalrun
