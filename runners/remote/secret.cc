#include "runners/remote/secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::size_t kKeyBytesMax = 16 << 10;
constexpr std::size_t kPartBytesMin = 3;  // of a secret that was cut
constexpr std::string_view kShown = "[secret]";

Result<std::string> checked_key(std::string_view key, const std::string& where) {
  key = strip(key);
  if (key.empty()) return usage_error(where + ": is empty; it should hold the API key");
  // A line break would be a header of its own.
  const bool is_header =
      std::ranges::all_of(key, [](unsigned char c) { return c > 32 && c < 127; });
  if (!is_header)
    return usage_error(where +
                       ": holds a character that no API key has (a blank, a control "
                       "character, or not ASCII)");
  return std::string(key);
}

}  // namespace

void Secrets::add(std::string_view secret) {
  secret = strip(secret);
  if (secret.size() < kBytesMin) return;
  secrets_.emplace_back(secret);
  std::ranges::sort(secrets_, std::greater{}, &std::string::size);
}

std::string Secrets::without(std::string text) const {
  for (const std::string& secret : secrets_)
    for (std::size_t at = 0; (at = text.find(secret, at)) != text.npos; at += kShown.size())
      text.replace(at, secret.size(), kShown);
  hide_cut_ones(text);
  return text;
}

// The words of an error are cut to a length, maybe within a secret: then its first bytes stand
// before an ellipsis.
void Secrets::hide_cut_ones(std::string& text) const {
  constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
  for (std::size_t at = 0; (at = text.find(kEllipsis, at)) != text.npos; at += kEllipsis.size())
    at = hide_cut_one(text, at);
}

std::size_t Secrets::hide_cut_one(std::string& text, std::size_t end) const {
  const std::string_view words(text.data(), end);
  for (const std::string& secret : secrets_)
    for (std::size_t n = std::min(secret.size(), words.size()); n >= kPartBytesMin; --n)
      if (words.ends_with(std::string_view(secret).substr(0, n))) {
        text.replace(end - n, n, kShown);
        return end - n + kShown.size();
      }
  return end;
}

Result<std::string> key_from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr)
    return usage_error("environment variable " + to_printable(name, true) +
                       " is not set; it should hold the API key");
  return checked_key(value, "environment variable " + to_printable(name, true));
}

Result<std::string> key_from_file(const std::string& path) {
  const std::string where = "--api-key-file: " + to_printable(path, true);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return usage_error(where + ": " + std::generic_category().message(errno));
  // The opened file is asked, not the name, which may be another file by now.
  struct stat info {};
  const bool is_known = ::fstat(fd, &info) == 0;
  std::array<char, kKeyBytesMax> bytes;
  const ssize_t n = ::read(fd, bytes.data(), bytes.size());
  ::close(fd);
  if (!is_known || n < 0 || !S_ISREG(info.st_mode))
    return usage_error(where + ": is not a readable file");
  if ((info.st_mode & 077) != 0 || (info.st_uid != ::geteuid() && info.st_uid != 0))
    return usage_error(where + ": others may read it; do: chmod 600 FILE");
  const std::string_view text(bytes.data(), std::size_t(n));
  return checked_key(text.substr(0, text.find('\n')), where);
}

}  // namespace evalrun
