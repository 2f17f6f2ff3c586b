#include "runners/remote/rate_headers.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr double kUsMax = 1e15;  // 30 years: beyond it a number is nonsense
// Some endpoints give the time of day in seconds or milliseconds since the Unix epoch instead.
constexpr double kEpochSecondsMin = 1e9;
constexpr double kEpochMillisecondsMin = 1e12;

bool is_limit_header(std::string_view name) {
  return name.contains("ratelimit") || name.contains("rate-limit");
}

// A number at the front of `text`, cut off; none if there is none.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return {};
  text.remove_prefix(std::size_t(end - text.data()));
  return value;
}

double unit_seconds(std::string_view unit) {
  if (unit == "d") return 86400;
  if (unit == "h") return 3600;
  if (unit == "m") return 60;
  if (unit == "s" || unit.empty()) return 1;
  if (unit == "ms") return 1e-3;
  if (unit == "us") return 1e-6;
  return unit == "ns" ? 1e-9 : -1;
}

std::optional<double> parse_duration_s(std::string_view text) {
  double seconds = 0;
  if (text.empty()) return {};
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return {};
    const std::size_t end = std::min(text.find_first_of("0123456789"), text.size());
    const double unit = unit_seconds(strip(text.substr(0, end)));
    if (unit < 0) return {};
    seconds += *number * unit;
    text.remove_prefix(end);
  }
  return seconds;
}

// Seconds since the Unix epoch.
std::optional<double> parse_date_s(const std::string& text) {
  std::tm time{};
  if (const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time)) {
    std::string_view zone = rest;
    if (zone.starts_with('.'))
      zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
    if (zone == "Z" || zone == "z" || zone == "+00:00") return double(::timegm(&time));
    return {};
  }
  const std::time_t date = ::curl_getdate(text.c_str(), nullptr);
  if (date == -1) return {};
  return double(date);
}

std::string with_reset(std::string name) {
  const std::size_t at = name.find("remaining");
  return name.replace(at, std::string_view("remaining").size(), "reset");
}

}  // namespace

std::optional<std::int64_t> parse_wait_us(std::string_view text, std::int64_t now_us) {
  text = strip(text);
  std::optional<double> us;
  const auto seconds = parse_duration_s(text);
  if (seconds && *seconds >= kEpochMillisecondsMin)
    us = *seconds * 1e3 - double(now_us);
  else if (seconds && *seconds >= kEpochSecondsMin)
    us = *seconds * 1e6 - double(now_us);
  else if (seconds)
    us = *seconds * 1e6;
  else if (const auto date = parse_date_s(std::string(text)))
    us = *date * 1e6 - double(now_us);
  if (!us || *us > kUsMax) return {};
  return std::int64_t(std::max(0.0, *us));
}

std::int64_t wait_us(const HttpHeaders& headers, std::int64_t now_us) {
  std::int64_t told = 0, resets = 0;
  const auto wait_for = [&](std::string_view text, std::int64_t unit, std::int64_t& longest) {
    if (const auto wait = parse_wait_us(text, now_us)) longest = std::max(longest, *wait / unit);
  };
  for (const auto& [name, value] : headers) {
    if (name == "retry-after") wait_for(value, 1, told);
    if (name == "retry-after-ms") wait_for(value, 1000, told);
    if (is_limit_header(name) && name.contains("remaining") && value == "0")
      wait_for(header_value(headers, with_reset(name)), 1, resets);
  }
  return told > 0 ? told : resets;
}

std::vector<std::string> rate_limit_lines(const HttpHeaders& headers) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : headers)
    if (is_limit_header(name) || name.starts_with("retry-after"))
      lines.push_back(to_printable(name + ": " + value, true));
  return lines;
}

}  // namespace evalrun
