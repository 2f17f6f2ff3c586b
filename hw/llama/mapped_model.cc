#include "hw/llama/mapped_model.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace evalrun {
namespace {

std::unexpected<Error> reason(const std::string& path, int number) {
  return system_error(fmt::format("{}: {}", path, std::strerror(number)));
}

}  // namespace

Result<std::unique_ptr<MappedModel>> MappedModel::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return reason(path, errno);
  struct stat info {};
  const bool known = ::fstat(fd, &info) == 0;
  const bool regular = known && S_ISREG(info.st_mode);
  void* data = MAP_FAILED;
  const auto size = std::size_t(info.st_size);
  if (regular && size > 0) data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int number = errno;
  ::close(fd);
  if (known && !regular) return system_error(fmt::format("{}: not a file", path));
  if (known && size == 0) return input_error(fmt::format("{}: empty", path));
  if (data == MAP_FAILED) return reason(path, number);
  return std::unique_ptr<MappedModel>(new MappedModel(static_cast<const std::byte*>(data), size));
}

MappedModel::~MappedModel() { ::munmap(const_cast<std::byte*>(data_), size_); }

}  // namespace evalrun
