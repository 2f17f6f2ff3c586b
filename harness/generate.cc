#include "harness/generate.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/core/clock.h"
#include "harness/core/hash.h"
#include "harness/core/rng.h"

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
  void stop(const std::string& why) {
    std::lock_guard lock(mu_);
    if (stopped_.empty()) stopped_ = why;
    is_over_.store(true, std::memory_order_relaxed);
  }
  bool is_over() const { return is_over_.load(std::memory_order_relaxed); }
  // Once all workers have ended.
  Result<std::string> finish() {
    for (const auto& [index, record] : waiting_)
      if (!error_)
        if (Status s = emit_(record); !s) error_ = s.error();
    if (error_) return std::unexpected(*error_);
    return stopped_;
  }

 private:
  void fail_with(const Error& error) {
    if (!error_) error_ = error;
    is_over_.store(true, std::memory_order_relaxed);
  }

  const std::function<Status(const SampleRecord&)>& emit_;
  std::atomic<bool> is_over_{false};
  std::mutex mu_;  // guards what follows
  std::map<std::size_t, SampleRecord> waiting_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
  std::string stopped_;
};

// Sleeps until that time of the clock, or until the run is over.
void sleep_until(std::int64_t when_us, const InOrder& in_order) {
  constexpr std::int64_t kNapUs = 50'000;
  for (std::int64_t left; !in_order.is_over() && (left = when_us - wall_us()) > 0;)
    std::this_thread::sleep_for(std::chrono::microseconds(std::min(left, kNapUs)));
}

SampleRecord answer_one(const GenerateJob& job, const WorkItem& item, std::int64_t arrived_us) {
  SampleRecord record;
  record.suite = item.sample->suite;
  record.sample = item.sample->id;
  record.epoch = item.epoch;
  record.strategy = item.strategy->name;
  if (item.sample->given_answer) {
    record.answer.text = *item.sample->given_answer;
    return record;
  }
  Caller caller(job.context, CallKey{record.suite, record.sample, item.epoch, record.strategy, ""},
                arrived_us);
  try {
    record.answer = item.strategy->run(*item.sample, caller, *job.settings);
  } catch (const CallFailed& failure) {
    record.model_error = failure.what();
    record.answer.steps = caller.ledger();
  }
  return record;
}

}  // namespace

std::vector<std::int64_t> arrivals_us(std::size_t n, double per_second, std::uint64_t seed) {
  Rng rng(derive_seed(seed, {"arrivals"}));
  std::vector<std::int64_t> times;
  double seconds = 0;
  for (std::size_t i = 0; i < n; ++i) {
    seconds -= std::log1p(-rng.uniform()) / per_second;
    times.push_back(std::int64_t(seconds * 1e6));
  }
  return times;
}

Result<std::string> generate(const GenerateJob& job,
                             const std::function<Status(const SampleRecord&)>& emit,
                             Progress& progress) {
  InOrder in_order(emit);
  std::atomic<std::size_t> next{0};
  std::vector<std::int64_t> arrivals;
  if (job.request_rate > 0)
    arrivals = arrivals_us(job.items.size(), job.request_rate, job.context.run_seed);
  const std::int64_t start_us = wall_us();
  const auto work = [&] {
    for (std::size_t i; !in_order.is_over() && (i = next.fetch_add(1)) < job.items.size();) {
      const std::int64_t arrived_us = arrivals.empty() ? 0 : start_us + arrivals[i];
      sleep_until(arrived_us, in_order);
      if (in_order.is_over()) return;
      try {
        in_order.add(i, answer_one(job, job.items[i], arrived_us));
        progress.add_done();
      } catch (const RunStopped& stopped) {
        in_order.stop(stopped.what());
      } catch (const JournalError& error) {
        in_order.fail(Error{Error::Kind::system, error.what()});
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    const int useful = int(std::min<std::size_t>(job.items.size(), std::size_t(job.workers)));
    for (int i = 0; i < useful; ++i) workers.emplace_back(work);
  }
  return in_order.finish();
}

}  // namespace evalrun
