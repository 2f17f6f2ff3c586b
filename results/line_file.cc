#include "results/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace evalrun {
namespace {

Error system_reason(const std::string& path) {
  return {Error::Kind::system, path + ": " + std::strerror(errno)};
}

// Size of the file up to and with its last newline; -1 and errno when it cannot be read.
std::int64_t whole_lines_bytes(int fd, std::int64_t size) {
  std::vector<char> block(64 * 1024);
  while (size > 0) {
    const std::int64_t start = std::max<std::int64_t>(0, size - std::int64_t(block.size()));
    const ssize_t n = ::pread(fd, block.data(), std::size_t(size - start), start);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    const void* newline = ::memrchr(block.data(), '\n', std::size_t(n));
    if (newline != nullptr) return start + (static_cast<const char*>(newline) - block.data()) + 1;
    size = start;
  }
  return 0;
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  const int fd_;
};

// Feeds the lines in `bytes` to visit; returns what is left after the last newline.
Result<std::string_view> visit_lines(std::string_view bytes, const std::string& path,
                                     std::int64_t& line_number,
                                     const std::function<Status(std::string_view)>& visit) {
  for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos;) {
    ++line_number;
    if (Status status = visit(bytes.substr(0, end)); !status) {
      Error error = std::move(status).error();
      error.message = path + ":" + std::to_string(line_number) + ": " + error.message;
      return std::unexpected(std::move(error));
    }
    bytes.remove_prefix(end + 1);
  }
  return bytes;
}

}  // namespace

LineWriter::LineWriter(int fd, std::string path, std::int64_t size_bytes)
    : fd_(fd), path_(std::move(path)), size_bytes_(size_bytes) {}

LineWriter::LineWriter(LineWriter&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      size_bytes_(other.size_bytes_),
      buffer_(std::move(other.buffer_)),
      status_(std::move(other.status_)) {}

LineWriter::~LineWriter() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LineWriter> LineWriter::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return std::unexpected(system_reason(path));
  LineWriter writer(fd, path, 0);
  if (Status cut = writer.cut_torn_line(); !cut) return std::unexpected(std::move(cut).error());
  return writer;
}

Status LineWriter::cut_torn_line() {
  struct stat info;
  if (::fstat(fd_, &info) != 0) return std::unexpected(system_reason(path_));
  size_bytes_ = whole_lines_bytes(fd_, info.st_size);
  if (size_bytes_ < 0) return std::unexpected(system_reason(path_));
  if (size_bytes_ < info.st_size && ::ftruncate(fd_, size_bytes_) != 0)
    return std::unexpected(system_reason(path_));
  return {};
}

Status LineWriter::append(std::string_view line) {
  if (!status_) return status_;
  buffer_.assign(line);
  buffer_ += '\n';
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      status_ = std::unexpected(system_reason(path_));
      // If this fails too, the torn line is dropped by whoever reads the file.
      if (::ftruncate(fd_, size_bytes_) != 0) errno = 0;
      return status_;
    }
    rest.remove_prefix(std::size_t(n));
  }
  size_bytes_ += std::int64_t(buffer_.size());
  return {};
}

Status LineWriter::keep_lines(std::size_t count) {
  std::size_t lines = 0;
  std::int64_t kept_bytes = 0;
  const auto measure = [&](std::string_view line) -> Status {
    if (lines++ < count) kept_bytes += std::int64_t(line.size()) + 1;
    return {};
  };
  if (Status s = for_each_line(path_, LastLine::may_be_torn, measure); !s) return s;
  if (::ftruncate(fd_, kept_bytes) != 0) return std::unexpected(system_reason(path_));
  size_bytes_ = kept_bytes;
  return {};
}

Status for_each_line(const std::string& path, LastLine last,
                     const std::function<Status(std::string_view line)>& visit) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return {};
  if (file.get() < 0) return std::unexpected(system_reason(path));
  constexpr std::size_t kBlockBytes = 1 << 20;
  std::string buffer;  // begins with the unfinished line of the block before
  std::int64_t line_number = 0;
  for (;;) {
    const std::size_t kept = buffer.size();
    buffer.resize(kept + kBlockBytes);
    const ssize_t n = ::read(file.get(), buffer.data() + kept, kBlockBytes);
    buffer.resize(kept + std::size_t(std::max<ssize_t>(n, 0)));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(system_reason(path));
    if (n == 0) break;
    const Result<std::string_view> rest = visit_lines(buffer, path, line_number, visit);
    if (!rest) return std::unexpected(rest.error());
    buffer.erase(0, buffer.size() - rest->size());
  }
  if (buffer.empty() || last == LastLine::may_be_torn) return {};
  return input_error(path + ":" + std::to_string(line_number + 1) +
                     ": the file ends in the middle of a line");
}

}  // namespace evalrun
