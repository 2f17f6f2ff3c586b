// Theory of operation.
//
// Two processes. The PARENT is this program, with any number of threads. The CHILD is cloned into
// new user, pid, mount, network, ipc, uts and cgroup namespaces, turns itself into a prisoner and
// then executes the interpreter, as pid 1 of its pid namespace: when it dies, all in there dies.
//
//   parent                               child
//   plan everything, allocate            .
//   clone ------------------------------> keep the given descriptors, close all others
//   write uid_map, gid_map, adopt        wait for the "go" byte
//   "go" ------------------------------>  build the private root and pivot into it
//   wait on the pipe                      host name, limits, identity, capabilities, signals
//      <----- JailFailure or end of file  exec (the pipe closes by itself)
//
// Privileges. A process in a user namespace of its own has all capabilities inside, none outside:
// that is how this works without root. The child gives them up (bounding set, no_new_privs, exec by
// a user who is not 0) after the last mount, so that nobody inside ever has them again. Started by
// root, programs still do not run as root: user 1000 inside is nobody (65534) outside. That also
// makes RLIMIT_NPROC count, which the kernel does not enforce for the real root.
//
// The private root. A small tmpfs takes the place of /, the old root moves to /old; from there the
// few folders of RootPlan are bound read-only; then /old is detached: no path leads to the rest of
// the machine. There is no /proc and no /sys. /tmp is a tmpfs of its own with a size and an inode
// limit, nothing in it can be executed, and it is the only place that can be written to.
//
// The child shares its parent's memory image of one moment: another thread may have held malloc's
// lock. So after clone only system calls; strings are made before. C library wrappers of set*id are
// out too: they would signal the parent's threads, which do not exist here.
#include "scorers/sandbox/jail.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "scorers/sandbox/layers.h"
#include "scorers/sandbox/root_plan.h"

namespace evalrun {
namespace {

// The kernel keeps a gap of 128 MiB below the stack of a process whose limit is small when it
// starts.
constexpr rlim_t kStackBytesMax = rlim_t{120} << 20;
constexpr int kOutsideUserOfRoot = 65534;
constexpr int kNamespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET |
                            CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
constexpr char kWorkFolderOptions[] = "size=32m,nr_inodes=4096,mode=0700,uid=1000,gid=1000";
static_assert(kInsideUser == 1000, "kWorkFolderOptions says 1000 too");

// Everything the child needs, allocated before clone.
struct Plan {
  const Jail& jail;
  RootPlan root;
  std::vector<char*> arguments, environment;
  int go_fd = -1;      // the child reads one byte: its identity is mapped
  int report_fd = -1;  // the child writes a Report when a step fails
};

struct Report {
  char step[120];
  int error;
};

// Child. Tells the parent which step failed, and ends.
[[noreturn]] void die(const Plan& plan, const char* layer, const char* what,
                      const char* path = "") {
  Report report{};
  report.error = errno;
  char* end = report.step;
  for (const char* part : {layer, ": ", what, path}) {
    while (*part != '\0' && end < report.step + sizeof report.step - 1) *end++ = *part++;
  }
  [[maybe_unused]] const ssize_t written = write(plan.report_fd, &report, sizeof report);
  _exit(1);
}

void require(bool ok, const Plan& plan, const char* layer, const char* what,
             const char* path = "") {
  if (!ok) die(plan, layer, what, path);
}

// ------------------------------------------------------------------ steps of the child, in order

// The given descriptors become 0..4, the two pipes 5 and 6, all others close.
void keep_descriptors(Plan& plan) {
  constexpr int kSafe = 64;  // above all targets, so that no dup2 overwrites a source
  int sources[7];
  for (int i = 0; i < 7; ++i) {
    const int given = i < 5 ? plan.jail.descriptors[i] : i == 5 ? plan.go_fd : plan.report_fd;
    const int fd = given >= 0 ? given : open("/dev/null", O_RDWR | O_CLOEXEC);
    sources[i] = fcntl(fd, F_DUPFD_CLOEXEC, kSafe);
    require(sources[i] >= 0, plan, "descriptors", "dup");
  }
  for (int i = 0; i < 7; ++i) {
    const int made = i < 5 ? dup2(sources[i], i) : dup3(sources[i], i, O_CLOEXEC);
    require(made >= 0, plan, "descriptors", "dup2");
  }
  plan.go_fd = 5;
  plan.report_fd = 6;
  require(syscall(SYS_close_range, 7U, ~0U, 0U) == 0, plan, "descriptors", "close_range");
}

void await_go(const Plan& plan) {
  char go = 0;
  if (read(plan.go_fd, &go, 1) != 1) _exit(1);  // the parent gave up
}

void bind_all(const Plan& plan) {
  constexpr const char* kLayer = kPrivateRoot.data();
  for (const RootPlan::Bind& bind : plan.root.binds) {
    const char* target = bind.target.c_str();
    if (bind.is_file) {
      const int fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
      require(fd >= 0, plan, kLayer, "create ", target);
      close(fd);
    }
    require(mount(bind.source.c_str(), target, nullptr, MS_BIND | MS_REC, nullptr) == 0, plan,
            kLayer, "bind ", target);
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID | (bind.read_only ? MOUNT_ATTR_RDONLY : 0U) |
                          (bind.is_file ? 0U : MOUNT_ATTR_NODEV);
    require(mount_setattr(AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes) == 0,
            plan, kLayer, "make read-only ", target);
  }
}

void fill_root(const Plan& plan) {
  constexpr const char* kLayer = kPrivateRoot.data();
  for (const std::string& folder : plan.root.folders) {
    require(mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST, plan, kLayer, "mkdir ",
            folder.c_str());
  }
  for (const auto& [path, text] : plan.root.symlinks) {
    require(symlink(text.c_str(), path.c_str()) == 0, plan, kLayer, "symlink ", path.c_str());
  }
  bind_all(plan);
  for (const auto& [path, content] : plan.root.files) {
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
    const ssize_t written = write(fd, content.data(), content.size());
    require(written == static_cast<ssize_t>(content.size()), plan, kLayer, "write ", path.c_str());
    close(fd);
  }
  require(
      mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, kWorkFolderOptions) == 0,
      plan, kLayer, "mount ", "/tmp");
}

void make_root(const Plan& plan) {
  constexpr const char* kLayer = kPrivateRoot.data();
  umask(022);
  // Our mounts must not travel back to the machine.
  require(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, plan, kLayer, "private ",
          "/");
  require(mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755") == 0, plan,
          kLayer, "mount tmpfs on ", "/tmp");
  require(mkdir("/tmp/old", 0755) == 0, plan, kLayer, "mkdir ", kOldRoot);
  require(syscall(SYS_pivot_root, "/tmp", "/tmp/old") == 0 && chdir("/") == 0, plan, kLayer,
          "pivot_root");
  fill_root(plan);
  require(umount2(kOldRoot, MNT_DETACH) == 0 && rmdir(kOldRoot) == 0, plan, kLayer, "detach ",
          kOldRoot);
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  require(mount_setattr(AT_FDCWD, "/", 0, &attributes, sizeof attributes) == 0, plan, kLayer,
          "make read-only ", "/");
}

void set_limits(const Plan& plan) {
  struct Row {
    __rlimit_resource what;
    rlim_t most;
    rlim_t now;
  };
  constexpr rlim_t kMiB = 1 << 20;
  for (const Row& row :
       {Row{RLIMIT_CORE, 0, 0}, Row{RLIMIT_MEMLOCK, 0, 0}, Row{RLIMIT_MSGQUEUE, 0, 0},
        Row{RLIMIT_NOFILE, 64, 64}, Row{RLIMIT_STACK, kStackBytesMax, 8 * kMiB}}) {
    rlimit limit{};
    require(getrlimit(row.what, &limit) == 0, plan, "limits", "getrlimit");
    limit.rlim_max = row.most < limit.rlim_max ? row.most : limit.rlim_max;
    limit.rlim_cur = row.now < limit.rlim_max ? row.now : limit.rlim_max;
    require(setrlimit(row.what, &limit) == 0, plan, "limits", "setrlimit");
  }
}

void drop_privileges(const Plan& plan) {
  constexpr const char* kLayer = "no privileges";
  if (plan.jail.isolate) {
    // Not allowed, and not needed, when an ordinary user started us: "deny" in /proc/PID/setgroups.
    syscall(SYS_setgroups, 0, nullptr);
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; ++capability) {
    }
    require(syscall(SYS_setresgid, kInsideUser, kInsideUser, kInsideUser) == 0 &&
                syscall(SYS_setresuid, kInsideUser, kInsideUser, kInsideUser) == 0,
            plan, kLayer, "setresuid");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    require(syscall(SYS_capset, &header, none) == 0, plan, kLayer, "capset");
  }
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, plan, kLayer, "no_new_privs");
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void inside(Plan& plan) {
  keep_descriptors(plan);
  await_go(plan);
  setsid();
  if (plan.jail.isolate) {
    make_root(plan);
    require(sethostname("sandbox", 7) == 0, plan, "uts namespace", "sethostname");
  }
  set_limits(plan);
  drop_privileges(plan);
  reset_signals();
  umask(077);
  require(chdir(plan.jail.work_folder.c_str()) == 0, plan, kPrivateRoot.data(), "chdir");
  if (plan.jail.executable.empty()) _exit(0);
  execve(plan.jail.executable.c_str(), plan.arguments.data(), plan.environment.data());
  die(plan, "interpreter", "exec ", plan.jail.executable.c_str());
}

// -------------------------------------------------------------------------------- the parent

// A map must go in with one write.
bool write_once(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  close(fd);
  errno = error;
  return ok;
}

// Says who user 1000 inside is. Root maps itself too, as 0, for the mounts of make_root (bind
// sources may be readable by root only); in a container whose nobody is not mapped, and for other
// users, the starter is user 1000.
bool map_identity(pid_t pid) {
  const std::string proc = fmt::format("/proc/{}/", pid);
  if (geteuid() == 0) {
    const std::string map = fmt::format("0 0 1\n{} {} 1\n", kInsideUser, kOutsideUserOfRoot);
    if (write_once(proc + "uid_map", map)) return write_once(proc + "gid_map", map);
  }
  return write_once(proc + "setgroups", "deny") &&
         write_once(proc + "uid_map", fmt::format("{} {} 1\n", kInsideUser, geteuid())) &&
         write_once(proc + "gid_map", fmt::format("{} {} 1\n", kInsideUser, getegid()));
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(int which) {
    if (ends[which] >= 0) close(ends[which]);
    ends[which] = -1;
  }
};

// Waits for exec (the pipe ends) or a report.
JailFailure await_report(int fd) {
  Report report{};
  ssize_t got = 0;
  do {
    got = read(fd, &report, sizeof report);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof report) return {};
  return {report.step, report.error};
}

}  // namespace

std::string JailFailure::to_string() const {
  return fmt::format("{}: {}", step, std::strerror(error));
}

std::expected<pid_t, JailFailure> start_jail(const Jail& jail) {
  Plan plan{jail, plan_root(jail.folders, jail.files), pointers(jail.arguments),
            pointers(jail.environment)};
  Pipe go, report;
  plan.go_fd = go.ends[0];
  plan.report_fd = report.ends[1];
  if (go.ends[0] < 0 || report.ends[0] < 0) {
    return std::unexpected(JailFailure{"descriptors: pipe", errno});
  }
  const unsigned long flags = SIGCHLD | (jail.isolate ? kNamespaces : 0);
  const pid_t pid = static_cast<pid_t>(syscall(SYS_clone, flags, 0, 0, 0, 0));
  if (pid == 0) inside(plan);
  if (pid < 0) return std::unexpected(JailFailure{std::string(kUserNamespace) + ": clone", errno});
  report.close_end(1);

  JailFailure failure;
  if (jail.isolate && !map_identity(pid)) {
    failure = {std::string(kUserNamespace) + ": uid_map", errno};
    kill(pid, SIGKILL);
  } else if (jail.adopt && !jail.adopt(pid)) {
    failure = {"control group: add a process", errno};
    kill(pid, SIGKILL);
  } else {
    // Our own reading end is still open: no SIGPIPE should the child be dead already.
    [[maybe_unused]] const ssize_t written = write(go.ends[1], "g", 1);
    failure = await_report(report.ends[0]);
  }
  if (failure.step.empty()) return pid;
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return std::unexpected(failure);
}

}  // namespace evalrun
