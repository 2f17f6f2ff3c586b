// evalrun fetch NAME: a dataset from its public home into the cache folder, checked.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/progress.h"
#include "harness/verb.h"
#include "tasks/fetch.h"

namespace evalrun {
namespace {

Result<const FetchableDataset*> find_dataset(const std::string& name) {
  std::vector<std::string> known;
  for (const FetchableDataset& dataset : fetchable_datasets()) {
    if (dataset.name == name) return &dataset;
    known.emplace_back(dataset.name);
  }
  return usage_error("fetch: unknown dataset \"" + to_printable(name, true) + "\"" +
                     did_you_mean(name, known) + "; see evalrun fetch --help");
}

std::string known_datasets() {
  std::string out = "Downloads a dataset into the cache folder and checks its sha256. Known:";
  for (const FetchableDataset& dataset : fetchable_datasets())
    out += fmt::format("\n  {}: {} ({})", dataset.name, dataset.url, dataset.licence);
  return out;
}

}  // namespace

Result<int> fetch_verb(const Arguments& arguments) {
  CLI::App app{known_datasets(), "evalrun fetch"};
  std::string dataset_name, url;
  app.add_option("dataset", dataset_name, "which one")->required()->type_name("");
  app.add_option("--url", url, "a mirror to fetch from; the sha256 stays the same")->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto dataset = find_dataset(dataset_name);
  if (!dataset) return std::unexpected(dataset.error());
  const std::string cache = default_cache_dir();
  if (cache.empty()) return system_error("fetch: neither $XDG_CACHE_HOME nor $HOME is set");
  const std::string destination = cache + "/" + std::string((*dataset)->file_name);
  if (sha256_file(destination) == std::string((*dataset)->sha256)) {
    fmt::print("{} is there already, sha256 as it should be\n", destination);
    return 0;
  }
  const FetchSource source{url.empty() ? std::string((*dataset)->url) : url,
                           std::string((*dataset)->sha256), (*dataset)->max_bytes};
  Progress progress("bytes", (*dataset)->max_bytes, stderr_is_terminal());
  if (Status s = fetch_file(source, destination,
                            [&](std::int64_t done, std::int64_t) { progress.set_done(done); });
      !s)
    return std::unexpected(s.error());
  fmt::print("{}\nsha256 {}\nlicence: {}\n", destination, (*dataset)->sha256, (*dataset)->licence);
  return 0;
}

}  // namespace evalrun
