#include "scorers/sandbox/layers.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "scorers/sandbox/cgroup.h"
#include "scorers/sandbox/jail.h"
#include "scorers/sandbox/seccomp_policy.h"

namespace evalrun {
namespace {

struct NamespaceRow {
  std::string_view name;
  int flag;
  std::string_view lost;
};
constexpr NamespaceRow kNamespaceRows[] = {
    {kUserNamespace, 0, "no other layer can be built without root; programs run as you"},
    {"pid namespace", CLONE_NEWPID,
     "programs could signal your processes and outlive their verdict"},
    {"mount namespace", CLONE_NEWNS, "programs could read and change your files"},
    {"network namespace", CLONE_NEWNET, "programs could use the network"},
    {"ipc namespace", CLONE_NEWIPC, "programs could reach shared memory of your processes"},
    {"uts namespace", CLONE_NEWUTS, "programs see the name of this machine"},
};
constexpr std::string_view kAdvice =
    "allow unprivileged user namespaces: sysctl user.max_user_namespaces=10000, on Debian also "
    "kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0, "
    "in Docker --security-opt seccomp=unconfined";
constexpr std::string_view kGroupAdvice =
    "not needed; to have it, run evalrun under `systemd-run --user --scope -p Delegate=yes`, or as "
    "root";

int exit_status_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// 0 or errno: can a process be cloned into a user namespace with this one beside it?
int try_namespace(int flag) {
  const unsigned long flags = SIGCHLD | CLONE_NEWUSER | static_cast<unsigned>(flag);
  const pid_t pid = static_cast<pid_t>(syscall(SYS_clone, flags, 0, 0, 0, 0));
  if (pid == 0) _exit(0);
  if (pid < 0) return errno;
  exit_status_of(pid);
  return 0;
}

// "" or why not: builds the whole jail once, without an interpreter.
std::string try_jail() {
  const auto pid = start_jail(Jail{});
  if (!pid) return pid.error().to_string();
  return exit_status_of(*pid) == 0 ? "" : "the trial process died";
}

std::string try_filter() {
  const Result<int> file = compile_seccomp_policy();
  if (!file) return file.error().message;
  close(*file);
  constexpr unsigned kGetActionAvail = 2;  // SECCOMP_GET_ACTION_AVAIL
  const unsigned action = 0x00050000U;     // SECCOMP_RET_ERRNO
  return syscall(SYS_seccomp, kGetActionAvail, 0, &action) == 0 ? "" : std::strerror(errno);
}

Layer layer(std::string_view name, std::string_view problem, std::string_view lost,
            std::string_view advice) {
  if (problem.empty()) return {std::string(name), true, ""};
  return {std::string(name), false, fmt::format("{} ({}); {}", lost, problem, advice)};
}

}  // namespace

std::vector<Layer> probe_layers() {
  std::vector<Layer> layers;
  for (const NamespaceRow& row : kNamespaceRows) {
    const int error = try_namespace(row.flag);
    layers.push_back(layer(row.name, error == 0 ? "" : std::strerror(error), row.lost, kAdvice));
  }
  layers.push_back(layer(kPrivateRoot, try_jail(),
                         "programs could read your files and write outside their work folder",
                         kAdvice));
  layers.push_back(layer(kSystemCallFilter, try_filter(),
                         "programs could attack the whole surface of the kernel",
                         "use a kernel with CONFIG_SECCOMP_FILTER and libseccomp 2.5"));
  // What every Linux has: resource limits, no_new_privs, a clean environment, closed descriptors.
  layers.push_back({"resource limits", true, ""});
  const GroupPlaces places = find_group_places();
  layers.push_back(layer(kMemoryGroup, places.memory.problem,
                         "memory is limited for each process of a program, not for all together",
                         kGroupAdvice));
  layers.push_back(layer(kProcessGroup, places.pids.problem,
                         "processes of a program are counted by the rlimit alone", kGroupAdvice));
  for (std::size_t i = layers.size() - 2; i < layers.size(); ++i) layers[i].required = false;
  return layers;
}

bool can_isolate(const std::vector<Layer>& layers) {
  for (const Layer& each : layers) {
    if (each.required && !each.active && each.name != kSystemCallFilter) return false;
  }
  return true;
}

bool can_filter(const std::vector<Layer>& layers) {
  for (const Layer& each : layers) {
    if (each.name == kSystemCallFilter) return each.active;
  }
  return false;
}

std::string missing_layer(const std::vector<Layer>& layers) {
  for (const Layer& each : layers) {
    if (each.required && !each.active)
      return fmt::format("{} is missing: {}", each.name, each.lost);
  }
  return "";
}

}  // namespace evalrun
