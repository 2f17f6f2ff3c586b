#include "harness/score_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/judged.h"
#include "harness/lcb_rows.h"
#include "harness/plan.h"
#include "harness/progress.h"
#include "harness/registry.h"
#include "harness/score_run.h"
#include "harness/verb.h"
#include "results/verdict_line.h"

namespace evalrun {
namespace {

struct Answers {
  Suite suite;                             // the chosen samples
  std::vector<SampleGenerations> answers;  // alongside
};

Result<const SuiteInfo*> find_one_suite(const Settings& settings) {
  const auto infos = find_suites(settings.suites);
  if (!infos) return std::unexpected(infos.error());
  if (infos->size() != 1)
    return usage_error("score: --suite names several suites; a generations file belongs to one");
  if (infos->front()->name == "lcb-repair")
    return usage_error(
        "score: repaired programs are graded as those of lcb: use --suite lcb with the same file");
  return infos->front();
}

Result<std::vector<SampleGenerations>> read_answers(const Suite& suite, const std::string& file) {
  const auto text = read_file(file);
  if (!text) return input_error(text.error().message);
  std::vector<std::string> ids;
  for (const Sample& sample : suite.samples) ids.push_back(sample.id);
  if (!suite.name.starts_with("lcb")) return parse_generations(*text, file, ids);
  const auto lists = parse_lcb_answers(*text, file, lcb_scenario(suite), lcb_keys(suite));
  if (!lists) return std::unexpected(lists.error());
  std::vector<SampleGenerations> answers;
  for (std::size_t i = 0; i < ids.size(); ++i) answers.push_back({ids[i], (*lists)[i]});
  return answers;
}

// The file holds the whole benchmark; filters choose among it afterwards, so that one file can be
// looked at in several windows of time.
Result<Answers> load_answers(const FileQuery& query) {
  const auto info = find_one_suite(query.settings);
  if (!info) return std::unexpected(info.error());
  SuiteOptions whole = suite_options(query.settings);
  whole.lcb = {};
  whole.lcb.release = query.settings.release;
  auto suite = (*info)->load(whole);
  if (!suite) return std::unexpected(suite.error());
  if (!has_official(suite->samples.front().check))
    return usage_error("score: " + suite->name + " has no official generations format");
  auto answers = read_answers(*suite, query.generations);
  if (!answers) return std::unexpected(answers.error());
  std::vector<Suite> chosen;
  if (suite_options(query.settings).lcb == whole.lcb) {
    chosen.push_back(*suite);
  } else {
    auto filtered = (*info)->load(suite_options(query.settings));
    if (!filtered) return std::unexpected(filtered.error());
    chosen.push_back(std::move(*filtered));
  }
  if (Status s = choose_samples(query.settings, chosen); !s) return std::unexpected(s.error());
  std::set<std::string> ids;
  for (const Sample& sample : chosen.front().samples) ids.insert(sample.id);
  std::erase_if(*answers, [&](const SampleGenerations& a) { return !ids.contains(a.id); });
  return Answers{std::move(chosen.front()), std::move(*answers)};
}

// Judges what `log` (may be null) does not know yet, and tells it.
class Judge {
 public:
  Judge(const Answers& in, Executor* executor, int workers, VerdictLog* log)
      : in_(in), executor_(executor), workers_(workers), log_(log) {}

  Result<Judged> judge(ScorerKind kind) {
    Judged judged{kind, {}, {}, 0};
    jobs_.clear();
    places_.clear();
    for (std::size_t i = 0; i < in_.answers.size(); ++i) {
      judged.outcomes.emplace_back(in_.answers[i].generations.size());
      for (std::size_t g = 0; g < judged.outcomes[i].size(); ++g) take(kind, i, g, judged);
    }
    Status written;
    Progress progress("answers scored, " + std::string(name(kind)), std::int64_t(jobs_.size()),
                      stderr_is_terminal());
    ScoreOptions options{.workers = workers_, .on_outcome = {}, .stats = &judged.stats};
    options.on_outcome = [&](std::size_t job, const ScoreOutcome& outcome) {
      progress.add_done();
      if (log_ != nullptr && written) written = log_->append(line_of(kind, job, outcome));
    };
    const auto outcomes = score(kind, jobs_, executor_, options);
    if (!written) return std::unexpected(written.error());
    for (std::size_t job = 0; job < outcomes.size(); ++job) {
      const auto [i, g] = places_[job];
      judged.outcomes[i][g] = outcomes[job];
      judged.failures += is_our_failure(outcomes[job].verdict);
    }
    return judged;
  }

 private:
  VerdictKey key_of(ScorerKind kind, std::size_t i, std::size_t g) const {
    const SampleGenerations& answer = in_.answers[i];
    return {in_.suite.name, answer.id, int(g), kind, sha256_hex(answer.generations[g])};
  }
  // A verdict that is there already, or one more job.
  void take(ScorerKind kind, std::size_t i, std::size_t g, Judged& judged) {
    if (log_ != nullptr) {
      if (const auto known = log_->find(key_of(kind, i, g))) {
        judged.outcomes[i][g] = {known->verdict, known->skipped, in_.answers[i].generations[g],
                                 known->explanation, known->details};
        return;
      }
    }
    jobs_.push_back(
        {&in_.suite.samples[i].check, in_.answers[i].generations[g], PromptForm::direct, true});
    places_.emplace_back(i, g);
  }
  VerdictLine line_of(ScorerKind kind, std::size_t job, const ScoreOutcome& outcome) const {
    const auto [i, g] = places_[job];
    return {key_of(kind, i, g), outcome.verdict, outcome.skipped, outcome.explanation,
            outcome.details};
  }

  const Answers& in_;
  Executor* const executor_;
  const int workers_;
  VerdictLog* const log_;
  std::vector<ScoreJob> jobs_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // of each job: sample, answer
};

Result<std::vector<ScorerKind>> scorers_of(const FileQuery& query) {
  if (query.scorer == "both" && (query.out_format == "text" || query.out_format == "jsonl"))
    return std::vector{ScorerKind::official, ScorerKind::strict};
  ScorerKind kind = ScorerKind::official;  // the official files are the official scorer's
  if (query.scorer != "both" && !parse(query.scorer, kind))
    return usage_error("--scorer: \"" + to_printable(query.scorer, true) +
                       "\" is not one of official, strict, both");
  return std::vector{kind};
}

std::string text_report(const Answers& in, const std::vector<Judged>& judged) {
  std::string out = fmt::format("{}: {} samples\n", in.suite.name, in.answers.size());
  for (const Judged& each : judged) out += totals_text(in.suite, in.answers, each);
  for (const Judged& each : judged)
    if (each.stats.runs_saved > 0) out += stats_words(each.kind, each.stats) + "\n";
  if (judged.size() == 2) out += judged_apart_text(in.answers, judged[0], judged[1]);
  return out;
}

Result<std::string> output_of(const FileQuery& query, const Answers& in,
                              const std::vector<Judged>& judged) {
  if (query.out_format == "text" || query.out_format == "jsonl") return text_report(in, judged);
  if (query.out_format == "cruxeval")
    return official_scored_json(scored_samples(in.answers, judged.front()));
  auto rows = lcb_rows(in.suite, suite_options(query.settings), in.answers, judged.front());
  if (!rows) return std::unexpected(rows.error());
  return lcb_file(query.out_format, in.suite, *rows, query.model, query.model_date);
}

Status check_format(const FileQuery& query, const Suite& suite) {
  const bool lcb = suite.name.starts_with("lcb");
  const std::vector<std::string> known =
      lcb ? std::vector<std::string>{"text", "jsonl", "lcb-eval", "lcb-eval-all",
                                     "lcb-performances"}
          : std::vector<std::string>{"text", "jsonl", "cruxeval"};
  if (std::find(known.begin(), known.end(), query.out_format) == known.end())
    return usage_error(fmt::format("--out-format: \"{}\" is no format of {}{}",
                                   to_printable(query.out_format, true), suite.name,
                                   did_you_mean(query.out_format, known)));
  if (query.out_format == "jsonl" && query.out.empty())
    return usage_error("--out-format jsonl: needs --out FILE, which it grows and can go on with");
  return {};
}

}  // namespace

Result<int> score_file(const FileQuery& query) {
  const auto kinds = scorers_of(query);
  if (!kinds) return std::unexpected(kinds.error());
  const auto in = load_answers(query);
  if (!in) return std::unexpected(in.error());
  if (Status s = check_format(query, in->suite); !s) return std::unexpected(s.error());
  const std::vector<Suite> only{in->suite};
  const auto executor = open_executor(only, query.settings);
  if (!executor) return std::unexpected(executor.error());
  std::unique_ptr<VerdictLog> log;
  if (query.out_format == "jsonl") {
    auto opened = VerdictLog::open(query.out);
    if (!opened) return std::unexpected(opened.error());
    log = std::move(*opened);
  }
  Judge judge(*in, executor->get(), query.settings.score_workers, log.get());
  std::vector<Judged> judged;
  int failures = 0;
  for (const ScorerKind kind : *kinds) {
    auto each = judge.judge(kind);
    if (!each) return std::unexpected(each.error());
    failures += each->failures;
    judged.push_back(std::move(*each));
  }
  const auto output = output_of(query, *in, judged);
  if (!output) return std::unexpected(output.error());
  if (query.out.empty() || log != nullptr)
    fmt::print("{}", *output);
  else if (Status s = write_file_atomically(query.out, *output); !s)
    return std::unexpected(s.error());
  if (failures == 0) return kExitComplete;
  fmt::print(stderr, "evalrun: INCOMPLETE: {} generations could not be judged\n", failures);
  return kExitIncomplete;
}

}  // namespace evalrun
