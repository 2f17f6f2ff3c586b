#include "runners/remote/limiter.h"

#include <algorithm>
#include <cmath>

namespace evalrun {
namespace {

constexpr double kDecrease = 0.8;
constexpr double kIncrease = 1.05;
constexpr std::int64_t kCooldownUs = 15'000'000;
constexpr std::int64_t kMinuteUs = 60'000'000;

}  // namespace

Limiter::Limiter(const LimiterOptions& options)
    : options_(options),
      limit_(std::max(1, std::min(options.start_connections, options.max_connections))) {}

void Limiter::forget_before(std::int64_t at_us) {
  for (; !spent_.empty() && spent_.front().at_us <= at_us; spent_.pop_front())
    book(spent_.front(), -1);
}

void Limiter::book(const Spent& spent, int sign) {
  spent_tokens_ += sign * spent.tokens;
  if (spent.is_start) starts_ += sign;
}

void Limiter::spend(const Spent& spent) {
  if (options_.rpm <= 0 && options_.tpm <= 0) return;
  spent_.push_back(spent);
  book(spent, +1);
}

bool Limiter::try_start(std::int64_t now_us, std::int64_t tokens) {
  if (in_flight_ >= limit()) {
    was_reached_ = true;
    retry_at_us_ = -1;
    return false;
  }
  retry_at_us_ = paused_until_us_;
  if (now_us < paused_until_us_) return false;
  forget_before(now_us - kMinuteUs);
  const bool no_request_left = options_.rpm > 0 && starts_ >= options_.rpm;
  // A request larger than the whole window may start once the window is empty.
  const bool no_token_left =
      options_.tpm > 0 && !spent_.empty() && spent_tokens_ + tokens > options_.tpm;
  if (no_request_left || no_token_left) {
    retry_at_us_ = spent_.front().at_us + kMinuteUs;
    return false;
  }
  ++in_flight_;
  if (in_flight_ >= limit()) was_reached_ = true;
  spend({now_us, tokens, true});
  return true;
}

void Limiter::grow() {
  const double wanted = had_429_ ? std::max(limit_ + 1, limit_ * kIncrease) : limit_ * 2;
  limit_ = std::min(wanted, double(std::max(1, options_.max_connections)));
  clean_ = 0;
  was_reached_ = false;
}

void Limiter::on_end(std::int64_t now_us, Outcome outcome, std::int64_t estimated_tokens,
                     std::int64_t actual_tokens) {
  --in_flight_;
  // The difference is booked at the end: the window then holds what was really used.
  if (actual_tokens != estimated_tokens) spend({now_us, actual_tokens - estimated_tokens, false});
  const bool cooling = now_us < cooldown_until_us_;
  if (outcome == Outcome::rate_limited) {
    clean_ = 0;
    if (cooling) return;
    had_429_ = true;
    limit_ = std::max(1.0, std::floor(limit_ * kDecrease));
    was_reached_ = false;
    cooldown_until_us_ = now_us + kCooldownUs;
  } else if (outcome == Outcome::server_error) {
    clean_ = 0;
  } else if (outcome == Outcome::clean && !cooling) {
    if (++clean_ >= limit() && was_reached_) grow();
  }
}

void Limiter::pause_until(std::int64_t until_us) {
  paused_until_us_ = std::max(paused_until_us_, until_us);
}

}  // namespace evalrun
