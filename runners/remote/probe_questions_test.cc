#include "runners/remote/probe_questions.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace evalrun {
namespace {

using nlohmann::json;

constexpr Question kAll[] = {
    Question::plain,    Question::system,     Question::stop,
    Question::seed,     Question::other_seed, Question::n,
    Question::logprobs, Question::stream,     Question::stream_without_usage};

WireOptions wire(Api api = Api::openai) {
  WireOptions options;
  options.api = api;
  options.model = "mock";
  return options;
}

json body(Question question, const WireOptions& options = wire()) {
  return json::parse(question_body(question, options));
}

TEST(ProbeQuestions, AreSmallAndAtATemperatureThatEveryModelTakes) {
  for (const Api api : {Api::openai, Api::openai_completions, Api::anthropic})
    for (const Question question : kAll) {
      const json sent = body(question, wire(api));
      EXPECT_EQ(sent["model"], "mock");
      EXPECT_EQ(sent["temperature"], 1);
      EXPECT_LE(sent["max_tokens"], 256);
    }
  EXPECT_EQ(body(Question::plain)["max_tokens"], kProbeTokensMax);
}

// A parameter that is refused must not take another question's answer with it.
TEST(ProbeQuestions, EachParameterStandsInItsOwnQuestionAlone) {
  WireOptions with_all = wire();
  with_all.sends_seed = true;
  for (const Question question : kAll) {
    const json sent = body(question, with_all);
    const bool is_seed = question == Question::seed || question == Question::other_seed;
    const bool is_stream =
        question == Question::stream || question == Question::stream_without_usage;
    EXPECT_EQ(sent.contains("seed"), is_seed);
    EXPECT_EQ(sent.contains("n"), question == Question::n);
    EXPECT_EQ(sent.contains("logprobs"), question == Question::logprobs);
    EXPECT_EQ(sent.contains("stop"), question == Question::stop);
    EXPECT_EQ(sent["stream"], is_stream);
    EXPECT_EQ(sent.contains("stream_options"), question == Question::stream);
    EXPECT_EQ(sent["messages"][0]["role"] == "system", question == Question::system);
  }
}

TEST(ProbeQuestions, SayWhatTheyAreAbout) {
  EXPECT_EQ(body(Question::n)["n"], 2);
  EXPECT_EQ(body(Question::logprobs)["logprobs"], true);
  EXPECT_EQ(body(Question::logprobs, wire(Api::openai_completions))["logprobs"], 1);
  EXPECT_EQ(body(Question::stop)["stop"], json({"7"}));
  EXPECT_EQ(body(Question::stream)["stream_options"]["include_usage"], true);
  const std::string system = body(Question::system)["messages"][0]["content"];
  EXPECT_NE(system.find(kProbeSystemWord), system.npos);
  EXPECT_EQ(body(Question::system)["messages"][1].dump().find(kProbeSystemWord), system.npos);
}

TEST(ProbeQuestions, TheTwoSeedsDifferInTheSeedAlone) {
  json once = body(Question::seed), other = body(Question::other_seed);
  EXPECT_NE(once["seed"], other["seed"]);
  once.erase("seed");
  other.erase("seed");
  EXPECT_EQ(once, other);
}

TEST(ProbeQuestions, AnthropicHasItsOwnWordsAndIsAskedForTheRestInOpenAis) {
  const WireOptions anthropic = wire(Api::anthropic);
  EXPECT_EQ(body(Question::stop, anthropic)["stop_sequences"], json({"7"}));
  EXPECT_TRUE(body(Question::system, anthropic)["system"].is_string());
  EXPECT_TRUE(body(Question::seed, anthropic).contains("seed"));
  EXPECT_EQ(body(Question::n, anthropic)["n"], 2);
}

// What a preset says that an endpoint cannot do is what the probe is to find out.
TEST(ProbeQuestions, APresetsQuirksAreNotBelieved) {
  WireOptions options = wire();
  options.sends_system = false;
  options.sends_seed = false;
  options.sends_usage_option = false;
  EXPECT_EQ(body(Question::system, options)["messages"][0]["role"], "system");
  EXPECT_TRUE(body(Question::seed, options).contains("seed"));
  EXPECT_TRUE(body(Question::stream, options).contains("stream_options"));
  options.max_tokens_field = "max_completion_tokens";  // a name, not an ability
  EXPECT_EQ(body(Question::plain, options)["max_completion_tokens"], kProbeTokensMax);
}

TEST(ProbeQuestions, WhatTheUserAddsToBodiesStaysAndIsNotTested) {
  WireOptions options = wire();
  options.extra_json = R"({"top_k": 3, "n": 1, "stop": null})";
  for (const Question question : {Question::plain, Question::seed, Question::logprobs})
    EXPECT_EQ(body(question, options)["top_k"], 3);
  EXPECT_EQ(why_not_asked(Question::n, options), "-M sets n");
  EXPECT_EQ(why_not_asked(Question::stop, options), "-M sets stop");
  EXPECT_EQ(why_not_asked(Question::seed, options), "");
  EXPECT_EQ(why_not_asked(Question::plain, options), "");
  options.extra_json = R"({"max_tokens": 99, "seed": 5})";
  EXPECT_EQ(why_not_asked(Question::plain, options), "-M sets max_tokens");
  EXPECT_EQ(why_not_asked(Question::other_seed, options), "-M sets seed");
}

TEST(ProbeQuestions, TextCompletionsHaveNoRoles) {
  EXPECT_NE(why_not_asked(Question::system, wire(Api::openai_completions)), "");
  EXPECT_EQ(why_not_asked(Question::system, wire(Api::anthropic)), "");
}

}  // namespace
}  // namespace evalrun
