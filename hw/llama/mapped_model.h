// A file as memory, read when touched: a model larger than the free memory still opens at once.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "harness/core/result.h"

namespace evalrun {

class MappedModel {
 public:
  // Error: the path and the system's reason. The file must not shrink while it is mapped.
  static Result<std::unique_ptr<MappedModel>> open(const std::string& path);
  ~MappedModel();
  MappedModel(const MappedModel&) = delete;
  MappedModel& operator=(const MappedModel&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  MappedModel(const std::byte* data, std::size_t size) : data_(data), size_(size) {}

  const std::byte* data_;
  std::size_t size_;
};

}  // namespace evalrun
