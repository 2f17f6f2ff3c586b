#include "results/cruxeval_format.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/json_reader.h"
#include "results/stats.h"

namespace evalrun {
namespace {

using Tree = nlohmann::ordered_json;  // for writing
// What the file holds for each sample; of several members with one name the last counts.
using Members = std::unordered_map<std::string, JsonValue>;

// Error: the first member that is no sample of the suite.
Result<Members> members_of(JsonValue file, std::span<const std::string> ids) {
  const std::unordered_set<std::string_view> known(ids.begin(), ids.end());
  Members members;
  std::string unknown;
  bool is_wrong = false;
  file.for_each_member([&](JsonValue key, JsonValue value) {
    std::string id = key.text();
    if (!known.contains(id) && !std::exchange(is_wrong, true)) unknown = id;
    members.insert_or_assign(std::move(id), value);
  });
  if (!is_wrong) return members;
  return input_error(to_printable(unknown, true) + ": is no sample of this suite" +
                     did_you_mean(unknown, ids));
}

Status refuse_missing(const Members& members, std::span<const std::string> ids) {
  std::vector<std::string> missing;
  for (const std::string& id : ids)
    if (!members.contains(id)) missing.push_back(id);
  if (missing.empty()) return {};
  const std::string others =
      missing.size() > 1 ? " (and " + std::to_string(missing.size() - 1) + " more)" : "";
  return input_error(to_printable(missing.front(), true) + ": is missing" + others +
                     "; every sample of the suite needs a list of answers");
}

Result<SampleGenerations> read_sample(const std::string& id, JsonValue list) {
  const auto wrong = [&](const char* reason) {
    return input_error(to_printable(id, true) + ": " + reason);
  };
  if (!list.is(JsonValue::Type::array)) return wrong("must be a list");
  SampleGenerations sample{id, {}};
  sample.generations.reserve(list.size());
  bool all_texts = true;
  list.for_each_element([&](JsonValue text) {
    all_texts = text.append_to(sample.generations.emplace_back()) && all_texts;
  });
  if (!all_texts) return wrong("must be a list of strings");
  if (sample.generations.empty()) return wrong("must hold at least one answer");
  return sample;
}

Result<std::vector<SampleGenerations>> read_generations(std::string_view text,
                                                        std::span<const std::string> ids) {
  Json json(kFileValuesMax);
  const Result<JsonValue> file = parse_json(text, json);
  if (!file) return std::unexpected(file.error());
  if (!file->is(JsonValue::Type::object))
    return input_error("must be an object {\"sample_0\": [\"answer\", ...], ...}");
  const Result<Members> members = members_of(*file, ids);
  if (!members) return std::unexpected(members.error());
  if (Status status = refuse_missing(*members, ids); !status)
    return std::unexpected(std::move(status).error());
  std::vector<SampleGenerations> samples;
  samples.reserve(ids.size());
  for (const std::string& id : ids) {
    Result<SampleGenerations> sample = read_sample(id, members->at(id));
    if (!sample) return std::unexpected(std::move(sample).error());
    samples.push_back(*std::move(sample));
  }
  return samples;
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
  Result<std::vector<SampleGenerations>> samples = read_generations(text, ids);
  if (!samples) return input_error(source + ": " + samples.error().message);
  return samples;
}

std::string official_scored_json(std::span<const ScoredSample> samples) {
  Tree generations = Tree::object();
  Tree scored = Tree::object();
  std::vector<std::vector<bool>> all_flags;
  for (const ScoredSample& sample : samples) {
    CHECK(sample.flags.size() == sample.answers.generations.size());
    all_flags.push_back(official_flags(sample.flags));
    generations[sample.answers.id] = sample.answers.generations;
    scored[sample.answers.id] = all_flags.back();
  }
  const OfficialScores scores = official_scores(all_flags);
  const Tree file{{"raw_generations", std::move(generations)},
                  {"raw_scored_generations", std::move(scored)},
                  {"pass_at_1", scores.pass_at_1},
                  {"pass_at_5", scores.pass_at_5}};
  return file.dump(-1, ' ', false, Tree::error_handler_t::replace) + "\n";
}

}  // namespace evalrun
