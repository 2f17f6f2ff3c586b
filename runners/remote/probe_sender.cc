#include "runners/remote/probe_sender.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "harness/core/clock.h"
#include "runners/remote/rate_headers.h"

namespace evalrun {
namespace {

constexpr std::size_t kBodyBytesMax = std::size_t{8} << 20;  // hundreds of tokens need far less
constexpr std::int64_t kWaitUsMax = 20'000'000;              // nobody probes for longer
constexpr std::int64_t kRetryWaitUs = 1'000'000;             // where the endpoint names no time

bool is_busy(int status) { return status == 429 || status == 503 || status == 529; }

// Collects one exchange; on the loop's thread.
class Collector : public HttpHandler {
 public:
  // `api`: of a POST, whose stream may be over before the connection is; none for a GET.
  Collector(std::optional<Api> api, std::promise<ProbeReply> promise)
      : api_(api), promise_(std::move(promise)) {
    reply_.sent_us = steady_us();
  }

  void on_head(int status, const HttpHeaders& headers) override {
    reply_.status = status;
    reply_.headers = headers;
    if (api_) reader_.emplace(*api_, status, header_value(headers, "content-type"));
  }

  bool on_body(std::string_view bytes) override {
    const std::int64_t now = steady_us();
    bytes_ += bytes.size();
    if (bytes_ > kBodyBytesMax) {
      reply_.failure = "the answer is longer than 8 MB";
      return true;
    }
    reply_.body.push_back({now, std::string(bytes)});
    if (reader_) reader_->feed(bytes, now);
    return reader_ && reader_->is_done();
  }

  void on_end(const HttpEnd& end) override {
    reply_.done_us = reply_.body.empty() ? steady_us() : reply_.body.back().at_us;
    if (end.kind != HttpEndKind::whole) reply_.failure = end.reason;
    reply_.is_unreachable = end.kind == HttpEndKind::no_answer ||
                            end.kind == HttpEndKind::unusable || end.kind == HttpEndKind::not_http;
    promise_.set_value(std::move(reply_));
  }

 private:
  const std::optional<Api> api_;
  std::promise<ProbeReply> promise_;
  ProbeReply reply_;
  std::size_t bytes_ = 0;
  std::optional<ResponseReader> reader_;
};

// Errors are cut when they are read, so secrets go before: half of one would not be found.
void hide_secrets(ProbeReply& reply, const Secrets& secrets) {
  for (auto& [name, value] : reply.headers) value = secrets.without(std::move(value));
  if (reply.status >= 200 && reply.status < 300) return;
  std::string body = secrets.without(body_of(reply));
  reply.body = {{reply.done_us, std::move(body)}};
}

}  // namespace

ProbeSender::ProbeSender(const RemoteOptions& options)
    : options_(options), headers_(request_headers(options)) {
  loop_.post([this] { client_.emplace(loop_, options_.http); });
}

ProbeSender::~ProbeSender() {
  loop_.stop([this] { client_.reset(); });
}

ProbeReply ProbeSender::exchange(HttpRequest request) {
  if (const std::int64_t wait = ready_us_ - steady_us(); wait > 0)
    std::this_thread::sleep_for(std::chrono::microseconds(wait));
  request.headers = headers_;
  request.timeout_ms = options_.attempt_timeout_ms;
  request.stall_timeout_ms = options_.stall_timeout_ms;
  std::promise<ProbeReply> promise;
  std::future<ProbeReply> future = promise.get_future();
  std::optional<Api> api;
  if (request.is_post) api = options_.wire.api;
  loop_.post([this, api, request = std::move(request), promise = std::move(promise)]() mutable {
    client_->start(std::move(request), std::make_unique<Collector>(api, std::move(promise)));
  });
  ++calls_;
  ProbeReply reply = future.get();
  if (const std::int64_t wait = wait_us(reply.headers, wall_us()); wait <= kWaitUsMax)
    ready_us_ = steady_us() + wait;
  hide_secrets(reply, options_.secrets);
  return reply;
}

ProbeReply ProbeSender::get_models() {
  HttpRequest request;
  request.url = options_.base_url + "/models";
  request.is_post = false;
  return exchange(std::move(request));
}

ProbeReply ProbeSender::post(const std::string& body) {
  HttpRequest request;
  request.url = options_.base_url + std::string(endpoint_path(options_.wire.api));
  request.body = body;
  ProbeReply reply = exchange(request);
  if (!is_busy(reply.status) || wait_us(reply.headers, wall_us()) > kWaitUsMax) return reply;
  ready_us_ = std::max(ready_us_, steady_us() + kRetryWaitUs);
  return exchange(std::move(request));
}

}  // namespace evalrun
