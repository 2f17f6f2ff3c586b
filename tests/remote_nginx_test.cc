// TLS, HTTP/2 and gzip against nginx.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/fault_replies.h"
#include "tests/nginx_server.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;

constexpr int kSamples = 200;

// One document for all: the body of the usual reply.
std::string fixed_body() { return completion_reply("Answer: 2").pieces[0].bytes; }

class RemoteNginx : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = NginxServer::missing(); !why.empty()) GTEST_SKIP() << why;
  }
  Finished run(const NginxServer& server, const std::vector<std::string>& more = {}) {
    auto words = remote_words(
        server.url("/v1"), {"--letters-count", std::to_string(kSamples), "--max-connections", "64",
                            "--max-retries", "1", "--out", folder_.path("run")});
    words.insert(words.end(), more.begin(), more.end());
    return evalrun(words, {"CURL_CA_BUNDLE=", "SSL_CERT_FILE=", "no_proxy=localhost"});
  }
  void expect_all_answered() {
    const auto calls = calls_in(folder_.path("run"));
    EXPECT_EQ(calls.size(), std::size_t(kSamples));
    for (const CallRecord& call : calls) EXPECT_EQ(call.completion.text, "Answer: 2");
  }
  TestFolder folder_;
};

std::set<std::string> connections(const std::vector<NginxServer::Request>& requests) {
  std::set<std::string> out;
  for (const auto& request : requests) out.insert(request.connection);
  return out;
}

TEST_F(RemoteNginx, ACertificateThatNobodyVouchesForIsRefused) {
  const NginxServer server({.body = fixed_body(), .has_tls = true, .has_http2 = true});
  ASSERT_EQ(server.error(), "");
  const Finished refused =
      evalrun(remote_words(server.url("/v1"), {"--limit", "2", "--out", folder_.path("run")}),
              {"CURL_CA_BUNDLE=", "SSL_CERT_FILE=", "no_proxy=localhost"});
  EXPECT_EQ(refused.exit, 3);
  EXPECT_THAT(refused.err, HasSubstr("certificate"));
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(RemoteNginx, OneHttp2ConnectionCarriesAllCalls) {
  const NginxServer server({.body = fixed_body(), .has_tls = true, .has_http2 = true});
  ASSERT_EQ(server.error(), "");
  const Finished done = run(server, {"--cacert", server.certificate_file()});
  ASSERT_EQ(done.exit, 0) << done.err;
  expect_all_answered();
  const auto requests = server.requests(kSamples);
  EXPECT_EQ(requests.size(), std::size_t(kSamples));
  for (const auto& request : requests) {
    EXPECT_EQ(request.protocol, "HTTP/2.0");
    EXPECT_EQ(request.path, "/v1/chat/completions");
  }
  // nginx lets 128 requests at a time on a connection, and 64 are in flight at most.
  EXPECT_LE(connections(requests).size(), 2u);
}

TEST_F(RemoteNginx, TheCertificateCanComeFromCurlsVariable) {
  const NginxServer server({.body = fixed_body(), .has_tls = true});
  ASSERT_EQ(server.error(), "");
  const Finished done =
      evalrun(remote_words(server.url("/v1"), {"--limit", "2", "--out", folder_.path("run")}),
              {"CURL_CA_BUNDLE=" + server.certificate_file(), "no_proxy=localhost"});
  EXPECT_EQ(done.exit, 0) << done.err;
  ASSERT_EQ(server.requests(2).size(), 2u);
  EXPECT_EQ(server.requests()[0].protocol, "HTTP/1.1");  // it offers no other
}

TEST_F(RemoteNginx, PlainConnectionsAreKeptAndGzipIsUndone) {
  const NginxServer server({.body = fixed_body(), .has_gzip = true});
  ASSERT_EQ(server.error(), "");
  ASSERT_EQ(run(server).exit, 0);
  expect_all_answered();
  const auto requests = server.requests(kSamples);
  EXPECT_EQ(requests.size(), std::size_t(kSamples));
  for (const auto& request : requests) {
    EXPECT_EQ(request.protocol, "HTTP/1.1");
    EXPECT_EQ(request.encoding, "gzip");
  }
  EXPECT_LE(connections(requests).size(), 64u);  // --max-connections, for 200 requests
}

}  // namespace
}  // namespace evalrun
