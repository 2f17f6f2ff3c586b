// How many requests may be in flight, and when the next may start. Pure: it is told the time. Not
// thread-safe.
//
// Concurrency adapts as UKGovernmentBEIS/inspect_ai's controller does
// (docs/models-concurrency.qmd): it starts at 20, a 429 takes 20 % away and is followed by 15 s in
// which nothing changes, a 5xx only begins the count of clean answers anew. Growth: after as many
// clean answers as the limit is, with the limit reached meanwhile, it doubles; once there was a 429
// it grows by 5 % instead.
#pragma once

#include <cstdint>
#include <deque>

namespace evalrun {

struct LimiterOptions {
  int max_connections = 256;   // requests in flight at most
  int start_connections = 20;  // with which it begins; never more than the maximum
  std::int64_t rpm = 0;        // requests a minute; 0 = no limit
  std::int64_t tpm = 0;        // tokens a minute, of prompts and completions; 0 = no limit
};

class Limiter {
 public:
  // Times are microseconds of any one clock.
  explicit Limiter(const LimiterOptions& options);

  // Whether a request of about so many tokens may start now; if so it counts as started.
  bool try_start(std::int64_t now_us, std::int64_t tokens);
  // After a refusal: when to ask again; -1 = once a request has ended.
  std::int64_t retry_at_us() const { return retry_at_us_; }

  enum class Outcome { clean, rate_limited, server_error, other };
  // The request ended. `tokens`: what was started with, and what it really took.
  void on_end(std::int64_t now_us, Outcome outcome, std::int64_t estimated_tokens,
              std::int64_t actual_tokens);

  // Nothing starts before this time: Retry-After, or a used up rate-limit window.
  void pause_until(std::int64_t until_us);

  int limit() const { return int(limit_); }
  int in_flight() const { return in_flight_; }

 private:
  // Within the last minute: starts with the tokens they may take, and corrections at their ends.
  struct Spent {
    std::int64_t at_us;
    std::int64_t tokens;
    bool is_start;
  };
  void spend(const Spent& spent);
  void book(const Spent& spent, int sign);
  void forget_before(std::int64_t at_us);
  void grow();

  const LimiterOptions options_;
  double limit_;
  int in_flight_ = 0;
  int clean_ = 0;             // answers since the last change
  bool was_reached_ = false;  // the limit, since the last change
  bool had_429_ = false;
  std::int64_t cooldown_until_us_ = 0;
  std::int64_t paused_until_us_ = 0;
  std::int64_t retry_at_us_ = -1;
  std::deque<Spent> spent_;  // only where rpm or tpm is set
  std::int64_t spent_tokens_ = 0;
  std::int64_t starts_ = 0;
};

}  // namespace evalrun
