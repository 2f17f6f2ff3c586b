#include "results/cruxeval_format.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/json_reader.h"
#include "results/stats.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

Status refuse_unknown(const Json& file, std::span<const std::string> ids,
                      const std::string& source) {
  const std::set<std::string_view> known(ids.begin(), ids.end());
  for (const auto& [key, unused] : file.items()) {
    if (known.contains(key)) continue;
    return input_error(source + ": " + to_printable(key, true) + ": is no sample of this suite" +
                       did_you_mean(key, ids));
  }
  return {};
}

Status refuse_missing(const Json& file, std::span<const std::string> ids,
                      const std::string& source) {
  std::vector<std::string> missing;
  for (const std::string& id : ids)
    if (!file.contains(id)) missing.push_back(id);
  if (missing.empty()) return {};
  const std::string others =
      missing.size() > 1 ? " (and " + std::to_string(missing.size() - 1) + " more)" : "";
  return input_error(source + ": " + to_printable(missing.front(), true) + ": is missing" + others +
                     "; every sample of the suite needs a list of answers");
}

}  // namespace

std::vector<bool> official_flags(std::span<const GenerationFlag> generations) {
  const auto right = [](const GenerationFlag& g) { return g.right && !g.skipped; };
  if (std::none_of(generations.begin(), generations.end(), right))
    return std::vector<bool>(generations.size(), false);
  std::vector<bool> flags;
  for (const GenerationFlag& generation : generations)
    if (!generation.skipped) flags.push_back(generation.right);
  return flags;
}

OfficialScores official_scores(std::span<const std::vector<bool>> flags) {
  OfficialScores scores;
  for (const std::vector<bool>& sample : flags) {
    const int n = int(sample.size());
    const int c = int(std::count(sample.begin(), sample.end(), true));
    const OfficialPassAtK at_5 = official_pass_at_k(n, c, 5);
    scores.pass_at_1 += official_pass_at_k(n, c, 1).value;
    scores.pass_at_5 += at_5.value;
    scores.artefacts_at_5 += at_5.artefact;
  }
  if (flags.empty()) return scores;
  scores.pass_at_1 *= 100.0 / double(flags.size());
  scores.pass_at_5 *= 100.0 / double(flags.size());
  return scores;
}

Result<std::vector<SampleGenerations>> parse_generations(std::string_view text,
                                                         const std::string& source,
                                                         std::span<const std::string> ids) {
  Result<Json> file = parse_json(text);
  if (!file) return input_error(source + ": " + file.error().message);
  if (!file->is_object())
    return input_error(source + ": must be an object {\"sample_0\": [\"answer\", ...], ...}");
  if (Status status = refuse_unknown(*file, ids, source); !status)
    return std::unexpected(std::move(status).error());
  if (Status status = refuse_missing(*file, ids, source); !status)
    return std::unexpected(std::move(status).error());
  JsonReader in(*file);
  std::vector<SampleGenerations> samples;
  for (const std::string& id : ids) {
    SampleGenerations sample{id, {}};
    in.read(id, sample.generations);
    if (sample.generations.empty()) in.wrong(id, "must hold at least one answer");
    samples.push_back(std::move(sample));
  }
  if (const Status status = in.done(); !status)
    return input_error(source + ": " + status.error().message);
  return samples;
}

std::string official_scored_json(std::span<const ScoredSample> samples) {
  Json generations = Json::object();
  Json scored = Json::object();
  std::vector<std::vector<bool>> all_flags;
  for (const ScoredSample& sample : samples) {
    CHECK(sample.flags.size() == sample.answers.generations.size());
    all_flags.push_back(official_flags(sample.flags));
    generations[sample.answers.id] = sample.answers.generations;
    scored[sample.answers.id] = all_flags.back();
  }
  const OfficialScores scores = official_scores(all_flags);
  const Json file{{"raw_generations", std::move(generations)},
                  {"raw_scored_generations", std::move(scored)},
                  {"pass_at_1", scores.pass_at_1},
                  {"pass_at_5", scores.pass_at_5}};
  return file.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
