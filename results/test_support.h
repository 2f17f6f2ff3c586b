// What the tests of this folder share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "harness/core/test_folder.h"

namespace evalrun {

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A file of the real test data, or nothing when this machine has none.
inline std::optional<std::string> real_data(const std::string& name) {
  const char* root = std::getenv("EVALRUN_DATA");
  if (root == nullptr) return std::nullopt;
  const std::string path = std::string(root) + "/" + name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

}  // namespace evalrun
