#include "harness/core/types.h"

#include <array>
#include <cstddef>

#include "harness/core/check.h"

namespace evalrun {
namespace {

// One table an enum, in the enum's order: name() indexes it, parse() searches it.
constexpr std::array<std::string_view, 3> kRoles{"system", "user", "assistant"};
constexpr std::array<std::string_view, 2> kForms{"direct", "cot"};
constexpr std::array<std::string_view, 4> kFinishes{"stop", "length", "refused", "error"};
constexpr std::array<std::string_view, 10> kVerdicts{
    "right",        "wrong",        "no_answer",   "program_error", "crashed", "time_limit",
    "memory_limit", "output_limit", "model_error", "infra_error"};
constexpr std::array<std::string_view, 2> kScorers{"official", "strict"};

template <typename Enum, std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& table, Enum value) {
  CHECK(std::size_t(value) < N);
  return table[std::size_t(value)];
}

template <typename Enum, std::size_t N>
bool parse_in(const std::array<std::string_view, N>& table, std::string_view text, Enum& out) {
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i] != text) continue;
    out = Enum(i);
    return true;
  }
  return false;
}

}  // namespace

std::string to_string(const CallKey& key) {
  return key.suite + "/" + key.sample + "/epoch=" + std::to_string(key.epoch) + "/" + key.strategy +
         "/" + key.path;
}

Usage& Usage::operator+=(const Usage& other) {
  prompt += other.prompt;
  cached += other.cached;
  completion += other.completion;
  reasoning += other.reasoning;
  return *this;
}

double cost_usd(const Price& price, const Usage& usage) {
  return (double(usage.prompt - usage.cached) * price.prompt_usd +
          double(usage.cached) * price.cached_usd +
          double(usage.completion) * price.completion_usd) /
         1e6;
}

std::string_view name(Role v) { return name_in(kRoles, v); }
std::string_view name(PromptForm v) { return name_in(kForms, v); }
std::string_view name(Finish v) { return name_in(kFinishes, v); }
std::string_view name(Verdict v) { return name_in(kVerdicts, v); }
std::string_view name(ScorerKind v) { return name_in(kScorers, v); }
bool parse(std::string_view text, Role& out) { return parse_in(kRoles, text, out); }
bool parse(std::string_view text, PromptForm& out) { return parse_in(kForms, text, out); }
bool parse(std::string_view text, Finish& out) { return parse_in(kFinishes, text, out); }
bool parse(std::string_view text, Verdict& out) { return parse_in(kVerdicts, text, out); }
bool parse(std::string_view text, ScorerKind& out) { return parse_in(kScorers, text, out); }

}  // namespace evalrun
