#include "tasks/fetch.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::Not;

bool readable_within(int fd, int timeout_ms) {
  pollfd p{fd, POLLIN, 0};
  return ::poll(&p, 1, timeout_ms) == 1;
}

// Answers each request with the bytes that `reply` gives for its first line, then closes; "" means:
// never answer. One connection after the other, on a free port of 127.0.0.1.
class LoopbackServer {
 public:
  explicit LoopbackServer(std::function<std::string(const std::string& request)> reply)
      : reply_(std::move(reply)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    CHECK(listener_ >= 0 && ::bind(listener_, any, size) == 0 && ::listen(listener_, 8) == 0);
    CHECK(::getsockname(listener_, any, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
  }
  ~LoopbackServer() {
    thread_ = {};  // stops and joins
    ::close(listener_);
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!readable_within(listener_, 10)) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      answer(fd, stop);
      ::close(fd);
    }
  }

  void answer(int fd, const std::stop_token& stop) {
    std::string request;
    char buffer[4096];
    while (!request.contains("\r\n\r\n") && !stop.stop_requested()) {
      if (!readable_within(fd, 10)) continue;
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      request.append(buffer, std::size_t(n));
    }
    const std::string bytes = reply_(request.substr(0, request.find("\r\n")));
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return;
      sent += std::size_t(n);
    }
    while (bytes.empty() && !stop.stop_requested())
      if (readable_within(fd, 10) && ::recv(fd, buffer, sizeof buffer, 0) <= 0) return;
  }

  std::function<std::string(const std::string&)> reply_;
  int listener_;
  int port_ = 0;
  std::jthread thread_;
};

std::string ok_reply(const std::string& body, std::size_t length) {
  return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(length) +
         "\r\n\r\n" + body;
}
std::string ok_reply(const std::string& body) { return ok_reply(body, body.size()); }

class Fetch : public testing::Test {
 protected:
  static constexpr std::int64_t kMaxBytes = 100'000;

  Status fetch(const std::string& url, FetchLimits limits = {}) {
    return fetch_file({url, sha256_hex(body_), kMaxBytes}, destination_, nullptr, limits);
  }
  Status fetch_reply(const std::string& reply) {
    LoopbackServer server([&](const std::string&) { return reply; });
    return fetch(server.url("/data.jsonl"));
  }
  // The destination as it was before, and nothing beside it.
  void expect_untouched() {
    EXPECT_EQ(read_file(destination_).value(), "before");
    EXPECT_EQ(folder_.entries(), 1);
  }

  TestFolder folder_;
  const std::string body_ = std::string(50'000, 'x') + "\nend";
  const std::string destination_ = folder_.write("data.jsonl", "before");
};

TEST_F(Fetch, WritesTheBytesAndReportsProgress) {
  LoopbackServer server([&](const std::string& request) {
    return request == "GET /data.jsonl HTTP/1.1" ? ok_reply(body_) : "HTTP/1.1 500 no\r\n\r\n";
  });
  std::int64_t last_done = 0, last_total = 0;
  const std::string path = folder_.path("new/folder/data.jsonl");
  const Status ok = fetch_file({server.url("/data.jsonl"), sha256_hex(body_), kMaxBytes}, path,
                               [&](std::int64_t done, std::int64_t total) {
                                 last_done = done;
                                 last_total = total;
                               });
  ASSERT_TRUE(ok) << ok.error().message;
  EXPECT_EQ(read_file(path).value(), body_);
  EXPECT_EQ(last_done, std::int64_t(body_.size()));
  EXPECT_EQ(last_total, std::int64_t(body_.size()));
}

TEST_F(Fetch, ReplacesAnExistingFileAndLeavesNoPart) {
  ASSERT_TRUE(fetch_reply(ok_reply(body_)));
  EXPECT_EQ(read_file(destination_).value(), body_);
  EXPECT_EQ(folder_.entries(), 1);
}

TEST_F(Fetch, WrongBytesAreRefusedWithBothHashes) {
  const Status status = fetch_reply(ok_reply("something else"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, Error::Kind::input);
  EXPECT_THAT(status.error().message, HasSubstr("sha256 expected " + sha256_hex(body_) + ", got " +
                                                sha256_hex("something else")));
  EXPECT_THAT(status.error().message, HasSubstr("place it at " + destination_));
  expect_untouched();
}

TEST_F(Fetch, ABodyShorterThanAnnouncedIsAnError) {
  const Status status = fetch_reply(ok_reply(body_, body_.size() + 10));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, Error::Kind::system);
  expect_untouched();
}

TEST_F(Fetch, HttpErrorsSayTheirStatus) {
  const Status status = fetch_reply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("HTTP status 404"));
  expect_untouched();
}

TEST_F(Fetch, FollowsRedirects) {
  LoopbackServer server([&](const std::string& request) {
    return request.starts_with("GET /new ")
               ? ok_reply(body_)
               : "HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n"
                 "Connection: close\r\n\r\n";
  });
  const Status ok = fetch(server.url("/old"));
  ASSERT_TRUE(ok) << ok.error().message;
  EXPECT_EQ(read_file(destination_).value(), body_);
}

TEST_F(Fetch, RedirectsInACircleOrToAFileAreErrors) {
  for (const char* target : {"/again", "file:///etc/passwd"}) {
    const Status status = fetch_reply("HTTP/1.1 302 Found\r\nLocation: " + std::string(target) +
                                      "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    ASSERT_FALSE(status) << target;
    expect_untouched();
  }
}

TEST_F(Fetch, TooManyBytesAreRefusedWhetherAnnouncedOrNot) {
  const std::string big(std::size_t(kMaxBytes) + 1, 'x');
  for (const std::string& reply :
       {ok_reply(big), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + big}) {
    const Status status = fetch_reply(reply);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("more than the 100000 bytes"));
    expect_untouched();
  }
}

TEST_F(Fetch, AServerThatNeverAnswersIsGivenUp) {
  LoopbackServer server([](const std::string&) { return ""; });
  FetchLimits limits;
  limits.total_timeout_ms = 100;
  const Status status = fetch(server.url("/"), limits);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("timed out"));
  expect_untouched();
}

TEST_F(Fetch, ARefusedConnectionIsASystemErrorThatSaysWhatToDo) {
  std::string url;
  {
    LoopbackServer server([](const std::string&) { return ""; });
    url = server.url("/data.jsonl");
  }
  const Status status = fetch(url);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, Error::Kind::system);
  EXPECT_THAT(status.error().message, testing::StartsWith(url + ": "));
  EXPECT_THAT(status.error().message, HasSubstr("place it at " + destination_));
  EXPECT_THAT(status.error().message, Not(HasSubstr("\n")));
  expect_untouched();
}

TEST_F(Fetch, OnlyHttpsOrLoopbackHttpIsTried) {
  for (const char* url : {"http://example.invalid/x", "http://127.0.0.1.example.invalid/x",
                          "file:///etc/passwd", "ftp://127.0.0.1/x", "nonsense", ""}) {
    const Status status = fetch(url);
    ASSERT_FALSE(status) << url;
    EXPECT_EQ(status.error().kind, Error::Kind::usage) << url;
  }
  expect_untouched();
}

TEST_F(Fetch, ErrorsDoNotShowUserPasswordOrQuery) {
  LoopbackServer server([](const std::string&) { return "HTTP/1.1 403 No\r\n\r\n"; });
  const std::string plain = server.url("/x");
  const Status status = fetch("http://me:secret@" + plain.substr(7) + "?token=secret");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, Not(HasSubstr("secret")));
  EXPECT_THAT(status.error().message, testing::StartsWith(plain + ": "));
}

TEST_F(Fetch, AFolderThatCannotBeMadeIsASystemError) {
  const Status status = fetch_file({"https://example.invalid/x", sha256_hex(body_), kMaxBytes},
                                   destination_ + "/below/a/file", nullptr);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, Error::Kind::system);
  expect_untouched();
}

TEST(FetchTable, DatasetsAreHttpsAndPinned) {
  for (const FetchableDataset& dataset : fetchable_datasets()) {
    EXPECT_TRUE(dataset.url.starts_with("https://")) << dataset.name;
    EXPECT_EQ(dataset.sha256.size(), 64u) << dataset.name;
    EXPECT_GT(dataset.max_bytes, 0) << dataset.name;
    EXPECT_FALSE(dataset.file_name.contains('/')) << dataset.name;
  }
}

TEST(CacheDir, PrefersXdgThenHome) {
  EXPECT_EQ(cache_dir_from("/x/cache", "/home/a"), "/x/cache/evalrun");
  EXPECT_EQ(cache_dir_from("relative", "/home/a"), "/home/a/.cache/evalrun");
  EXPECT_EQ(cache_dir_from("", "/home/a"), "/home/a/.cache/evalrun");
  EXPECT_EQ(cache_dir_from(nullptr, nullptr), "");
}

}  // namespace
}  // namespace evalrun
