// Every dialect of saying no, with the words and the kind that come of it. The bodies are the
// providers' documented or recorded ones.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/text.h"
#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using Kind = WireErrorKind;

WireError error_of(int status, std::string body, std::string type = "application/json") {
  const WireResult result =
      testing::read({.status = status, .content_type = std::move(type), .body = std::move(body)});
  EXPECT_TRUE(result.error);
  EXPECT_EQ(result.completion.error, result.error->message);
  EXPECT_EQ(result.error->http_status, status);
  return result.error.value_or(WireError{});
}

struct Example {
  int status;
  const char* body;
  Kind kind;
  const char* message;
  const char* code;
};

void expect(const Example& example) {
  const WireError error = error_of(example.status, example.body);
  EXPECT_EQ(name(error.kind), name(example.kind)) << example.body;
  EXPECT_EQ(error.message, example.message) << example.body;
  EXPECT_EQ(error.code, example.code) << example.body;
}

TEST(WireError, OpenAi) {
  expect({401,
          R"({"error":{"message":"Incorrect API key provided.","type":"invalid_request_error",)"
          R"("param":null,"code":"invalid_api_key"}})",
          Kind::auth, "Incorrect API key provided.", "invalid_api_key"});
  expect(
      {429,
       R"({"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}})",
       Kind::rate_limited, "Rate limit reached", "rate_limit_exceeded"});
  expect({429,
          R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota",)"
          R"("code":"insufficient_quota"}})",
          Kind::quota, "You exceeded your current quota", "insufficient_quota"});
  expect({400,
          R"({"error":{"message":"too long","type":"invalid_request_error","param":"messages",)"
          R"("code":"context_length_exceeded"}})",
          Kind::bad_request, "too long", "context_length_exceeded"});
  expect(
      {400,
       R"({"error":{"code":"model_not_found","message":"The requested model 'x' does not exist.",)"
       R"("param":"model","type":"invalid_request_error"}})",
       Kind::not_found, "The requested model 'x' does not exist.", "model_not_found"});
  expect({500, R"({"error":{"message":"oops","type":"server_error","param":null,"code":null}})",
          Kind::server, "oops", "server_error"});
}

TEST(WireError, Anthropic) {
  expect({529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
          Kind::overloaded, "Overloaded", "overloaded_error"});
  expect(
      {404,
       R"({"error":{"message":"model: x","type":"not_found_error"},"request_id":"r","type":"error"})",
       Kind::not_found, "model: x", "not_found_error"});
  expect({400,
          R"({"type":"error","error":{"type":"invalid_request_error","message":)"
          R"("Your credit balance is too low to access the Anthropic API."}})",
          Kind::quota, "Your credit balance is too low to access the Anthropic API.",
          "invalid_request_error"});
}

TEST(WireError, OtherServers) {
  expect({400,
          R"({"object":"error","message":"max_tokens is too large","type":"BadRequestError",)"
          R"("param":null,"code":400})",
          Kind::bad_request, "max_tokens is too large", "BadRequestError"});  // vLLM before 0.11
  expect({404,
          R"({"error":{"message":"The model `x` does not exist.","type":"NotFoundError",)"
          R"("param":"model","code":404}})",
          Kind::not_found, "The model `x` does not exist.", "NotFoundError"});  // vLLM since
  expect({503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
          Kind::overloaded, "Loading model", "unavailable_error"});  // llama-server
  expect({422,
          R"({"detail":[{"type":"missing","loc":["body","messages",0],"msg":"Field required"},)"
          R"({"loc":["body"],"msg":"no"}]})",
          Kind::bad_request, "body.messages.0: Field required; body: no", ""});  // FastAPI
  expect({403, R"({"detail":"Forbidden"})", Kind::auth, "Forbidden", ""});
  expect({404, R"({"error":"model 'x' not found"})", Kind::not_found, "model 'x' not found", ""});
  expect({429,
          R"({"message":"We're experiencing high traffic right now!","type":)"
          R"("too_many_requests_error","param":"queue","code":"queue_exceeded"})",
          Kind::rate_limited, "We're experiencing high traffic right now!",
          "queue_exceeded"});  // Cerebras
  expect({402, R"({"error":{"message":"Insufficient Balance","type":"unknown_error"}})",
          Kind::quota, "Insufficient Balance", "unknown_error"});  // DeepSeek
  expect({429,
          R"({"error":{"code":429,"message":"Provider returned error","metadata":{"raw":)"
          R"("x is temporarily rate-limited upstream.","provider_name":"Google"}},"user_id":"u"})",
          Kind::rate_limited,
          "Provider returned error (Google): x is temporarily rate-limited upstream.", ""});
  expect({403,
          R"({"error":{"code":403,"message":"Flagged","metadata":{"reasons":["x"],)"
          R"("flagged_input":"y"}}})",
          Kind::bad_request, "Flagged", ""});  // OpenRouter's moderation: of this input only
  expect({400, R"([{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}])",
          Kind::bad_request, "bad", ""});  // Google
}

TEST(WireError, WhatIsNoKnownJsonIsShownAsItIs) {
  expect({500, "Internal Server Error", Kind::server, "Internal Server Error", ""});
  expect({400, R"({"what":1})", Kind::bad_request, R"({"what":1})", ""});
  expect({502, "", Kind::server, "HTTP 502 and not a word more", ""});
  expect({404, "7", Kind::not_found, "7", ""});
  expect({400, R"({"error":{"mess)", Kind::bad_request, R"({"error":{"mess)", ""});
}

TEST(WireError, Html) {
  expect({502, "<html>\r\n<head><title>502 Bad Gateway</title></head></html>", Kind::server,
          "the server answered with HTML: 502 Bad Gateway", ""});
  expect({503, "<!DOCTYPE html><HTML><TITLE lang=en> Busy </TITLE>", Kind::overloaded,
          "the server answered with HTML: Busy", ""});
  expect({200, "\n<html><title>Sign in</title>", Kind::protocol,
          "the server answered with HTML: Sign in", ""});
  expect({200, "<html>", Kind::protocol, "the server answered with HTML", ""});
  expect({404, "<title", Kind::not_found, "the server answered with HTML", ""});
}

TEST(WireError, Redirects) {
  for (const int status : {301, 302, 307, 308}) {
    const WireError error = error_of(status, "<html><title>Moved</title></html>");
    EXPECT_EQ(error.kind, Kind::protocol);
    EXPECT_NE(error.message.find("redirects"), std::string::npos);
    EXPECT_FALSE(is_transient(error));
    EXPECT_TRUE(is_fatal(error));
  }
}

TEST(WireError, KindsOfStatuses) {
  const std::pair<int, Kind> kStatuses[] = {
      {400, Kind::bad_request}, {401, Kind::auth},      {402, Kind::quota},
      {403, Kind::auth},        {404, Kind::not_found}, {405, Kind::bad_request},
      {408, Kind::server},      {409, Kind::server},    {413, Kind::bad_request},
      {422, Kind::bad_request}, {425, Kind::server},    {429, Kind::rate_limited},
      {500, Kind::server},      {502, Kind::server},    {503, Kind::overloaded},
      {504, Kind::server},      {520, Kind::server},    {529, Kind::overloaded}};
  for (const auto& [status, kind] : kStatuses)
    EXPECT_EQ(error_of(status, "x").kind, kind) << status;
}

TEST(WireError, WhatIsWorthAnotherAttemptAndWhatEndsTheRun) {
  const auto of = [](Kind kind) { return WireError{kind, "", "", 0}; };
  for (const Kind kind : {Kind::rate_limited, Kind::overloaded, Kind::server, Kind::protocol}) {
    EXPECT_TRUE(is_transient(of(kind))) << name(kind);
    EXPECT_FALSE(is_fatal(of(kind))) << name(kind);
  }
  for (const Kind kind : {Kind::auth, Kind::not_found, Kind::quota}) {
    EXPECT_FALSE(is_transient(of(kind))) << name(kind);
    EXPECT_TRUE(is_fatal(of(kind))) << name(kind);
  }
  EXPECT_FALSE(is_transient(of(Kind::bad_request)));
  EXPECT_FALSE(is_fatal(of(Kind::bad_request))) << "the next prompt may be shorter";
}

TEST(WireError, InsideA200ItIsNoAnswer) {
  expect({200, R"({"error":{"message":"No instances","code":503}})", Kind::overloaded,
          "No instances", ""});
  expect({200, R"({"error":{"message":"slow down","code":"429","type":"x"}})", Kind::rate_limited,
          "slow down", "x"});
  expect({200, R"({"error":{"message":"bad key","code":"invalid_api_key"}})", Kind::auth, "bad key",
          "invalid_api_key"});
  expect({200, R"({"error":"something"})", Kind::server, "something", ""});
  expect({200, R"({"object":"error","message":"no","type":"BadRequestError","code":400})",
          Kind::bad_request, "no", "BadRequestError"});
  expect(
      {200,
       R"({"error":{"message":"m"},"choices":[{"message":{"content":"4"},"finish_reason":"stop"}]})",
       Kind::server, "m", ""});
}

TEST(WireError, InsideAStream) {
  const std::string chunk = testing::delta(R"("content":"4")");
  const auto kind = [&](const std::string& body) {
    const WireResult result = testing::read_stream(chunk + body);
    EXPECT_TRUE(result.error);
    EXPECT_EQ(result.completion.text, "4") << "what had come stays";
    return result.error->kind;
  };
  EXPECT_EQ(kind("event: error\ndata: {\"error\":{\"message\":\"Tool call validation failed\","
                 "\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\","
                 "\"status_code\":400}}\n\n"),
            Kind::bad_request)
      << "Groq";
  EXPECT_EQ(kind("event: error\ndata: {\"message\":\"x\",\"type\":\"rate_limit_error\"}\n\n"),
            Kind::rate_limited);
  EXPECT_EQ(kind(testing::event(R"({"error":{"code":502,"message":"Provider disconnected"},)"
                                R"("choices":[{"index":0,"delta":{},"finish_reason":"error"}]})")),
            Kind::server)
      << "OpenRouter";
  EXPECT_EQ(kind(testing::event(R"({"x_groq":{"error":"over capacity"}})")), Kind::server);
}

TEST(WireError, SentAsAnEventStreamWithAnErrorStatus) {
  const WireError error = error_of(
      429, "data: {\"error\":{\"message\":\"slow\"}}\n\ndata: [DONE]\n\n", "text/event-stream");
  EXPECT_EQ(error.kind, Kind::rate_limited);
  EXPECT_EQ(error.message, "slow");
}

// Model output and error texts are hostile: no escape sequence reaches a terminal.
TEST(WireError, WordsArePrintableOneLineAndShort) {
  EXPECT_EQ(error_of(400, "{\"error\":\"a\\nb\\u001b[2J\xff\"}").message,
            "a\\nb\\x1b[2J\xef\xbf\xbd");
  for (const char* unit : {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "a\\n"}) {
    std::string body = "{\"error\":\"";
    for (int i = 0; i < 1000; ++i) body += unit;
    const std::string message = error_of(400, body + "\"}").message;
    EXPECT_LE(message.size(), 500u);
    EXPECT_GT(message.size(), 490u);
    EXPECT_EQ(message, to_valid_utf8(message)) << unit;
  }
  const WireError error = error_of(
      400, "{\"error\":{\"message\":\"m\",\"code\":\"\\u0007" + std::string(300, 'c') + "\"}}");
  EXPECT_LE(error.code.size(), 100u);
  EXPECT_TRUE(error.code.starts_with("\\x07c"));
}

TEST(WireModels, ListsIds) {
  using Ids = std::vector<std::string>;
  EXPECT_EQ(*parse_models(200, R"({"object":"list","data":[{"id":"b"},{"id":"a"}]})"),
            (Ids{"b", "a"}));
  EXPECT_EQ(*parse_models(200, R"([{"id":"together/x"}])"), (Ids{"together/x"}));
  EXPECT_EQ(*parse_models(200, R"({"models":[{"name":"llama3"}]})"), (Ids{"llama3"}));
  EXPECT_EQ(*parse_models(200, R"({"data":[]})"), Ids{});
}

TEST(WireModels, SaysWhatIsWrong) {
  const auto message = [](int status, std::string_view body) {
    return parse_models(status, body).error().message;
  };
  EXPECT_EQ(message(401, R"({"error":{"message":"bad key"}})"), "bad key (HTTP 401)");
  EXPECT_EQ(message(200, R"({"error":"no"})"), "no (HTTP 200)");
  EXPECT_EQ(message(200, "<html><title>x</title>"), "the server answered with HTML: x");
  EXPECT_EQ(message(200, "{"), "models: the answer is not JSON");
  EXPECT_EQ(message(200, "{}"), "models: the answer has no list \"data\"");
}

}  // namespace
}  // namespace evalrun
