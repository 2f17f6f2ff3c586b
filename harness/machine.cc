#include "harness/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/core/text.h"

namespace evalrun {
namespace {

// The value behind `key` in a file of "key<separator>value" lines, "" if there is none.
std::string value_in(const std::string& path, std::string_view key, char separator) {
  const auto text = read_file(path);
  if (!text) return "";
  for (std::string_view line : split(*text, '\n')) {
    const std::size_t at = line.find(separator);
    if (at == std::string_view::npos || strip(line.substr(0, at)) != key) continue;
    std::string value(strip(line.substr(at + 1)));
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return "";
}

}  // namespace

std::string machine_json() {
  utsname names{};
  ::uname(&names);
  nlohmann::ordered_json out;
  out["cpu"] = value_in("/proc/cpuinfo", "model name", ':');
  out["cores"] = std::thread::hardware_concurrency();
  out["memory_bytes"] = std::int64_t(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  out["kernel"] = std::string(names.sysname) + " " + names.release + " " + names.machine;
  out["os"] = value_in("/etc/os-release", "PRETTY_NAME", '=');
  return out.dump(2);
}

std::string utc_time(std::int64_t us_since_epoch) {
  const std::time_t seconds = us_since_epoch / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace evalrun
