// A target that completes text. Implementations: local, recorded, scripted; remote endpoints later.
#pragma once

#include <future>

#include "harness/core/types.h"

namespace evalrun {

// May answer at once, or later from a thread of its own; callers handle both.
// Thread-safe: submit is called from many threads. Never throws for a failed call: that is a
// Completion with finish == error. Completions depend on the Request alone, not on what else runs.
class Model {
 public:
  virtual ~Model() = default;
  virtual std::future<Completion> submit(Request request) = 0;
};

}  // namespace evalrun
