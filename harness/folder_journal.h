// The run folder's calls.jsonl as a strategy's journal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "results/store.h"
#include "runners/caller.h"

namespace evalrun {

// Thread-safe. append throws JournalError when the folder cannot be written.
class FolderJournal : public CallJournal {
 public:
  // `finished`: the calls of earlier processes (latest_calls).
  FolderJournal(RunFolder& folder, std::vector<CallRecord> finished);
  std::optional<Completion> find(const CallKey& key, const std::string& request_sha256) override;
  void append(const CallRecord& record) override;

 private:
  RunFolder& folder_;                             // own synchronization
  const std::map<CallKey, CallRecord> finished_;  // constant: a call is asked once a process
};

}  // namespace evalrun
