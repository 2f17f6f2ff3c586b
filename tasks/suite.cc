#include "tasks/suite.h"

#include <algorithm>
#include <iterator>

#include "tasks/crux.h"
#include "tasks/lcb.h"
#include "tasks/lcb_prompts.h"
#include "tasks/letters.h"

namespace evalrun {

std::span<const SuiteInfo> suites() {
  static constexpr SuiteInfo kSuites[] = {
      {"crux-o", "CRUXEval: what does a call of a short Python function return?", &load_crux_output,
       800, true, "MIT"},
      {"crux-i", "CRUXEval: with which arguments does a function return a given value?",
       &load_crux_input, 800, true, "MIT"},
      {"crux-mini-o", "like crux-o, small problems of our own, built in", &load_crux_mini_output,
       276, false, "Apache-2.0"},
      {"crux-mini-i", "like crux-i, small problems of our own, built in", &load_crux_mini_input,
       276, false, "Apache-2.0"},
      {"letters", "how often does a letter occur in a stretched word? generated from the seed",
       &load_letters, 600, false, "Apache-2.0"},
      {"lcb", "LiveCodeBench: write a Python program that passes a contest problem's tests",
       &load_lcb, 1055, true, "CC, statements of their contest sites"},
      {"lcb-mini", "like lcb, small problems of our own, built in", &load_lcb_mini, 37, false,
       "Apache-2.0"},
      {"lcb-exec", "LiveCodeBench: what does a call of a contest solution return?", &load_lcb_exec,
       479, true, "CC"},
      {"lcb-testgen", "LiveCodeBench: complete the assertion of a test from the statement alone",
       &load_lcb_testgen, 442, true, "CC, statements of their contest sites"},
      {"lcb-repair", "LiveCodeBench: correct the programs of an earlier graded run of lcb",
       &load_lcb_repair, 1055, true, "CC, statements of their contest sites"},
  };
  return kSuites;
}

std::span<const SuiteGroup> suite_groups() {
  static constexpr std::string_view kCrux[] = {"crux-o", "crux-i"};
  static constexpr std::string_view kCruxMini[] = {"crux-mini-o", "crux-mini-i"};
  static constexpr SuiteGroup kGroups[] = {
      {"crux", "both halves of CRUXEval", kCrux},
      {"crux-mini", "both halves of crux-mini", kCruxMini},
  };
  return kGroups;
}

std::span<const std::string_view> task_prompt_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    std::ranges::copy(crux_prompt_names(), std::back_inserter(all));
    std::ranges::copy(letters_prompt_names(), std::back_inserter(all));
    std::ranges::copy(lcb_prompt_names(), std::back_inserter(all));
    return all;
  }();
  return names;
}

}  // namespace evalrun
