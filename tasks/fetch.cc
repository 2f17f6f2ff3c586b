#include "tasks/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "tasks/crux.h"

namespace evalrun {
namespace {

// A URL as curl reads it, so that what is checked is what is fetched.
class Url {
 public:
  explicit Url(const std::string& text) : url_(curl_url(), &curl_url_cleanup) {
    CHECK(url_ != nullptr);
    valid_ = curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
  }
  bool valid() const { return valid_; }

  std::string part(CURLUPart part) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), part, &text, 0) != CURLUE_OK) return "";
    std::string out = text;
    curl_free(text);
    return out;
  }

  bool is_loopback_http() const {
    if (part(CURLUPART_SCHEME) != "http") return false;
    const std::string host = part(CURLUPART_HOST);
    in_addr address{};
    const bool ipv4 = inet_pton(AF_INET, host.c_str(), &address) == 1;
    return host == "localhost" || host == "[::1]" || (ipv4 && (ntohl(address.s_addr) >> 24) == 127);
  }

  // Without what may be secret.
  std::string shown() const {
    const std::string port = part(CURLUPART_PORT);
    return to_printable(part(CURLUPART_SCHEME) + "://" + part(CURLUPART_HOST) +
                            (port.empty() ? "" : ":" + port) + part(CURLUPART_PATH),
                        /*one_line=*/true);
  }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  bool valid_ = false;
};

std::string system_reason(const std::string& path) { return path + ": " + std::strerror(errno); }

// The file being written; gone when this is destroyed, unless it was kept.
class PartFile {
 public:
  explicit PartFile(const std::string& destination)
      : path_(destination + ".part." + std::to_string(::getpid())) {
    ::unlink(path_.c_str());  // of a killed process that had our id
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!kept_) ::unlink(path_.c_str());
  }

  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(std::size_t(n));
    }
    return true;
  }

  Status keep_as(const std::string& destination) {
    if (::fsync(fd_) != 0) return system_error(system_reason(path_));
    if (::rename(path_.c_str(), destination.c_str()) != 0)
      return system_error(system_reason(destination));
    kept_ = true;
    return {};
  }

 private:
  std::string path_;
  int fd_ = -1;
  bool kept_ = false;
};

// What curl's callbacks work on.
struct Download {
  PartFile* file = nullptr;
  std::int64_t max_bytes = 0;
  std::int64_t bytes = 0;
  bool too_big = false;
  std::string write_error;
  const FetchProgress* progress = nullptr;
};

std::size_t on_bytes(char* data, std::size_t, std::size_t size, void* context) {
  auto& download = *static_cast<Download*>(context);
  download.bytes += std::int64_t(size);
  download.too_big = download.bytes > download.max_bytes;
  if (download.too_big) return CURL_WRITEFUNC_ERROR;
  if (download.file->write({data, size})) return size;
  download.write_error = system_reason(download.file->path());
  return CURL_WRITEFUNC_ERROR;
}

int on_progress(void* context, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  const auto& download = *static_cast<Download*>(context);
  if (*download.progress) (*download.progress)(done, total);
  return 0;
}

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

Curl make_curl(const FetchSource& source, bool loopback, const FetchLimits& limits,
               Download& download) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  CHECK(ready);
  Curl curl(curl_easy_init(), &curl_easy_cleanup);
  CHECK(curl != nullptr);
  const auto set = [&](CURLoption option, auto value) {
    CHECK(curl_easy_setopt(curl.get(), option, value) == CURLE_OK);
  };
  set(CURLOPT_URL, source.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, loopback ? "http,https" : "https");
  if (loopback) set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 5L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);  // this is called from any thread
  set(CURLOPT_USERAGENT, "evalrun");
  set(CURLOPT_CONNECTTIMEOUT_MS, long(limits.connect_timeout_ms));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, long(limits.stall_timeout_s));
  set(CURLOPT_TIMEOUT_MS, long(limits.total_timeout_ms));
  set(CURLOPT_MAXFILESIZE_LARGE, curl_off_t(source.max_bytes));
  set(CURLOPT_WRITEFUNCTION, &on_bytes);
  set(CURLOPT_WRITEDATA, &download);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, &download);
  return curl;
}

std::string failure(CURL* curl, CURLcode code, const char* detail, const FetchSource& source,
                    const Download& download) {
  if (!download.write_error.empty()) return download.write_error;
  if (download.too_big || code == CURLE_FILESIZE_EXCEEDED)
    return fmt::format("more than the {} bytes expected at most", source.max_bytes);
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return fmt::format("HTTP status {}", status);
  }
  const std::string reason = *detail != 0 ? detail : curl_easy_strerror(code);
  return to_printable(reason, /*one_line=*/true);
}

Status download_to(PartFile& file, const FetchSource& source, bool loopback,
                   const FetchProgress& progress, const FetchLimits& limits) {
  Download download;
  download.file = &file;
  download.max_bytes = source.max_bytes;
  download.progress = &progress;
  const Curl curl = make_curl(source, loopback, limits, download);
  std::array<char, CURL_ERROR_SIZE> detail{};
  CHECK(curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data()) == CURLE_OK);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_OK) return {};
  return system_error(failure(curl.get(), code, detail.data(), source, download));
}

Status check_sha256(const std::string& path, const FetchSource& source) {
  const auto sha256 = sha256_file(path);
  if (!sha256) return std::unexpected(sha256.error());
  if (*sha256 == source.sha256) return {};
  return input_error("sha256 expected " + source.sha256 + ", got " + *sha256);
}

Status make_folder_of(const std::string& destination) {
  const auto folder = std::filesystem::path(destination).parent_path();
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return system_error(folder.string() + ": " + error.message());
  return {};
}

}  // namespace

Status fetch_file(const FetchSource& source, const std::string& destination,
                  const FetchProgress& progress, const FetchLimits& limits) {
  CHECK(source.sha256.size() == 64 && source.max_bytes > 0);
  const Url url(source.url);
  const bool loopback = url.valid() && url.is_loopback_http();
  if (!loopback && !(url.valid() && url.part(CURLUPART_SCHEME) == "https"))
    return usage_error("fetch: the URL has to begin with https://");
  if (auto ok = make_folder_of(destination); !ok) return ok;
  PartFile file(destination);
  if (!file.is_open()) return system_error(system_reason(file.path()));
  Status ok = download_to(file, source, loopback, progress, limits);
  if (ok) ok = check_sha256(file.path(), source);
  if (ok) return file.keep_as(destination);
  return fail(ok.error().kind, url.shown() + ": " + ok.error().message +
                                   "; or download it some other way and place it at " +
                                   destination);
}

std::span<const FetchableDataset> fetchable_datasets() {
  static constexpr FetchableDataset kDatasets[] = {
      {"crux",
       "https://raw.githubusercontent.com/facebookresearch/cruxeval/main/data/cruxeval.jsonl",
       kCruxSha256, "cruxeval.jsonl", "MIT", 4 << 20},
  };
  return kDatasets;
}

std::string cache_dir_from(const char* xdg_cache_home, const char* home) {
  const auto usable = [](const char* dir) { return dir != nullptr && dir[0] == '/'; };
  if (usable(xdg_cache_home)) return std::string(xdg_cache_home) + "/evalrun";
  if (usable(home)) return std::string(home) + "/.cache/evalrun";
  return "";
}

std::string default_cache_dir() {
  return cache_dir_from(std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"));
}

}  // namespace evalrun
