// HTTP requests by libcurl on an EventLoop: HTTP/2 where TLS offers it, kept connections, proxies
// and certificates as curl's users expect them. Knows bytes, not JSON, models or keys.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runners/remote/event_loop.h"

namespace evalrun {

// Names in lower case, in the order of arrival.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;
// The value of the first header of that name (lower case); "" if there is none.
std::string_view header_value(const HttpHeaders& headers, std::string_view name);

struct HttpOptions {
  // PEM file of certificate authorities; "" = $CURL_CA_BUNDLE, $SSL_CERT_FILE, else the system's.
  std::string ca_file;
  std::string proxy;  // as curl's -x; "" = $https_proxy, $http_proxy, $all_proxy, $no_proxy
  int connect_timeout_ms = 30'000;
  int kept_connections_max = 256;
};

struct HttpRequest {
  std::string url;                   // http:// or https://
  std::vector<std::string> headers;  // "Name: value"
  bool is_post = true;
  std::string body;
  std::int64_t timeout_ms = 0;        // for the whole exchange; 0 = none
  std::int64_t stall_timeout_ms = 0;  // between two pieces of the body; 0 = none
};

enum class HttpEndKind {
  whole,      // the response came to its proper end
  cut,        // the connection broke after bytes of a response had come
  no_answer,  // ... or before: refused, reset, no route
  timeout,    // HttpRequest::timeout_ms
  stalled,    // HttpRequest::stall_timeout_ms
  unusable,   // no request can succeed: unknown host, certificate not verified, malformed URL
  not_http,   // the peer does not speak HTTP
  cancelled,  // the client went away
};

struct HttpEnd {
  HttpEndKind kind = HttpEndKind::whole;
  std::string reason;  // one line; "" for whole
};

// Who hears of one exchange, on the loop's thread.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // The head of the response (never a 1xx), once, before the body.
  virtual void on_head(int status, const HttpHeaders& headers) = 0;
  // True: nothing more is needed. The exchange then ends as `whole` soon, even if the peer keeps
  // the connection open.
  virtual bool on_body(std::string_view bytes) = 0;
  // Always, once, and last; the handler is gone afterwards.
  virtual void on_end(const HttpEnd& end) = 0;
};

// All on the loop's thread, its construction and destruction too.
class HttpClient {
 public:
  HttpClient(EventLoop& loop, const HttpOptions& options);
  // Ends what is under way as `cancelled`.
  ~HttpClient();

  void start(HttpRequest request, std::unique_ptr<HttpHandler> handler);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evalrun
