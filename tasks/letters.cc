#include "tasks/letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "harness/core/rng.h"
#include "harness/core/text.h"
#include "tasks/prompts.h"

namespace evalrun {
namespace {

constexpr std::array<LetterBucket, 3> kBuckets = {
    {{"easy", 4, 7}, {"medium", 8, 11}, {"hard", 12, 16}}};
constexpr std::array<std::string_view, 4> kPrompts = {"letters.system", "letters.direct",
                                                      "letters.cot", "letters.question"};
constexpr int kRunMax = 4;  // equal letters side by side
constexpr int kCountMax = 100'000;
constexpr int kWordTries = 100;  // to find an unused item before random letters are taken
constexpr double kRandomWords = 0.20;
constexpr double kAbsentLetters = 0.10;
constexpr double kRepeatedLetters = 0.80;  // of the letters that are present, where there are any

struct Run {
  char letter = 0;
  int size = 0;
};

std::vector<Run> runs_of(std::string_view word) {
  std::vector<Run> runs;
  for (char c : word) {
    if (runs.empty() || runs.back().letter != c) runs.push_back({c, 0});
    ++runs.back().size;
  }
  return runs;
}

bool can_reach(std::string_view base, int length) {
  const auto runs = runs_of(base);
  const bool short_runs =
      std::ranges::all_of(runs, [](const Run& run) { return run.size <= kRunMax; });
  return short_runs && int(base.size()) <= length && int(runs.size()) * kRunMax >= length;
}

std::string random_base(Rng& rng, int length) {
  const int shortest = (length + kRunMax - 1) / kRunMax;
  std::string base;
  do {
    const int size = shortest + int(rng.below(std::uint64_t(length - shortest + 1)));
    base.clear();
    for (int i = 0; i < size; ++i) base += char('a' + rng.below(26));
  } while (!can_reach(base, length));
  return base;
}

// Words that can be stretched to each length; index = length.
using WordsByLength = std::vector<std::vector<std::string_view>>;

WordsByLength by_length(std::span<const std::string_view> words) {
  WordsByLength fitting(std::size_t(kBuckets.back().length_max) + 1);
  for (std::size_t length = 0; length < fitting.size(); ++length)
    for (std::string_view word : words)
      if (can_reach(word, int(length))) fitting[length].push_back(word);
  return fitting;
}

// What is decided about an item once. Only the rest is drawn again when its word and letter have
// been used before, so that the shares stay as promised.
struct Plan {
  int length = 0;
  bool random_word = false;
  enum { absent, repeated, present } letter = present;
};

Plan draw_plan(Rng& rng, const LetterBucket& bucket) {
  const int spread = bucket.length_max - bucket.length_min + 1;
  Plan plan;
  plan.length = bucket.length_min + int(rng.below(std::uint64_t(spread)));
  plan.random_word = rng.uniform() < kRandomWords;
  if (rng.uniform() < kAbsentLetters)
    plan.letter = Plan::absent;
  else if (rng.uniform() < kRepeatedLetters)
    plan.letter = Plan::repeated;
  return plan;
}

std::string pick_base(Rng& rng, const WordsByLength& words, const Plan& plan) {
  const auto& fitting = words[std::size_t(plan.length)];
  if (plan.random_word || fitting.empty()) return random_base(rng, plan.length);
  return std::string(fitting[rng.below(fitting.size())]);
}

// Lengthens one run that is not full, chosen evenly, until the word is long enough.
std::string stretch(Rng& rng, std::string_view base, int length) {
  auto runs = runs_of(base);
  for (int missing = length - int(base.size()); missing > 0;) {
    Run& run = runs[rng.below(runs.size())];
    if (run.size == kRunMax) continue;
    ++run.size;
    --missing;
  }
  std::string word;
  for (const Run& run : runs) word.append(std::size_t(run.size), run.letter);
  return word;
}

char pick_letter(Rng& rng, std::string_view word, const Plan& plan) {
  std::array<int, 26> counts{};
  for (char c : word) ++counts[std::size_t(c - 'a')];
  std::string absent, present, repeated;
  for (char c = 'a'; c <= 'z'; ++c) {
    const int n = counts[std::size_t(c - 'a')];
    (n == 0 ? absent : present) += c;
    if (n >= 2) repeated += c;
  }
  const bool twice = plan.letter == Plan::repeated && !repeated.empty();
  const std::string& from = plan.letter == Plan::absent ? absent : twice ? repeated : present;
  return from[rng.below(from.size())];
}

LetterItem draw_item(Rng& rng, const WordsByLength& words, const Plan& plan) {
  LetterItem item;
  item.word = stretch(rng, pick_base(rng, words, plan), plan.length);
  item.letter = pick_letter(rng, item.word, plan);
  item.count = int(std::ranges::count(item.word, item.letter));
  return item;
}

std::vector<std::string_view> embedded_words() {
  const auto bytes = find_resource("tasks/letters_words.txt");
  CHECK(bytes.has_value());
  auto words = split(*bytes, '\n');
  const auto is_word = [](std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  CHECK(std::ranges::all_of(words, is_word));
  return words;
}

Result<PromptSet> load_prompts(const SuiteOptions& options) {
  auto prompts = load_task_prompts(options, kPrompts);
  if (!prompts) return prompts;
  for (std::string_view name : std::span(kPrompts).subspan(1))
    if (auto ok = prompts->require(name, {"word", "letter"}); !ok)
      return std::unexpected(ok.error());
  return prompts;
}

Sample make_sample(const LetterItem& item, std::size_t index, const PromptSet& prompts) {
  const std::string_view letter(&item.letter, 1);
  const auto messages = [&](std::string_view name) {
    return fill_messages(prompts, "letters.system", name,
                         {{"word", item.word}, {"letter", letter}});
  };
  Sample sample;
  sample.id = fmt::format("letters_{:04}", index + 1);
  sample.suite = "letters";
  sample.question = messages("letters.question").back().content;
  sample.direct = {messages("letters.direct"), {}};
  sample.cot = {messages("letters.cot"), {}};
  sample.check = LetterCount{item.word, item.letter, item.count};
  sample.metadata = {{"bucket", std::string(kBuckets[index % kBuckets.size()].name)},
                     {"length", std::to_string(item.word.size())},
                     {"count", std::to_string(item.count)}};
  return sample;
}

}  // namespace

std::span<const LetterBucket> letter_buckets() { return kBuckets; }

std::span<const std::string_view> letters_prompt_names() { return kPrompts; }

std::vector<LetterItem> generate_letters(std::span<const std::string_view> words,
                                         std::uint64_t seed, int count) {
  CHECK(count >= 0 && count <= kCountMax);
  const WordsByLength fitting = by_length(words);
  std::vector<LetterItem> items;
  std::unordered_set<std::string> seen;  // the letter, then the word
  for (int i = 0; i < count; ++i) {
    Rng rng(derive_seed(seed, {"letters", std::to_string(i)}));
    Plan plan = draw_plan(rng, kBuckets[std::size_t(i) % kBuckets.size()]);
    for (int tries = 1; items.size() == std::size_t(i); ++tries) {
      // Words can run out; random letters have more pairs for each bucket than kCountMax.
      if (tries == kWordTries) plan.random_word = true;
      LetterItem item = draw_item(rng, fitting, plan);
      if (seen.insert(item.letter + item.word).second) items.push_back(std::move(item));
    }
  }
  return items;
}

Result<Suite> load_letters(const SuiteOptions& options) {
  if (options.letters_count < 1 || options.letters_count > kCountMax)
    return usage_error(fmt::format("letters: {} samples wanted, possible are 1 to {}",
                                   options.letters_count, kCountMax));
  const auto prompts = load_prompts(options);
  if (!prompts) return std::unexpected(prompts.error());
  const auto items = generate_letters(embedded_words(), options.seed, options.letters_count);
  Suite suite;
  suite.name = "letters";
  suite.dataset = fmt::format("generated from seed {}", options.seed);
  suite.prompts_sha256 = prompts->sha256();
  std::string lines;
  for (std::size_t i = 0; i < items.size(); ++i) {
    suite.samples.push_back(make_sample(items[i], i, *prompts));
    lines += fmt::format("{} {} {} {}\n", suite.samples.back().id, items[i].word, items[i].letter,
                         items[i].count);
  }
  suite.dataset_sha256 = sha256_hex(lines);
  return suite;
}

}  // namespace evalrun
