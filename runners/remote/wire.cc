#include "runners/remote/wire.h"

#include <algorithm>
#include <array>

namespace evalrun {
namespace {

struct ApiNames {
  Api api;
  std::string_view name, path;
};
constexpr std::array kApis{
    ApiNames{Api::openai, "openai", "/chat/completions"},
    ApiNames{Api::openai_completions, "openai-completions", "/completions"},
    ApiNames{Api::anthropic, "anthropic", "/messages"},
};

bool is_redirect(const WireError& error) {
  return error.http_status >= 300 && error.http_status < 400;
}

}  // namespace

std::string_view name(Api api) { return kApis.at(std::size_t(api)).name; }
std::string_view endpoint_path(Api api) { return kApis.at(std::size_t(api)).path; }

bool parse(std::string_view text, Api& out) {
  const auto found = std::find_if(kApis.begin(), kApis.end(),
                                  [&](const ApiNames& known) { return known.name == text; });
  if (found == kApis.end()) return false;
  out = found->api;
  return true;
}

std::string_view name(WireErrorKind kind) {
  static constexpr std::array<std::string_view, 8> kNames{
      "bad_request",  "auth",       "not_found", "quota",
      "rate_limited", "overloaded", "server",    "protocol"};
  return kNames.at(std::size_t(kind));
}

bool is_transient(const WireError& error) {
  switch (error.kind) {
    case WireErrorKind::rate_limited:
    case WireErrorKind::overloaded:
    case WireErrorKind::server:
      return true;
    case WireErrorKind::protocol:
      return !is_redirect(error);
    default:
      return false;
  }
}

bool is_fatal(const WireError& error) {
  switch (error.kind) {
    case WireErrorKind::auth:
    case WireErrorKind::not_found:
    case WireErrorKind::quota:
      return true;
    default:
      return is_redirect(error);
  }
}

void cut_at_stop(std::string& text, const std::vector<std::string>& stop) {
  std::size_t first = text.size();
  for (const std::string& word : stop)
    if (!word.empty()) first = std::min(first, text.find(word));
  text.resize(first);
}

}  // namespace evalrun
