#include "runners/caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "harness/core/hash.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

std::int64_t now_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Cuts the run of digits off the front of `text` and returns it without its leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, std::size_t(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// Length-prefixed, so that no two different lists of fields give the same bytes.
void add_field(std::string& out, std::string_view value) {
  fmt::format_to(std::back_inserter(out), "{}:", value.size());
  out += value;
}

}  // namespace

std::string request_sha256(const Request& request) {
  std::string bytes;
  add_field(bytes, std::to_string(request.messages.size()));
  for (const Message& message : request.messages) {
    add_field(bytes, name(message.role));
    add_field(bytes, message.content);
  }
  add_field(bytes, std::to_string(request.stop.size()));
  for (const std::string& stop : request.stop) add_field(bytes, stop);
  add_field(bytes, std::to_string(request.max_tokens));
  add_field(bytes, fmt::format("{:a}", request.temperature));  // every bit of the double
  add_field(bytes, fmt::format("{:a}", request.top_p));
  add_field(bytes, std::to_string(request.seed));
  return sha256_hex(bytes);
}

bool path_less(std::string_view a, std::string_view b) {
  std::string_view x = a, y = b;
  while (!x.empty() && !y.empty()) {
    if (is_digit(x[0]) && is_digit(y[0])) {
      const std::string_view m = take_number(x), n = take_number(y);
      if (m.size() != n.size()) return m.size() < n.size();
      if (m != n) return m < n;
    } else {
      if (x[0] != y[0]) return x[0] < y[0];
      x.remove_prefix(1);
      y.remove_prefix(1);
    }
  }
  if (x.empty() != y.empty()) return x.empty();
  return a < b;  // "01" and "1" are the same number, but not the same path
}

Caller::Caller(const CallerContext& context, CallKey prefix, std::int64_t arrived_us)
    : context_(context), prefix_(std::move(prefix)), arrived_us_(arrived_us) {
  CHECK(context_.model != nullptr);
}

Request Caller::make_request(const CallSpec& spec) const {
  Request request;
  request.key = prefix_;
  request.key.path = spec.path;
  request.messages = spec.messages;
  request.stop = spec.stop;
  request.max_tokens = spec.max_tokens;
  request.temperature = spec.temperature;
  request.top_p = spec.top_p;
  const CallKey& key = request.key;
  request.seed = derive_seed(context_.run_seed, {key.suite, key.sample, std::to_string(key.epoch),
                                                 key.strategy, key.path});
  return request;
}

std::int64_t Caller::take_scheduled_us() {
  const std::lock_guard lock(mu_);
  const std::int64_t arrived = std::exchange(arrived_us_, 0);
  return arrived != 0 ? arrived : now_us();
}

Completion Caller::submit(const Request& request) {
  try {
    return context_.model->submit(request).get();
  } catch (const std::future_error& e) {  // the target went away with the promise
    Completion completion;
    completion.finish = Finish::error;
    completion.error = e.what();
    return completion;
  }
}

Completion Caller::ask_model(const Request& request, const std::string& sha256) {
  const std::int64_t scheduled_us = take_scheduled_us();
  const Usage worst = worst_case(request);
  if (context_.budget && !context_.budget->reserve(worst))
    throw RunStopped(context_.budget->exhausted_words());
  Completion completion = submit(request);
  if (context_.budget)
    context_.budget->settle(worst, completion.from_cache ? Usage{} : completion.usage);
  completion.text = to_valid_utf8(completion.text);
  completion.reasoning = to_valid_utf8(completion.reasoning);
  completion.error = to_valid_utf8(completion.error);
  if (completion.scheduled_us == 0) completion.scheduled_us = scheduled_us;
  const bool keep = completion.finish != Finish::error && context_.journal != nullptr;
  if (keep) context_.journal->append({request.key, sha256, completion});
  return completion;
}

Completion Caller::call(const CallSpec& spec) {
  {
    const std::lock_guard lock(mu_);
    const bool is_first_use = steps_.try_emplace(spec.path).second;
    CHECK(is_first_use);
  }
  const Request request = make_request(spec);
  const std::string sha256 = request_sha256(request);
  if (context_.observer) context_.observer->started(request, spec.step);

  std::optional<Completion> kept;
  if (context_.journal) kept = context_.journal->find(request.key, sha256);
  const bool replayed = kept && kept->finish != Finish::error;
  Completion completion = replayed ? std::move(*kept) : ask_model(request, sha256);

  if (context_.observer) context_.observer->finished(request, spec.step, completion, replayed);
  if (completion.is_fatal) throw RunStopped(completion.error);
  if (completion.finish == Finish::error) throw CallFailed(spec.path + ": " + completion.error);
  const std::lock_guard lock(mu_);
  steps_[spec.path] = StepUse{spec.path, spec.step, completion.usage, completion.finish};
  return completion;
}

void Caller::discard(const std::string& path) {
  const std::lock_guard lock(mu_);
  const auto found = steps_.find(path);
  CHECK(found != steps_.end() && found->second.has_value());
  found->second->discarded = true;
}

std::vector<StepUse> Caller::ledger() const {
  const std::lock_guard lock(mu_);
  std::vector<StepUse> ledger;
  for (const auto& [path, use] : steps_) {
    if (use) ledger.push_back(*use);
  }
  return ledger;
}

}  // namespace evalrun
