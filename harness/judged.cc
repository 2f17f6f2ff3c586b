#include "harness/judged.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>

#include "harness/core/text.h"
#include "harness/sample_metadata.h"
#include "results/stats.h"
#include "scorers/reason.h"

namespace evalrun {
namespace {

struct Count {
  int n = 0, right = 0;
};

// An answer that the official scorer of lcb-exec drops is not in n.
Count count(const Check& check, const std::vector<ScoreOutcome>& outcomes) {
  const bool drops = std::holds_alternative<CallOutput>(check);
  Count count;
  for (const ScoreOutcome& outcome : outcomes) {
    count.n += !(drops && outcome.skipped);
    count.right += outcome.verdict == Verdict::right;
  }
  if (count.n == 0) count.n = int(outcomes.size());
  return count;
}

std::string problem_of(const Sample& sample) {
  const std::string problem = sample_metadata(sample, "problem");
  return problem.empty() ? sample.id : problem;
}

// pass@1 with its interval over problems.
Estimate pass_at_1(const Suite& suite, const std::vector<Count>& counts) {
  std::map<std::string, Cluster> clusters;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    Cluster& cluster = clusters[problem_of(suite.samples[i])];
    cluster.sum += double(counts[i].right) / counts[i].n;
    ++cluster.n;
  }
  std::vector<Cluster> list;
  for (const auto& [problem, cluster] : clusters) list.push_back(cluster);
  return clustered_mean(list);
}

double mean_pass_at_k(const std::vector<Count>& counts, int k) {
  double sum = 0;
  for (const Count& count : counts) sum += pass_at_k(count.n, count.right, k).value_or(0);
  return sum / double(counts.size());
}

std::string plain_totals(const Suite& suite, const Judged& judged) {
  std::vector<Count> counts;
  int fewest = std::numeric_limits<int>::max();
  for (std::size_t i = 0; i < judged.outcomes.size(); ++i) {
    counts.push_back(count(suite.samples[i].check, judged.outcomes[i]));
    fewest = std::min(fewest, counts.back().n);
  }
  const Estimate first = pass_at_1(suite, counts);
  std::string out = fmt::format("pass@1 {:.4f} [{:.1f}, {:.1f}]", 100 * first.value,
                                100 * first.ci.low, 100 * first.ci.high);
  for (const int k : pass_at_ks(fewest))
    if (k > 1) out += fmt::format("  pass@{} {:.4f}", k, 100 * mean_pass_at_k(counts, k));
  return out;
}

// As CRUXEval's evaluator reports them, artefacts included.
std::string crux_totals(const std::vector<SampleGenerations>& answers, const Judged& judged) {
  std::vector<std::vector<bool>> flags;
  for (const ScoredSample& sample : scored_samples(answers, judged))
    flags.push_back(official_flags(sample.flags));
  const OfficialScores scores = official_scores(flags);
  return fmt::format(
      "pass@1 {:.4f}  pass@5 {:.4f}{}", scores.pass_at_1, scores.pass_at_5,
      scores.artefacts_at_5 == 0
          ? ""
          : fmt::format("  ({} samples with n < 5 count as 100 %)", scores.artefacts_at_5));
}

bool is_crux(const Check& check) {
  return std::holds_alternative<ExactLiteral>(check) || std::holds_alternative<PythonAssert>(check);
}

std::string not_right(const Judged& judged) {
  std::map<Verdict, int> counts;
  for (const auto& sample : judged.outcomes)
    for (const ScoreOutcome& outcome : sample) ++counts[outcome.verdict];
  counts.erase(Verdict::right);
  std::string out;
  for (const auto& [verdict, n] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name(verdict), n);
  return out.empty() ? "" : "          not right: " + out + "\n";
}

}  // namespace

std::vector<ScoredSample> scored_samples(const std::vector<SampleGenerations>& answers,
                                         const Judged& judged) {
  std::vector<ScoredSample> samples;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ScoredSample sample{answers[i], {}};
    for (const ScoreOutcome& outcome : judged.outcomes[i])
      sample.flags.push_back({outcome.verdict == Verdict::right, outcome.skipped});
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::string totals_text(const Suite& suite, const std::vector<SampleGenerations>& answers,
                        const Judged& judged) {
  const bool quirks = judged.kind == ScorerKind::official && is_crux(suite.samples.front().check);
  return fmt::format("{:<9} {}\n{}", name(judged.kind),
                     quirks ? crux_totals(answers, judged) : plain_totals(suite, judged),
                     not_right(judged));
}

std::string judged_apart_text(const std::vector<SampleGenerations>& answers, const Judged& official,
                              const Judged& strict) {
  std::string lines;
  std::map<std::string_view, int> classes;
  int apart = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (std::size_t g = 0; g < official.outcomes[i].size(); ++g) {
      const ScoreOutcome &a = official.outcomes[i][g], &b = strict.outcomes[i][g];
      if ((a.verdict == Verdict::right) == (b.verdict == Verdict::right)) continue;
      const std::string_view reason = reason_class(a, b);
      ++classes[reason];
      ++apart;
      const std::string& why = b.explanation.empty() ? a.explanation : b.explanation;
      lines += fmt::format("  {} #{}: official {}, strict {} ({}): {}: {}\n", answers[i].id, g,
                           name(a.verdict), name(b.verdict), reason, to_printable(why, true),
                           to_printable(a.extracted.substr(0, 80), true));
    }
  std::string out = apart == 0 ? "" : "judged apart:\n" + lines;
  for (const auto& [reason, n] : classes) out += fmt::format("  {:>5} {}\n", n, reason);
  return out + fmt::format("{} generations are judged apart\n", apart);
}

}  // namespace evalrun
