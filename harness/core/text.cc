#include "harness/core/text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

namespace evalrun {
namespace {

std::string system_reason(const std::string& path) { return path + ": " + std::strerror(errno); }

// Length of the well-formed UTF-8 sequence at the start of `s` (Unicode 15, table 3-7), 0 if none;
// `code` receives the code point.
std::size_t utf8_sequence(std::string_view s, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? std::uint8_t(s[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const std::uint32_t b = byte(0);
  if (b < 0x80) return code = b, 1;
  if (b >= 0xc2 && b <= 0xdf && tail(1)) return code = (b & 31) << 6 | (byte(1) & 63), 2;
  if ((b & 0xf0) == 0xe0 && tail(1) && tail(2)) {
    code = (b & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
    return code >= 0x800 && !(code >= 0xd800 && code <= 0xdfff) ? 3 : 0;
  }
  if ((b & 0xf8) == 0xf0 && tail(1) && tail(2) && tail(3)) {
    code = (b & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
    return code >= 0x10000 && code <= 0x10ffff ? 4 : 0;
  }
  return 0;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

bool is_unsafe_on_terminal(std::uint32_t c, bool one_line) {
  if (c == '\n' || c == '\t') return one_line;
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

std::string visible(std::uint32_t c) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c < 0x100) return {'\\', 'x', kHex[c >> 4], kHex[c & 15]};
  return {'\\', 'u', kHex[c >> 12 & 15], kHex[c >> 8 & 15], kHex[c >> 4 & 15], kHex[c & 15]};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return system_error(system_reason(path));
  std::ostringstream out;
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  if (in.bad() || out.fail()) return system_error(system_reason(path));
  return std::move(out).str();
}

Status write_file_atomically(const std::string& path, std::string_view bytes) {
  struct stat there;  // a device or a pipe must not be replaced by a file
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
    return system_error(path + ": is there and is not a regular file; name another");
  const std::string temporary = path + ".part";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return system_error(system_reason(temporary));
  bool ok = true;
  while (ok && !bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    ok = n > 0;
    if (ok) bytes.remove_prefix(std::size_t(n));
  }
  ok = ok && ::fsync(fd) == 0;
  const std::string reason = ok ? "" : system_reason(temporary);
  ::close(fd);
  if (!ok) {
    ::unlink(temporary.c_str());
    return system_error(reason);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_error(system_reason(path));
  return {};
}

std::string_view strip(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\n\r\v\f\x1c\x1d\x1e\x1f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::string fill_template(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    out += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.empty()) break;
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& value) {
      const std::string_view rest = text.substr(1);
      return rest.starts_with(value.first) && rest.substr(value.first.size()).starts_with('}');
    });
    out += found == values.end() ? text.substr(0, 1) : found->second;
    text.remove_prefix(found == values.end() ? 1 : found->first.size() + 2);
  }
  return out;
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string> known) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(wrong.size() / 3, wrong.size() > 3 ? 2 : 1) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(wrong, candidate);
    const bool part = wrong.size() >= 3 && candidate.find(wrong) != std::string::npos;
    if (distance >= best_distance && !(part && best == nullptr)) continue;
    best = &candidate;
    best_distance = std::min(best_distance, distance);
  }
  return best == nullptr ? "" : " (did you mean \"" + *best + "\"?)";
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  for (std::uint32_t code = 0; !bytes.empty();) {
    const std::size_t n = utf8_sequence(bytes, code);
    out += n != 0 ? bytes.substr(0, n) : "\xef\xbf\xbd";
    bytes.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

std::string to_printable(std::string_view utf8, bool one_line) {
  std::string out;
  for (std::uint32_t code = 0; !utf8.empty();) {
    const std::size_t n = utf8_sequence(utf8, code);
    if (n == 0) code = std::uint8_t(utf8[0]);
    const bool hide = n == 0 || is_unsafe_on_terminal(code, one_line);
    out += hide ? visible(code) : std::string(utf8.substr(0, n));
    utf8.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

}  // namespace evalrun
