#include "harness/count_lines.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <system_error>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "results/table.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kBytesMax = 100 << 20;  // of one file, cloc's limit
constexpr std::size_t kHeadBytes = 4096;      // to tell the language and binary files by
const std::set<std::string> kLeftOut{".git", ".hg", ".svn", ".bzr", ".cvs", ".config", ".snapshot"};

// A file that is closed at the end.
struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

// Appends until `text` has `size` bytes or the file ends. False: errno says why.
bool read_to(int fd, std::string& text, std::size_t size) {
  while (text.size() < size) {
    const std::size_t before = text.size();
    const std::size_t piece = std::min<std::size_t>(size - before, 1 << 20);
    text.resize(before + piece);
    const ssize_t n = ::read(fd, text.data() + before, piece);
    text.resize(before + std::size_t(std::max<ssize_t>(n, 0)));
    if (n == 0) return true;
    if (n < 0 && errno != EINTR) return false;
  }
  return true;
}

class Counter {
 public:
  // False: the folder itself cannot be read; errno-like words are in `unreadable`.
  LineCounts count(const std::string& folder) {
    std::vector<std::string> folders{folder};
    while (!folders.empty()) {
      const std::string at = std::move(folders.back());
      folders.pop_back();
      list(at, folders);
    }
    add_up();
    return std::move(counts_);
  }

 private:
  struct Counted {
    std::string path;
    const LineLanguage* language = nullptr;
    LineCount lines;
  };

  void list(const std::string& folder, std::vector<std::string>& folders) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      std::error_code gone;
      const fs::file_type type = at->symlink_status(gone).type();
      const std::string path = at->path().string();
      if (gone)
        refuse(path, gone.message());
      else if (type == fs::file_type::symlink)
        ++counts_.links;
      else if (type == fs::file_type::directory && !kLeftOut.contains(at->path().filename()))
        folders.push_back(path);
      else if (type == fs::file_type::regular)
        add(path);
      else if (type != fs::file_type::directory)
        ++counts_.special;
    }
    if (error) refuse(folder, error.message());
  }

  void add(const std::string& path) {
    // A file may have become something else since it was listed.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)};
    struct stat status = {};
    if (file.fd < 0 || ::fstat(file.fd, &status) != 0) return refuse(path, std::strerror(errno));
    if (!S_ISREG(status.st_mode)) return void(++counts_.special);
    if (std::size_t(status.st_size) > kBytesMax) return void(++counts_.large);
    std::string text;
    if (!read_to(file.fd, text, kHeadBytes)) return refuse(path, std::strerror(errno));
    if (text.empty()) return void(++counts_.empty);
    if (looks_binary(text)) return void(++counts_.binary);
    const LineLanguage* language = line_language(fs::path(path).filename().string(), text);
    if (language == nullptr) return void(++counts_.unknown);
    if (!read_to(file.fd, text, kBytesMax)) return refuse(path, std::strerror(errno));
    const auto [at, is_new] = by_content_.try_emplace(sha256_hex(text));
    if (!is_new) ++counts_.duplicates;
    if (!is_new && path < at->second.path) return;  // cloc keeps the last path of equal files
    at->second = {path, language, count_text(*language, text)};
  }

  void refuse(const std::string& path, const std::string& why) {
    counts_.unreadable.push_back(to_printable(to_valid_utf8(path), true) + ": " + why);
  }

  void add_up() {
    std::map<std::string_view, LanguageLines> by_name;
    for (const auto& [hash, counted] : by_content_) {
      LanguageLines& own = by_name[name(*counted.language)];
      for (LanguageLines* lines : {&own, &counts_.sum})
        ++lines->files, lines->lines += counted.lines;
    }
    for (auto& [name, own] : by_name) {
      own.language = name;
      counts_.languages.push_back(std::move(own));
    }
    std::ranges::stable_sort(counts_.languages, std::greater<>(),
                             [](const LanguageLines& lines) { return lines.lines.code; });
    counts_.sum.language = "SUM";
    std::ranges::sort(counts_.unreadable);
  }

  LineCounts counts_;
  std::map<std::string, Counted> by_content_;  // by hash
};

struct LeftOut {
  const char* words;
  const char* key;
  long LineCounts::*count;
};
constexpr LeftOut kReasons[] = {{"same content as another", "duplicates", &LineCounts::duplicates},
                                {"language not known", "unknown", &LineCounts::unknown},
                                {"binary", "binary", &LineCounts::binary},
                                {"empty", "empty", &LineCounts::empty},
                                {"over 100 MB", "large", &LineCounts::large},
                                {"symbolic link", "links", &LineCounts::links},
                                {"no regular file", "special", &LineCounts::special}};

ordered_json to_json(const LanguageLines& lines) {
  return {{"language", lines.language},
          {"files", lines.files},
          {"blank", lines.lines.blank},
          {"comment", lines.lines.comment},
          {"code", lines.lines.code}};
}

}  // namespace

Result<LineCounts> count_lines(const std::string& folder) {
  std::error_code error;
  const fs::directory_iterator readable(folder, error);
  if (error)
    return usage_error(
        fmt::format("--count-lines: {}: {}", to_printable(folder, true), error.message()));
  return Counter().count(folder);
}

std::string line_counts_text(const LineCounts& counts) {
  Table table({{"language", false}, {"files"}, {"blank"}, {"comment"}, {"code"}});
  const auto add = [&](const LanguageLines& l) {
    table.add({l.language, std::to_string(l.files), std::to_string(l.lines.blank),
               std::to_string(l.lines.comment), std::to_string(l.lines.code)});
  };
  for (const LanguageLines& lines : counts.languages) add(lines);
  add(counts.sum);
  std::string text = table.text();
  for (const LeftOut& reason : kReasons)
    if (counts.*reason.count > 0)
      text += fmt::format("not counted: {:>6}  {}\n", counts.*reason.count, reason.words);
  for (const std::string& line : counts.unreadable) text += "could not be read: " + line + "\n";
  return text;
}

std::string line_counts_json(const LineCounts& counts) {
  ordered_json out{{"languages", ordered_json::array()},
                   {"sum", to_json(counts.sum)},
                   {"not_counted", ordered_json::object()},
                   {"unreadable", counts.unreadable}};
  for (const LanguageLines& lines : counts.languages) out["languages"].push_back(to_json(lines));
  for (const LeftOut& reason : kReasons) out["not_counted"][reason.key] = counts.*reason.count;
  return out.dump(2) + "\n";
}

}  // namespace evalrun
