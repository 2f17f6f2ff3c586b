#include "harness/target.h"

#include "harness/core/text.h"
#include "harness/open_run.h"
#include "harness/sim_target.h"
#include "runners/local/local_model.h"
#include "runners/recorded.h"

namespace evalrun {
namespace {

// Below this a model gets the compact prompts. The smallest models that follow written
// instructions at all have some hundred million parameters.
constexpr std::int64_t kCompactBelowParameters = 50'000'000;

Result<Target> open_local(const Settings& settings) {
  LocalOptions options;
  options.path = settings.model;
  options.threads = settings.threads;
  auto model = LocalModel::open(options);
  if (!model) return std::unexpected(model.error());
  Target target;
  const LocalInfo& info = (*model)->info();
  target.model_name = info.name;
  target.model_sha256 = info.sha256;
  target.parameters = info.parameters;
  target.default_samples = 8;  // with CePO's parallel calls that fills a batch of 16
  target.model = std::move(*model);
  return target;
}

Result<Target> open_recorded(const Settings& settings) {
  if (settings.from.empty())
    return usage_error("--target recorded: needs --from DIR, the run folder to answer from");
  const auto run = open_run(settings.from, RunFolder::Mode::read);
  if (!run) return std::unexpected(run.error());
  auto calls = run->folder->calls();
  if (!calls) return std::unexpected(calls.error());
  Target target;
  target.model_name = run->manifest.run.model_name;
  target.model_sha256 = run->manifest.run.model_sha256;
  target.traffic = run->manifest.run.traffic;
  target.price = run->manifest.run.price;
  target.source = run->settings;
  target.default_samples = 1;
  target.model = std::make_unique<RecordedModel>(latest_calls(std::move(*calls)));
  return target;
}

}  // namespace

Result<Target> open_target(const Settings& settings) {
  if (!is_content_target(settings.target)) return open_simulated(settings);
  if (!settings.as.empty())
    return usage_error("--as " + to_printable(settings.as, true) + ": --target " + settings.target +
                       " plays no other model; name a simulated machine, such as --target cs3");
  if (settings.target == "recorded") return open_recorded(settings);
  return settings.target == "remote" ? open_remote(settings) : open_local(settings);
}

std::string prompt_profile_for(const Target& target) {
  const bool small = target.parameters != 0 && target.parameters < kCompactBelowParameters;
  return small ? "compact" : "full";
}

}  // namespace evalrun
