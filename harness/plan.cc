#include "harness/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <set>

#include "harness/core/prompt_set.h"
#include "harness/core/text.h"
#include "harness/registry.h"
#include "harness/sample_metadata.h"
#include "harness/version.h"
#include "scorers/score.h"
#include "tasks/crux.h"
#include "tasks/fetch.h"

namespace evalrun {
namespace {

struct Range {
  std::size_t first = 0, end = 0;  // half open, from 0
};

Result<Range> parse_limit(const std::string& text) {
  std::size_t a = 0, b = 0;
  const char* end = text.data() + text.size();
  const auto [middle, bad] = std::from_chars(text.data(), end, a);
  if (bad == std::errc() && middle == end && a > 0) return Range{0, a};
  if (bad == std::errc() && middle != end && *middle == '-') {
    const auto [last, bad_b] = std::from_chars(middle + 1, end, b);
    if (bad_b == std::errc() && last == end && a > 0 && b >= a) return Range{a - 1, b};
  }
  return usage_error(
      fmt::format("--limit: \"{}\" is neither a number N nor a range A-B counted from 1",
                  to_printable(text, true)));
}

void keep_range(std::vector<Sample>& samples, Range range) {
  const std::size_t end = std::min(range.end, samples.size());
  const std::size_t first = std::min(range.first, end);
  samples.erase(samples.begin() + std::ptrdiff_t(end), samples.end());
  samples.erase(samples.begin(), samples.begin() + std::ptrdiff_t(first));
}

Status keep_ids(std::vector<Suite>& suites, const std::vector<std::string>& ids) {
  std::vector<std::string> known;
  for (const Suite& suite : suites)
    for (const Sample& sample : suite.samples) known.push_back(sample.id);
  for (const std::string& id : ids)
    if (std::find(known.begin(), known.end(), id) == known.end())
      return usage_error(fmt::format("--sample-id: no chosen suite has a sample \"{}\"{}",
                                     to_printable(id, true), did_you_mean(id, known)));
  const std::set<std::string> wanted(ids.begin(), ids.end());
  for (Suite& suite : suites)
    std::erase_if(suite.samples, [&](const Sample& s) { return !wanted.contains(s.id); });
  return {};
}

// A filter that filters nothing would leave the user with more than was asked for.
Status check_lcb_flags(const Settings& settings, const std::vector<const SuiteInfo*>& infos) {
  const bool given = !(lcb_options(settings) == LcbOptions{});
  const bool useful = std::any_of(infos.begin(), infos.end(), [](const SuiteInfo* info) {
    return info->name.starts_with("lcb");
  });
  if (!given || useful) return {};
  return usage_error(
      "--release, --start-date, --end-date, --difficulty, --platform, --lcb-style, --repair-from: "
      "none of the chosen suites is of LiveCodeBench");
}

Result<std::vector<Suite>> load_suites(const Settings& settings) {
  const auto infos = find_suites(settings.suites);
  if (!infos) return std::unexpected(infos.error());
  const bool takes_data = std::any_of(infos->begin(), infos->end(),
                                      [](const SuiteInfo* info) { return info->takes_data_file; });
  if (!settings.data.empty() && !takes_data)
    return usage_error("--data: none of the chosen suites reads a data file");
  if (Status s = check_lcb_flags(settings, *infos); !s) return std::unexpected(s.error());
  std::vector<Suite> loaded;
  for (const SuiteInfo* info : *infos) {
    auto suite = info->load(suite_options(settings));
    if (!suite) return std::unexpected(suite.error());
    loaded.push_back(std::move(*suite));
  }
  return loaded;
}

Result<StrategySettings> make_strategy_settings(const Settings& settings) {
  StrategySettings out;
  out.one_call.max_tokens = settings.max_tokens;
  if (settings.temperature) out.one_call.temperature = *settings.temperature;
  if (settings.top_p) out.one_call.top_p = *settings.top_p;
  out.cepo = settings.cepo;
  if (Status s = check_cepo_settings(out.cepo); !s) return std::unexpected(s.error());
  const auto texts = PromptSet::load("runners/strategies/prompts/", cepo_prompt_names(),
                                     settings.prompt_profile, settings.prompts);
  if (!texts) return std::unexpected(texts.error());
  auto prompts = make_cepo_prompts([&](std::string_view name) { return texts->get(name); });
  if (!prompts) return std::unexpected(prompts.error());
  out.cepo_prompts = std::move(*prompts);
  return out;
}

Status check_prompt_overrides(const std::string& dir) {
  const auto tasks = task_prompt_names(), cepo = cepo_prompt_names();
  std::vector<std::string_view> names(tasks.begin(), tasks.end());
  names.insert(names.end(), cepo.begin(), cepo.end());
  return check_override_dir(dir, names);
}

// Manifests and exports travel: they name the file and its hash, not where it lay on this machine.
std::string without_folder(const std::string& dataset) {
  return dataset.substr(dataset.rfind('/') + 1);
}

std::string metadata_value(const Sample& sample, std::string_view key) {
  if (key == "erratum") {
    const auto* tests = std::get_if<PythonTests>(&sample.check);
    return tests == nullptr ? "" : tests->erratum;
  }
  return sample_metadata(sample, key);
}

// What reports split, cluster and mark samples by.
std::vector<std::pair<std::string, std::vector<std::string>>> report_metadata(const Suite& suite) {
  std::vector<std::pair<std::string, std::vector<std::string>>> columns;
  for (const char* key : {"bucket", "problem", "erratum", "platform", "contest_date"}) {
    std::vector<std::string> values;
    for (const Sample& sample : suite.samples) values.push_back(metadata_value(sample, key));
    const bool known = std::any_of(values.begin(), values.end(),
                                   [](const std::string& value) { return !value.empty(); });
    if (known) columns.emplace_back(key, std::move(values));
  }
  return columns;
}

RunInfo describe(const RunPlan& plan, const Target& target,
                 const std::vector<std::size_t>& whole_sizes) {
  RunInfo info;
  info.tool_version = kVersion;
  info.commit = kCommit;
  info.target = plan.settings.target;
  info.model_name = target.model_name;
  info.model_sha256 = target.model_sha256;
  info.simulated = target.simulated;
  if (info.simulated.empty()) {  // else these are about the answers, and the report is not
    info.traffic = target.traffic;
    info.price = target.price;
  }
  info.seed = plan.settings.seed;
  info.epochs = plan.settings.epochs;
  for (const Strategy* strategy : plan.strategies) info.strategies.emplace_back(strategy->name);
  for (ScorerKind kind : {ScorerKind::official, ScorerKind::strict})
    info.scorer_versions.emplace_back(name(kind), scorer_version(kind));
  for (std::size_t i = 0; i < plan.suites.size(); ++i) {
    const Suite& suite = plan.suites[i];
    PlannedSuite planned{suite.name,
                         without_folder(suite.dataset),
                         suite.dataset_sha256,
                         suite.prompts_sha256,
                         has_official(suite.samples.front().check),
                         {},
                         report_metadata(suite)};
    for (const Sample& sample : suite.samples) planned.samples.push_back(sample.id);
    if (suite.samples.size() < whole_sizes[i])
      info.scope += fmt::format("{}{}: {} of {} samples", info.scope.empty() ? "" : "; ",
                                suite.name, suite.samples.size(), whole_sizes[i]);
    info.suites.push_back(std::move(planned));
  }
  return info;
}

std::vector<WorkItem> list_items(const RunPlan& plan) {
  std::vector<WorkItem> items;
  for (const Suite& suite : plan.suites)
    for (const Sample& sample : suite.samples)
      for (int epoch = 0; epoch < plan.settings.epochs; ++epoch)
        for (const Strategy* strategy : plan.strategies)
          items.push_back({&sample, epoch, strategy});
  return items;
}

Status fetch_crux() {
  const auto known = fetchable_datasets();
  const auto crux = std::find_if(known.begin(), known.end(),
                                 [](const FetchableDataset& d) { return d.name == "crux"; });
  if (crux == known.end() || default_cache_dir().empty()) return system_error("no cache folder");
  FetchLimits limits;
  limits.connect_timeout_ms = 5000;
  return fetch_file({std::string(crux->url), std::string(crux->sha256), crux->max_bytes},
                    default_cache_dir() + "/" + std::string(crux->file_name), nullptr, limits);
}

}  // namespace

LcbOptions lcb_options(const Settings& settings) {
  return {settings.release,   settings.start_date, settings.end_date,   settings.difficulties,
          settings.platforms, settings.lcb_style,  settings.repair_from};
}

SuiteOptions suite_options(const Settings& settings) {
  SuiteOptions options;
  options.data_file = settings.data;
  if (const char* dir = std::getenv("EVALRUN_DATA")) options.data_dir = dir;
  options.cache_dir = default_cache_dir();
  options.profile = settings.prompt_profile;
  options.prompts_dir = settings.prompts;
  options.seed = settings.seed;
  options.letters_count = settings.letters_count;
  options.lcb = lcb_options(settings);
  return options;
}

Status choose_samples(const Settings& settings, std::vector<Suite>& suites) {
  if (!settings.limit.empty()) {
    const auto range = parse_limit(settings.limit);
    if (!range) return std::unexpected(range.error());
    for (Suite& suite : suites) keep_range(suite.samples, *range);
  }
  if (!settings.sample_ids.empty())
    if (Status s = keep_ids(suites, settings.sample_ids); !s) return s;
  std::erase_if(suites, [](const Suite& suite) { return suite.samples.empty(); });
  if (suites.empty()) return usage_error("--limit and --sample-id leave no sample to run");
  return {};
}

Result<RunPlan> make_plan(const Settings& settings, const Target& target) {
  RunPlan plan;
  plan.settings = settings;
  if (Status s = check_prompt_overrides(settings.prompts); !s) return std::unexpected(s.error());
  auto loaded = load_suites(settings);
  if (!loaded) return std::unexpected(loaded.error());
  plan.suites = std::move(*loaded);
  std::map<std::string, std::size_t> sizes;
  for (const Suite& suite : plan.suites) sizes[suite.name] = suite.samples.size();
  if (Status s = choose_samples(settings, plan.suites); !s) return std::unexpected(s.error());
  auto found = find_strategies(settings.strategies, !settings.no_baseline);
  if (!found) return std::unexpected(found.error());
  plan.strategies = std::move(*found);
  auto strategy_settings = make_strategy_settings(settings);
  if (!strategy_settings) return std::unexpected(strategy_settings.error());
  plan.strategy_settings = std::move(*strategy_settings);
  std::vector<std::size_t> whole_sizes;
  for (const Suite& suite : plan.suites) whole_sizes.push_back(sizes[suite.name]);
  plan.info = describe(plan, target, whole_sizes);
  plan.items = list_items(plan);
  return plan;
}

std::vector<std::string> apply_demo(Settings& settings) {
  constexpr const char* kDemoLimit = "20";
  std::vector<std::string> notes;
  settings.demo = false;  // from here on it is what it stands for, so that a resume need not know
  if (settings.limit.empty()) {
    settings.limit = kDemoLimit;
    notes.push_back(fmt::format(
        "demo: only the first {} samples of each suite, to end in minutes; --limit changes that",
        kDemoLimit));
  }
  for (std::string& suite : settings.suites) {
    if (suite != "crux" && suite != "crux-o" && suite != "crux-i") continue;
    if (find_crux_file(suite_options(settings)) || fetch_crux()) continue;
    const std::string official = suite;
    suite.replace(0, 4, "crux-mini");
    notes.push_back(fmt::format(
        "NOT CRUXEval: the official file is not here and could not be downloaded. Running \"{}\", "
        "small problems of our own, instead of \"{}\"; its scores compare with nobody's. "
        "`evalrun fetch crux` says how to get the file.",
        suite, official));
  }
  return notes;
}

}  // namespace evalrun
