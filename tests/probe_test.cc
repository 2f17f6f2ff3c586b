// evalrun probe against endpoints that do and do not do what they are asked: each finding is what
// the endpoint of the test was written to show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/fault_replies.h"
#include "tests/program.h"

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "sk-Qx7vB2mNp9Lw4RtYz8Kd3Hf6";

json body_of(const FaultRequest& request) {
  const json body = json::parse(request.body, nullptr, false);
  return body.is_object() ? body : json::object();
}

bool is_models(const FaultRequest& request) { return request.path == "/v1/models"; }

Reply document(json choices, int tokens = kReplyCompletionTokens) {
  return json_reply(
      200, json{{"choices", std::move(choices)},
                {"usage", {{"prompt_tokens", kReplyPromptTokens}, {"completion_tokens", tokens}}}}
               .dump());
}

json choice(const std::string& text, const std::string& finish = "stop") {
  return {{"index", 0}, {"message", {{"content", text}}}, {"finish_reason", finish}};
}

// Does all that a probe asks for. Streams begin 40 ms after they were asked for, and have 4 pieces
// 40 ms apart.
Reply good(const FaultRequest& request) {
  if (is_models(request)) return models_reply({"mock"});
  const json body = body_of(request);
  if (body.value("stream", false)) return sse_reply("1 2 3 4 5 6 7", 4, 40);
  if (body.contains("stop")) return document({choice("1 2 3 4 5 6 ")});
  if (body.contains("seed"))
    return document({choice(body["seed"] == 1 ? "Verda is green; a snail lives on it."
                                              : "Rossa is red; a hare lives there.")});
  if (body.contains("n")) return document({choice("1 2"), choice("1, 2")});
  if (body.contains("logprobs")) {
    json one = choice("1");
    one["logprobs"] = {{"content", {{{"token", "1"}, {"logprob", -0.1}}}}};
    return document({one});
  }
  if (body["messages"][0]["role"] == "system") return document({choice("Pineapple.")});
  return document({choice("1 2 3 4 5 6 7 8", "length")}, 16);
}

Finished probe(const FaultServer& server, std::vector<std::string> more = {"--model", "mock"}) {
  more.insert(more.begin(), {"probe", "--base-url", server.url("/v1")});
  return evalrun(more, {std::string("TEST_KEY=") + kKey});
}

json probe_json(const FaultServer& server, std::vector<std::string> more = {"--model", "mock"},
                int exit = 0) {
  more.push_back("--json");
  const Finished done = probe(server, more);
  EXPECT_EQ(done.exit, exit) << done.err;
  const json report = json::parse(done.out, nullptr, false);
  EXPECT_TRUE(report.is_object()) << done.out << done.err;
  return report.is_object() ? report : json::object();
}

std::string support(const json& report, const std::string& feature) {
  return report["features"][feature]["support"];
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void expect_one_line(const Finished& done, const std::string& part) {
  EXPECT_EQ(done.exit, 3);
  EXPECT_EQ(done.out, "");
  EXPECT_EQ(lines_of(done.err).size(), 1U) << done.err;
  EXPECT_THAT(done.err, HasSubstr(part));
}

const std::vector<std::string> kAsked{"system_role", "seed",     "stop",      "max_tokens",
                                      "n",           "logprobs", "streaming", "stream_usage"};

TEST(Probe, AGoodEndpointDoesItAll) {
  FaultServer server([](const FaultRequest& request) {
    return with_header(good(request), "X-RateLimit-Remaining-Requests", "59");
  });
  const json report = probe_json(server);
  for (const std::string& feature : kAsked) EXPECT_EQ(support(report, feature), "yes") << feature;
  EXPECT_EQ(support(report, "reasoning"), "none_seen");
  EXPECT_EQ(report["models"]["ids"], json({"mock"}));
  EXPECT_EQ(report["model"]["listed"], true);
  EXPECT_EQ(report["answered"], true);
  EXPECT_EQ(report["rate_limits"], json({"x-ratelimit-remaining-requests: 59"}));
  EXPECT_EQ(report["reachable"]["models_status"], 200);
  EXPECT_EQ(report["reachable"]["tls"], false);
  // 11 answers of 11 prompt tokens; 7 completion tokens each, but 16 of the first.
  EXPECT_EQ(report["spent"]["calls"], 12);
  EXPECT_EQ(server.totals().requests, 12);
  EXPECT_EQ(report["spent"]["prompt_tokens"], 121);
  EXPECT_EQ(report["spent"]["completion_tokens"], 86);
  EXPECT_EQ(report["spent"]["answers_without_usage"], 0);
}

// Bounds that hold on any machine: the server's pauses are never shorter than it was told.
TEST(Probe, TheSpeedIsThatOfTheStreams) {
  FaultServer server(good);
  const json speed = probe_json(server)["speed"];
  EXPECT_EQ(speed["ttft_ms"]["n"], 3);
  EXPECT_GE(speed["ttft_ms"]["median"], 39);
  EXPECT_EQ(speed["output_tokens_per_s"]["n"], 3);
  EXPECT_LE(speed["output_tokens_per_s"]["median"], 6 / 0.117);  // 6 tokens in 3 pauses
  EXPECT_GT(speed["output_tokens_per_s"]["median"], 0);
}

TEST(Probe, TheScreenSaysItInWords) {
  FaultServer server(good);
  const Finished done = probe(server);
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_LE(lines_of(done.out).size(), 24U);
  for (const char* words : {"reachable     yes, without TLS", "models        1: mock",
                            "model         mock, in the list", "system role   yes",
                            "streaming     yes: text in 4 pieces", "reasoning     none seen",
                            "(median of 3 streamed calls)", "rate limits   no headers about them",
                            "spent         12 calls, 121 prompt + 86 completion tokens"})
    EXPECT_THAT(done.out, HasSubstr(words));
}

TEST(Probe, ARefusedParameterIsShownInTheEndpointsWords) {
  FaultServer server([](const FaultRequest& request) {
    for (const char* parameter : {"seed", "logprobs", "n"})
      if (body_of(request).contains(parameter))
        return error_reply(400, std::string("unsupported: ") + parameter);
    return good(request);
  });
  const json report = probe_json(server);
  for (const char* parameter : {"seed", "logprobs", "n"}) {
    EXPECT_EQ(support(report, parameter), "refused");
    EXPECT_THAT(report["features"][parameter]["detail"].get<std::string>(),
                HasSubstr(std::string("HTTP 400: unsupported: ") + parameter));
  }
  for (const char* other : {"system_role", "stop", "max_tokens", "streaming", "stream_usage"})
    EXPECT_EQ(support(report, other), "yes") << other;
  EXPECT_EQ(report["spent"]["calls"], 10);  // a refused seed is not sent twice more
}

TEST(Probe, WhatIsAcceptedIsNotYetObeyed) {
  int answers = 0;
  FaultServer server([&](const FaultRequest& request) {
    if (is_models(request)) return good(request);
    return document({choice("1 2 3 4 5 6 7 8 9, and so on, run " + std::to_string(++answers))}, 30);
  });
  const json report = probe_json(server);
  for (const std::string& feature : kAsked)
    EXPECT_EQ(support(report, feature), feature == "stream_usage" ? "not_tested" : "ignored")
        << feature;
  EXPECT_EQ(report["speed"]["ttft_ms"]["n"], 0);
  EXPECT_EQ(report["speed"]["ttft_ms"]["median"], nullptr);
  const Finished screen = probe(server);
  EXPECT_THAT(screen.out,
              AllOf(HasSubstr("stop          accepted, but not obeyed: the answer goes on"),
                    HasSubstr("TTFT          not measured (no text was streamed)")));
}

TEST(Probe, UsageThatMayNotBeAskedForLeavesTheStreams) {
  FaultServer server([](const FaultRequest& request) {
    return body_of(request).contains("stream_options") ? error_reply(400, "stream_options?")
                                                       : good(request);
  });
  const json report = probe_json(server);
  EXPECT_EQ(support(report, "streaming"), "yes");
  EXPECT_EQ(support(report, "stream_usage"), "refused");
  EXPECT_EQ(report["speed"]["ttft_ms"]["n"], 3);
}

TEST(Probe, WithoutAListOfModelsTheRestIsAskedAllTheSame) {
  FaultServer server([](const FaultRequest& request) {
    return is_models(request) ? error_reply(404, "no route") : good(request);
  });
  const json report = probe_json(server);
  EXPECT_THAT(report["models"]["error"].get<std::string>(),
              AllOf(HasSubstr("404"), HasSubstr("no route")));
  EXPECT_EQ(report["models"]["count"], nullptr);
  EXPECT_EQ(report["model"]["listed"], nullptr);
  for (const std::string& feature : kAsked) EXPECT_EQ(support(report, feature), "yes") << feature;
}

TEST(Probe, TheOnlyModelIsTakenAndOfSeveralNone) {
  FaultServer one(good);
  EXPECT_EQ(probe_json(one, {})["model"]["id"], "mock");
  FaultServer two([](const FaultRequest&) { return models_reply({"a", "b"}); });
  const Finished done = probe(two, {});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("2: a, b"), HasSubstr("--model NAME is needed"),
                              HasSubstr("seed          not tested (--model is needed)")));
  EXPECT_EQ(two.totals().requests, 1);
}

TEST(Probe, AModelThatIsNotThereEndsTheAskingAndTheListIsShown) {
  FaultServer server([](const FaultRequest& request) {
    return is_models(request) ? models_reply({"a", "b"})
                              : error_reply(404, "no model \"mock\"", "model_not_found");
  });
  const Finished done = probe(server);
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.out, AllOf(HasSubstr("2: a, b"), HasSubstr("mock, NOT in the list"),
                              HasSubstr("not tested (HTTP 404: no model \"mock\")")));
  EXPECT_EQ(server.totals().requests, 2);
}

TEST(Probe, ARefusedKeyIsOneLine) {
  FaultServer server([](const FaultRequest& request) {
    return error_reply(401, "wrong key " + request.header("authorization"));
  });
  for (const std::vector<std::string>& model :
       {std::vector<std::string>{}, std::vector<std::string>{"--model", "mock"}}) {
    auto words = model;
    words.insert(words.end(), {"--api-key-env", "TEST_KEY"});
    const Finished done = probe(server, words);
    expect_one_line(done, "the key is refused");
    EXPECT_THAT(done.err, AllOf(HasSubstr("HTTP 401"), Not(HasSubstr(kKey))));
  }
  expect_one_line(probe(server), "needs a key (--api-key-env or --api-key-file)");
}

TEST(Probe, AnUnreachableEndpointIsOneLine) {
  std::string nowhere;
  {
    FaultServer gone(good);
    nowhere = gone.url("/v1");
  }
  expect_one_line(evalrun({"probe", "--base-url", nowhere, "--model", "mock"}),
                  nowhere + ": cannot be reached");
  FaultServer other([](const FaultRequest&) { return garbage_reply("SSH-2.0-OpenSSH_9.2\r\n"); });
  expect_one_line(probe(other), "cannot be reached");
}

TEST(Probe, OneFailedQuestionDoesNotEndTheOthers) {
  FaultServer server([](const FaultRequest& request) {
    const json body = body_of(request);
    if (body.contains("stop")) return cut_after(good(request), 0, Ending::reset);
    if (body.contains("n")) return json_reply(200, R"({"choices": [{"mess)");
    if (body.contains("logprobs")) return error_reply(500, "oops");
    if (body.contains("seed")) return json_reply(200, "<html><title>Proxy</title></html>");
    return good(request);
  });
  const json report = probe_json(server);
  for (const char* failed : {"stop", "n", "logprobs", "seed"}) {
    EXPECT_EQ(support(report, failed), "not_tested") << failed;
    EXPECT_NE(report["features"][failed]["detail"], "") << failed;
  }
  for (const char* other : {"system_role", "max_tokens", "streaming", "stream_usage"})
    EXPECT_EQ(support(report, other), "yes") << other;
}

// Each further question would wait as long.
TEST(Probe, WhereThePlainQuestionGetsNoAnswerNoOtherIsAsked) {
  FaultServer server([](const FaultRequest& request) {
    return is_models(request) ? good(request) : cut_after(good(request), 0, Ending::stall);
  });
  const json report = probe_json(server, {"--model", "mock", "--attempt-timeout", "0.2"}, 3);
  EXPECT_EQ(support(report, "seed"), "not_tested");
  EXPECT_THAT(report["features"]["seed"]["detail"].get<std::string>(), HasSubstr("200 ms"));
  EXPECT_EQ(report["spent"]["calls"], 2);
}

TEST(Probe, ARedirectIsNotFollowedAndItsPlaceIsSaid) {
  FaultServer elsewhere(good);
  FaultServer server([&](const FaultRequest& request) {
    return with_header(json_reply(308, ""), "Location", elsewhere.url(request.path));
  });
  const Finished done = probe(server);
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.out, HasSubstr("redirects to \"" + elsewhere.url("/v1/chat")));
  EXPECT_EQ(elsewhere.totals().connections, 0);
}

// A refusal of everything says nothing about one parameter.
TEST(Probe, WhereThePlainQuestionIsRefusedNoParameterIs) {
  FaultServer server([](const FaultRequest& request) {
    return is_models(request) ? good(request) : error_reply(400, "temperature must be 0.7");
  });
  const json report = probe_json(server, {"--model", "mock"}, 3);
  for (const std::string& feature : kAsked)
    EXPECT_EQ(support(report, feature), "not_tested") << feature;
  EXPECT_EQ(report["answered"], false);
}

TEST(Probe, ABusyEndpointIsAskedOnceMore) {
  FaultServer server([busy = true](const FaultRequest& request) mutable {
    if (!body_of(request).contains("stop") || !busy) return good(request);
    busy = false;
    return with_header(error_reply(429, "slow down"), "Retry-After", "1");
  });
  const json report = probe_json(server);
  EXPECT_EQ(support(report, "stop"), "yes");
  EXPECT_EQ(report["spent"]["calls"], 13);
}

TEST(Probe, ALongWaitIsNotWaitedFor) {
  FaultServer server([](const FaultRequest& request) {
    if (!body_of(request).contains("stop")) return good(request);
    return with_header(error_reply(429, "tomorrow"), "Retry-After", "86400");
  });
  const json report = probe_json(server);
  EXPECT_EQ(support(report, "stop"), "not_tested");
  EXPECT_EQ(support(report, "streaming"), "yes");
  EXPECT_EQ(report["spent"]["calls"], 12);
}

TEST(Probe, AnthropicIsAskedInItsWords) {
  FaultServer server([](const FaultRequest& request) {
    if (is_models(request)) return models_reply({"mock"});
    const json body = body_of(request);
    for (const char* parameter : {"seed", "n", "logprobs"})
      if (body.contains(parameter))
        return error_reply(400, std::string(parameter) + ": Extra inputs are not permitted");
    if (request.header("x-api-key") != kKey) return error_reply(401, "no key");
    if (body.value("stream", false)) return anthropic_sse_reply("1 2 3", 3);
    if (body.contains("stop_sequences")) return anthropic_reply("1 2 3 4 5 6 ");
    return anthropic_reply(body.contains("system") ? "pineapple" : "1 2 3");
  });
  const json report =
      probe_json(server, {"--model", "mock", "--api", "anthropic", "--api-key-env", "TEST_KEY"});
  for (const char* yes : {"system_role", "stop", "streaming", "stream_usage"})
    EXPECT_EQ(support(report, yes), "yes") << yes;
  for (const char* no : {"seed", "n", "logprobs"}) EXPECT_EQ(support(report, no), "refused") << no;
}

// The endpoint gives the key back wherever a probe shows something.
TEST(Probe, AnEchoedKeyIsNotShown) {
  const std::string part = std::string(kKey).substr(0, 12);
  for (int padding = 200; padding <= 520; padding += 80) {
    FaultServer server([&](const FaultRequest& request) {
      const std::string key = request.header("authorization").substr(7);
      const std::string words = std::string(std::size_t(padding), 'x') + " " + key + " " + key;
      Reply reply = is_models(request)                  ? models_reply({"mock", key, words})
                    : body_of(request).contains("seed") ? error_reply(400, words, key)
                    : body_of(request).contains("n")    ? error_reply(500, words, key)
                                                        : good(request);
      return with_header(std::move(reply), "X-RateLimit-Key", words);
    });
    for (const char* form : {"--json", "--api=openai"}) {
      const Finished done = probe(server, {"--model", "mock", "--api-key-env", "TEST_KEY", form});
      EXPECT_EQ(done.exit, 0) << done.err;
      EXPECT_THAT(done.out, AllOf(HasSubstr("xxxx"), Not(HasSubstr(part))));
      EXPECT_THAT(done.err, Not(HasSubstr(part)));
    }
  }
}

TEST(Probe, HostileWordsAreMadePrintableAndCut) {
  const std::string hostile = "\x1b[31m\xe2\x80\xae\xff red";
  FaultServer server([&](const FaultRequest& request) {
    Reply reply = is_models(request) ? json_reply(200, R"({"data": [{"id": "\u001b[31mred\nspent"},
                                          {"id": ")" + std::string(100'000, 'y') +
                                                           R"("}]})")
                                     : error_reply(400, "\x1b[31m red\nspent  0 calls");
    return with_header(std::move(reply), "X-RateLimit-Words", hostile);
  });
  const Finished done = probe(server);
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.out, AllOf(HasSubstr("\\x1b[31mred"), Not(HasSubstr("\x1b")),
                              Not(HasSubstr("\xe2\x80\xae")), Not(HasSubstr("\xff"))));
  EXPECT_LE(lines_of(done.out).size(), 24U);
  for (const std::string& line : lines_of(done.out)) EXPECT_LE(line.size(), 1000U) << line;
}

TEST(Probe, WrongWordsAreUsageErrors) {
  const auto expect_usage = [](const std::vector<std::string>& words, const std::string& part) {
    const Finished done = evalrun(words);
    EXPECT_EQ(done.exit, 64) << done.err;
    EXPECT_THAT(done.err, HasSubstr(part));
    EXPECT_EQ(done.out, "");
  };
  expect_usage({"probe"}, "--base-url URL or --provider NAME");
  expect_usage({"probe", "--base-url", "ftp://x"}, "--base-url");
  expect_usage({"probe", "--provider", "opnai"}, "did you mean \"openai\"?");
  expect_usage({"probe", "--base-url", "http://x/v1", "--api-key-env", "NO_SUCH_KEY"},
               "NO_SUCH_KEY");
  expect_usage({"probe", "--suite", "crux"}, "unknown argument");
}

TEST(Probe, TheKeysOfTheJsonFormAreThese) {
  FaultServer server([](const FaultRequest&) { return error_reply(500, "down"); });
  json report = probe_json(server, {"--model", "mock"}, 3);
  const auto keys = [](const json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;  // sorted, as nlohmann::json has them
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(keys(report), (Names{"answered", "api", "base_url", "features", "model", "models",
                                 "rate_limits", "reachable", "speed", "spent"}));
  EXPECT_EQ(keys(report["features"]), (Names{"logprobs", "max_tokens", "n", "reasoning", "seed",
                                             "stop", "stream_usage", "streaming", "system_role"}));
  EXPECT_EQ(keys(report["models"]), (Names{"count", "error", "ids"}));
  EXPECT_EQ(keys(report["spent"]), (Names{"answers_without_usage", "calls", "completion_tokens",
                                          "prompt_tokens", "reasoning_tokens"}));
}

}  // namespace
}  // namespace evalrun
