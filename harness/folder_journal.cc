#include "harness/folder_journal.h"

#include <utility>

namespace evalrun {
namespace {

std::map<CallKey, CallRecord> by_key(std::vector<CallRecord> records) {
  std::map<CallKey, CallRecord> map;
  for (CallRecord& record : records) {
    CallKey key = record.key;
    map.insert_or_assign(std::move(key), std::move(record));
  }
  return map;
}

}  // namespace

FolderJournal::FolderJournal(RunFolder& folder, std::vector<CallRecord> finished)
    : folder_(folder), finished_(by_key(std::move(finished))) {}

std::optional<Completion> FolderJournal::find(const CallKey& key,
                                              const std::string& request_sha256) {
  const auto found = finished_.find(key);
  if (found == finished_.end() || found->second.request_sha256 != request_sha256) return {};
  return found->second.completion;
}

void FolderJournal::append(const CallRecord& record) {
  if (Status s = folder_.append(record); !s) throw JournalError(s.error().message);
}

}  // namespace evalrun
