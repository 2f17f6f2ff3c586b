#include "runners/remote/remote_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/clock.h"
#include "harness/core/rng.h"
#include "harness/core/text.h"
#include "runners/remote/rate_headers.h"

namespace evalrun {
namespace {

constexpr std::int64_t kBackoffUs = 500'000;
constexpr std::int64_t kBackoffMaxUs = 60'000'000;
constexpr std::int64_t kNoticedPauseUs = 10'000'000;
constexpr int kPromptBytesPerToken = 4;  // a guess for the token window; the end corrects it

// One call from submit to its answer.
struct Call {
  std::string body;
  std::vector<std::string> stop;
  std::int64_t tokens = 0;       // that it may take
  std::int64_t deadline_us = 0;  // steady; 0 = none
  int attempts = 0;
  std::promise<Completion> promise;
};

// How an attempt ended.
struct Failure {
  std::string message;
  bool is_transient = false;
  bool is_fatal = false;
  bool is_unreachable = false;  // nobody answered at all
  Limiter::Outcome outcome = Limiter::Outcome::other;
};

Failure failure_of(const WireError& error) {
  Failure failure{
      .message = error.message, .is_transient = is_transient(error), .is_fatal = is_fatal(error)};
  const bool told = error.http_status >= 300;
  if (told) failure.message = fmt::format("HTTP {}: {}", error.http_status, error.message);
  if (!error.code.empty() && !error.message.contains(error.code))
    failure.message += " (" + to_printable(error.code, true) + ")";
  if (error.kind == WireErrorKind::rate_limited) failure.outcome = Limiter::Outcome::rate_limited;
  if (error.kind == WireErrorKind::server || error.kind == WireErrorKind::overloaded)
    failure.outcome = Limiter::Outcome::server_error;
  return failure;
}

// `has_answered`: the endpoint did before, so that a name that is not found now is found again.
Failure failure_of(const HttpEnd& end, bool has_answered) {
  const bool is_unusable = end.kind == HttpEndKind::unusable && !has_answered;
  return {.message = end.reason,
          .is_transient = !is_unusable && end.kind != HttpEndKind::cancelled,
          .is_fatal = is_unusable,
          .is_unreachable = end.kind == HttpEndKind::no_answer};
}

}  // namespace

class RemoteModel::Impl {
 public:
  explicit Impl(RemoteOptions options)
      : options_(std::move(options)),
        url_(options_.base_url + std::string(endpoint_path(options_.wire.api))),
        headers_(request_headers(options_)),
        limiter_(options_.limits) {
    loop_.post([this] {
      client_.emplace(loop_, options_.http);
      loop_.after_each_round([this] {
        pump();
        hand_out_answers();
      });
    });
  }

  ~Impl() {
    loop_.stop([this] {
      is_ending_ = true;
      client_.reset();
      for (auto& call : queue_) give_up(*call, "the run ended", /*is_fatal=*/false);
      for (auto& call : waiting_) give_up(*call, "the run ended", /*is_fatal=*/false);
      hand_out_answers();
    });
  }

  std::future<Completion> submit(const Request& request) {
    auto call = std::make_shared<Call>();
    call->body = request_body(options_.wire, request);
    call->stop = request.stop;
    call->tokens = std::int64_t(call->body.size()) / kPromptBytesPerToken + request.max_tokens;
    if (options_.timeout_ms > 0) call->deadline_us = steady_us() + options_.timeout_ms * 1000;
    std::future<Completion> future = call->promise.get_future();
    loop_.post([this, call = std::move(call)] { queue_.push_back(call); });
    return future;
  }

 private:
  using CallPtr = std::shared_ptr<Call>;
  class Attempt;

  // Starts what may start; after each round of the loop, so that all that ended in it counts.
  void pump() {
    while (!is_ending_ && !queue_.empty()) {
      const CallPtr call = queue_.front();
      const std::int64_t now = steady_us();
      if (call->deadline_us != 0 && now >= call->deadline_us) {
        queue_.pop_front();
        give_up(*call, fmt::format("no answer within {} ms", options_.timeout_ms), false);
        continue;
      }
      if (!limiter_.try_start(now, call->tokens)) return wake_when_possible(*call);
      queue_.pop_front();
      start_attempt(call);
    }
  }

  void wake_when_possible(const Call& call) {
    std::int64_t when = limiter_.retry_at_us();
    if (call.deadline_us != 0)
      when = when < 0 ? call.deadline_us : std::min(when, call.deadline_us);
    if (wake_) loop_.cancel(*wake_);
    wake_.reset();
    if (when >= 0) wake_ = loop_.at(when, [this] { wake_.reset(); });  // the round's end pumps
  }

  void start_attempt(const CallPtr& call);

  void pause(std::int64_t wait_us) {
    const std::int64_t until = steady_us() + wait_us;
    limiter_.pause_until(until);
    // One line a pause, not one for each answer that asks for it.
    if (wait_us < kNoticedPauseUs || until < noticed_until_us_) return;
    noticed_until_us_ = until + kNoticedPauseUs;
    if (options_.notice)
      options_.notice(fmt::format("the endpoint asks for a pause of {} s", wait_us / 1'000'000));
  }

  void succeed(Call& call, Completion completion) {
    has_answered_ = true;
    cut_at_stop(completion.text, call.stop);
    completion.text = options_.secrets.without(std::move(completion.text));
    completion.reasoning = options_.secrets.without(std::move(completion.reasoning));
    completion.attempts = call.attempts;
    answered_.emplace_back(std::move(call.promise), std::move(completion));
  }

  // At the end of a round: a thread that is woken earlier takes the core from this one, and the
  // other answers of the round wait.
  void hand_out_answers() {
    for (auto& [promise, completion] : answered_) promise.set_value(std::move(completion));
    answered_.clear();
  }

  void fail(const CallPtr& call, Failure failure, std::int64_t wait_us) {
    const bool is_last = call->attempts > options_.max_retries;
    if (!failure.is_transient || is_last || is_ending_) {
      if (failure.is_transient && call->attempts > 1)
        failure.message += fmt::format(" (after {} attempts)", call->attempts);
      // An address where nobody ever answered is a wrong address.
      const bool is_fatal = failure.is_fatal || (failure.is_unreachable && !has_answered_);
      return give_up(*call, failure.message, is_fatal);
    }
    const std::int64_t now = steady_us();
    std::int64_t when = now + std::max(backoff_us(call->attempts, rng_.next()), wait_us);
    if (call->deadline_us != 0) when = std::min(when, call->deadline_us);
    waiting_.insert(call);
    loop_.at(when, [this, call] {
      waiting_.erase(call);
      queue_.push_front(call);  // it has waited longest
    });
  }

  void give_up(Call& call, const std::string& reason, bool is_fatal) {
    Completion completion;
    completion.finish = Finish::error;
    completion.error = options_.secrets.without(to_printable(to_valid_utf8(reason), true));
    completion.is_fatal = is_fatal;
    completion.attempts = call.attempts;
    answered_.emplace_back(std::move(call.promise), std::move(completion));
  }

  const RemoteOptions options_;
  const std::string url_;
  const std::vector<std::string> headers_;

  // Of the loop's thread.
  Limiter limiter_;
  std::deque<CallPtr> queue_;                                              // may start, in order
  std::set<CallPtr> waiting_;                                              // for their next attempt
  std::vector<std::pair<std::promise<Completion>, Completion>> answered_;  // in this round
  std::optional<EventLoop::TimerId> wake_;
  Rng rng_{std::uint64_t(wall_us())};  // jitter only; no answer depends on it
  std::int64_t noticed_until_us_ = 0;
  bool has_answered_ = false;
  bool is_ending_ = false;
  std::optional<HttpClient> client_;

  EventLoop loop_;  // last: its thread uses all above
};

// One sending of a call.
class RemoteModel::Impl::Attempt : public HttpHandler {
 public:
  Attempt(Impl& model, CallPtr call) : model_(model), call_(std::move(call)), sent_us_(wall_us()) {}

  void on_head(int status, const HttpHeaders& headers) override {
    status_ = status;
    location_ = header_value(headers, "location");
    // Only a 429 or 503 makes its call wait; a used up window makes all wait.
    wait_us_ = evalrun::wait_us(headers, wall_us());
    if (wait_us_ > 0) model_.pause(wait_us_);
    reader_.emplace(model_.options_.wire.api, status, header_value(headers, "content-type"));
  }

  bool on_body(std::string_view bytes) override {
    reader_->feed(bytes, wall_us());
    return reader_->is_done();
  }

  void on_end(const HttpEnd& end) override {
    const bool is_whole = end.kind == HttpEndKind::whole;
    WireResult result;
    std::optional<Failure> failure;
    if (reader_) result = reader_->finish(is_whole);
    if (!reader_ || (result.error && !is_whole && status_ == 200))
      failure = failure_of(end, model_.has_answered_);
    else if (result.error)
      failure = failure_of(*result.error);
    if (failure && status_ >= 300 && status_ < 400)
      failure->message = fmt::format(
          "HTTP {}: redirects to \"{}\"; redirects are not followed: name that host in --base-url",
          status_, to_printable(model_.options_.secrets.without(location_).substr(0, 200), true));
    end_attempt(std::move(result.completion), std::move(failure));
  }

 private:
  void end_attempt(Completion completion, std::optional<Failure> failure) {
    const Usage& usage = completion.usage;
    const std::int64_t used = failure ? 0 : usage.prompt - usage.cached + usage.completion;
    model_.limiter_.on_end(steady_us(), failure ? failure->outcome : Limiter::Outcome::clean,
                           call_->tokens, used > 0 ? used : call_->tokens);
    if (failure) return model_.fail(call_, *std::move(failure), wait_us_);
    completion.sent_us = sent_us_;
    completion.done_us = wall_us();
    model_.succeed(*call_, std::move(completion));
  }

  Impl& model_;
  const CallPtr call_;
  const std::int64_t sent_us_;
  int status_ = 0;
  std::string location_;
  std::int64_t wait_us_ = 0;
  std::optional<ResponseReader> reader_;
};

void RemoteModel::Impl::start_attempt(const CallPtr& call) {
  ++call->attempts;
  HttpRequest request;
  request.url = url_;
  request.headers = headers_;
  request.body = call->body;
  request.timeout_ms = options_.attempt_timeout_ms;
  if (call->deadline_us != 0) {
    const std::int64_t left_ms =
        std::max<std::int64_t>(1, (call->deadline_us - steady_us()) / 1000);
    request.timeout_ms = request.timeout_ms > 0 ? std::min(request.timeout_ms, left_ms) : left_ms;
  }
  request.stall_timeout_ms = options_.stall_timeout_ms;
  client_->start(std::move(request), std::make_unique<Attempt>(*this, call));
}

Status check_base_url(const std::string& base_url) {
  const std::string where = "--base-url: \"" + to_printable(base_url, true) + "\" ";
  const std::string_view url = base_url;
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || url.size() == scheme)
    return usage_error(where + "does not begin with http:// or https:// and a host");
  const std::string_view rest = url.substr(scheme);
  // Not shown: what stands before the @ is a secret.
  if (rest.substr(0, rest.find('/')).contains('@'))
    return usage_error("--base-url: holds a user or password; use --api-key-env or --header");
  if (rest.contains('?') || rest.contains('#'))
    return usage_error("--base-url: ends before any ? or #; use --header or -M for what follows");
  const bool is_plain = std::ranges::all_of(url, [](unsigned char c) { return c > 32 && c < 127; });
  if (!is_plain) return usage_error(where + "holds a blank or a character that is not ASCII");
  return {};
}

std::vector<std::string> request_headers(const RemoteOptions& options) {
  std::vector<std::string> headers{"Content-Type: application/json"};
  const bool is_anthropic = options.wire.api == Api::anthropic;
  if (!options.key.empty())
    headers.push_back((is_anthropic ? "x-api-key: " : "Authorization: Bearer ") + options.key);
  if (is_anthropic) headers.push_back("anthropic-version: 2023-06-01");
  headers.insert(headers.end(), options.headers.begin(), options.headers.end());
  return headers;
}

std::int64_t backoff_us(int failures, std::uint64_t random) {
  const int doublings = std::clamp(failures - 1, 0, 20);
  const std::int64_t most = std::min(kBackoffUs << doublings, kBackoffMaxUs);
  return std::int64_t(random % std::uint64_t(most + 1));
}

RemoteModel::RemoteModel(RemoteOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
RemoteModel::~RemoteModel() = default;
std::future<Completion> RemoteModel::submit(Request request) { return impl_->submit(request); }

}  // namespace evalrun
