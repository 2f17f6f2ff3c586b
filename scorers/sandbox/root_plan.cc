#include "scorers/sandbox/root_plan.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>

#include "scorers/sandbox/jail.h"

namespace evalrun {
namespace {

bool is_beneath(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder + "/");
}

std::string read_symlink(const std::string& path) {
  char text[PATH_MAX];
  const ssize_t size = readlink(path.c_str(), text, sizeof text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

// Makes a folder and its parents.
void add_folder(RootPlan& plan, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    plan.folders.push_back(path.substr(0, end));
    if (end == std::string::npos) return;
  }
}

void add_bind(RootPlan& plan, const std::string& path, bool is_file, bool read_only) {
  if (!is_file) add_folder(plan, path);
  plan.binds.push_back({kOldRoot + path, path, is_file, read_only});
}

// /usr and its friends: on a merged system /lib is a symlink into /usr, elsewhere a folder.
void add_system_folder(RootPlan& plan, const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return;
  if (S_ISLNK(info.st_mode)) {
    plan.symlinks.emplace_back(path, read_symlink(path));
  } else if (S_ISDIR(info.st_mode)) {
    add_bind(plan, path, false, true);
  }
}

void add_file(RootPlan& plan, const std::string& path, bool read_only) {
  if (access(path.c_str(), F_OK) == 0) add_bind(plan, path, true, read_only);
}

}  // namespace

RootPlan plan_root(const std::vector<std::string>& extra,
                   const std::vector<std::pair<std::string, std::string>>& files) {
  RootPlan plan;
  for (const char* path : {"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin"}) {
    add_system_folder(plan, path);
  }
  for (const std::string& path : extra) {
    if (!is_beneath(path, "/usr")) add_bind(plan, path, false, true);
  }
  add_folder(plan, "/tmp");
  add_folder(plan, "/dev");
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}) {
    add_file(plan, device, false);
  }
  add_folder(plan, "/etc");
  add_file(plan, "/etc/ld.so.cache", true);
  add_system_folder(plan, "/etc/alternatives");  // Debian's numpy finds its BLAS through it
  plan.files.emplace_back("/etc/passwd",
                          fmt::format("program:x:{0}:{0}::/tmp:/bin/false\n", kInsideUser));
  for (const auto& [path, content] : files) {
    add_folder(plan, path.substr(0, path.rfind('/')));
    plan.files.emplace_back(path, content);
  }
  return plan;
}

}  // namespace evalrun
