#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "runners/remote/wire.h"

namespace evalrun {
namespace {

using nlohmann::json;

Request some_request() {
  Request request;
  request.messages = {{Role::system, "Be brief."}, {Role::user, "2+2?"}};
  request.max_tokens = 64;
  request.temperature = 0.7;
  request.top_p = 1;
  request.seed = 5;
  return request;
}

WireOptions options_of(Api api) {
  WireOptions options;
  options.api = api;
  options.model = "m";
  return options;
}

json parsed_body(const WireOptions& options, const Request& request) {
  return json::parse(request_body(options, request));
}

// The bytes are written down by hand: what a server sees.
TEST(WireRequest, OpenAiChat) {
  EXPECT_EQ(request_body(options_of(Api::openai), some_request()),
            R"({"model":"m","messages":[{"role":"system","content":"Be brief."},)"
            R"({"role":"user","content":"2+2?"}],"max_tokens":64,"temperature":0.7,"top_p":1,)"
            R"("seed":5,"stream":true,"stream_options":{"include_usage":true}})");
}

TEST(WireRequest, OpenAiCompletionsJoinTheTextsByABlankLine) {
  WireOptions options = options_of(Api::openai_completions);
  options.stream = false;
  EXPECT_EQ(request_body(options, some_request()),
            R"({"model":"m","prompt":"Be brief.\n\n2+2?","max_tokens":64,"temperature":0.7,)"
            R"("top_p":1,"seed":5,"stream":false})");
}

TEST(WireRequest, Anthropic) {
  Request request = some_request();
  request.messages.push_back({Role::user, "Now."});
  request.messages.push_back({Role::assistant, "4"});
  request.stop = {"END", "\n\n"};
  EXPECT_EQ(request_body(options_of(Api::anthropic), request),
            R"({"model":"m","system":"Be brief.","messages":[{"role":"user","content":)"
            R"("2+2?\n\nNow."},{"role":"assistant","content":"4"}],"max_tokens":64,)"
            R"("temperature":0.7,"stop_sequences":["END"],"stream":true})");
}

TEST(WireRequest, AnthropicGetsTemperatureOrTopPNeverBoth) {
  Request request = some_request();
  const auto keys = [&](double temperature, double top_p) {
    request.temperature = temperature;
    request.top_p = top_p;
    const json body = parsed_body(options_of(Api::anthropic), request);
    return std::pair(body.contains("temperature"), body.contains("top_p"));
  };
  EXPECT_EQ(keys(0.7, 1), std::pair(true, false));
  EXPECT_EQ(keys(0.7, 0.9), std::pair(true, false)) << "what changes the answers more";
  EXPECT_EQ(keys(1, 0.9), std::pair(false, true));
  EXPECT_EQ(keys(0, 0.9), std::pair(true, false)) << "greedy: the nucleus changes nothing";
  EXPECT_EQ(keys(0, 1), std::pair(true, false));
}

TEST(WireRequest, GreedyIsSaidAndNotLeftToTheServersDefault) {
  Request request = some_request();
  request.temperature = 0;
  const json body = parsed_body(options_of(Api::openai), request);
  EXPECT_EQ(body["temperature"], 0);
  EXPECT_EQ(body["top_p"], 1);
}

TEST(WireRequest, NumbersAreTheShortestThatReadBackTheSame) {
  Request request = some_request();
  request.temperature = 0.1;
  request.top_p = 1.0 / 3;
  const json body = parsed_body(options_of(Api::openai), request);
  EXPECT_EQ(body["temperature"].get<double>(), 0.1);
  EXPECT_EQ(body["top_p"].get<double>(), 1.0 / 3);
}

TEST(WireRequest, Quirks) {
  WireOptions options = options_of(Api::openai);
  options.sends_seed = false;
  options.sends_usage_option = false;
  options.max_tokens_field = "max_completion_tokens";
  const json body = parsed_body(options, some_request());
  EXPECT_FALSE(body.contains("seed"));
  EXPECT_FALSE(body.contains("stream_options"));
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_EQ(body["max_completion_tokens"], 64);
}

TEST(WireRequest, SystemTextsMayGoBeforeTheFirstUserMessage) {
  WireOptions options = options_of(Api::openai);
  options.sends_system = false;
  Request request = some_request();
  request.messages = {{Role::assistant, "Hello."},
                      {Role::system, "A"},
                      {Role::user, "B"},
                      {Role::system, "C"},
                      {Role::user, "D"}};
  EXPECT_EQ(parsed_body(options, request)["messages"],
            json::parse(R"([{"role":"assistant","content":"Hello."},
                            {"role":"user","content":"A\n\nC\n\nB"},
                            {"role":"user","content":"D"}])"));
  request.messages = {{Role::system, "only"}};
  EXPECT_EQ(parsed_body(options, request)["messages"],
            json::parse(R"([{"role":"user","content":"only"}])"));
  options.api = Api::anthropic;
  EXPECT_FALSE(parsed_body(options, request).contains("system"));
}

TEST(WireRequest, TheSeedIsCutTo31Bits) {
  Request request = some_request();
  request.seed = 0xffff'ffff'ffff'ffff;
  EXPECT_EQ(parsed_body(options_of(Api::openai), request)["seed"], 2147483647);
}

TEST(WireRequest, ExtraMembersReplaceAndNullRemoves) {
  WireOptions options = options_of(Api::openai);
  options.extra_json =
      R"({"temperature":null,"seed":7,"reasoning_effort":"low","x":{"y":[1, 2]},"seed":8,)"
      R"("a\"b":null,"stop":null})";
  Request request = some_request();
  request.stop = {"END"};
  const std::string bytes = request_body(options, request);
  EXPECT_EQ(json::parse(bytes),
            json::parse(R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
                            {"role":"user","content":"2+2?"}],"max_tokens":64,"top_p":1,"seed":8,
                            "stream":true,"stream_options":{"include_usage":true},
                            "reasoning_effort":"low","x":{"y":[1,2]}})"));
  EXPECT_EQ(bytes.find("\"seed\""), bytes.rfind("\"seed\"")) << "once";
}

TEST(WireRequest, BrokenUtf8BecomesReplacementCharacters) {
  Request request = some_request();
  request.messages = {{Role::user, "a\xff\"\n\xc3\xa9"}};
  request.stop = {"\xf0\x9f"};
  const json body = parsed_body(options_of(Api::openai), request);
  EXPECT_EQ(body["messages"][0]["content"], "a\xef\xbf\xbd\"\n\xc3\xa9");
  EXPECT_EQ(body["stop"][0], "\xef\xbf\xbd") << "one for a maximal subpart (Unicode, 3.9)";
}

TEST(WireRequestDeathTest, WhatOnlyBrokenCodeAsksForIsNotSent) {
  WireOptions options = options_of(Api::openai);
  options.extra_json = "[]";
  EXPECT_DEATH(request_body(options, some_request()), "is_object");
  options.extra_json = "{";
  EXPECT_DEATH(request_body(options, some_request()), "is_object");
  Request request = some_request();
  request.temperature = std::numeric_limits<double>::infinity();
  EXPECT_DEATH(request_body(options_of(Api::openai), request), "isfinite");
  request = some_request();
  request.max_tokens = 0;
  EXPECT_DEATH(request_body(options_of(Api::openai), request), "max_tokens");
}

TEST(Wire, NamesOfApis) {
  for (const Api api : {Api::openai, Api::openai_completions, Api::anthropic}) {
    Api read = Api::openai;
    EXPECT_TRUE(parse(name(api), read));
    EXPECT_EQ(read, api);
  }
  Api untouched = Api::anthropic;
  EXPECT_FALSE(parse("openai_completions", untouched));
  EXPECT_EQ(untouched, Api::anthropic);
  EXPECT_EQ(endpoint_path(Api::openai), "/chat/completions");
  EXPECT_EQ(endpoint_path(Api::openai_completions), "/completions");
  EXPECT_EQ(endpoint_path(Api::anthropic), "/messages");
}

TEST(Wire, CutAtStopEndsBeforeTheFirst) {
  std::string text = "42[/ANSWER] and END";
  cut_at_stop(text, {"END", "", "[/ANSWER]"});
  EXPECT_EQ(text, "42");
  cut_at_stop(text, {"x"});
  EXPECT_EQ(text, "42");
}

}  // namespace
}  // namespace evalrun
