#include "harness/registry.h"

#include <algorithm>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr TargetInfo kTargets[] = {
    {"local", "a Llama-architecture GGUF model on this CPU, with our own kernels"},
    {"remote", "an endpoint that speaks OpenAI's or Anthropic's API (--base-url or --provider)"},
    {"recorded", "the answers of an earlier run (--from DIR); nothing is computed or sent"},
};

template <typename Table>
auto find_by_name(const Table& table, std::string_view name) {
  return std::find_if(table.begin(), table.end(),
                      [&](const auto& row) { return row.name == name; });
}

template <typename T>
void push_once(std::vector<const T*>& list, const T& item) {
  if (std::find(list.begin(), list.end(), &item) == list.end()) list.push_back(&item);
}

std::vector<std::string> suite_names() {
  std::vector<std::string> names;
  for (const SuiteGroup& group : suite_groups()) names.emplace_back(group.name);
  for (const SuiteInfo& suite : suites()) names.emplace_back(suite.name);
  return names;
}

}  // namespace

std::span<const TargetInfo> targets() { return kTargets; }

Result<std::vector<const SuiteInfo*>> find_suites(const std::vector<std::string>& names) {
  std::vector<const SuiteInfo*> found;
  for (const std::string& name : names) {
    std::vector<std::string_view> members{name};
    if (const auto group = find_by_name(suite_groups(), name); group != suite_groups().end())
      members.assign(group->members.begin(), group->members.end());
    for (std::string_view member : members) {
      const auto suite = find_by_name(suites(), member);
      if (suite == suites().end())
        return usage_error("--suite: unknown suite \"" + to_printable(name, true) + "\"" +
                           did_you_mean(name, suite_names()) + "; evalrun list names them");
      push_once(found, *suite);
    }
  }
  if (found.empty()) return usage_error("--suite: names no suite; evalrun list names them");
  return found;
}

Result<std::vector<const Strategy*>> find_strategies(const std::vector<std::string>& names,
                                                     bool add_baseline) {
  std::vector<std::string> known;
  for (const Strategy& info : strategies()) known.emplace_back(info.name);
  std::vector<const Strategy*> found;
  for (const std::string& name : names) {
    const auto strategy = find_by_name(strategies(), name);
    if (strategy == strategies().end())
      return usage_error("--strategy: unknown strategy \"" + to_printable(name, true) + "\"" +
                         did_you_mean(name, known) + "; evalrun list names them");
    push_once(found, *strategy);
  }
  if (found.empty()) return usage_error("--strategy: names no strategy; evalrun list names them");
  const Strategy& baseline = *find_by_name(strategies(), "baseline");
  const bool there = std::find(found.begin(), found.end(), &baseline) != found.end();
  if (add_baseline && !there) found.insert(found.begin(), &baseline);
  return found;
}

}  // namespace evalrun
