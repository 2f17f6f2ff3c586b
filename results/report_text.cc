#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/text.h"
#include "results/report.h"
#include "results/table.h"

namespace evalrun {
namespace {

constexpr std::size_t kShownMax = 160;          // bytes of an untrusted line
constexpr std::size_t kFirstDisagreements = 5;  // named in the report itself

// Untrusted text on one line, short and safe.
std::string shown(std::string_view text) {
  std::string line = to_printable(text.substr(0, kShownMax), /*one_line=*/true);
  return text.size() > kShownMax ? line + "..." : line;
}

std::string percent(double fraction) { return fmt::format("{:.1f}", 100 * fraction); }

// "+12.0"; never "-0.0".
std::string points(double fraction) {
  const double rounded = std::round(1000 * fraction) / 10;
  return fmt::format("{:+.1f}", rounded == 0 ? 0.0 : rounded);
}

std::string interval(const Interval& ci) {
  return "[" + percent(ci.low) + ", " + percent(ci.high) + "]";
}

std::string paired_interval(const Interval& ci) {
  return "[" + points(ci.low) + ", " + points(ci.high) + "]";
}

std::string p_words(double p) {
  if (p < 0.001) return "< 0.001";
  return std::abs(p - kSignificance) < 0.005 ? fmt::format("{:.4f}", p) : fmt::format("{:.3f}", p);
}

std::string amount(double value) {
  return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
}

std::string plural(std::int64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string colored(std::string text, const char* code, const ReportStyle& style) {
  if (!style.color) return text;
  const bool newline = text.ends_with('\n');
  if (newline) text.pop_back();
  return std::string("\x1b[") + code + "m" + text + "\x1b[0m" + (newline ? "\n" : "");
}

std::string heading(const std::string& text, const ReportStyle& style) {
  return "\n" + colored(text + "\n", "1", style);
}

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

std::string pass_at_k_text(const Report& report, const ReportStyle& style) {
  std::string out;
  for (const SuiteRow& row : report.rows)
    for (const PassAtK& p : row.pass_at_k) {
      std::string line = fmt::format("{} {}: pass@{} strict {} %", shown(row.suite),
                                     shown(row.strategy), p.k, percent(p.strict));
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

std::string answer_name(const Disagreement& d) {
  return fmt::format("{}/{}/epoch={}/{}", shown(d.suite), shown(d.sample), d.epoch,
                     shown(d.strategy));
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

std::string verdict_words(const Comparison& c) {
  if (c.counts.pairs() == 0) return "nothing to compare: no sample is scored under both";
  const std::string strategy = shown(c.strategy);
  const std::string base = shown(c.base);
  std::string out = c.outcome == Outcome::better ? strategy + " is better than " + base
                    : c.outcome == Outcome::worse
                        ? strategy + " is worse than " + base
                        : "no difference shown between " + strategy + " and " + base;
  const std::string p = p_words(c.p_holm);
  const std::string holm = c.comparisons > 1 ? fmt::format(", Holm over {}", c.comparisons) : "";
  out += fmt::format(
      ": {} points {}, p {}{} ({}{}, n = {}; right only under {}: {}, only under {}: {})",
      points(c.paired.difference), paired_interval(c.paired.ci), p.starts_with('<') ? "" : "= ", p,
      name(c.paired.method), holm, c.counts.pairs(), strategy, c.counts.only_b, base,
      c.counts.only_a);
  if (c.outcome == Outcome::not_shown)
    out += c.paired.detectable && *c.paired.detectable < 1
               ? fmt::format("; this run could have seen {} points", percent(*c.paired.detectable))
               : "; the two disagree too rarely for this run to show any";
  if (!c.complete())
    out += fmt::format(". INCOMPLETE: {} of {} pairs are scored", c.counts.pairs(), c.planned);
  return out;
}

std::string disagreements_text(const Report& report) {
  std::string out;
  for (const Disagreement& d : report.disagreements)
    out += fmt::format("{}: official {}{}, strict {}: {}\n", answer_name(d), name(d.official),
                       d.official_skipped ? " (skipped)" : "", name(d.strict),
                       shown(d.strict_explanation));
  return out;
}

std::string report_text(const Report& report, const ReportStyle& style) {
  std::string out = head(report.run, style) + incomplete_text(report, style) +
                    results_text(report, style) + pass_at_k_text(report, style) +
                    buckets_text(report, style) + comparisons_text(report, style) +
                    ledger_text(report, style) + disagreement_summary(report, style);
  if (report.unplanned_records > 0)
    out += "\n" + wrapped(fmt::format("{} name nothing that this run planned; they are left out.",
                                      plural(report.unplanned_records, "record")),
                          style.width);
  return out;
}

}  // namespace evalrun
