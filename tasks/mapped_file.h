// A file whose bytes are read where they lie, for data sets larger than the memory.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// Immutable, so thread-safe. The file has to stay as it is while it is mapped: reading a page that
// another program has cut off ends the process with SIGBUS, so ask check_unchanged() before reading
// again after a while.
class MappedFile {
 public:
  // Error: not there, not readable, no regular file.
  static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
  // Bytes that live as long as the program, under a name for errors.
  static std::shared_ptr<const MappedFile> embedded(std::string name, std::string_view bytes);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  const std::string& name() const { return name_; }  // the path
  std::string_view bytes() const { return bytes_; }

  // Error when the file's size or time of change differs from that at open.
  Status check_unchanged() const;

  // Tells the kernel that these pages are not needed soon, so that what was read once does not
  // count as this process's memory. Reading them again is fine.
  void forget(std::string_view part) const;

 private:
  MappedFile() = default;

  std::string name_;
  std::string_view bytes_;
  int fd_ = -1;  // -1 = embedded
  timespec changed_ = {};
};

}  // namespace evalrun
