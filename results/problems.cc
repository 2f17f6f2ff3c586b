#include "results/problems.h"

#include <map>
#include <utility>

namespace evalrun {

std::string_view Problems::metadata_value(std::size_t sample, std::string_view key) const {
  if (metadata[sample] == nullptr) return "";
  for (const auto& [name, value] : *metadata[sample])
    if (name == key) return value;
  return "";
}

Problems problems_of(const ReportInput& input, const PlannedSuite& suite) {
  Problems problems;
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < suite.samples.size(); ++i) {
    const auto found = input.metadata.find({suite.name, suite.samples[i]});
    problems.metadata.push_back(found == input.metadata.end() ? nullptr : &found->second);
    const std::string_view name = problems.metadata_value(i, "problem");
    std::size_t problem = problems.count;
    if (!name.empty()) problem = by_name.try_emplace(name, problems.count).first->second;
    if (problem == problems.count) ++problems.count;
    problems.of_sample.push_back(problem);
  }
  return problems;
}

}  // namespace evalrun
