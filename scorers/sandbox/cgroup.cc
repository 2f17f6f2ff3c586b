#include "scorers/sandbox/cgroup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::string_view kPrefix = "evalrun-";
constexpr std::string_view kOwnSuffix = "-host";  // where this process itself went (version 2)
constexpr int kGroupsMax = 10'000;                // of one process; a broken file system ends there
constexpr int kRemoveAttempts = 200;              // a millisecond each

bool contains(std::string_view text, char separator, std::string_view word) {
  return std::ranges::any_of(split(text, separator),
                             [&](std::string_view each) { return strip(each) == word; });
}

// mountinfo writes blanks and the like as \040.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    const char* first = text.data() + i + 1;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(first, first + 3, code, 8).ptr == first + 3) {
      out += static_cast<char>(code);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Mount {
  std::string root, folder;
};

// The mount of a version 1 controller, or with "" that of version 2.
std::optional<Mount> mount_of(std::string_view controller, std::string_view mounts) {
  for (const std::string_view line : split(mounts, '\n')) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto fields = split(line.substr(0, dash), ' ');
    const auto file_system = split(line.substr(dash + 3), ' ');
    if (fields.size() < 5 || file_system.size() < 3) continue;
    const bool found = controller.empty() ? file_system[0] == "cgroup2"
                                          : file_system[0] == "cgroup" &&
                                                contains(file_system[2], ',', controller);
    if (found) return Mount{without_escapes(fields[3]), without_escapes(fields[4])};
  }
  return std::nullopt;
}

// This process' path in a hierarchy, from lines such as "4:memory:/user/x" or "0::/user/x".
std::optional<std::string> path_of(std::string_view controller, std::string_view cgroups) {
  for (const std::string_view line : split(cgroups, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view names = line.substr(first + 1, second - first - 1);
    const bool found = controller.empty() ? names.empty() : contains(names, ',', controller);
    if (found) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

bool write_text(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = write(fd, text.data(), text.size()) == std::ssize(text);
  const int error = errno;
  close(fd);
  errno = error;
  return ok;
}

std::string make_folder(const std::string& parent, std::string_view suffix = "") {
  for (int n = 0; n < kGroupsMax; ++n) {
    std::string path = suffix.empty() ? fmt::format("{}/{}{}-{}", parent, kPrefix, getpid(), n)
                                      : fmt::format("{}/{}{}{}", parent, kPrefix, getpid(), suffix);
    if (mkdir(path.c_str(), 0755) == 0) return path;
    if (errno != EEXIST) return "";
    if (!suffix.empty()) return path;
  }
  return "";
}

void remove_folder(const std::string& folder) {
  // A process that was reaped this moment may still be counted.
  for (int i = 0; i < kRemoveAttempts && rmdir(folder.c_str()) != 0 && errno == EBUSY; ++i)
    usleep(1000);
}

GroupPlace nowhere(std::string problem) { return {"", false, std::move(problem)}; }

// The only process in `folder` is this one.
bool alone_in(const std::string& folder) {
  const auto processes = read_file(folder + "/cgroup.procs");
  return processes && strip(*processes) == std::to_string(getpid());
}

// Lets groups in `place` have the controller. "", or why not.
std::string switch_on(const std::string& folder, std::string_view controller) {
  const auto offered = read_file(folder + "/cgroup.controllers");
  if (!offered || !contains(strip(*offered), ' ', controller))
    return fmt::format("the controller {} was not delegated to this process' group", controller);
  const std::string switches = folder + "/cgroup.subtree_control";
  if (const auto on = read_file(switches); on && contains(strip(*on), ' ', controller)) return "";
  const std::string word = fmt::format("+{}", controller);
  if (write_text(switches, word)) return "";
  if (errno != EBUSY) return fmt::format("cannot switch on {}: {}", controller, strerror(errno));
  if (!alone_in(folder)) return "other processes are in this process' group";
  const std::string own = make_folder(folder, kOwnSuffix);
  if (own.empty() || !write_text(own + "/cgroup.procs", std::to_string(getpid())))
    return fmt::format("cannot move out of the way: {}", strerror(errno));
  if (write_text(switches, word)) return "";
  return fmt::format("cannot switch on {}: {}", controller, strerror(errno));
}

// An earlier call moved this process (or the one that started it) one group down.
void leave_own_group(std::string& folder) {
  const std::size_t slash = folder.rfind('/');
  const std::string_view last = std::string_view(folder).substr(slash + 1);
  if (last.starts_with(kPrefix) && last.ends_with(kOwnSuffix)) folder.resize(slash);
}

GroupPlace try_place(GroupPlace place, std::string_view controller) {
  if (place.folder.empty()) return place;
  if (place.unified) {
    leave_own_group(place.folder);
    if (std::string problem = switch_on(place.folder, controller); !problem.empty())
      return nowhere(std::move(problem));
  }
  remove_stale_groups(place.folder);
  const std::string trial = make_folder(place.folder);
  if (trial.empty()) return nowhere(fmt::format("cannot make a group: {}", strerror(errno)));
  remove_folder(trial);
  return place;
}

}  // namespace

GroupPlace own_group(std::string_view controller, std::string_view cgroups,
                     std::string_view mounts) {
  for (const std::string_view version : {controller, std::string_view()}) {
    const auto path = path_of(version, cgroups);
    const auto mount = mount_of(version, mounts);
    if (!path || !mount) continue;
    // In a container the mount may show only a part of the hierarchy.
    std::string_view rest = *path;
    if (rest.contains("/..")) return nowhere("this process' group is not visible here");
    if (mount->root != "/") {
      if (!rest.starts_with(mount->root)) return nowhere("this process' group is not visible here");
      rest.remove_prefix(mount->root.size());
    }
    std::string folder = mount->folder + std::string(rest);
    while (folder.ends_with('/')) folder.pop_back();
    return {folder, version.empty(), ""};
  }
  return nowhere(fmt::format("no cgroup file system has the controller {}", controller));
}

GroupPlaces find_group_places() {
  const auto cgroups = read_file("/proc/self/cgroup");
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!cgroups || !mounts)
    return {nowhere("/proc cannot be read"), nowhere("/proc cannot be read")};
  return {try_place(own_group("memory", *cgroups, *mounts), "memory"),
          try_place(own_group("pids", *cgroups, *mounts), "pids")};
}

void remove_stale_groups(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    int pid = 0;
    if (!name.starts_with(kPrefix)) continue;
    const char* number = name.data() + kPrefix.size();
    const auto end = std::from_chars(number, name.data() + name.size(), pid);
    if (end.ec != std::errc() || *end.ptr != '-' || pid <= 0) continue;
    // A group with processes is refused by rmdir.
    if (kill(pid, 0) != 0 && errno == ESRCH) rmdir(entry.path().c_str());
  }
}

Result<std::unique_ptr<ControlGroup>> ControlGroup::create(const GroupPlaces& places) {
  if (places.memory.folder.empty() && places.pids.folder.empty()) return nullptr;
  std::unique_ptr<ControlGroup> group(new ControlGroup);
  const auto failed = [] {
    return system_error(fmt::format("sandbox: cannot make a control group: {}", strerror(errno)));
  };
  if (const GroupPlace& place = places.memory; !place.folder.empty()) {
    group->memory_ = {make_folder(place.folder), place.unified};
    if (group->memory_.folder.empty()) return failed();
    const char* file = place.unified ? "/memory.events" : "/memory.oom_control";
    group->oom_fd_ = open((group->memory_.folder + file).c_str(), O_RDONLY | O_CLOEXEC);
  }
  if (const GroupPlace& place = places.pids; !place.folder.empty()) {
    const bool shared = place.unified && place.folder == places.memory.folder;
    group->pids_ = {shared ? group->memory_.folder : make_folder(place.folder), place.unified};
    if (group->pids_.folder.empty()) return failed();
  }
  return group;
}

ControlGroup::~ControlGroup() {
  if (oom_fd_ >= 0) close(oom_fd_);
  for (const std::string& folder : folders()) remove_folder(folder);
}

std::vector<std::string> ControlGroup::folders() const {
  std::vector<std::string> out;
  if (!memory_.folder.empty()) out.push_back(memory_.folder);
  if (!pids_.folder.empty() && pids_.folder != memory_.folder) out.push_back(pids_.folder);
  return out;
}

bool ControlGroup::adopt(pid_t pid) {
  return std::ranges::all_of(folders(), [&](const std::string& folder) {
    return write_text(folder + "/cgroup.procs", std::to_string(pid));
  });
}

Status ControlGroup::limit_memory(std::int64_t bytes) {
  const std::string& folder = memory_.folder;
  const std::string number = std::to_string(bytes);
  const bool ok =
      write_text(folder + (memory_.unified ? "/memory.max" : "/memory.limit_in_bytes"), number);
  if (!ok) return system_error(fmt::format("cannot limit a group's memory: {}", strerror(errno)));
  // Where the kernel counts swap at all; else there is none to keep programs from.
  write_text(folder + (memory_.unified ? "/memory.swap.max" : "/memory.swappiness"), "0");
  return {};
}

Status ControlGroup::limit(const GroupLimits& limits) {
  if (!memory_.folder.empty() && limits.memory_bytes != limits_.memory_bytes) {
    if (const Status s = limit_memory(limits.memory_bytes); !s) return s;
    limits_.memory_bytes = limits.memory_bytes;
  }
  if (!pids_.folder.empty() && limits.processes != limits_.processes) {
    if (!write_text(pids_.folder + "/pids.max", std::to_string(limits.processes)))
      return system_error(fmt::format("cannot limit a group's processes: {}", strerror(errno)));
    limits_.processes = limits.processes;
  }
  return {};
}

std::uint64_t ControlGroup::oom_kills() const {
  char text[1024];
  const ssize_t size = oom_fd_ < 0 ? 0 : pread(oom_fd_, text, sizeof text, 0);
  constexpr std::string_view kKey = "oom_kill ";
  for (const std::string_view line :
       split({text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))}, '\n')) {
    if (!line.starts_with(kKey)) continue;
    std::uint64_t count = 0;
    std::from_chars(line.data() + kKey.size(), line.data() + line.size(), count);
    return count;
  }
  return 0;
}

}  // namespace evalrun
