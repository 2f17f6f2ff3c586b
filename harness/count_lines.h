// Lines of code of a folder by language, as cloc 1.96 counts them (count_lines_filters.h says what
// counts as what).
//
// Folders .git, .hg, .svn, .bzr, .cvs, .config and .snapshot are left out. Files with the same
// content count once. Left out and counted as such: symbolic links (cloc follows those to files),
// binary files, files over 100 MB, empty ones, languages that are not known, and all that is no
// regular file. What cannot be read is named.
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/count_lines_filters.h"

namespace evalrun {

struct LanguageLines {
  std::string language;
  long files = 0;
  LineCount lines;
};

struct LineCounts {
  std::vector<LanguageLines> languages;  // most code first, then by name
  LanguageLines sum;
  long duplicates = 0, links = 0, binary = 0, large = 0, empty = 0, unknown = 0, special = 0;
  std::vector<std::string> unreadable;  // "PATH: why", printable
};

// Error (usage): `folder` is none, or cannot be read itself.
Result<LineCounts> count_lines(const std::string& folder);

std::string line_counts_text(const LineCounts& counts);
std::string line_counts_json(const LineCounts& counts);

}  // namespace evalrun
