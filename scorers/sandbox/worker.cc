#include "scorers/sandbox/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "harness/core/text.h"
#include "scorers/sandbox/jail.h"
#include "scorers/sandbox/protocol.h"
#include "scorers/sandbox/seccomp_policy.h"

namespace evalrun {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kStartMs = 60'000;  // a cold disk and a busy machine; normally 0.1 s
constexpr char kLibraryPath[] = "/evalrun/supervisor.so";  // inside the private root
constexpr int kReplyGraceMs = 20'000;  // past the wall limit, which the zygote itself enforces

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

int memory_file(std::string_view content) {
  const int fd = memfd_create("evalrun-zygote", MFD_CLOEXEC);
  if (fd < 0) return -1;
  const bool ok = write(fd, content.data(), content.size()) == std::ssize(content);
  if (ok && lseek(fd, 0, SEEK_SET) == 0) return fd;
  close(fd);
  return -1;
}

// Sends all parts; false: the other side is gone. Changes `parts`.
bool send_all(int fd, std::span<iovec> parts) {
  while (!parts.empty()) {
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    auto left = static_cast<std::size_t>(sent);
    while (!parts.empty() && left >= parts.front().iov_len) {
      left -= parts.front().iov_len;
      parts = parts.subspan(1);
    }
    if (parts.empty()) break;
    parts.front().iov_base = static_cast<char*>(parts.front().iov_base) + left;
    parts.front().iov_len -= left;
  }
  return true;
}

template <typename Struct>
iovec part(Struct& head) {
  return iovec{&head, sizeof head};
}
iovec part_of(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

bool receive_exactly(int fd, void* to, std::size_t size, Clock::time_point deadline) {
  char* out = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t got = recv(fd, out, size, MSG_DONTWAIT);
    if (got > 0) {
      out += got;
      size -= static_cast<std::size_t>(got);
      continue;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) return false;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{fd, POLLIN, 0};
    if (left <= 0 || (poll(&waiting, 1, static_cast<int>(left)) < 0 && errno != EINTR))
      return false;
  }
  return true;
}

std::string last_line_of(int memory_fd) {
  std::string text(1 << 16, '\0');
  const ssize_t size = pread(memory_fd, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

std::string make_work_folder() {
  std::error_code error;
  std::string pattern =
      (std::filesystem::temp_directory_path(error) / "evalrun-sandbox-XXXXXX").string();
  return mkdtemp(pattern.data()) == nullptr ? "" : pattern;
}

// The zygote itself ends a test in this time: supervisor.c, watch(). Its own limit of CPU time is
// up to 4/3 of the test's.
std::chrono::milliseconds longest_test(const Limits& limits) {
  return std::chrono::milliseconds(limits.wall_ms + WIRE_WALL_PER_CPU * 2 * limits.cpu_ms +
                                   kReplyGraceMs);
}

Jail jail_of(const WorkerSpec& spec, const std::string& work_folder, WorkerRules rules) {
  Jail jail;
  jail.isolate = spec.isolate;
  jail.executable = spec.python.executable;
  // -I would also switch off PYTHONHASHSEED; its parts -s and -P do what is needed: the
  // environment is ours anyway. "-": the program is on stdin, where the zygote's text is.
  jail.arguments = {spec.python.executable,
                    "-s",
                    "-P",
                    "-S",
                    "-B",
                    "-X",
                    "utf8",
                    "-",
                    work_folder,
                    spec.isolate ? "jailed" : "bare",
                    kLibraryPath,
                    rules.official ? "official" : "plain",
                    rules.wide ? "wide" : "narrow"};
  jail.environment = {"PYTHONHASHSEED=0", "LC_CTYPE=C.UTF-8", "LD_BIND_NOW=1",
                      "HOME=" + work_folder, "TMPDIR=" + work_folder};
  jail.folders = {spec.python.prefix,
                  std::filesystem::path(spec.python.executable).parent_path().string()};
  jail.work_folder = work_folder;
  return jail;
}

// What a group holds besides the program: the zygote, the work folder (32 MiB), page tables and
// what lets a program report that it ran out of memory; the program's outputs, twice in pipes and
// buffers and once on the board; its input on the board and in a file. Rounded up, so that the
// limit is rarely written.
GroupLimits group_limits(const Limits& limits, std::size_t longest_input_bytes) {
  constexpr std::int64_t kFixedBytes = std::int64_t{128} << 20;
  constexpr std::int64_t kGrainBytes = std::int64_t{16} << 20;
  constexpr int kSpareProcesses = 4;  // the rlimit is the one that programs meet
  const std::int64_t extra =
      kFixedBytes + 3 * limits.output_bytes + 2 * static_cast<std::int64_t>(longest_input_bytes);
  return {limits.memory_bytes + (extra / kGrainBytes + 1) * kGrainBytes,
          limits.processes + 1 + kSpareProcesses};
}

RunResult out_of_memory() {
  RunResult result;
  result.status = RunStatus::memory_limit;
  result.reason = "memory of all its processes";
  return result;
}

}  // namespace

// Where the zygote finds supervisor.so: in the private root, or, without one, in a file of our own.
Status Worker::place_library(const WorkerSpec& spec, Jail& jail) {
  if (spec.isolate) {
    jail.files = {{kLibraryPath, spec.supervisor}};
    return {};
  }
  library_file_ = work_folder_ + ".so";
  std::replace(jail.arguments.begin(), jail.arguments.end(), std::string(kLibraryPath),
               library_file_);
  return write_file_atomically(library_file_, spec.supervisor);
}

Result<std::unique_ptr<Worker>> Worker::start(const WorkerSpec& spec, WorkerRules rules) {
  std::unique_ptr<Worker> worker(new Worker);
  if (!spec.isolate) worker->work_folder_ = make_work_folder();
  Jail jail = jail_of(spec, spec.isolate ? "/tmp" : worker->work_folder_, rules);
  if (const Status s = worker->place_library(spec, jail); !s) return std::unexpected(s.error());

  int pair[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return system_error(fmt::format("sandbox: socketpair: {}", std::strerror(errno)));
  }
  worker->control_fd_ = pair[0];
  const Descriptor zygote_end(pair[1]);
  const Descriptor text(memory_file(spec.zygote));
  worker->errors_fd_ = memory_file("");
  Result<int> filter = -1;
  if (spec.filter) filter = compile_seccomp_policy();
  if (!filter) return std::unexpected(filter.error());
  const Descriptor filter_file(*filter);
  if (text.get() < 0 || worker->errors_fd_ < 0 || jail.work_folder.empty()) {
    return system_error(fmt::format("sandbox: no temporary files: {}", std::strerror(errno)));
  }
  const int given[5] = {text.get(), -1, worker->errors_fd_, zygote_end.get(), filter_file.get()};
  std::copy(std::begin(given), std::end(given), jail.descriptors);
  auto group = ControlGroup::create(spec.groups);
  if (!group) return std::unexpected(group.error());
  worker->group_ = *std::move(group);
  jail.adopt = [&](pid_t pid) { return worker->group_ == nullptr || worker->group_->adopt(pid); };
  const auto pid = start_jail(jail);
  if (!pid) return system_error(fmt::format("sandbox: {}", pid.error().to_string()));
  worker->pid_ = *pid;
  return worker;
}

Worker::~Worker() {
  if (pid_ > 0) {
    if (!work_folder_.empty()) {  // no pid namespace: let the zygote end its program itself
      shutdown(control_fd_, SHUT_RDWR);
      usleep(1000);
    }
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (control_fd_ >= 0) close(control_fd_);
  if (errors_fd_ >= 0) close(errors_fd_);
  std::error_code ignored;
  if (!library_file_.empty()) std::filesystem::remove(library_file_, ignored);
  if (!work_folder_.empty()) std::filesystem::remove_all(work_folder_, ignored);
}

Status Worker::await_ready() {
  const auto deadline = Clock::now() + std::chrono::milliseconds(kStartMs);
  WireHello hello{};
  const bool greeted = receive_exactly(control_fd_, &hello, sizeof hello, deadline) &&
                       hello.magic == WIRE_MAGIC && hello.version_size <= WIRE_VERSION_MAX;
  python_version_.resize(greeted ? hello.version_size : 0);
  std::error_code ignored;
  if (!library_file_.empty()) std::filesystem::remove(library_file_, ignored);
  if (greeted &&
      receive_exactly(control_fd_, python_version_.data(), python_version_.size(), deadline)) {
    return {};
  }
  return system_error(
      fmt::format("sandbox: the interpreter did not start: {}", last_line_of(errors_fd_)));
}

Status Worker::limit_group(const Limits& limits, std::size_t longest_input_bytes) {
  return group_ == nullptr ? Status() : group_->limit(group_limits(limits, longest_input_bytes));
}

// Since the last call the kernel killed a process of this worker's programs for memory. Whatever
// the program makes of that: it used too much.
bool Worker::ran_out_of_memory() {
  if (group_ == nullptr) return false;
  const std::uint64_t kills = group_->oom_kills();
  return std::exchange(oom_kills_, kills) != kills;
}

// The zygote is no more: its own fault, or the kernel took it to make room for the program.
std::string Worker::gone(std::size_t test, const Sandbox::Observer& observe,
                         std::string_view what) {
  usable_ = false;
  if (!ran_out_of_memory()) return std::string(what);
  observe(test, out_of_memory());
  return "";
}

bool Worker::send_request(const Program& program, const Limits& limits,
                          std::span<const std::string_view> inputs,
                          std::size_t longest_input_bytes) {
  std::uint64_t nonce = 0;
  if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce) return false;
  RequestHead head = request_head(++sequence_, nonce, program, limits, longest_input_bytes);
  head.input_size = static_cast<std::uint32_t>(inputs.front().size());
  iovec parts[] = {part(head), part_of(program.source), part_of(program.arguments),
                   part_of(inputs.front())};
  return send_all(control_fd_, parts);
}

std::string Worker::run(const Program& program, const Limits& limits,
                        std::span<const std::string_view> inputs,
                        const Sandbox::Observer& observe) {
  std::size_t longest = 0;
  for (const std::string_view input : inputs) longest = std::max(longest, input.size());
  if (const Status s = limit_group(limits, longest); !s) return s.error().message;
  if (!send_request(program, limits, inputs, longest)) return "the worker is gone";
  std::string body;
  for (std::size_t test = 0;; ++test) {
    const auto deadline = Clock::now() + longest_test(limits);
    ReplyHead head{};
    if (!receive_exactly(control_fd_, &head, sizeof head, deadline))
      return gone(test, observe, "the worker died or does not answer");
    const auto size = reply_body_bytes(head, sequence_, limits);
    if (!size) return "the worker's answer makes no sense";
    body.resize(*size);
    if (!receive_exactly(control_fd_, body.data(), body.size(), deadline))
      return gone(test, observe, "the worker died in its answer");
    Reply reply = decode_reply(head, body);
    const bool too_much = ran_out_of_memory();
    if (too_much) reply.result = out_of_memory();
    const bool more = observe(test, reply.result) && !too_much && test + 1 < inputs.size();
    if (!reply.open_session) return "";
    OrderHead order{sequence_, WIRE_END, 0};
    if (more) order.input_size = static_cast<std::uint32_t>(inputs[test + 1].size());
    iovec parts[] = {part(order), part_of(more ? inputs[test + 1] : std::string_view())};
    if (!send_all(control_fd_, parts)) return more ? "the worker is gone" : "";
    if (!more) return "";
  }
}

}  // namespace evalrun
