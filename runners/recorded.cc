#include "runners/recorded.h"

#include <utility>

#include "runners/caller.h"

namespace evalrun {

RecordedModel::RecordedModel(const std::vector<CallRecord>& records) {
  for (const CallRecord& record : records) {
    if (record.completion.finish == Finish::error) continue;
    answers_[record.key].insert_or_assign(record.request_sha256, record.completion);
  }
}

std::future<Completion> RecordedModel::submit(Request request) {
  std::promise<Completion> promise;
  promise.set_value(answer(request));
  return promise.get_future();
}

Completion RecordedModel::answer(const Request& request) const {
  Completion failed;
  failed.finish = Finish::error;
  const auto of_key = answers_.find(request.key);
  if (of_key == answers_.end()) {
    failed.error = "no recorded call for " + to_string(request.key);
    return failed;
  }
  const auto& by_hash = of_key->second;
  auto found = by_hash.find(request_sha256(request));
  if (found == by_hash.end()) found = by_hash.find("");
  if (found != by_hash.end()) return found->second;
  failed.error = "the recorded call for " + to_string(request.key) +
                 " was made with another prompt, limit, temperature or seed";
  return failed;
}

}  // namespace evalrun
