#include "runners/remote/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "harness/core/check.h"
#include "harness/core/clock.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::size_t kHeadersMax = 256;
constexpr std::int64_t kScanEveryUs = 50'000;    // how exact stall timeouts are
constexpr std::int64_t kEndAfterUs = 1'000'000;  // an exchange of which nothing more is needed

struct Transfer {
  HttpRequest request;
  std::unique_ptr<HttpHandler> handler;
  curl_slist* headers = nullptr;
  char error[CURL_ERROR_SIZE] = {};
  int status = 0;
  HttpHeaders received;
  bool has_head = false;   // on_head was called
  bool has_bytes = false;  // of a response
  bool is_enough = false;
  std::int64_t start_us = 0;      // steady
  std::int64_t last_body_us = 0;  // steady; 0 = none yet
};

// "Name: value\r\n" into the list; a status line starts it anew, an empty line ends it.
std::size_t on_header_line(char* data, std::size_t, std::size_t n, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.has_bytes = true;
  const std::string_view line = strip(std::string_view(data, n));
  if (line.starts_with("HTTP/")) {
    transfer.received.clear();
    const std::size_t space = line.find(' ');
    transfer.status = space == line.npos ? 0 : std::atoi(std::string(line.substr(space)).c_str());
  } else if (line.empty()) {
    if (transfer.status >= 200 && !transfer.has_head) {
      transfer.has_head = true;
      transfer.handler->on_head(transfer.status, transfer.received);
    }
  } else if (const std::size_t colon = line.find(':');
             colon != line.npos && transfer.received.size() < kHeadersMax) {
    std::string name(line.substr(0, colon));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    transfer.received.emplace_back(std::move(name), strip(line.substr(colon + 1)));
  }
  return n;
}

std::size_t on_body_bytes(char* data, std::size_t, std::size_t n, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.last_body_us = steady_us();
  if (transfer.has_head && !transfer.is_enough)
    transfer.is_enough = transfer.handler->on_body({data, n});
  return n;
}

HttpEndKind kind_of(CURLcode code, const Transfer& transfer) {
  switch (code) {
    case CURLE_OK:
      return transfer.has_head ? HttpEndKind::whole : HttpEndKind::not_http;
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return HttpEndKind::unusable;
    case CURLE_HTTP2:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:  // bytes that are no HTTP; the scheme was checked before
      return HttpEndKind::not_http;
    case CURLE_OPERATION_TIMEDOUT:  // while connecting
      return HttpEndKind::no_answer;
    default:
      break;
  }
  return transfer.has_bytes ? HttpEndKind::cut : HttpEndKind::no_answer;
}

const char* environment(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* value = std::getenv(name); value != nullptr && *value != 0) return value;
  return nullptr;
}

}  // namespace

std::string_view header_value(const HttpHeaders& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

class HttpClient::Impl {
 public:
  Impl(EventLoop& loop, const HttpOptions& options) : loop_(loop), options_(options) {
    static std::once_flag once;
    std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    multi_ = curl_multi_init();
    CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, long(options.kept_connections_max));
    if (options_.ca_file.empty())
      if (const char* file = environment({"CURL_CA_BUNDLE", "SSL_CERT_FILE"}))
        options_.ca_file = file;
  }

  ~Impl() {
    while (!active_.empty()) end(active_.begin()->first, {HttpEndKind::cancelled, "cancelled"});
    for (CURL* easy : idle_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
    if (scan_timer_) loop_.cancel(*scan_timer_);
    if (curl_timer_) loop_.cancel(*curl_timer_);
  }

  void start(HttpRequest request, std::unique_ptr<HttpHandler> handler) {
    CURL* easy = take_handle();
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->handler = std::move(handler);
    transfer->start_us = steady_us();
    prepare(easy, *transfer);
    active_.emplace(easy, std::move(transfer));
    CHECK(curl_multi_add_handle(multi_, easy) == CURLM_OK);
    schedule_scan();
  }

 private:
  using Active = std::unordered_map<CURL*, std::unique_ptr<Transfer>>;

  // What all requests have in common is set once a handle.
  CURL* take_handle() {
    if (!idle_.empty()) {
      CURL* easy = idle_.back();
      idle_.pop_back();
      return easy;
    }
    CURL* easy = curl_easy_init();
    CHECK(easy != nullptr);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can undo
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "evalrun");
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);  // a thousand of these are alive at once
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, long(options_.connect_timeout_ms));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header_line);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body_bytes);
    if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.proxy.empty()) curl_easy_setopt(easy, CURLOPT_PROXY, options_.proxy.c_str());
    return easy;
  }

  void prepare(CURL* easy, Transfer& transfer) const {
    const HttpRequest& request = transfer.request;
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    // Without this, requests to a new host open a connection each before the first one has told
    // that it can carry them all (HTTP/2).
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, request.url.starts_with("https") ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    for (const std::string& header : request.headers)
      transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    if (request.is_post) {
      transfer.headers = curl_slist_append(transfer.headers, "Expect:");  // no 100-continue
      curl_easy_setopt(easy, CURLOPT_POST, 1L);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    } else {
      curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, what, &running);
    end_finished();
  }

  void end_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto found = active_.find(message->easy_handle);
      CHECK(found != active_.end());
      const CURLcode code = message->data.result;
      const Transfer& transfer = *found->second;
      HttpEnd how{kind_of(code, transfer), ""};
      if (transfer.is_enough) how.kind = HttpEndKind::whole;
      if (how.kind != HttpEndKind::whole)
        how.reason =
            to_printable(*transfer.error ? transfer.error : curl_easy_strerror(code), true);
      end(found->first, how);
    }
  }

  // The handler may start another exchange, so it is called last.
  void end(CURL* easy, const HttpEnd& how) {
    const auto found = active_.find(easy);
    const std::unique_ptr<Transfer> transfer = std::move(found->second);
    active_.erase(found);
    curl_multi_remove_handle(multi_, easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, nullptr);
    curl_slist_free_all(transfer->headers);
    idle_.push_back(easy);
    transfer->handler->on_end(how);
  }

  // What curl does not see: a stalled body, and an exchange that is over but for the peer. The time
  // limit of the whole is here too: as curl's own it would move curl's timer at every request.
  static std::optional<HttpEnd> overdue(const Transfer& transfer, std::int64_t now) {
    const HttpRequest& request = transfer.request;
    const bool has_body = transfer.last_body_us != 0;
    if (transfer.is_enough && now - transfer.last_body_us > kEndAfterUs) return HttpEnd{};
    if (request.timeout_ms > 0 && now - transfer.start_us > request.timeout_ms * 1000)
      return HttpEnd{HttpEndKind::timeout, fmt::format("no end after {} ms", request.timeout_ms)};
    if (has_body && request.stall_timeout_ms > 0 &&
        now - transfer.last_body_us > request.stall_timeout_ms * 1000)
      return HttpEnd{HttpEndKind::stalled,
                     fmt::format("no byte for {} ms", request.stall_timeout_ms)};
    return {};
  }

  void scan() {
    scan_timer_.reset();
    const std::int64_t now = steady_us();
    std::vector<std::pair<CURL*, HttpEnd>> ended;
    for (const auto& [easy, transfer] : active_)
      if (auto how = overdue(*transfer, now)) ended.emplace_back(easy, *std::move(how));
    for (const auto& [easy, how] : ended) end(easy, how);
    schedule_scan();
  }

  void schedule_scan() {
    if (scan_timer_ || active_.empty()) return;
    scan_timer_ = loop_.at(steady_us() + kScanEveryUs, [this] { scan(); });
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    auto* self = static_cast<Impl*>(user);
    if (what == CURL_POLL_REMOVE) {
      self->loop_.watch(socket, 0, {});
      return 0;
    }
    const std::uint32_t events = ((what & CURL_POLL_IN) != 0 ? std::uint32_t(EPOLLIN) : 0U) |
                                 ((what & CURL_POLL_OUT) != 0 ? std::uint32_t(EPOLLOUT) : 0U);
    self->loop_.watch(socket, events, [self, socket](std::uint32_t ready) {
      int action = 0;
      if ((ready & EPOLLIN) != 0) action |= CURL_CSELECT_IN;
      if ((ready & EPOLLOUT) != 0) action |= CURL_CSELECT_OUT;
      if ((ready & (EPOLLERR | EPOLLHUP)) != 0) action |= CURL_CSELECT_ERR;
      self->act(socket, action);
    });
    return 0;
  }

  // curl has one timer, and moves it.
  static int on_timer(CURLM*, long timeout_ms, void* user) {
    auto* self = static_cast<Impl*>(user);
    if (self->curl_timer_) self->loop_.cancel(*self->curl_timer_);
    self->curl_timer_.reset();
    if (timeout_ms < 0) return 0;
    self->curl_timer_ = self->loop_.at(steady_us() + timeout_ms * 1000, [self] {
      self->curl_timer_.reset();
      self->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  EventLoop& loop_;
  HttpOptions options_;
  CURLM* multi_ = nullptr;
  Active active_;
  std::vector<CURL*> idle_;
  std::optional<EventLoop::TimerId> scan_timer_;
  std::optional<EventLoop::TimerId> curl_timer_;
};

HttpClient::HttpClient(EventLoop& loop, const HttpOptions& options)
    : impl_(std::make_unique<Impl>(loop, options)) {}
HttpClient::~HttpClient() = default;
void HttpClient::start(HttpRequest request, std::unique_ptr<HttpHandler> handler) {
  impl_->start(std::move(request), std::move(handler));
}

}  // namespace evalrun
