// A cap on what a run may spend, as a promise: a call starts only if it fits in its worst case.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "harness/core/types.h"

namespace evalrun {

struct BudgetCaps {
  double cost_usd = 0;      // 0 = no cap; needs a price
  std::int64_t tokens = 0;  // prompt and completion; 0 = no cap
};

// The most that a request can use: a token is at least a byte of the prompt, or of what a chat
// template adds to each message.
Usage worst_case(const Request& request);

// Counts what endpoints report. Attempts that failed report nothing, so they are not counted.
// Thread-safe.
class Budget {
 public:
  // `spent`: by the run so far, when it is resumed. CHECKs that a cost cap has a price.
  Budget(const BudgetCaps& caps, std::optional<Price> price, const Usage& spent);

  // Blocks while `worst` does not fit but calls in flight may leave something. False: it does not
  // fit, now and for ever; every later call gets false too.
  bool reserve(const Usage& worst);
  // A call that reserved `worst` has ended and used `actual`.
  void settle(const Usage& worst, const Usage& actual);

  // What to tell the user once reserve has said false.
  std::string exhausted_words() const;

 private:
  bool fits(const Usage& worst) const;

  const BudgetCaps caps_;
  const std::optional<Price> price_;

  mutable std::mutex mu_;
  std::condition_variable settled_;
  Usage spent_;                // by mu_
  Usage reserved_;             // by mu_
  int in_flight_ = 0;          // by mu_
  bool is_exhausted_ = false;  // by mu_
};

}  // namespace evalrun
