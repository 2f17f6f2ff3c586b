// Keys: where they come from, and that they go nowhere but into a request's headers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// The one place that knows the run's secrets. No way to print it. Thread-safe once filled.
class Secrets {
 public:
  // Shorter texts are no secrets: hiding "x" would hide half of every answer.
  static constexpr std::size_t kBytesMin = 6;

  // Notes a secret; texts that hold it are changed from now on. Surrounding blanks do not count.
  void add(std::string_view secret);
  // Each occurrence of each secret becomes "[secret]"; also the beginning of one before an
  // ellipsis.
  std::string without(std::string text) const;

 private:
  void hide_cut_ones(std::string& text) const;
  // The secret that is cut at `end`, if any. Where `end` is afterwards.
  std::size_t hide_cut_one(std::string& text, std::size_t end) const;

  std::vector<std::string> secrets_;  // longest first
};

// The value of environment variable `name`. Error (usage) naming the variable when it is not set,
// is empty, or cannot stand in a header (control characters).
Result<std::string> key_from_environment(const std::string& name);

// The first line of a file that is a regular file, owned by this user (or root) and readable by
// nobody else (mode 600 or 400). Error (usage) naming the file and what to do.
Result<std::string> key_from_file(const std::string& path);

}  // namespace evalrun
