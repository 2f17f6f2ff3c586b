#include "scorers/sandbox/seccomp_policy.h"

#include <fmt/format.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "harness/core/text.h"

namespace evalrun {
namespace {

// What CPython and its standard library need for computing, files in the work folder, processes,
// threads, pipes and time; and the zygote: pidfd_open.
constexpr std::string_view kAllowed[] = {
    // memory
    "brk mmap munmap mremap mprotect madvise msync",
    // files
    "open openat creat close close_range read readv pread64 preadv write writev pwrite64 pwritev "
    "lseek stat fstat lstat newfstatat statx access faccessat faccessat2 fcntl flock fsync "
    "fdatasync "
    "truncate ftruncate fallocate fadvise64 sendfile copy_file_range getdents getdents64 getcwd "
    "chdir fchdir mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat "
    "readlink readlinkat unlink unlinkat chmod fchmod fchmodat umask utime utimes futimesat "
    "utimensat statfs fstatfs dup dup2 dup3 pipe pipe2 eventfd eventfd2",
    // waiting
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait",
    // processes and threads, all inside this pid namespace (clone: below)
    "fork vfork exit exit_group wait4 waitid kill tkill tgkill pidfd_open getpid getppid gettid "
    "getpgid setpgid getpgrp getsid setsid set_tid_address set_robust_list rseq futex sched_yield "
    "sched_getaffinity getcpu membarrier arch_prctl restart_syscall",
    // who and where am I
    "getuid geteuid getgid getegid getresuid getresgid getgroups uname sysinfo getrandom "
    "getrlimit setrlimit getrusage times getpriority",
    // signals and time
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
    "sigaltstack pause alarm getitimer setitimer nanosleep clock_nanosleep clock_gettime "
    "clock_getres gettimeofday time",
    // an asyncio loop talks to itself through a socketpair (below); there is no network behind it
    "recvfrom shutdown getsockname",
};

constexpr Refusal kRefusals[] = {
    {"ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp",
     "reads or steers other processes, the zygote among them"},
    {"execve execveat",
     "programs of the host are no part of a Python program; keeps /usr/bin out of reach"},
    {"mount umount umount2 pivot_root chroot fsopen fsconfig fsmount fspick open_tree move_mount "
     "mount_setattr",
     "could change the read-only view; the mount API is a large and young part of the kernel"},
    {"unshare setns", "a fresh user namespace gives back every capability inside it"},
    {"setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset",
     "identities are set once, by the jail"},
    {"seccomp", "a program's own filter could make calls of its driver lie to it"},
    {"add_key request_key keyctl", "keys outlive their process and are not in any namespace"},
    {"bpf perf_event_open", "compilers and probes inside the kernel, with a long list of holes"},
    {"io_uring_setup io_uring_enter io_uring_register",
     "makes system calls that no filter sees, and has a long list of holes"},
    {"userfaultfd", "stops the kernel at a chosen point: the classic way to win its races"},
    {"socket connect bind listen accept accept4 sendmsg sendmmsg recvmsg recvmmsg",
     "no network; not even local: vsock and netlink are in no namespace, sendmsg passes "
     "descriptors"},
    {"shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open "
     "mq_unlink",
     "IPC objects outlive the program and are outside of its memory limit"},
    {"memfd_create memfd_secret", "memory outside of the address space limit"},
    {"mknod mknodat", "device nodes and pipes with names"},
    {"splice tee vmsplice", "shares pages between files and pipes; no Python program needs it"},
    {"chown fchown lchown fchownat setxattr lsetxattr fsetxattr",
     "ownership and attributes are the jail's"},
    {"personality", "turns off address space randomization"},
    {"sched_setscheduler sched_setparam sched_setattr sched_setaffinity setpriority ioprio_set",
     "could slow down the zygote or the machine: others may be named, not only oneself"},
    {"mbind set_mempolicy migrate_pages move_pages", "moves memory, of other processes too"},
    {"mlock mlock2 mlockall", "memory that cannot be swapped"},
    {"name_to_handle_at open_by_handle_at", "opens files around the private root"},
    {"fanotify_init inotify_init inotify_init1", "watches what is not the program's"},
    {"kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct "
     "quotactl syslog settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname "
     "iopl ioperm modify_ldt",
     "administration of the machine"},
};

constexpr unsigned kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

// Adds one action for every name that this libseccomp and this architecture know (aarch64 has no
// `open`); a name known to neither can never be called under this filter's default.
int add_rules(void* filter, std::uint32_t action, std::string_view names) {
  for (std::string_view name : split(names, ' ')) {
    const int number = seccomp_syscall_resolve_name(std::string(name).c_str());
    if (number < 0) continue;
    const int error = seccomp_rule_add(filter, action, number, 0);
    if (error != 0) return error;
  }
  return 0;
}

int add_rule(void* filter, const char* name, unsigned argument, scmp_compare compare,
             std::uint64_t a, std::uint64_t b = 0) {
  const int number = seccomp_syscall_resolve_name(name);
  if (number < 0) return 0;
  const scmp_arg_cmp condition{argument, compare, a, b};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &condition);
}

// Calls allowed only with certain arguments; with others they are ENOSYS.
int add_conditional_rules(void* filter) {
  // No new namespaces. clone3 keeps its flags in memory, where a filter cannot look: ENOSYS, and C
  // libraries fall back to clone.
  int error = add_rule(filter, "clone", 0, SCMP_CMP_MASKED_EQ, kNewNamespaces, 0);
  // Own limits only: prlimit could starve the zygote, which has the same user.
  error = error ? error : add_rule(filter, "prlimit64", 0, SCMP_CMP_EQ, 0);
  // Names of threads; not dumpable, no_new_privs and the rest.
  for (const unsigned option : {PR_SET_NAME, PR_GET_NAME}) {
    error = error ? error : add_rule(filter, "prctl", 0, SCMP_CMP_EQ, option);
  }
  // What open(), isatty() and set_blocking() ask; no terminal or device control.
  for (const unsigned request : {TCGETS, FIONBIO, FIONREAD, FIOCLEX, FIONCLEX, TIOCGWINSZ}) {
    error = error ? error : add_rule(filter, "ioctl", 1, SCMP_CMP_EQ, request);
  }
  error = error ? error : add_rule(filter, "socketpair", 0, SCMP_CMP_EQ, AF_UNIX);
  return error ? error : add_rule(filter, "sendto", 4, SCMP_CMP_EQ, 0);  // to no address
}

int add_all(void* filter) {
  for (std::string_view names : kAllowed) {
    if (const int error = add_rules(filter, SCMP_ACT_ALLOW, names)) return error;
  }
  for (const Refusal& refusal : kRefusals) {
    if (const int error = add_rules(filter, SCMP_ACT_ERRNO(EPERM), refusal.calls)) return error;
  }
  if (const int error = add_conditional_rules(filter)) return error;
  // A binary tree in place of a chain; older libraries do not know it, and are only slower.
  seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  return 0;
}

}  // namespace

std::span<const Refusal> seccomp_refusals() { return kRefusals; }

Result<int> compile_seccomp_policy() {
  // Other ABIs of this machine (i386, x32) have other numbers: libseccomp kills who uses them.
  Filter filter(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), &seccomp_release);
  if (!filter) return system_error("sandbox: libseccomp knows no filter for this machine");
  if (const int error = add_all(filter.get())) {
    return system_error(fmt::format("sandbox: system call filter: {}", std::strerror(-error)));
  }
  const int file = memfd_create("evalrun-filter", MFD_CLOEXEC);
  if (file < 0) return system_error(fmt::format("sandbox: memfd_create: {}", std::strerror(errno)));
  const int error = seccomp_export_bpf(filter.get(), file);
  if (error != 0 || lseek(file, 0, SEEK_SET) != 0) {
    close(file);
    return system_error(fmt::format("sandbox: export of the filter: {}", std::strerror(-error)));
  }
  return file;
}

}  // namespace evalrun
