#include "runners/budget.h"

#include <fmt/format.h>

#include "harness/core/check.h"

namespace evalrun {
namespace {

constexpr std::int64_t kTemplateTokensPerMessage = 32;

Usage operator-(Usage a, const Usage& b) {
  a.prompt -= b.prompt;
  a.cached -= b.cached;
  a.completion -= b.completion;
  a.reasoning -= b.reasoning;
  return a;
}

}  // namespace

Usage worst_case(const Request& request) {
  Usage usage;
  for (const Message& message : request.messages)
    usage.prompt += std::int64_t(message.content.size()) + kTemplateTokensPerMessage;
  usage.completion = request.max_tokens;
  return usage;
}

Budget::Budget(const BudgetCaps& caps, std::optional<Price> price, const Usage& spent)
    : caps_(caps), price_(std::move(price)), spent_(spent) {
  CHECK(caps_.cost_usd <= 0 || price_.has_value());
}

bool Budget::fits(const Usage& worst) const {
  Usage all = spent_;
  all += reserved_;
  all += worst;
  if (caps_.tokens > 0 && all.prompt + all.completion > caps_.tokens) return false;
  return caps_.cost_usd <= 0 || cost_usd(*price_, all) <= caps_.cost_usd;
}

bool Budget::reserve(const Usage& worst) {
  std::unique_lock lock(mu_);
  settled_.wait(lock, [&] { return is_exhausted_ || in_flight_ == 0 || fits(worst); });
  if (is_exhausted_ || !fits(worst)) {
    is_exhausted_ = true;
    settled_.notify_all();
    return false;
  }
  ++in_flight_;
  reserved_ += worst;
  return true;
}

void Budget::settle(const Usage& worst, const Usage& actual) {
  {
    const std::lock_guard lock(mu_);
    --in_flight_;
    reserved_ = reserved_ - worst;
    spent_ += actual;
  }
  settled_.notify_all();
}

std::string Budget::exhausted_words() const {
  const std::lock_guard lock(mu_);
  const std::int64_t tokens = spent_.prompt + spent_.completion;
  if (caps_.cost_usd > 0 && (caps_.tokens <= 0 || !fits({})))
    return fmt::format("the next call could pass --max-cost {} (spent {:.6g} US dollars)",
                       caps_.cost_usd, cost_usd(*price_, spent_));
  if (caps_.tokens > 0)
    return fmt::format("the next call could pass --max-total-tokens {} (taken {})", caps_.tokens,
                       tokens);
  return fmt::format("the next call could pass --max-cost {}", caps_.cost_usd);
}

}  // namespace evalrun
