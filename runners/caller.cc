#include "runners/caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "harness/core/clock.h"
#include "harness/core/hash.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

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
  return arrived != 0 ? arrived : wall_us();
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
  Frontier after;
  {
    const std::lock_guard lock(mu_);
    const bool is_first_use = asked_.insert(spec.path).second;
    CHECK(is_first_use);
    after = frontiers_[std::this_thread::get_id()];
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
  keep(spec, completion, std::move(after));
  return completion;
}

void Caller::keep(const CallSpec& spec, const Completion& completion, Frontier after) {
  FinishedCall call;
  call.use = {spec.path, spec.step, completion.usage, completion.finish};
  call.after = std::move(after);
  call.transcript = transcript_of(spec.messages);
  call.prompt_bytes = call.transcript.size();
  call.transcript += transcript_of({{Role::assistant, completion.text}});
  const std::lock_guard lock(mu_);
  finished_.emplace(spec.path, std::move(call));
  frontiers_[std::this_thread::get_id()] = {spec.path};
}

Caller::Frontier Caller::frontier() const {
  const std::lock_guard lock(mu_);
  const auto found = frontiers_.find(std::this_thread::get_id());
  return found == frontiers_.end() ? Frontier() : found->second;
}

void Caller::set_frontier(Frontier frontier) {
  const std::lock_guard lock(mu_);
  frontiers_[std::this_thread::get_id()] = std::move(frontier);
}

void Caller::join_frontiers(std::vector<Frontier> branches) {
  if (branches.empty()) return;
  std::set<std::string> all;
  for (Frontier& branch : branches)
    for (std::string& path : branch) all.insert(std::move(path));
  set_frontier(Frontier(all.begin(), all.end()));
}

void Caller::discard(const std::string& path) {
  const std::lock_guard lock(mu_);
  const auto found = finished_.find(path);
  CHECK(found != finished_.end());
  found->second.use.discarded = true;
}

std::vector<StepUse> Caller::ledger() const {
  const std::lock_guard lock(mu_);
  return make_ledger(finished_);
}

}  // namespace evalrun
