#include "results/problems.h"

#include <map>
#include <utility>

namespace evalrun {

std::string_view metadata_value(const ReportInput& input, const std::string& suite,
                                const std::string& sample, std::string_view key) {
  const auto found = input.metadata.find({suite, sample});
  if (found == input.metadata.end()) return "";
  for (const auto& [name, value] : found->second)
    if (name == key) return value;
  return "";
}

Problems problems_of(const ReportInput& input, const PlannedSuite& suite) {
  Problems problems;
  std::map<std::string_view, std::size_t> by_name;
  for (const std::string& sample : suite.samples) {
    const std::string_view name = metadata_value(input, suite.name, sample, "problem");
    std::size_t problem = problems.count;
    if (!name.empty()) problem = by_name.try_emplace(name, problems.count).first->second;
    if (problem == problems.count) ++problems.count;
    problems.of_sample.push_back(problem);
  }
  return problems;
}

}  // namespace evalrun
