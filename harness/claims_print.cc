#include "harness/claims_print.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/table.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

constexpr int kWidth = 100;
constexpr ClaimVerdict kVerdicts[] = {ClaimVerdict::reproduced, ClaimVerdict::consistent,
                                      ClaimVerdict::does_not_follow,
                                      ClaimVerdict::cannot_be_checked};

std::string marked(const Claim& claim) {
  return claim.is_simulated() ? "*simulated* " + claim.finding : claim.finding;
}

std::string points(double fraction) { return fmt::format("{:+.1f}", 100 * fraction); }
std::string percent(double fraction) { return fmt::format("{:.1f}", 100 * fraction); }

std::string rows_text(const std::vector<ClaimRow>& rows) {
  Table table({{"", false},
               {"score"},
               {"against"},
               {"n"},
               {"difference"},
               {"std. error"},
               {"95 % interval"},
               {"", false},
               {"verdict", false}});
  bool has_assumed = false;
  for (const ClaimRow& row : rows) {
    has_assumed = has_assumed || row.is_assumed;
    const std::string verdict(name(row.verdict));
    if (row.problems == 0)
      table.add({row.what, "", "", "", "", "", "", row.word, verdict});
    else
      table.add(
          {row.what, percent(row.left), percent(row.right),
           fmt::format("{:.0f}{}", row.problems, row.is_assumed ? "?" : ""),
           points(row.difference()), percent(row.standard_error),
           fmt::format("{} to {}", points(row.difference_ci.low), points(row.difference_ci.high)),
           row.word, verdict});
  }
  return table.text() +
         wrapped(
             fmt::format("Scores in per cent, differences in points. Unpaired: only totals were "
                         "published; one answer a problem is taken.{}",
                         has_assumed ? " ? = the table does not say which problems; assumed." : ""),
             kWidth);
}

std::string steps_text(const std::vector<ClaimStep>& steps) {
  std::string text;
  for (const ClaimStep& step : steps)
    text += fmt::format("  {:<11}  {:>12} {:<10} {}\n", name(step.kind), figure(step.value),
                        step.unit, step.what) +
            wrapped(step.from, kWidth, std::string(28, ' ') + "from ");
  return text;
}

std::string counts_text(std::span<const Claim> claims) {
  std::string text;
  for (const ClaimVerdict verdict : kVerdicts)
    text += fmt::format("  {:<18} {:>2}  {}\n", name(verdict),
                        std::ranges::count(claims, verdict, &Claim::verdict), meaning(verdict));
  return text;
}

ordered_json to_json(const ClaimRow& row) {
  ordered_json out{{"what", row.what},
                   {"verdict", name(row.verdict)},
                   {"word", row.word},
                   {"score", nullptr},
                   {"against", nullptr}};
  if (row.problems == 0) return out;
  out["score"] = row.left, out["against"] = row.right;
  out["problems"] = row.problems, out["problems_assumed"] = row.is_assumed;
  out["difference"] = row.difference(), out["standard_error"] = row.standard_error;
  out["interval"] = {row.difference_ci.low, row.difference_ci.high};
  return out;
}

ordered_json to_json(const Claim& claim) {
  ordered_json steps = ordered_json::array(), rows = ordered_json::array();
  for (const ClaimStep& step : claim.steps)
    steps.push_back({{"kind", step.kind == StepKind::simulated ? "simulated"
                              : step.kind == StepKind::assumed ? "assumed"
                                                               : name(step.kind)},
                     {"what", step.what},
                     {"value", step.value},
                     {"unit", step.unit},
                     {"from", step.from}});
  for (const ClaimRow& row : claim.rows) rows.push_back(to_json(row));
  return {{"name", claim.words.name},
          {"title", claim.words.title},
          {"words", claim.words.words},
          {"verdict", name(claim.verdict)},
          {"finding", claim.finding},
          {"simulated", claim.is_simulated()},
          {"rule", claim.words.rule},
          {"command", claim.words.command},
          {"steps", steps},
          {"rows", rows}};
}

}  // namespace

std::string figure(double value) {
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e9)) return fmt::format("{:.4g}", value);
  if (size < 1000) return fmt::format("{:.4g}", value);
  std::string digits = fmt::format("{:.0f}", value);
  const int first = digits[0] == '-' ? 1 : 0;
  for (int at = int(digits.size()) - 3; at > first; at -= 3) digits.insert(std::size_t(at), ",");
  return digits;
}

std::string claims_table(std::span<const Claim> claims) {
  std::string text =
      "Claims of the source article (December 2024) beside what evalrun computes.\n\n";
  for (const Claim& claim : claims) {
    text +=
        fmt::format("{:<18} {} ({})\n", name(claim.verdict), claim.words.title, claim.words.name);
    text += wrapped(marked(claim), kWidth, "                   ");
  }
  text += "\n" + counts_text(claims);
  text += "\n" + wrapped(
                     "*simulated*: computed by evalrun's model of the machine, not measured. "
                     "`evalrun claims NAME` shows one claim step by step: inputs, their "
                     "sources, the rule of its verdict and the command.",
                     kWidth);
  return text;
}

std::string claim_text(const Claim& claim) {
  std::string text = wrapped(claim.words.title, kWidth, "claim    ");
  text += wrapped(claim.words.words, kWidth, "words    ");
  text += wrapped(std::string(name(claim.verdict)), kWidth, "verdict  ");
  text += wrapped(marked(claim), kWidth, "finding  ");
  text += wrapped(claim.words.rule, kWidth, "rule     ");
  text += wrapped(claim.words.command, kWidth, "command  ");
  if (!claim.rows.empty()) text += "\n" + rows_text(claim.rows);
  return text + "\nsteps\n" + steps_text(claim.steps);
}

std::string claims_json(std::span<const Claim> claims) {
  ordered_json out{{"claims", ordered_json::array()}, {"verdicts", ordered_json::object()}};
  for (const Claim& claim : claims) out["claims"].push_back(to_json(claim));
  for (const ClaimVerdict verdict : kVerdicts)
    out["verdicts"][std::string(name(verdict))] =
        std::ranges::count(claims, verdict, &Claim::verdict);
  return out.dump(2) + "\n";
}

}  // namespace evalrun
