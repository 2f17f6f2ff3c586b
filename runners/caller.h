// Caller: what a strategy has in its hand. It names each call, derives its seed, asks the journal
// before the model, and keeps the token ledger. Strategies see no model, thread, clock or file.
//
// Resume and replay are the same thing: run the strategy again. Calls that the journal holds answer
// at once, by key; only the missing ones reach the model. That is exact, because a call's seed and
// text depend on its key and its request, never on what finished first.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/core/check.h"
#include "harness/core/model.h"
#include "harness/core/records.h"
#include "harness/core/types.h"
#include "runners/budget.h"
#include "runners/ledger.h"

namespace evalrun {

// The target failed to answer (finish == error). Ends this sample as model_error. what(): one line,
// the path of the call and the target's reason.
class CallFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A finished call could not be kept (disk full). Ends the run: going on would spend calls twice.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The run cannot or must not go on: the budget is used up, or the target refuses every call. Ends
// the run; what was answered is kept. what(): one line.
class RunStopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where finished calls are kept. Implementations: the run folder, a map in tests. Thread-safe.
class CallJournal {
 public:
  virtual ~CallJournal() = default;
  // The kept answer of this very request. An entry of the same key with another hash (the prompt
  // was changed since) is no answer.
  virtual std::optional<Completion> find(const CallKey& key, const std::string& request_sha256) = 0;
  // Called once a call that the target answered, before the strategy sees the text. May throw
  // JournalError.
  virtual void append(const CallRecord& record) = 0;
};

// For progress and `--show`. Called from the threads of the strategy, several at a time.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void started(const Request& request, std::string_view step) = 0;
  // Also for failed calls. `replayed`: the journal answered, nothing was spent.
  virtual void finished(const Request& request, std::string_view step, const Completion& completion,
                        bool replayed) = 0;
};

// What all callers of a run share. The pointed-to objects outlive them.
struct CallerContext {
  Model* model = nullptr;
  CallJournal* journal = nullptr;    // null: nothing is kept
  CallObserver* observer = nullptr;  // null: nobody watches
  Budget* budget = nullptr;          // null: no cap
  std::uint64_t run_seed = 0;
};

// One call, as a strategy asks for it.
struct CallSpec {
  std::string path;  // CallKey::path; once a sample
  std::string step;  // StepUse::step
  std::vector<Message> messages;
  std::vector<std::string> stop;
  int max_tokens = 1024;
  double temperature = 0;
  double top_p = 1;
};

// Lower-case hex over everything that can change the text: messages, stop strings, max_tokens,
// temperature, top_p and seed. Not the key: the seed stands for it.
std::string request_sha256(const Request& request);

// The calls of one sample. Thread-safe: the branches of a fan_out share it.
class Caller {
 public:
  // `prefix` names the sample; its path is ignored. `arrived_us`: when the sample did, in an open
  // loop (the first call is scheduled then, not when a thread was free); 0 = as it comes.
  Caller(const CallerContext& context, CallKey prefix, std::int64_t arrived_us = 0);

  // Blocks until the answer is there. The text (and error) is made valid UTF-8 before it is kept
  // and returned, so that a replay equals the live run. Throws CallFailed when the target failed;
  // such an answer is not kept, so that the next run asks again. Throws RunStopped when the budget
  // is used up or the failure is fatal, and what the journal throws.
  // A path used twice is broken code (CHECK).
  Completion call(const CallSpec& spec);

  // The text of this finished call was thrown away, though it was paid for.
  void discard(const std::string& path);

  // {fn(0), …, fn(n-1)} by index, each on a thread of its own (n == 1: on this one). All of them
  // have ended when it returns; then the exception of the lowest index, if any, is thrown on.
  // This is also how the ledger knows what a call waited for: those before it in its branch, else
  // those before the fan_out; after it, the last of every branch.
  template <typename Fn>
  auto fan_out(int n, Fn fn) -> std::vector<std::invoke_result_t<Fn&, int>>;

  // One entry a finished call, ordered by path_less, with the call graph: independent of timing.
  std::vector<StepUse> ledger() const;

 private:
  // Paths of the calls that the next call of a thread waits for.
  using Frontier = std::vector<std::string>;
  Frontier frontier() const;
  void set_frontier(Frontier frontier);
  void join_frontiers(std::vector<Frontier> branches);

  Request make_request(const CallSpec& spec) const;
  Completion ask_model(const Request& request, const std::string& sha256);
  Completion submit(const Request& request);
  std::int64_t take_scheduled_us();
  void keep(const CallSpec& spec, const Completion& completion, Frontier after);

  const CallerContext context_;
  const CallKey prefix_;

  mutable std::mutex mu_;                     // guards what follows
  std::int64_t arrived_us_ = 0;               // 0 once a call has it
  std::set<std::string, std::less<>> asked_;  // paths
  std::map<std::string, FinishedCall, PathLess> finished_;
  std::map<std::thread::id, Frontier> frontiers_;
};

template <typename Fn>
auto Caller::fan_out(int n, Fn fn) -> std::vector<std::invoke_result_t<Fn&, int>> {
  using T = std::invoke_result_t<Fn&, int>;
  CHECK(n >= 0);
  std::vector<std::optional<T>> slots(n);
  std::vector<std::exception_ptr> failures(n);
  std::vector<Frontier> frontiers(n, frontier());
  const auto run = [&](int i) {
    set_frontier(frontiers[i]);
    try {
      slots[i].emplace(fn(i));
    } catch (...) {
      failures[i] = std::current_exception();
    }
    frontiers[i] = frontier();
  };
  if (n == 1) {
    run(0);
  } else {
    std::vector<std::jthread> threads;
    threads.reserve(n);
    for (int i = 0; i < n; ++i) threads.emplace_back(run, i);
  }  // joins
  join_frontiers(std::move(frontiers));
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  std::vector<T> results;
  results.reserve(n);
  for (std::optional<T>& slot : slots) results.push_back(std::move(*slot));
  return results;
}

}  // namespace evalrun
