#include "tasks/lcb_files.h"

#include <filesystem>
#include <optional>

namespace evalrun {
namespace {

namespace fs = std::filesystem;

std::string folder_of(LcbDataset dataset) {
  switch (dataset) {
    case LcbDataset::code_generation_lite:
      return "code_generation_lite";
    case LcbDataset::execution_v2:
      return "execution-v2";
    case LcbDataset::test_generation:
      break;
  }
  return "test_generation";
}

std::string file_name(int number) {
  return number == 1 ? "test.jsonl" : "test" + std::to_string(number) + ".jsonl";
}

// The folders to look in, best first.
std::vector<fs::path> roots(const SuiteOptions& options) {
  if (!options.data_file.empty()) return {options.data_file};
  std::vector<fs::path> roots;
  for (const std::string& dir : {options.data_dir, options.cache_dir})
    if (!dir.empty()) roots.push_back(fs::path(dir) / "livecodebench");
  return roots;
}

std::optional<std::string> find_one(const SuiteOptions& options, LcbDataset dataset,
                                    const std::string& name) {
  std::error_code ignored;
  for (const fs::path& root : roots(options)) {
    const fs::path path = root / folder_of(dataset) / name;
    if (fs::exists(path, ignored)) return path.string();
    // Every data set has a test.jsonl; only the largest one may lie there without its folder.
    if (dataset == LcbDataset::code_generation_lite && fs::exists(root / name, ignored))
      return (root / name).string();
  }
  return std::nullopt;
}

std::unexpected<Error> not_found(const SuiteOptions& options, LcbDataset dataset,
                                 const std::string& name) {
  const auto found_roots = roots(options);
  const std::string place =
      (found_roots.empty() ? fs::path("$EVALRUN_DATA/livecodebench") : found_roots.front()) /
      folder_of(dataset) / name;
  const std::string release = dataset == LcbDataset::code_generation_lite
                                  ? " for release \"" + options.lcb.release + "\""
                                  : "";
  return input_error("LiveCodeBench not found: " + name +
                     " of the Hugging Face dataset livecodebench/" + folder_of(dataset) +
                     " is needed" + release + "; put it at " + place +
                     ", or name a file or folder with --data");
}

}  // namespace

Result<std::vector<std::string>> find_lcb_files(const SuiteOptions& options, LcbDataset dataset) {
  std::error_code ignored;
  if (!options.data_file.empty() && !fs::is_directory(options.data_file, ignored))
    return std::vector{options.data_file};
  LcbRelease release{1, 1};
  if (dataset == LcbDataset::code_generation_lite) {
    const auto parsed = parse_lcb_release(options.lcb.release);
    if (!parsed) return std::unexpected(parsed.error());
    release = *parsed;
  }
  std::vector<std::string> paths;
  for (int number = release.first; number <= release.last; ++number) {
    const auto path = find_one(options, dataset, file_name(number));
    if (!path) return not_found(options, dataset, file_name(number));
    paths.push_back(*path);
  }
  return paths;
}

}  // namespace evalrun
