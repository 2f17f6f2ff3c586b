#include "tasks/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace evalrun {

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->name_ = path;
  file->fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->fd_ < 0) return system_error(path + ": " + std::strerror(errno));
  struct stat info = {};
  if (::fstat(file->fd_, &info) != 0) return system_error(path + ": " + std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return input_error(path + ": not a regular file");
  file->changed_ = info.st_mtim;
  if (info.st_size == 0) return file;  // mmap refuses nothing
  const auto size = std::size_t(info.st_size);
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->fd_, 0);
  if (start == MAP_FAILED) return system_error(path + ": " + std::strerror(errno));
  file->bytes_ = {static_cast<const char*>(start), size};
  return file;
}

std::shared_ptr<const MappedFile> MappedFile::embedded(std::string name, std::string_view bytes) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->name_ = std::move(name);
  file->bytes_ = bytes;
  return file;
}

MappedFile::~MappedFile() {
  if (fd_ < 0) return;
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  ::close(fd_);
}

Status MappedFile::check_unchanged() const {
  if (fd_ < 0) return {};
  struct stat info = {};
  if (::fstat(fd_, &info) != 0) return system_error(name_ + ": " + std::strerror(errno));
  const bool same = std::size_t(info.st_size) == bytes_.size() &&
                    info.st_mtim.tv_sec == changed_.tv_sec &&
                    info.st_mtim.tv_nsec == changed_.tv_nsec;
  if (!same) return system_error(name_ + ": changed while in use; start again");
  return {};
}

void MappedFile::forget(std::string_view part) const {
  if (fd_ < 0 || part.empty()) return;
  const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(part.data()) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(part.data() + part.size());
  // Advice only: a failure costs memory, not correctness.
  (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace evalrun
