// RecordedModel: a target that answers from the calls of an earlier run (`--target recorded`).
#pragma once

#include <map>
#include <vector>

#include "harness/core/model.h"
#include "harness/core/records.h"

namespace evalrun {

// Answers at once with the recorded completion, its times included. A record answers a request of
// its key and its request_sha256; one with an empty hash (made by hand, or converted from
// another's outputs) answers every request of its key. Of several the last counts. Failed calls
// are no answers. What no record answers is a Completion with finish error. Thread-safe.
class RecordedModel : public Model {
 public:
  explicit RecordedModel(const std::vector<CallRecord>& records);

  std::future<Completion> submit(Request request) override;

 private:
  Completion answer(const Request& request) const;

  std::map<CallKey, std::map<std::string, Completion>> answers_;  // by key, then by hash; constant
};

}  // namespace evalrun
