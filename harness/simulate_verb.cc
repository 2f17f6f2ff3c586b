// evalrun simulate: a run folder's calls on machines that are not there.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "harness/config.h"
#include "harness/core/text.h"
#include "harness/open_run.h"
#include "harness/report_run.h"
#include "harness/settings.h"
#include "harness/sim_summary.h"
#include "harness/sim_target.h"
#include "harness/sim_trace.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

constexpr int kTextWidth = 100;
constexpr std::size_t kNamedCalls = 20;  // of those without token counts

struct Query {
  std::string dir, trace;
  std::vector<std::string> machines, models;
  Settings settings;  // what a simulated target of `evalrun run` has too
  int concurrency = 1;
  SimPrices prices;
  bool json = false, report = false;
};

// The settings that `evalrun run --target MACHINE` has too, by the same names.
std::unique_ptr<SettingFlags> add_options(CLI::App& app, Query& query) {
  app.add_option("dir", query.dir, "run folder")->required()->type_name("");
  app.add_option("--machine", query.machines, "such as cs3,h100x8,b200x2 (evalrun list)")
      ->required()
      ->delimiter(',')
      ->type_name("");
  app.add_option("--as", query.models, "models that they play, such as llama3.3-70b,llama3.1-405b")
      ->required()
      ->delimiter(',')
      ->type_name("");
  app.add_option("--concurrency", query.concurrency,
                 "closed loop: samples in flight (0: all at once)")
      ->check(CLI::Range(0, 1 << 30))
      ->type_name("");
  app.add_option("--years", query.prices.years, "of use, to spread a purchase price over")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("");
  app.add_option("--usd-per-kwh", query.prices.usd_per_kwh, "price of electricity")
      ->check(CLI::Range(0.0, 1000.0))
      ->type_name("");
  app.add_option("--trace", query.trace, "file for Perfetto or chrome://tracing")->type_name("");
  app.add_flag("--report", query.report, "the whole report of each, too");
  app.add_flag("--json", query.json, "JSON alone on stdout (docs/schema/simulation-1.json)");
  return add_setting_flags(
      app, {"machines", "models", "weight-bits", "assume-speculation", "assume-kernel-speedup",
            "assume-host-us", "request-rate", "seed", "no-prefix-sharing"});
}

Status refuse_without_tokens(const SimCalls& calls, const std::string& source) {
  const std::vector<std::string>& names = calls.without_tokens;
  if (names.empty()) return {};
  for (std::size_t i = 0; i < std::min(names.size(), kNamedCalls); ++i)
    fmt::print(stderr, "{}: no token counts\n", to_printable(names[i], true));
  if (names.size() > kNamedCalls)
    fmt::print(stderr, "... and {} more\n", names.size() - kNamedCalls);
  return input_error(
      fmt::format("{}: {} call(s) without token counts cannot be simulated; their "
                  "target reported no usage",
                  source, names.size()));
}

// Right answers (strict) of all that the run planned; none where nothing was scored.
std::optional<double> accuracy_of(const Report& report, const std::string& strategy) {
  double right = 0, planned = 0;
  int scored = 0;
  for (const SuiteRow& row : report.rows) {
    if (row.strategy != strategy) continue;
    right += row.strict.value * row.planned;
    planned += row.planned;
    scored += row.scored;
  }
  return scored > 0 ? std::optional(right / planned) : std::nullopt;
}

std::int64_t planned_of(const RunInfo& run) {
  std::int64_t samples = 0;
  for (const PlannedSuite& suite : run.suites) samples += std::int64_t(suite.samples.size());
  return samples * run.epochs;
}

struct Session {
  const Query& query;
  SimData data;
  RunRecords records;
  SimCalls calls;
  SimLoad load;
  SimSummary summary;
  SimTrace trace;
  Report measured;
};

void print_simulated(Session& session, const SimTarget& target,
                     const std::vector<StrategyPlay>& plays) {
  session.records.calls = simulated_records(plays);
  session.records.run.simulated = simulated_words(target, session.load);
  session.records.run.price.reset();
  fmt::print("\n");
  print_report(report_of(session.records), true);
}

Status play_one(Session& session, const std::string& machine, const std::string& as) {
  const auto target =
      make_sim_target(session.data, "--machine", machine, as,
                      sim_assumptions(session.query.settings), session.calls.call_tokens_max);
  if (!target) return std::unexpected(target.error());
  const auto plays = play_all(session.calls, *target, session.load);
  if (!plays) return std::unexpected(plays.error());
  for (const StrategyPlay& play : *plays) {
    session.summary.rows.push_back(summary_of(*target, play, session.query.prices));
    session.summary.rows.back().planned = planned_of(session.records.run);
    session.summary.rows.back().accuracy = accuracy_of(session.measured, play.calls->strategy);
    if (!session.query.trace.empty()) session.trace.add(*target, play);
  }
  if (session.query.report && !session.query.json) print_simulated(session, *target, *plays);
  return {};
}

// What does not fit is said in the table; what is wrongly named ends it.
Status play_each(Session& session) {
  for (const std::string& as : session.query.models)
    for (const std::string& machine : session.query.machines) {
      const Status played = play_one(session, machine, as);
      if (played) continue;
      if (played.error().kind != Error::Kind::input) return played;
      session.summary.refused.push_back({machine, as, played.error().message});
    }
  if (session.summary.rows.empty() && !session.summary.refused.empty())
    return input_error(session.summary.refused.front().why);
  return {};
}

Result<RunRecords> read_ledgers(const OpenedRun& run) {
  auto samples = run.folder->samples();
  if (!samples) return std::unexpected(samples.error());
  auto scores = run.folder->scores();
  if (!scores) return std::unexpected(scores.error());
  return RunRecords{run.manifest.run, {}, std::move(*samples), std::move(*scores)};
}

Result<int> simulate(const Query& query) {
  const auto run = open_run(query.dir, RunFolder::Mode::read);
  if (!run) return std::unexpected(run.error());
  auto data = load_sim_data(query.settings.machines, query.settings.models);
  if (!data) return std::unexpected(data.error());
  auto records = read_ledgers(*run);
  if (!records) return std::unexpected(records.error());
  const std::string source = run->folder->path("samples.jsonl");
  Session session{query, std::move(*data), std::move(*records), {}, {}, {}, {}, {}};
  auto calls = sim_calls(session.records.run, session.records.samples, source);
  if (!calls) return std::unexpected(calls.error());
  if (Status s = refuse_without_tokens(*calls, source); !s) return std::unexpected(s.error());
  if (calls->strategies.empty())
    return input_error(source + ": no answered sample with calls to play");
  session.calls = std::move(*calls);
  session.load = sim_load(query.settings);
  session.load.concurrency = query.concurrency;
  session.load.records_load = !query.trace.empty();
  session.measured = report_of(session.records);
  session.summary.run_id = session.records.run.run_id;
  session.summary.run_dir = query.dir;
  session.summary.model = session.records.run.model_name;
  session.summary.load = load_words(session.load);
  session.summary.prices = query.prices;
  if (Status s = play_each(session); !s) return std::unexpected(s.error());
  fmt::print("{}", query.json
                       ? summary_json(session.summary)
                       : (query.report ? "\n" : "") + summary_text(session.summary, kTextWidth));
  if (!query.trace.empty())
    if (Status s = write_file_atomically(query.trace, session.trace.finish()); !s)
      return std::unexpected(s.error());
  const bool is_complete = std::ranges::all_of(
      session.summary.rows, [](const SimRow& row) { return row.answered == row.planned; });
  return is_complete ? kExitComplete : kExitIncomplete;
}

}  // namespace

Result<int> simulate_verb(const Arguments& arguments) {
  CLI::App app{"Play a run's calls on simulated machines. Times are computed, not measured.",
               "evalrun simulate"};
  Query query;
  const auto flags = add_options(app, query);
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  auto resolved = resolve_settings(*flags, "");
  if (!resolved) return std::unexpected(resolved.error());
  query.settings = std::move(resolved->settings);
  if (query.settings.request_rate > 0 && app.count("--concurrency") > 0)
    return usage_error("--request-rate: an open loop has no --concurrency; give one of the two");
  return simulate(query);
}

}  // namespace evalrun
