// One process at a time writes to a run folder.
#pragma once

#include <string>

#include "harness/core/result.h"

namespace evalrun {

// flock(2) on DIR/lock, from take() to destruction; the system lets go of it when the process
// dies, however it dies. The file holds the process id, for the message to whoever comes second.
class FolderLock {
 public:
  // Error (system): "DIR is in use by process N", or the path and the system's reason.
  static Result<FolderLock> take(const std::string& dir);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace evalrun
