#include "scorers/sandbox/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "scorers/sandbox/jail.h"
#include "scorers/sandbox/protocol.h"
#include "scorers/sandbox/seccomp_policy.h"

namespace evalrun {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kStartMs = 60'000;       // a cold disk and a busy machine; normally 0.1 s
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

// false: the other side is gone.
bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_exactly(int fd, char* out, std::size_t size, Clock::time_point deadline) {
  while (size > 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{fd, POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t got = recv(fd, out, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// One message's body; false if it does not come in time, or is longer than it can be.
bool receive_message(int fd, std::size_t size_max, int timeout_ms, std::string& body) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  std::uint32_t size = 0;
  char raw[sizeof size];
  if (!receive_exactly(fd, raw, sizeof raw, deadline)) return false;
  std::memcpy(&size, raw, sizeof size);
  if (size > size_max) return false;
  body.resize(size);
  return receive_exactly(fd, body.data(), size, deadline);
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

Jail jail_of(const WorkerSpec& spec, const std::string& work_folder) {
  Jail jail;
  jail.isolate = spec.isolate;
  jail.executable = spec.python.executable;
  // -I would also switch off PYTHONHASHSEED; its parts -s and -P do what is needed: the
  // environment is ours anyway. "-": the program is on stdin, where the zygote's text is.
  jail.arguments = {
      spec.python.executable,          "-s", "-P", "-S", "-B", "-X", "utf8", "-", work_folder,
      spec.isolate ? "jailed" : "bare"};
  jail.environment = {"PYTHONHASHSEED=0", "LC_CTYPE=C.UTF-8", "LD_BIND_NOW=1",
                      "HOME=" + work_folder, "TMPDIR=" + work_folder};
  jail.folders = {spec.python.prefix,
                  std::filesystem::path(spec.python.executable).parent_path().string()};
  jail.work_folder = work_folder;
  return jail;
}

}  // namespace

Result<std::unique_ptr<Worker>> Worker::start(const WorkerSpec& spec) {
  std::unique_ptr<Worker> worker(new Worker);
  if (!spec.isolate) worker->work_folder_ = make_work_folder();
  Jail jail = jail_of(spec, spec.isolate ? "/tmp" : worker->work_folder_);

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
  if (!work_folder_.empty()) std::filesystem::remove_all(work_folder_, ignored);
}

Result<std::string> Worker::await_ready() {
  std::string body;
  if (receive_message(control_fd_, 1024, kStartMs, body)) {
    if (auto version = decode_hello(body)) return *version;
  }
  return system_error(
      fmt::format("sandbox: the interpreter did not start: {}", last_line_of(errors_fd_)));
}

std::expected<RunResult, std::string> Worker::run(const Program& program, const Limits& limits) {
  std::uint64_t nonce = 0;
  if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce) return std::unexpected("no random bytes");
  const std::string request = encode_request(++sequence_, nonce, program, limits);
  if (!send_all(control_fd_, request)) return std::unexpected("the worker is gone");
  std::string body;
  if (!receive_message(control_fd_, max_reply_bytes(limits), limits.wall_ms + kReplyGraceMs,
                       body)) {
    return std::unexpected("the worker died or does not answer");
  }
  auto result = decode_reply(body, sequence_);
  if (!result) return std::unexpected("the worker's answer makes no sense");
  return *std::move(result);
}

}  // namespace evalrun
