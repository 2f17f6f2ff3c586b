// Files of lines that only grow: how they are appended to and read. Internal to results.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// Appends whole lines; what a killed process left of a line is cut off when the file is opened.
// Each line is one write(): after kill -9 of this process the file holds every line whose append
// returned. (Nothing is fsync'ed, so a power failure may lose the last seconds.)
// Not thread-safe, and the only writer of its file: the owner holds a mutex and the folder's lock.
class LineWriter {
 public:
  // Error (system): the path and the system's reason.
  static Result<LineWriter> open(const std::string& path);
  LineWriter(LineWriter&& other) noexcept;
  LineWriter& operator=(LineWriter&&) = delete;
  ~LineWriter();

  // `line` has no newline. A line that cannot be written whole is taken back, and the error stays:
  // every later append returns it too, so that no worker goes on producing what cannot be kept.
  Status append(std::string_view line);

  // Cuts the file after its first `count` lines (at most what it holds).
  Status keep_lines(std::size_t count);

 private:
  LineWriter(int fd, std::string path, std::int64_t size_bytes);
  Status cut_torn_line();

  int fd_;
  std::string path_;
  std::int64_t size_bytes_;  // whole lines only
  std::string buffer_;       // the line and its newline; kept to reuse its memory
  Status status_;            // sticky
};

enum class LastLine {
  may_be_torn,    // a journal: bytes after the last newline are not a line yet, and are left out
  must_be_whole,  // a file that was written at once: a missing last newline is an error
};

// Calls `visit` for each line (without its newline) and stops at its first error, which then
// begins with "PATH:LINE: ". The view is valid during the call. Holds one line and 1 MiB in memory.
// A file that does not exist has no lines. Error (system): the path and the system's reason.
Status for_each_line(const std::string& path, LastLine last,
                     const std::function<Status(std::string_view line)>& visit);

}  // namespace evalrun
