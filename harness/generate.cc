#include "harness/generate.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace evalrun {
namespace {

// Holds finished records back until all before them have been emitted.
class InOrder {
 public:
  explicit InOrder(const std::function<Status(const SampleRecord&)>& emit) : emit_(emit) {}

  void add(std::size_t index, SampleRecord record) {
    std::lock_guard lock(mu_);
    waiting_.emplace(index, std::move(record));
    for (auto it = waiting_.begin(); it != waiting_.end() && it->first == next_; ++next_) {
      if (Status s = emit_(it->second); !s) return fail_with(s.error());
      it = waiting_.erase(it);
    }
  }
  void fail(const Error& error) {
    std::lock_guard lock(mu_);
    fail_with(error);
  }
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  Status status() const {
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  void fail_with(const Error& error) {
    if (!error_) error_ = error;
    failed_.store(true, std::memory_order_relaxed);
  }

  const std::function<Status(const SampleRecord&)>& emit_;
  std::atomic<bool> failed_{false};
  std::mutex mu_;  // guards what follows
  std::map<std::size_t, SampleRecord> waiting_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

SampleRecord answer_one(const GenerateJob& job, const WorkItem& item) {
  SampleRecord record;
  record.suite = item.sample->suite;
  record.sample = item.sample->id;
  record.epoch = item.epoch;
  record.strategy = item.strategy->name;
  if (item.sample->given_answer) {
    record.answer.text = *item.sample->given_answer;
    return record;
  }
  Caller caller(job.context, CallKey{record.suite, record.sample, item.epoch, record.strategy, ""});
  try {
    record.answer = item.strategy->run(*item.sample, caller, *job.settings);
  } catch (const CallFailed& failure) {
    record.model_error = failure.what();
    record.answer.steps = caller.ledger();
  }
  return record;
}

}  // namespace

Status generate(const GenerateJob& job, const std::function<Status(const SampleRecord&)>& emit,
                Progress& progress) {
  InOrder in_order(emit);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i; !in_order.failed() && (i = next.fetch_add(1)) < job.items.size();) {
      try {
        in_order.add(i, answer_one(job, job.items[i]));
        progress.add_done();
      } catch (const JournalError& error) {
        in_order.fail(Error{Error::Kind::system, error.what()});
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < job.workers; ++i) workers.emplace_back(work);
  }
  return in_order.status();
}

}  // namespace evalrun
