// Letter counting: "how many r in strrrawberrry?". Generated from a seed, so that no answer can
// have been learned by heart; answers are counted by code.
//
// A word starts as a real word (80 %) or random letters (20 %) and its letters are stretched into
// runs of at most 4 until it has the wanted length. Samples go easy, medium, hard, easy, … so that
// any first part of the suite is balanced. The asked letter is absent in 10 %; otherwise it mostly
// occurs at least twice, where the word has such a letter.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "tasks/suite.h"

namespace evalrun {

struct LetterBucket {
  std::string_view name;
  int length_min = 0;  // of the word asked about
  int length_max = 0;
};
// easy, medium, hard; item i of a suite is in bucket i % 3.
std::span<const LetterBucket> letter_buckets();

struct LetterItem {
  std::string word;  // a-z
  char letter = 0;   // a-z
  int count = 0;     // of letter in word
  bool operator==(const LetterItem&) const = default;
};

// `count` items, no two with the same word and letter. Item i depends on words, seed and i alone,
// so a longer suite starts with the shorter one. `words` are lower-case a-z; any list will do, even
// {}.
std::vector<LetterItem> generate_letters(std::span<const std::string_view> words,
                                         std::uint64_t seed, int count);

// ids letters_0001 …; metadata bucket, length, count.
Result<Suite> load_letters(const SuiteOptions& options);

std::span<const std::string_view> letters_prompt_names();

}  // namespace evalrun
