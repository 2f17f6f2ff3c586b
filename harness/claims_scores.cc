// Claims about accuracy. The published scores are totals, so differences are unpaired: their
// intervals are wider than those of a paired comparison of the same answers would be.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/claims_print.h"
#include "harness/claims_work.h"
#include "runners/strategies/cepo_settings.h"

namespace evalrun {
namespace {

struct Benchmark {
  const char* key;
  const char* name;
};
constexpr Benchmark kBenchmarks[] = {{"math", "Math-L5"},      {"mmlu", "MMLU-Pro (Math)"},
                                     {"gpqa", "GPQA"},         {"crux", "CRUX"},
                                     {"lcb", "LiveCodeBench"}, {"simpleqa", "SimpleQA"}};

// The row of two published scores; without one of them it says so.
ClaimRow published_row(ClaimWork& work, const Benchmark& benchmark, const std::string& left,
                       const std::string& right, const std::string& against = "") {
  const std::string key = std::string(benchmark.key) + ".";
  const std::string what = benchmark.name + against;
  if (work.find(key + left) == nullptr || work.find(key + right) == nullptr) {
    ClaimRow row;
    row.what = what, row.word = "not published";
    return row;
  }
  const double problems = work.input(key + "n");
  ClaimRow row = score_row(what, work.input(key + left), work.input(key + right), problems);
  row.is_assumed = work.find(key + "n")->status == "assumed";
  return row;
}

int count_word(const std::vector<ClaimRow>& rows, std::string_view word) {
  return int(std::ranges::count(rows, word, &ClaimRow::word));
}

std::string names_of(const std::vector<ClaimRow>& rows, std::string_view word) {
  std::string names;
  for (const ClaimRow& row : rows)
    if (row.word == word) names += (names.empty() ? "" : ", ") + row.what;
  return names;
}

}  // namespace

Status claim_surpasses_405b(ClaimWork& work) {
  for (const Benchmark& benchmark : kBenchmarks) {
    ClaimRow row = published_row(work, benchmark, "cepo", "405b");
    row.verdict = row.word == "above"           ? ClaimVerdict::consistent
                  : row.word == "not published" ? ClaimVerdict::cannot_be_checked
                                                : ClaimVerdict::does_not_follow;
    work.row(row);
  }
  const auto& rows = work.rows();
  const auto lcb = std::ranges::find(rows, "LiveCodeBench", &ClaimRow::what);
  const double p = (lcb->left + lcb->right) / 2, difference = std::abs(lcb->difference());
  std::string needed;
  if (lcb->word == "tie" && difference > 0) {
    const double problems = work.computed(
        "problems at which LiveCodeBench's difference would not be noise",
        2 * p * (1 - p) * std::pow(1.96 / difference, 2), "problems", "2 p (1 - p) (1.96 / d)^2");
    needed = fmt::format("; LiveCodeBench's {:+.1f} points would need {} problems",
                         100 * lcb->difference(), figure(problems));
  }
  const int above = count_word(rows, "above"), ties = count_word(rows, "tie");
  std::string finding = fmt::format("above on {} of {}", above, rows.size());
  if (ties > 0) finding += fmt::format(", a tie on {} ({})", ties, names_of(rows, "tie"));
  finding += fmt::format(", below on {}", count_word(rows, "below"));
  return work.judge(
      above == int(rows.size()) ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow,
      finding + needed);
}

Status claim_31_matches_405b(ClaimWork& work) {
  double gap = 0;
  int compared = 0;
  for (const Benchmark& benchmark : kBenchmarks) {
    ClaimRow row = published_row(work, benchmark, "cepo31", "405b");
    row.verdict = row.word == "not published" ? ClaimVerdict::cannot_be_checked
                  : row.word == "below"       ? ClaimVerdict::does_not_follow
                                              : ClaimVerdict::consistent;
    work.row(row);
    const std::string key = benchmark.key;
    if (key == "simpleqa") continue;  // there the 70B is ahead without CePO
    gap = std::max(gap, work.input(key + ".405b") - work.input(key + ".31"));
    ++compared;
  }
  const auto& rows = work.rows();
  work.computed("largest gap that CePO would have to close", gap, "points",
                fmt::format("405B less Llama 3.1 70B, {} benchmarks", compared));
  const auto unpublished = std::size_t(count_word(rows, "not published"));
  return work.judge(unpublished == rows.size()      ? ClaimVerdict::cannot_be_checked
                    : count_word(rows, "below") > 0 ? ClaimVerdict::does_not_follow
                                                    : ClaimVerdict::consistent,
                    fmt::format("{} of {} scores of CePO on Llama 3.1 70B were published as "
                                "numbers; it would have to gain up to {:.1f} points",
                                rows.size() - unpublished, rows.size(), gap));
}

Status claim_level_of_sonnet(ClaimWork& work) {
  const Benchmark compared[] = {kBenchmarks[3], kBenchmarks[4], kBenchmarks[2]};
  for (const Benchmark& benchmark : compared)
    for (const auto& [key, words] :
         {std::pair{"gpt4turbo", " - GPT-4 Turbo"}, std::pair{"sonnet", " - Claude 3.5 Sonnet"}}) {
      ClaimRow row = published_row(work, benchmark, "cepo", key, words);
      row.verdict = row.word == "not published" ? ClaimVerdict::cannot_be_checked
                    : row.word == "below"       ? ClaimVerdict::does_not_follow
                                                : ClaimVerdict::consistent;
      work.row(row);
    }
  const auto& rows = work.rows();
  const int unpublished = count_word(rows, "not published"), below = count_word(rows, "below");
  const int known = int(rows.size()) - unpublished;
  return work.judge(
      below > 0    ? ClaimVerdict::does_not_follow
      : known == 0 ? ClaimVerdict::cannot_be_checked
                   : ClaimVerdict::consistent,
      fmt::format("{} of {} comparisons can be made: {} ties, {} above, {} below; "
                  "the bars of the maker's charts were not published as numbers",
                  known, rows.size(), count_word(rows, "tie"), count_word(rows, "above"), below));
}

Status claim_grows_without_end(ClaimWork& work) {
  const double few = work.input("ablation.few"), many = work.input("ablation.many");
  const double score_few = work.input("ablation.crux_few");
  const double score_many = work.input("ablation.crux_many");
  ClaimRow row = score_row(fmt::format("CRUX, {:g} less {:g} candidates", many, few), score_many,
                           score_few, work.input("crux.n"));
  row.verdict = row.word == "above" ? ClaimVerdict::consistent : ClaimVerdict::does_not_follow;
  const double each = 2 * CepoSettings{}.planning_n + 3;
  const double cost = work.computed("calls of the larger over those of the smaller",
                                    many * each / (few * each), "times", "N (2 n + 3) each");
  const double one = work.input("coverage.one"), ten = work.input("coverage.ten");
  const double chosen = work.input("coverage.majority");
  const double share =
      work.computed("part of coverage's gain that a majority keeps", (chosen - one) / (ten - one),
                    "share", "(majority - one) / (any of ten - one)");
  // Coverage as exp(-a k^-b) through its two points.
  const double a = -std::log(one / 100), b = std::log10(a / -std::log(ten / 100));
  work.computed("answers for a coverage of 99 %, if it goes on so",
                std::pow(a / -std::log(0.99), 1 / b), "answers",
                "exp(-a k^-b) through one and ten answers");
  work.row(row);
  return work.judge(row.verdict,
                    fmt::format("{:.0f} times the calls: {:+.1f} points on CRUX, 95 % interval "
                                "{:+.1f} to {:+.1f}. Coverage does grow ({:g} to {:g} % with ten "
                                "answers), a majority keeps {:.0f} % of that",
                                cost, 100 * row.difference(), 100 * row.difference_ci.low,
                                100 * row.difference_ci.high, one, ten, 100 * share));
}

}  // namespace evalrun
