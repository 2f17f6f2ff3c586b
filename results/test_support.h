// What the tests of this folder share.
#pragma once

#include <zlib.h>

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

// The contents of a .gz file.
inline std::string gunzip(const std::string& path) {
  std::string out;
  const gzFile file = gzopen(path.c_str(), "rb");
  char block[1 << 16];
  for (int n; file != nullptr && (n = gzread(file, block, sizeof block)) > 0;)
    out.append(block, std::size_t(n));
  if (file != nullptr) gzclose(file);
  return out;
}

}  // namespace evalrun
