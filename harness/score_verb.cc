// evalrun score: a run folder again, or a file of generations that somebody else's tool made.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/core/text.h"
#include "harness/open_run.h"
#include "harness/registry.h"
#include "harness/report_run.h"
#include "harness/score_run.h"
#include "harness/verb.h"
#include "results/cruxeval_format.h"
#include "scorers/score.h"

namespace evalrun {
namespace {

struct ScoreQuery {
  std::string dir, suite, generations, out_format = "text", out;
  Settings settings;
};

Result<int> score_folder(const ScoreQuery& query) {
  auto run = open_run(query.dir, RunFolder::Mode::append);
  if (!run) return std::unexpected(run.error());
  if (!query.settings.data.empty()) run->settings.data = query.settings.data;
  run->settings.unsafe_no_sandbox |= query.settings.unsafe_no_sandbox;
  const auto suites = reload_suites(*run);
  if (!suites) return std::unexpected(suites.error());
  const auto executor = open_executor(*suites, run->settings);
  if (!executor) return std::unexpected(executor.error());
  if (Status s = score_run(*run->folder, *suites, executor->get(), query.settings.score_workers);
      !s)
    return std::unexpected(s.error());
  const auto report = report_of(*run->folder);
  if (!report) return std::unexpected(report.error());
  print_report(*report);
  return report->complete ? kExitComplete : kExitIncomplete;
}

// One suite's generations under one scorer, by sample.
struct Scored {
  std::vector<ScoredSample> samples;
  std::vector<std::vector<ScoreOutcome>> outcomes;  // alongside
  int failures = 0;                                 // ours: not judged
};

Scored score_generations(ScorerKind kind, const Suite& suite,
                         const std::vector<SampleGenerations>& answers, Executor* executor,
                         int workers) {
  std::vector<ScoreJob> jobs;
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (const std::string& text : answers[i].generations)
      jobs.push_back({&suite.samples[i].check, text, PromptForm::direct, true});
  ScoreOptions options;
  options.workers = workers;
  const auto outcomes = score(kind, jobs, executor, options);
  Scored scored;
  auto next = outcomes.begin();
  for (const SampleGenerations& answer : answers) {
    ScoredSample sample{answer, {}};
    scored.outcomes.emplace_back(next, next + std::ptrdiff_t(answer.generations.size()));
    next += std::ptrdiff_t(answer.generations.size());
    for (const ScoreOutcome& outcome : scored.outcomes.back()) {
      sample.flags.push_back({outcome.verdict == Verdict::right, outcome.skipped});
      scored.failures += is_our_failure(outcome.verdict);
    }
    scored.samples.push_back(std::move(sample));
  }
  return scored;
}

OfficialScores totals(const Scored& scored) {
  std::vector<std::vector<bool>> flags;
  for (const ScoredSample& sample : scored.samples) flags.push_back(official_flags(sample.flags));
  return official_scores(flags);
}

// Every generation counts in n; refuses pass@5 where a sample has fewer than five.
std::string strict_line(const Scored& scored) {
  double at_1 = 0, at_5 = 0;
  bool has_5 = true;
  for (const ScoredSample& sample : scored.samples) {
    const int n = int(sample.flags.size());
    const int c = int(std::count_if(sample.flags.begin(), sample.flags.end(),
                                    [](const GenerationFlag& flag) { return flag.right; }));
    at_1 += pass_at_k(n, c, 1).value_or(0);
    const auto five = pass_at_k(n, c, 5);
    has_5 = has_5 && five;
    at_5 += five.value_or(0);
  }
  const double samples = double(scored.samples.size());
  return fmt::format("strict    pass@1 {:.4f}  pass@5 {}\n", 100 * at_1 / samples,
                     has_5 ? fmt::format("{:.4f}", 100 * at_5 / samples)
                           : "refused: a sample has fewer than 5 generations");
}

std::string text_report(const Suite& suite, const Scored& official, const Scored& strict) {
  const OfficialScores scores = totals(official);
  std::string out = fmt::format(
      "{}: {} samples\nofficial  pass@1 {:.4f}  pass@5 {:.4f}{}\n", suite.name,
      official.samples.size(), scores.pass_at_1, scores.pass_at_5,
      scores.artefacts_at_5 == 0
          ? ""
          : fmt::format("  ({} samples with n < 5 count as 100 %)", scores.artefacts_at_5));
  out += strict_line(strict);
  int apart = 0;
  for (std::size_t i = 0; i < official.outcomes.size(); ++i)
    for (std::size_t g = 0; g < official.outcomes[i].size(); ++g) {
      const ScoreOutcome &a = official.outcomes[i][g], &b = strict.outcomes[i][g];
      if ((a.verdict == Verdict::right) == (b.verdict == Verdict::right)) continue;
      if (apart++ == 0) out += "judged apart:\n";
      out +=
          fmt::format("  {} #{}: official {}, strict {}: {}: {}\n", official.samples[i].answers.id,
                      g, name(a.verdict), name(b.verdict), to_printable(b.explanation, true),
                      to_printable(a.extracted.substr(0, 80), true));
    }
  return out + fmt::format("{} generations are judged apart\n", apart);
}

Result<int> score_file(const ScoreQuery& query) {
  const auto infos = find_suites({query.suite});
  if (!infos) return std::unexpected(infos.error());
  if (infos->size() != 1)
    return usage_error("score: --suite names several suites; a generations file belongs to one");
  auto suite = infos->front()->load(suite_options(query.settings));
  if (!suite) return std::unexpected(suite.error());
  if (!has_official(suite->samples.front().check))
    return usage_error("score: " + suite->name + " has no official generations format");
  const auto text = read_file(query.generations);
  if (!text) return input_error(text.error().message);
  std::vector<std::string> ids;
  for (const Sample& sample : suite->samples) ids.push_back(sample.id);
  const auto answers = parse_generations(*text, query.generations, ids);
  if (!answers) return std::unexpected(answers.error());
  const std::vector<Suite> only{*suite};
  const auto executor = open_executor(only, query.settings);
  if (!executor) return std::unexpected(executor.error());
  const int workers = query.settings.score_workers;
  const Scored official =
      score_generations(ScorerKind::official, *suite, *answers, executor->get(), workers);
  Scored strict;
  std::string output = official_scored_json(official.samples);
  if (query.out_format == "text") {
    strict = score_generations(ScorerKind::strict, *suite, *answers, executor->get(), workers);
    output = text_report(*suite, official, strict);
  }
  if (query.out.empty())
    fmt::print("{}", output);
  else if (Status s = write_file_atomically(query.out, output); !s)
    return std::unexpected(s.error());
  if (const int failures = official.failures + strict.failures; failures > 0) {
    fmt::print(stderr, "evalrun: INCOMPLETE: {} generations could not be judged\n", failures);
    return kExitIncomplete;
  }
  return kExitComplete;
}

}  // namespace

Result<int> score_verb(const Arguments& arguments) {
  CLI::App app{"Score a run folder again, or a file of CRUXEval generations.", "evalrun score"};
  ScoreQuery query;
  app.add_option("dir", query.dir, "run folder")->type_name("");
  app.add_option("--suite", query.suite, "suite of the generations, such as crux-o")->type_name("");
  app.add_option("--generations", query.generations, "file {\"sample_0\": [\"answer\", ...], ...}")
      ->type_name("");
  app.add_option("--data", query.settings.data, "dataset file")->type_name("");
  app.add_option("--out-format", query.out_format,
                 "text (both scorers) or cruxeval (the official scored file)")
      ->type_name("");
  app.add_option("--out", query.out, "file to write (default: stdout)")->type_name("");
  app.add_option("--workers,--score-workers", query.settings.score_workers, "sandboxes at once")
      ->type_name("");
  app.add_flag("--unsafe-no-sandbox", query.settings.unsafe_no_sandbox,
               "run programs even where the sandbox lacks layers");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  query.settings.prompt_profile = "full";
  if (query.out_format != "text" && query.out_format != "cruxeval")
    return usage_error("--out-format: \"" + to_printable(query.out_format, true) +
                       "\" is not one of text, cruxeval");
  if (!query.dir.empty() && query.generations.empty()) return score_folder(query);
  if (query.dir.empty() && !query.generations.empty() && !query.suite.empty())
    return score_file(query);
  return usage_error("score: needs a run folder, or --suite S --generations FILE");
}

}  // namespace evalrun
