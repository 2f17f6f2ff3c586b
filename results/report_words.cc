#include "results/report_words.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::size_t kShownMax = 160;  // bytes of an untrusted line

}  // namespace

std::string shown(std::string_view text) {
  std::string line = to_printable(text.substr(0, kShownMax), /*one_line=*/true);
  return text.size() > kShownMax ? line + "..." : line;
}

std::string colored(std::string text, const char* code, const ReportStyle& style) {
  if (!style.color) return text;
  const bool newline = text.ends_with('\n');
  if (newline) text.pop_back();
  return std::string("\x1b[") + code + "m" + text + "\x1b[0m" + (newline ? "\n" : "");
}

std::string heading(const std::string& text, const ReportStyle& style) {
  return "\n" + colored(text + (style.is_simulated ? " - simulated\n" : "\n"), "1", style);
}

std::string percent(double fraction) { return fmt::format("{:.1f}", 100 * fraction); }

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

std::string milliseconds(double value) {
  return value >= 100  ? fmt::format("{:.0f}", value)
         : value >= 10 ? fmt::format("{:.1f}", value)
                       : fmt::format("{:.2f}", value);
}

std::string dollars(double value) {
  return value >= 1      ? fmt::format("${:.2f}", value)
         : value >= 0.01 ? fmt::format("${:.4f}", value)
         : value >= 1e-6 ? fmt::format("${:.6f}", value)
                         : fmt::format("${:.2g}", value);
}

std::string plural(std::int64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string answer_name(const Disagreement& d) {
  return fmt::format("{}/{}/epoch={}/{}", shown(d.suite), shown(d.sample), d.epoch,
                     shown(d.strategy));
}

std::string verdict_words(const Comparison& c) {
  if (c.counts.pairs() == 0) return "nothing to compare: no sample is scored under both";
  const std::string strategy = shown(c.strategy);
  const std::string base = shown(c.base);
  std::string out = c.outcome == Outcome::better ? strategy + " is better than " + base
                    : c.outcome == Outcome::worse
                        ? strategy + " is worse than " + base
                        : "no difference shown between " + strategy + " and " + base;
  const std::string p = p_words(c.p_holm);
  const std::string clusters =
      c.paired.method == PairedMethod::exact_mcnemar
          ? ""
          : fmt::format(" answers to {} about {}", plural(c.samples, "sample"),
                        plural(c.problems, "problem"));
  const std::string holm = c.comparisons > 1 ? fmt::format(", Holm over {}", c.comparisons) : "";
  out += fmt::format(
      ": {} points {}, p {}{} ({}{}, n = {}{}; right only under {}: {}, only under {}: {})",
      points(c.paired.difference), paired_interval(c.paired.ci), p.starts_with('<') ? "" : "= ", p,
      name(c.paired.method), holm, c.counts.pairs(), clusters, strategy, c.counts.only_b, base,
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

}  // namespace evalrun
