#include "tasks/lcb_select.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "harness/core/date.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

// Every release name with what it means, in the order of the official loader's list.
std::vector<std::pair<std::string, LcbRelease>> all_releases() {
  std::vector<std::pair<std::string, LcbRelease>> all = {{"release_latest", {1, kLcbFilesMax}}};
  const auto v = [](int n) { return "v" + std::to_string(n); };
  for (int n = 1; n <= kLcbFilesMax; ++n) all.push_back({"release_" + v(n), {1, n}});
  for (int n = 1; n <= kLcbFilesMax; ++n) all.push_back({v(n), {n, n}});
  for (int a = 1; a <= kLcbFilesMax; ++a)
    for (int b = a + 1; b <= kLcbFilesMax; ++b) all.push_back({v(a) + "_" + v(b), {a, b}});
  return all;
}

Status check_words(std::string_view what, const std::vector<std::string>& words,
                   std::span<const std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const std::string& word : words)
    if (std::ranges::find(names, word) == names.end())
      return usage_error("--" + std::string(what) + ": \"" + to_printable(word, true) +
                         "\" is none" + did_you_mean(word, names));
  return {};
}

Status check_date(std::string_view what, const std::string& text) {
  if (text.empty() || is_date(text)) return {};
  return usage_error("--" + std::string(what) + ": \"" + to_printable(text, true) +
                     "\" is no date of the form YYYY-MM-DD");
}

bool allows(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::ranges::find(words, word) != words.end();
}

}  // namespace

Result<LcbRelease> parse_lcb_release(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [known, release] : all_releases()) {
    if (known == name) return release;
    names.push_back(known);
  }
  return usage_error("--release: there is no LiveCodeBench release \"" + to_printable(name, true) +
                     "\"" + did_you_mean(name, names) +
                     "; known: release_v1 to release_v6, release_latest, v1 to v6, v1_v2 to v5_v6");
}

Status check_lcb_filters(const LcbOptions& options) {
  if (auto ok = check_words("difficulty", options.difficulties, kLcbDifficulties); !ok) return ok;
  if (auto ok = check_words("platform", options.platforms, kLcbPlatforms); !ok) return ok;
  if (auto ok = check_date("start-date", options.start_date); !ok) return ok;
  if (auto ok = check_date("end-date", options.end_date); !ok) return ok;
  if (!options.start_date.empty() && !options.end_date.empty() &&
      options.start_date >= options.end_date)
    return usage_error("--start-date: " + options.start_date + " is not before --end-date " +
                       options.end_date + ", which is left out");
  return {};
}

bool lcb_keeps(const LcbOptions& options, const LcbProblem& problem) {
  // Both bounds are midnights, so the day alone decides.
  const std::string_view day = std::string_view(problem.contest_date).substr(0, 10);
  if (!options.start_date.empty() && day < options.start_date) return false;
  if (!options.end_date.empty() && day >= options.end_date) return false;
  return allows(options.difficulties, problem.difficulty) &&
         allows(options.platforms, problem.platform);
}

}  // namespace evalrun
