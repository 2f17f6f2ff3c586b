// --target remote: settings, a provider's preset, a key and a price become a RemoteModel.
#include <fmt/format.h>

#include "harness/cached_model.h"
#include "harness/prices.h"
#include "harness/remote_options.h"
#include "harness/target.h"
#include "runners/remote/remote_model.h"

namespace evalrun {
namespace {

std::string traffic_words(const Settings& settings) {
  const std::string connections =
      fmt::format("up to {} requests in flight, {}", settings.max_connections,
                  settings.no_stream ? "not streaming" : "streaming");
  if (settings.request_rate > 0)
    return fmt::format("open loop, {} samples a second arrive (Poisson), {}", settings.request_rate,
                       connections);
  const int samples = settings.max_samples > 0 ? settings.max_samples : settings.max_connections;
  return fmt::format("closed loop, {} samples in flight, {}", samples, connections);
}

Result<std::optional<Price>> price_of(const Settings& settings) {
  const auto rows = load_prices(settings.prices);
  if (!rows) return std::unexpected(rows.error());
  return find_price(*rows, settings.provider, settings.model);
}

// Where and what is asked, without any secret: the cache's share of a key.
std::string identity_of(const RemoteOptions& options) {
  const WireOptions& wire = options.wire;
  return fmt::format("{}\n{}\n{}\n{}", options.base_url, name(wire.api), wire.model,
                     wire.extra_json);
}

}  // namespace

Result<Target> open_remote(const Settings& settings) {
  if (settings.model.empty()) return usage_error("--target remote: needs --model NAME");
  auto options = remote_options(settings);
  if (!options) return std::unexpected(options.error());
  options->notice = [](const std::string& line) { fmt::print(stderr, "evalrun: {}\n", line); };
  auto price = price_of(settings);
  if (!price) return std::unexpected(price.error());
  Target target;
  target.model_name = settings.model;
  target.default_samples = settings.max_connections;
  target.traffic = traffic_words(settings);
  target.price = std::move(*price);
  const std::string identity = identity_of(*options);
  target.model = std::make_unique<RemoteModel>(std::move(*options));
  if (settings.cache.empty()) return target;
  auto cached = CachedModel::open(std::move(target.model), settings.cache, identity);
  if (!cached) return std::unexpected(cached.error());
  target.model = std::move(*cached);
  return target;
}

}  // namespace evalrun
