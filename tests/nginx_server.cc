#include "tests/nginx_server.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace evalrun {

namespace {

constexpr double kStartMax_s = 10;

// As a text between single quotes in nginx' configuration. A "$" would be a variable there: none of
// the bodies here holds one.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string NginxServer::missing() {
  for (const char* name : {"nginx", "openssl"})
    if (find_program(name).empty()) return std::string(name) + " is not installed";
  return "";
}

NginxServer::NginxServer(Options options) : options_(std::move(options)), port_(free_port()) {
  if (options_.has_tls && !make_certificate()) return;
  folder_.write("nginx.conf", configuration());
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{find_program("nginx"), "-p", folder_.path(), "-c",
                               folder_.path("nginx.conf"), "-e", folder_.path("log")},
      folder_.path("log"));
  if (!process_->wait_for_port(port_, kStartMax_s)) error_ = "nginx: " + process_->log();
}

bool NginxServer::make_certificate() {
  ChildProcess openssl({find_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", folder_.path("key.pem"), "-out", certificate_file()},
                       folder_.path("openssl.log"));
  if (openssl.wait_for_end(kStartMax_s) != 0) error_ = "openssl: " + openssl.log();
  return error_.empty();
}

// One process, everything it writes in its folder. `return` answers before the body of the request
// was read, and resets the stream if that is HTTP/2: libcurl 7.88 takes this for a failure when it
// has not sent the body yet. So HTTP/2 goes through a proxy to a second server: that waits for it.
std::string NginxServer::configuration() const {
  std::string temp_paths, server, proxy;
  const std::string socket = "unix:" + folder_.path("socket");
  if (options_.has_http2)
    proxy = fmt::format(
        "  server {{\n    listen {0};\n    access_log off;\n"
        "    location / {{ return 200 {1}; }}\n  }}\n",
        socket, quoted(options_.body));
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    temp_paths += fmt::format("  {}_temp_path {};\n", kind, folder_.path());
  if (options_.has_tls)
    server += fmt::format("    ssl_certificate {};\n    ssl_certificate_key {};\n",
                          certificate_file(), folder_.path("key.pem"));
  if (options_.has_gzip) server += "    gzip on;\n    gzip_types *;\n    gzip_min_length 1;\n";
  return fmt::format(
      "daemon off;\nmaster_process off;\npid {0}/pid;\nworker_rlimit_nofile 16000;\n"
      "events {{ worker_connections 8000; }}\n"
      "http {{\n{1}"
      "  log_format line '$server_protocol $connection $status $request_uri "
      "$sent_http_content_encoding';\n"
      "  access_log {7};\n"
      "  default_type {8};\n"
      "  keepalive_requests 100000000;\n"
      "  server {{\n    listen 127.0.0.1:{2}{3}{4} backlog=4096;\n{5}"
      "    location / {{ {6}; }}\n  }}\n{9}}}\n",
      folder_.path(), temp_paths, port_, options_.has_tls ? " ssl" : "",
      options_.has_http2 ? " http2" : "", server,
      options_.has_http2 ? "proxy_pass http://" + socket : "return 200 " + quoted(options_.body),
      options_.has_log ? folder_.path() + "/access.log line" : "off", options_.content_type, proxy);
}

std::string NginxServer::url(const std::string& path) const {
  return fmt::format("{}://localhost:{}{}", options_.has_tls ? "https" : "http", port_, path);
}

std::vector<NginxServer::Request> NginxServer::requests(std::size_t at_least) const {
  std::vector<Request> out = logged();
  for (int tries = 0; tries < 100 && out.size() < at_least; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    out = logged();
  }
  return out;
}

std::vector<NginxServer::Request> NginxServer::logged() const {
  std::vector<Request> out;
  std::ifstream in(folder_.path("access.log"));
  for (std::string line; std::getline(in, line);) {
    Request request;
    std::istringstream words(line);
    words >> request.protocol >> request.connection >> request.status >> request.path >>
        request.encoding;
    if (request.encoding == "-") request.encoding.clear();
    out.push_back(std::move(request));
  }
  return out;
}

}  // namespace evalrun
