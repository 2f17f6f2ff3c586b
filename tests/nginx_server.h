// An nginx of the test's own: the real HTTP/1.1, HTTP/2 and TLS that a fault server does not speak.
// It answers every request with one fixed body, and logs what it was asked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/core/test_folder.h"
#include "tests/child_process.h"

namespace evalrun {

class NginxServer {
 public:
  struct Options {
    std::string body;
    bool has_tls = false;    // with a certificate of its own for localhost and 127.0.0.1
    bool has_http2 = false;  // needs has_tls: clients learn of it by ALPN
    bool has_gzip = false;
    bool has_log = true;  // false: nothing for requests() to read, and no time spent on it
    std::string content_type = "application/json";
  };
  // One line of its log.
  struct Request {
    std::string protocol;    // "HTTP/2.0"
    std::string connection;  // serial number of the connection
    int status = 0;
    std::string path;
    std::string encoding;  // Content-Encoding of the answer; "" = none
  };

  // "" or why there is none here: nginx or openssl is not installed.
  static std::string missing();

  // Starts it as this user and waits until it listens; see error().
  explicit NginxServer(Options options);

  const std::string& error() const { return error_; }  // "" = it runs
  std::string url(const std::string& path = "") const;
  std::string certificate_file() const { return folder_.path("cert.pem"); }
  // What was answered. A line is written after its answer has gone, so this waits, for up to 5 s,
  // until there are `at_least` so many.
  std::vector<Request> requests(std::size_t at_least = 0) const;

 private:
  std::vector<Request> logged() const;
  bool make_certificate();
  std::string configuration() const;

  const Options options_;
  const int port_;
  TestFolder folder_;
  std::string error_;
  std::unique_ptr<ChildProcess> process_;  // last: it writes into the folder
};

}  // namespace evalrun
