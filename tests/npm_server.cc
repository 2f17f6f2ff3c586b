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

constexpr double kInstallMax_s = 120;  // some 4 to 25 s where the registry can be reached

std::string last_line(const std::string& text) {
  std::istringstream in(text);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

Result<std::string> install_npm(const std::string& name) {
  const std::string npm = find_program("npm");
  if (npm.empty() || find_program("node").empty()) return system_error("npm is not installed");
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
  // Not `npm ci`: a registry may lack some of the builds for other machines, which are optional,
  // and then it refuses the lock file. What is in the lock file is checked by its hash here too.
  ChildProcess install(
      {npm, "install", "--no-save", "--omit=optional", "--omit=peer", "--legacy-peer-deps",
       "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error",
       "--fetch-timeout=10000", "--fetch-retries=1"},
      partial / "install.log", {}, partial);
  std::error_code lost_the_race;
  const bool ok = install.wait_for_end(kInstallMax_s) == 0;
  const std::string why = "npm install of " + name + ": " + last_line(install.log());
  if (ok) fs::rename(partial, installed, lost_the_race);
  if (!ok || lost_the_race) fs::remove_all(partial);
  if (!fs::exists(installed)) return system_error(why);
  return installed.string();
}

}  // namespace evalrun
