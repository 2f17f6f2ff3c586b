#include "harness/remote_options.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "runners/remote/providers.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

Result<const Provider*> provider_of(const Settings& settings) {
  if (settings.provider.empty()) return nullptr;
  if (const Provider* provider = find_provider(settings.provider)) return provider;
  std::vector<std::string> names;
  for (const Provider& provider : providers()) names.emplace_back(provider.name);
  return usage_error("--provider: unknown provider \"" + to_printable(settings.provider, true) +
                     "\"" + did_you_mean(settings.provider, names) +
                     "; evalrun list names them; for any other give --base-url");
}

// "key=value" pairs as one object; a value that is no JSON is a string.
Result<std::string> extra_json(const std::vector<std::string>& model_args) {
  ordered_json extra = ordered_json::object();
  for (const std::string& argument : model_args) {
    const std::size_t at = argument.find('=');
    if (at == argument.npos || at == 0)
      return usage_error("-M: \"" + to_printable(argument, true) + "\" is not KEY=VALUE");
    const std::string value = argument.substr(at + 1);
    ordered_json parsed = ordered_json::parse(value, nullptr, /*allow_exceptions=*/false);
    extra[argument.substr(0, at)] = parsed.is_discarded() ? ordered_json(value) : parsed;
  }
  return extra.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<WireOptions> wire_of(const Settings& settings, const Provider* provider) {
  WireOptions wire = provider != nullptr ? provider->wire : WireOptions{};
  if (settings.api != "auto") parse(settings.api, wire.api);
  wire.model = settings.model;
  if (settings.no_stream) wire.stream = false;
  auto extra = extra_json(settings.model_args);
  if (!extra) return std::unexpected(extra.error());
  wire.extra_json = std::move(*extra);
  return wire;
}

Result<std::string> key_of(const Settings& settings, const Provider* provider) {
  if (!settings.api_key_file.empty()) return key_from_file(settings.api_key_file);
  if (!settings.api_key_env.empty()) return key_from_environment(settings.api_key_env);
  // The provider's own variable is for the provider's own address alone.
  if (provider == nullptr || provider->key_env.empty() || !settings.base_url.empty()) return "";
  return key_from_environment(std::string(provider->key_env));
}

// "Name=value" as a header; the value is a secret.
Status add_header(RemoteOptions& options, const std::string& setting) {
  const std::size_t at = setting.find('=');
  const std::string name = setting.substr(0, at);
  const std::string where = "--header: " + to_printable(name, true) + ": ";
  const bool is_token =
      !name.empty() &&
      name.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") ==
          name.npos;
  if (at == setting.npos || !is_token) return usage_error(where + "is not NAME=VALUE");
  std::string value = setting.substr(at + 1);
  if (value == kHiddenValue)
    return usage_error(where + "its value was not kept with the run; give --header again");
  if (value.starts_with('$')) {
    const char* found = std::getenv(value.c_str() + 1);
    if (found == nullptr) return usage_error(where + to_printable(value, true) + " is not set");
    value = found;
  }
  for (unsigned char c : value)
    if (c < 32 || c == 127) return usage_error(where + "its value holds a control character");
  options.secrets.add(value);
  options.headers.push_back(name + ": " + value);
  return {};
}

std::int64_t ms(double seconds) { return std::int64_t(seconds * 1000); }

}  // namespace

Result<RemoteOptions> remote_options(const Settings& settings) {
  const auto preset = provider_of(settings);
  if (!preset) return std::unexpected(preset.error());
  const Provider* provider = *preset;
  RemoteOptions options;
  options.base_url = settings.base_url;
  if (options.base_url.empty() && provider != nullptr) options.base_url = provider->base_url;
  if (options.base_url.empty())
    return usage_error("a remote endpoint needs --base-url URL or --provider NAME");
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  if (Status s = check_base_url(options.base_url); !s) return std::unexpected(s.error());
  auto wire = wire_of(settings, provider);
  if (!wire) return std::unexpected(wire.error());
  options.wire = std::move(*wire);
  auto key = key_of(settings, provider);
  if (!key) return std::unexpected(key.error());
  options.key = std::move(*key);
  options.secrets.add(options.key);
  for (const std::string& header : settings.headers)
    if (Status s = add_header(options, header); !s) return std::unexpected(s.error());
  options.limits = {settings.max_connections, settings.start_connections,
                    std::int64_t(settings.rpm), std::int64_t(settings.tpm)};
  options.http.ca_file = settings.cacert;
  // The manifest keeps the flag; the variables it does not see.
  if (settings.proxy.contains('@'))
    return usage_error("--proxy: holds a user or password; set $https_proxy or $http_proxy to it");
  options.http.proxy = settings.proxy;
  options.http.kept_connections_max = settings.max_connections;
  options.attempt_timeout_ms = ms(settings.attempt_timeout_s);
  options.stall_timeout_ms = ms(settings.stall_timeout_s);
  options.timeout_ms = ms(settings.timeout_s);
  options.max_retries = settings.max_retries;
  return options;
}

}  // namespace evalrun
