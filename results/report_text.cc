// The sections of the report for a person; report_words.h has the words and numbers in them.
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"
#include "results/report.h"
#include "results/report_words.h"
#include "results/table.h"

namespace evalrun {
namespace {

constexpr std::size_t kFirstDisagreements = 5;  // named in the report itself

std::string head(const RunInfo& run, const ReportStyle& style) {
  std::string out =
      wrapped(fmt::format("Run {} of {}, evalrun {} ({})", shown(run.run_id), shown(run.created),
                          shown(run.tool_version), shown(run.commit).substr(0, 18)),
              style.width);
  const std::string sha =
      run.model_sha256.empty() ? "" : " (sha256 " + shown(run.model_sha256).substr(0, 12) + ")";
  out += wrapped(fmt::format("Model {}{} on {}, seed {}, {} a sample", shown(run.model_name), sha,
                             shown(run.target), run.seed, plural(run.epochs, "answer")),
                 style.width);
  if (!run.simulated.empty())
    out += colored(
        wrapped(fmt::format("SIMULATED, not measured: every time below is computed for {}. Answers "
                            "and token counts are the model's.",
                            to_printable(run.simulated, true)),
                style.width),
        "1;33", style);
  if (!run.scope.empty()) out += wrapped("Scope: " + shown(run.scope), style.width);
  return out;
}

std::string incomplete_text(const Report& report, const ReportStyle& style) {
  int planned = 0;
  int scored = 0;
  std::string lines;
  for (const SuiteRow& row : report.rows) {
    planned += row.planned;
    scored += row.scored;
    if (row.complete()) continue;
    std::string line = fmt::format(
        "of {}: {} not generated, {} not scored, {} with model_error, {} with infra_error",
        row.planned, row.missing, row.unscored, row.model_errors, row.infra_errors);
    if (!row.first_error.empty()) line += "; first error: " + shown(row.first_error);
    lines += wrapped(line, style.width, "  " + shown(row.suite) + " " + shown(row.strategy) + " ");
  }
  if (report.complete) return "";
  const std::string title = fmt::format(
      "INCOMPLETE: {} of {} results are missing. They are nobody's wrong answers: values are lower "
      "bounds (>=), intervals allow for both ends.",
      planned - scored, planned);
  return "\n" + colored(wrapped(title, style.width), "1;31", style) + lines;
}

std::string strict_cell(const SuiteRow& row) {
  return (row.complete() ? "" : ">=") + percent(row.strict.value) + " " + interval(row.strict.ci);
}

std::string per_sample(const SuiteRow& row, double value) {
  return row.answered == 0 ? "-" : amount(value);
}

std::string seconds(const std::optional<double>& value) {
  if (!value) return "-";
  return *value < 10 ? fmt::format("{:.2f}", *value) : amount(*value);
}

Table result_table(const Report& report) {
  Table table({{"suite", false},
               {"strategy", false},
               {"strict % [95% CI]"},
               {"official %"},
               {"no answer %"},
               {"calls"},
               {"prompt"},
               {"completion"},
               {"thrown away"},
               {"seconds"}});
  for (const SuiteRow& row : report.rows) {
    const double no_answer = row.planned == 0 ? 0 : double(row.no_answer) / row.planned;
    table.add({shown(row.suite), shown(row.strategy), strict_cell(row),
               row.official ? percent(row.official->value) : "-", percent(no_answer),
               per_sample(row, row.calls_per_sample), per_sample(row, row.prompt_per_sample),
               per_sample(row, row.completion_per_sample),
               per_sample(row, row.discarded_per_sample), seconds(row.seconds_per_sample)});
  }
  return table;
}

std::string results_text(const Report& report, const ReportStyle& style) {
  const Table table = result_table(report);
  if (table.width() <= style.width)
    return heading("Accuracy, and cost a sample (calls, tokens, seconds)", style) + table.text();
  return heading("Accuracy", style) + table.select({0, 1, 2, 3, 4}).text() +
         heading("Cost a sample (calls, tokens, seconds)", style) +
         table.select({0, 1, 5, 6, 7, 8, 9}).text();
}

// Said only where an answer does not stand for itself.
std::string clusters_text(const Report& report, const ReportStyle& style) {
  std::string out;
  std::string_view suite_before;
  for (const SuiteRow& row : report.rows) {
    if (row.suite == suite_before || row.planned == row.problems) continue;
    suite_before = row.suite;
    out += wrapped(fmt::format("{}: {} to {} about {}; intervals are robust to clusters of answers "
                               "to the same problem.",
                               shown(row.suite), plural(row.planned, "answer"),
                               plural(row.samples, "sample"), plural(row.problems, "problem")),
                   style.width);
  }
  return out;
}

std::string errata_text(const Report& report, const ReportStyle& style) {
  std::string out;
  for (const SuiteRow& row : report.rows) {
    if (!row.without_errata) continue;
    const WithoutErrata& without = *row.without_errata;
    out += wrapped(
        fmt::format("{} {}: without {} with known faults of the tests: strict {}{} {} % "
                    "(n = {})",
                    shown(row.suite), shown(row.strategy), plural(without.problems, "problem"),
                    row.complete() ? "" : ">=", percent(without.strict.value),
                    interval(without.strict.ci), without.planned),
        style.width);
  }
  return out.empty() ? "" : "\n" + out;
}

std::string verdicts_text(const Report& report, const ReportStyle& style) {
  std::string out;
  for (const SuiteRow& row : report.rows) {
    std::string counts;
    for (const auto& [verdict, count] : row.verdicts) {
      if (verdict == Verdict::right) continue;
      std::string words(name(verdict));
      std::replace(words.begin(), words.end(), '_', ' ');
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", words, count);
    }
    if (!counts.empty())
      out += wrapped(counts, style.width, shown(row.suite) + " " + shown(row.strategy) + ": ");
  }
  return out.empty() ? "" : heading("Not right because (strict)", style) + out;
}

std::string pass_at_k_text(const Report& report, const ReportStyle& style) {
  std::string out;
  for (const SuiteRow& row : report.rows)
    for (const PassAtK& p : row.pass_at_k) {
      if (p.k == 1) continue;  // the accuracy
      std::string line =
          fmt::format("{} {}: pass@{} strict {}{} {} %", shown(row.suite), shown(row.strategy), p.k,
                      row.complete() ? "" : ">=", percent(p.strict.value), interval(p.strict.ci));
      if (p.official) line += fmt::format(", official {} %", percent(*p.official));
      if (p.official_artefacts > 0)
        line += fmt::format(
            "; {} left with fewer than {} answers, which the official evaluator counts as 100 %",
            plural(p.official_artefacts, "sample"), p.k);
      out += wrapped(line, style.width);
    }
  return out.empty() ? "" : heading("pass@k", style) + out;
}

std::string buckets_text(const Report& report, const ReportStyle& style) {
  Table table(
      {{"suite", false}, {"strategy", false}, {"bucket", false}, {"n"}, {"strict % [95% CI]"}});
  bool any = false;
  for (const SuiteRow& row : report.rows)
    for (const BucketRow& bucket : row.buckets) {
      any = true;
      table.add({shown(row.suite), shown(row.strategy), shown(bucket.bucket),
                 std::to_string(bucket.planned),
                 (row.complete() ? "" : ">=") + percent(bucket.strict.value) + " " +
                     interval(bucket.strict.ci)});
    }
  return any ? heading("Accuracy by bucket", style) + table.text() : "";
}

std::string ledger_text(const Report& report, const ReportStyle& style) {
  Table table({{"suite", false},
               {"strategy", false},
               {"step", false},
               {"calls"},
               {"thrown away"},
               {"prompt"},
               {"completion"},
               {"thrown away"}});
  bool any = false;
  for (const SuiteRow& row : report.rows) {
    if (row.ledger.size() < 2) continue;  // the table of results says it all
    any = true;
    for (const StepLedger& line : row.ledger)
      table.add({shown(row.suite), shown(row.strategy), shown(line.step),
                 std::to_string(line.calls), std::to_string(line.discarded_calls),
                 std::to_string(line.usage.prompt), std::to_string(line.usage.completion),
                 std::to_string(line.discarded_completion)});
  }
  return any ? heading("Calls and tokens by step, in all", style) + table.text() : "";
}

std::string comparisons_text(const Report& report, const ReportStyle& style) {
  if (report.comparisons.empty()) return "";
  Table table({{"suite", false},
               {"strategy", false},
               {"difference [95% CI]"},
               {"only it"},
               {"only base"},
               {"p"},
               {"p (Holm)"}});
  std::string words;
  for (const Comparison& c : report.comparisons) {
    table.add({shown(c.suite), shown(c.strategy),
               points(c.paired.difference) + " " + paired_interval(c.paired.ci),
               std::to_string(c.counts.only_b), std::to_string(c.counts.only_a),
               p_words(c.paired.p_value), p_words(c.p_holm)});
    const std::string text = wrapped(shown(c.suite) + ": " + verdict_words(c), style.width);
    const char* color = c.outcome == Outcome::better  ? "32"
                        : c.outcome == Outcome::worse ? "31"
                                                      : "33";
    words += colored(text, color, style);
  }
  return heading("Paired differences from " + shown(report.comparisons.front().base) +
                     ", in points (strict)",
                 style) +
         table.text() + "\n" + words;
}

std::string disagreement_summary(const Report& report, const ReportStyle& style) {
  const std::size_t n = report.disagreements.size();
  if (n == 0) return "";
  std::string line =
      fmt::format("Official and strict scorer differ on {}: ", plural(std::int64_t(n), "answer"));
  for (std::size_t i = 0; i < std::min(n, kFirstDisagreements); ++i)
    line += (i == 0 ? "" : ", ") + answer_name(report.disagreements[i]);
  if (n > kFirstDisagreements) line += ", ... (--disagreements lists all)";
  return "\n" + wrapped(line, style.width);
}

}  // namespace

std::string report_text(const Report& report, const ReportStyle& asked) {
  ReportStyle style = asked;
  style.is_simulated = !report.run.simulated.empty();
  std::string out =
      head(report.run, style) + incomplete_text(report, style) + results_text(report, style) +
      clusters_text(report, style) + errata_text(report, style) + verdicts_text(report, style) +
      pass_at_k_text(report, style) + buckets_text(report, style) +
      comparisons_text(report, style) + ledger_text(report, style) + cost_text(report, style) +
      latency_text(report, style) + disagreement_summary(report, style);
  if (report.unplanned_records > 0)
    out += "\n" + wrapped(fmt::format("{} name nothing that this run planned; they are left out.",
                                      plural(report.unplanned_records, "record")),
                          style.width);
  return out;
}

}  // namespace evalrun
