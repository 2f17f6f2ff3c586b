// The fault server does what it is told, as a plain libcurl client sees it.
#include "tests/fault_server.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/core/hash.h"
#include "tests/fault_replies.h"

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr char kBody[] = R"({"stream": false})", kStreamBody[] = R"({"stream": true})";

struct Got {
  CURLcode code = CURLE_OK;
  long status = 0;
  std::string body;
};

std::size_t append(const char* bytes, std::size_t size, std::size_t n, void* out) {
  static_cast<std::string*>(out)->append(bytes, size * n);
  return size * n;
}

// A client that keeps its connection between calls.
class Client {
 public:
  Got post(const std::string& url, const std::string& body, long timeout_ms = 10'000) {
    Got got;
    CURL* curl = curl_.get();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got.body);
    got.code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &got.status);
    return got;
  }

 private:
  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  std::unique_ptr<CURL, Cleanup> curl_{curl_easy_init()};
};

// What a server that always gives `reply` looks like.
Got get(const Reply& reply, long timeout_ms = 10'000) {
  FaultServer server([&](const FaultRequest&) { return reply; });
  return Client().post(server.url("/"), kBody, timeout_ms);
}

TEST(FaultServer, PassesTheRequestOnAndKeepsTheConnection) {
  std::vector<FaultRequest> seen;
  FaultServer server([&](const FaultRequest& request) {
    seen.push_back(request);
    return answer(request);
  });
  Client client;
  for (int i = 0; i < 2; ++i) {
    const Got got = client.post(server.url("/v1/chat/completions"), kBody);
    ASSERT_EQ(got.code, CURLE_OK);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(json::parse(got.body)["choices"][0]["message"]["content"], sha256_hex(kBody));
  }
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].method, "POST");
  EXPECT_EQ(seen[1].path, "/v1/chat/completions");
  EXPECT_EQ(seen[1].header("content-length"), std::to_string(sizeof kBody - 1));
  EXPECT_EQ(seen[1].header("no-such"), "");
  EXPECT_EQ(seen[1].body, kBody);
  EXPECT_EQ(seen[1].serial, 1);
  EXPECT_EQ(seen[1].before, 1);
  EXPECT_EQ(server.totals().connections, 1);
}

TEST(FaultServer, CountsEachBodyApartAndOnlyWholeAnswers) {
  FaultServer server([](const FaultRequest& request) {
    return request.before == 0 ? error_reply(500, "once") : answer(request);
  });
  Client client;
  EXPECT_EQ(client.post(server.url("/"), kBody).status, 500);
  EXPECT_EQ(client.post(server.url("/"), kBody).status, 200);
  EXPECT_EQ(client.post(server.url("/"), kStreamBody).status, 500);
  const auto counts = server.counts();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts.at(sha256_hex(kBody)).received, 2);
  EXPECT_EQ(counts.at(sha256_hex(kBody)).answered, 1);
  EXPECT_EQ(counts.at(sha256_hex(kStreamBody)).answered, 0);
  EXPECT_EQ(server.totals().requests, 3);
  EXPECT_EQ(server.totals().answered, 1);
  // The client may have the answer before the server has counted it as given.
  for (int i = 0; i < 200 && server.totals().in_flight > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(server.totals().in_flight, 0);
  EXPECT_EQ(server.totals().in_flight_max, 1);
}

TEST(FaultServer, SpeaksBothApisStreamedAndNot) {
  FaultServer server(answer);
  Client client;
  const std::string text = sha256_hex(kStreamBody);
  const Got openai = client.post(server.url("/v1/chat/completions"), kStreamBody);
  EXPECT_THAT(openai.body, HasSubstr("\"content\":\"" + text.substr(0, 21) + "\""));
  EXPECT_TRUE(openai.body.ends_with("data: [DONE]\n\n")) << openai.body;
  const Got anthropic = client.post(server.url("/v1/messages"), kStreamBody);
  EXPECT_TRUE(anthropic.body.starts_with("event: message_start\ndata: ")) << anthropic.body;
  EXPECT_THAT(anthropic.body, HasSubstr("\"text\":\"" + text.substr(0, 21) + "\""));
  const Got document = client.post(server.url("/v1/messages"), kBody);
  EXPECT_EQ(json::parse(document.body)["content"][0]["text"], sha256_hex(kBody));
  EXPECT_EQ(client.post(server.url("/"), "no JSON").status, 400);
}

TEST(FaultServer, EndsConnectionsAsTold) {
  const Reply whole = completion_reply("text");
  EXPECT_EQ(get(cut_after(whole, 0)).code, CURLE_PARTIAL_FILE);
  EXPECT_EQ(get(cut_after(sse_reply("text"), 2)).code, CURLE_PARTIAL_FILE);  // no last chunk
  EXPECT_EQ(get(cut_after(whole, 0, Ending::reset)).code, CURLE_RECV_ERROR);
  EXPECT_EQ(get(cut_after(whole, 0, Ending::stall), 100).code, CURLE_OPERATION_TIMEDOUT);
  Reply until_close = whole;
  until_close.framing = Framing::until_close;
  EXPECT_EQ(get(until_close).code, CURLE_OK);
}

TEST(FaultServer, BreaksTheFramingAsTold) {
  Reply broken = sse_reply("text");
  broken.framing = Framing::broken_chunk;
  EXPECT_EQ(get(broken).code, CURLE_RECV_ERROR);
  Reply lies = completion_reply("text");
  lies.content_length = 1'000'000;
  EXPECT_EQ(get(lies, 100).code, CURLE_OPERATION_TIMEDOUT);  // the rest never comes
  // libcurl takes it for HTTP/0.9, which it refuses.
  EXPECT_EQ(get(garbage_reply("\x16\x03\x01garbage")).code, CURLE_UNSUPPORTED_PROTOCOL);
}

TEST(FaultServer, WaitsBeforeTheHeadAndBetweenPieces) {
  Reply late_head = completion_reply("text");
  late_head.delay_ms = 5'000;
  const Got nothing = get(late_head, 50);
  EXPECT_EQ(nothing.code, CURLE_OPERATION_TIMEDOUT);
  EXPECT_EQ(nothing.status, 0);
  const Got one = get(sse_reply("text", 4, 5'000), 200);  // the role comes at once, no text does
  EXPECT_EQ(one.code, CURLE_OPERATION_TIMEDOUT);
  EXPECT_EQ(one.status, 200);
  EXPECT_THAT(one.body, HasSubstr("assistant"));
  EXPECT_EQ(one.body.find("\"content\":\"t\""), std::string::npos);

  const auto start = std::chrono::steady_clock::now();
  const Got slow = get(slow_loris(completion_reply("text"), 1));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
  EXPECT_EQ(slow.body, get(completion_reply("text")).body);
}

TEST(FaultServer, HoldsAnswersUntilEnoughAreAskedFor) {
  constexpr int kClients = 8;
  FaultServer server([](const FaultRequest& request) {
    Reply reply = answer(request);
    reply.wait_for = kClients;
    return reply;
  });
  Client first;
  EXPECT_EQ(first.post(server.url("/"), kBody, 50).code, CURLE_OPERATION_TIMEDOUT);
  // The one who left does not count: each of the others is needed.
  while (server.totals().in_flight > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::vector<std::jthread> threads;
  std::vector<CURLcode> codes(kClients, CURLE_FAILED_INIT);
  for (int i = 0; i < kClients; ++i)
    threads.emplace_back([&, i] { codes[i] = Client().post(server.url("/"), kBody).code; });
  threads.clear();
  EXPECT_EQ(codes, std::vector<CURLcode>(kClients, CURLE_OK));
  EXPECT_EQ(server.totals().in_flight_max, kClients);
  EXPECT_EQ(server.totals().answered, kClients);
}

TEST(FaultServer, ItsEndEndsWhoWaits) {
  auto server = std::make_unique<FaultServer>(
      [](const FaultRequest&) { return cut_after(completion_reply("text"), 0, Ending::stall); });
  CURLcode code = CURLE_OK;
  std::jthread client([&] { code = Client().post(server->url("/"), kBody).code; });
  while (server->totals().in_flight == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server.reset();
  client.join();
  EXPECT_NE(code, CURLE_OK);
  EXPECT_NE(code, CURLE_OPERATION_TIMEDOUT);
}

TEST(WirePieces, AreTheBytesOfHttp) {
  Reply reply;
  reply.status = 429;
  reply.headers = {{"Retry-After", "2"}};
  reply.delay_ms = 5;
  reply.pieces = {{"0123456789abcdef", 7}};
  auto wire = wire_pieces(reply);
  ASSERT_EQ(wire.size(), 2u);
  EXPECT_EQ(wire[0].bytes, "HTTP/1.1 429 Reply\r\nRetry-After: 2\r\nContent-Length: 16\r\n\r\n");
  EXPECT_EQ(wire[0].delay_ms, 5);
  EXPECT_EQ(wire[1].bytes, "0123456789abcdef");
  EXPECT_EQ(wire[1].delay_ms, 7);

  reply.framing = Framing::chunked;
  wire = wire_pieces(reply);
  ASSERT_EQ(wire.size(), 3u);
  EXPECT_EQ(wire[1].bytes, "10\r\n0123456789abcdef\r\n");  // 16 in hex
  EXPECT_EQ(wire[2].bytes, "0\r\n\r\n");
  EXPECT_EQ(wire_pieces(cut_after(reply, 1)).size(), 2u);
}

}  // namespace
}  // namespace evalrun
