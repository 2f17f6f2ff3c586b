#include "results/accuracy.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "results/cruxeval_format.h"

namespace evalrun {
namespace {

// A value of each sample if all that is undecided were wrong, and if it were right.
struct Bounds {
  std::vector<double> low;
  std::vector<double> high;
};

std::vector<bool> flags(const View& view, std::size_t sample, bool undecided_are_right) {
  std::vector<GenerationFlag> generations;
  for (int epoch = 0; epoch < view.run.epochs; ++epoch) {
    const ScoreRecord* score = view.cell(sample, epoch).decided(ScorerKind::official);
    if (score == nullptr)
      generations.push_back({undecided_are_right, false});
    else
      generations.push_back({is_right(score), score->skipped});
  }
  return official_flags(generations);
}

OfficialPassAtK official_value(const std::vector<bool>& flags, int k) {
  return official_pass_at_k(int(flags.size()), int(std::count(flags.begin(), flags.end(), true)),
                            k);
}

// The denominator is the plan, so every sample has n = epochs answers.
void add_strict(const View& view, std::size_t sample, int k, Bounds& bounds) {
  int right = 0;
  int undecided = 0;
  for (int epoch = 0; epoch < view.run.epochs; ++epoch) {
    const ScoreRecord* score = view.cell(sample, epoch).decided(ScorerKind::strict);
    right += is_right(score);
    undecided += score == nullptr;
  }
  bounds.low.push_back(pass_at_k(view.run.epochs, right, k).value());
  bounds.high.push_back(pass_at_k(view.run.epochs, right + undecided, k).value());
}

void add_official(const View& view, std::size_t sample, Bounds& bounds) {
  bounds.low.push_back(official_value(flags(view, sample, false), 1).value);
  bounds.high.push_back(official_value(flags(view, sample, true), 1).value);
}

// Every sample has as many answers, so a sample is the unit that clusters are counted in.
Estimate mean_over(const View& view, std::span<const std::size_t> samples,
                   const std::vector<double>& values) {
  std::vector<Cluster> clusters(view.problems.count);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Cluster& cluster = clusters[view.problems.of_sample[samples[i]]];
    cluster.sum += values[i];
    ++cluster.n;
  }
  std::erase_if(clusters, [](const Cluster& cluster) { return cluster.n == 0; });
  if (view.run.epochs == 1 && clusters.size() == samples.size())
    return proportion(int(std::count(values.begin(), values.end(), 1.0)), int(values.size()));
  return clustered_mean(clusters);
}

Estimate mean_over(const View& view, std::span<const std::size_t> samples, const Bounds& bounds) {
  Estimate result = mean_over(view, samples, bounds.low);
  result.ci.high = std::max(result.ci.high, mean_over(view, samples, bounds.high).ci.high);
  return result;
}

}  // namespace

Estimate accuracy(const View& view, std::span<const std::size_t> samples, ScorerKind scorer) {
  Bounds bounds;
  for (const std::size_t sample : samples) {
    if (scorer == ScorerKind::strict)
      add_strict(view, sample, 1, bounds);
    else
      add_official(view, sample, bounds);
  }
  return mean_over(view, samples, bounds);
}

PassAtK pass_at(const View& view, int k) {
  std::vector<std::size_t> all(view.info().samples.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  PassAtK result{k, {}, std::nullopt, 0};
  Bounds bounds;
  double official = 0;
  for (const std::size_t sample : all) {
    add_strict(view, sample, k, bounds);
    if (!view.info().has_official) continue;
    const OfficialPassAtK value = official_value(flags(view, sample, false), k);
    official += value.value / double(all.size());
    result.official_artefacts += value.artefact;
  }
  result.strict = mean_over(view, all, bounds);
  if (view.info().has_official) result.official = official;
  return result;
}

}  // namespace evalrun
