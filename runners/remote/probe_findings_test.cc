#include "runners/remote/probe_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace evalrun {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

ProbeReply reply_of(std::string body, int status = 200) {
  ProbeReply reply;
  reply.status = status;
  reply.headers = {{"content-type", "application/json"}};
  reply.body = {{2'000, std::move(body)}};
  reply.sent_us = 1'000;
  reply.done_us = 2'000;
  return reply;
}

ProbeAnswer read(std::string body, int status = 200) {
  return read_answer(Api::openai, reply_of(std::move(body), status));
}

json document(const std::string& text, const std::string& finish = "stop") {
  return {{"choices",
           {{{"index", 0},
             {"message", {{"role", "assistant"}, {"content", text}}},
             {"finish_reason", finish}}}}};
}

ProbeAnswer said(const std::string& text, const std::string& finish = "stop", int tokens = 0) {
  json answer = document(text, finish);
  if (tokens > 0) answer["usage"] = {{"prompt_tokens", 9}, {"completion_tokens", tokens}};
  return read(answer.dump());
}

ProbeAnswer refused() { return read(R"({"error": {"message": "no such parameter"}})", 400); }

ProbeAnswer broken() {
  ProbeReply reply;
  reply.failure = "connection reset";
  return read_answer(Api::openai, reply);
}

ProbeAnswer streamed(const std::vector<std::pair<std::int64_t, std::string>>& texts, int tokens) {
  ProbeReply reply;
  reply.status = 200;
  reply.headers = {{"content-type", "text/event-stream"}};
  reply.sent_us = 1'000;
  const auto add = [&](std::int64_t at_us, const json& data) {
    reply.body.push_back({at_us, "data: " + data.dump() + "\n\n"});
    reply.done_us = at_us;
  };
  for (const auto& [at_us, text] : texts)
    add(at_us, {{"choices", {{{"index", 0}, {"delta", {{"content", text}}}}}}});
  json last{{"choices", {{{"index", 0}, {"delta", json::object()}, {"finish_reason", "stop"}}}}};
  if (tokens > 0) last["usage"] = {{"prompt_tokens", 9}, {"completion_tokens", tokens}};
  add(texts.empty() ? 2'000 : texts.back().first, last);
  return read_answer(Api::openai, reply);
}

TEST(ProbeFindings, AFailureIsARefusalOnlyWhereTheEndpointDeclined) {
  EXPECT_EQ(judge_n(refused()), (Finding{Support::refused, "HTTP 400: no such parameter"}));
  for (const int status : {413, 422, 501})
    EXPECT_EQ(judge_n(read("no", status)).support, Support::refused) << status;
  for (const int status : {401, 404, 429, 500, 503})
    EXPECT_EQ(judge_n(read("no", status)).support, Support::not_tested) << status;
  EXPECT_EQ(judge_n(broken()), (Finding{Support::not_tested, "connection reset"}));
  EXPECT_EQ(judge_n(read("<html>")).support, Support::not_tested);
}

TEST(ProbeFindings, EveryQuestionTellsAFailure) {
  for (const ProbeAnswer& bad : {refused(), broken()}) {
    const Support expected = bad.is_refused ? Support::refused : Support::not_tested;
    for (const auto judge : {judge_max_tokens, judge_system, judge_stop, judge_n, judge_logprobs,
                             judge_streaming, judge_stream_usage})
      EXPECT_EQ(judge(bad), (Finding{expected, bad.failure}));
    const ProbeAnswer good = said("A planet of green glass and one snail.");
    EXPECT_EQ(judge_seed(bad, good, good).support, expected);
    EXPECT_EQ(judge_seed(good, bad, good).support, expected);
    EXPECT_EQ(judge_seed(good, good, bad).support, expected);
  }
}

// An error is cut to 500 bytes when it is read, maybe within a key that no search finds then.
TEST(ProbeFindings, TheLastWordOfAnErrorThatWasCutIsDropped) {
  const std::string long_words(400, 'x'), key(300, 'k');
  const ProbeAnswer answer = read(json{{"error", long_words + " " + key}}.dump(), 400);
  EXPECT_THAT(answer.failure, HasSubstr(long_words));
  EXPECT_THAT(answer.failure, Not(HasSubstr("k")));
}

TEST(ProbeFindings, MaxTokens) {
  EXPECT_EQ(judge_max_tokens(said("1 2 3", "length", 16)).support, Support::yes);
  EXPECT_EQ(judge_max_tokens(said("1 2 3", "length")).support, Support::yes);
  EXPECT_EQ(judge_max_tokens(said("", "length", 16)).support, Support::yes);  // all thinking
  EXPECT_THAT(judge_max_tokens(said("1 2 3", "stop", 16)).detail, HasSubstr("does not say"));
  EXPECT_EQ(judge_max_tokens(said("1 2 3", "stop", 17)),
            (Finding{Support::ignored, "17 tokens came where 16 were allowed"}));
  EXPECT_EQ(judge_max_tokens(said("1 2 3", "length", 17)).support, Support::ignored);
  EXPECT_EQ(judge_max_tokens(said("1 2 3", "stop", 5)).support, Support::not_tested);
  std::string count;
  for (int i = 1; i <= 16; ++i) count += std::to_string(i) + " ";
  EXPECT_EQ(judge_max_tokens(said(count)).support, Support::not_tested);  // 16 words, no usage
  EXPECT_EQ(judge_max_tokens(said(count + "17")).support, Support::ignored);
}

TEST(ProbeFindings, SystemRole) {
  EXPECT_EQ(judge_system(said("Pineapple.")).support, Support::yes);
  EXPECT_EQ(judge_system(said("Paris.")).support, Support::ignored);
  EXPECT_EQ(judge_system(said(" \n")), (Finding{Support::not_tested, "the answer is empty"}));
  EXPECT_EQ(judge_system(said("<think>pineapple?", "length")),
            (Finding{Support::not_tested, "all its tokens went into thinking"}));
}

TEST(ProbeFindings, Stop) {
  EXPECT_EQ(judge_stop(said("1 2 3 4 5 6 ")).support, Support::yes);
  EXPECT_EQ(judge_stop(said("1 2 3 4 5 6 7 8 9")),
            (Finding{Support::ignored, "the answer goes on after the stop string"}));
  EXPECT_EQ(
      judge_stop(said("1 2 3 4 5 6 7\n")),
      (Finding{Support::ignored, "the answer ends there, but the stop string is in the text"}));
  EXPECT_EQ(judge_stop(said("1 2 3 4 5 6", "length")).support, Support::not_tested);
  EXPECT_EQ(judge_stop(said("I would rather not.")).support, Support::not_tested);
  EXPECT_EQ(judge_stop(said("")).support, Support::not_tested);
}

TEST(ProbeFindings, Seed) {
  const ProbeAnswer a = said("Verda is green and a snail lives there.");
  const ProbeAnswer b = said("Rossa is red and a hare lives on it.");
  EXPECT_EQ(judge_seed(a, a, b), (Finding{Support::yes, ""}));
  EXPECT_EQ(judge_seed(a, b, a), (Finding{Support::ignored, "one seed gave two texts"}));
  EXPECT_EQ(judge_seed(a, a, a), (Finding{Support::not_tested, "another seed gave the same text"}));
  EXPECT_EQ(judge_seed(said("Verda"), said("Verda"), b),
            (Finding{Support::not_tested, "the answers are too short to tell"}));
  const auto thought = [](const std::string& text) { return said("<think>" + text, "length"); };
  EXPECT_EQ(judge_seed(thought("a green one, perhaps with snails"),
                       thought("a green one, perhaps with snails"),
                       thought("a red one, perhaps with hares"))
                .support,
            Support::yes);
}

TEST(ProbeFindings, Choices) {
  json two = document("1 2");
  EXPECT_EQ(judge_n(read(two.dump())).support, Support::ignored);
  two["choices"].push_back(two["choices"][0]);
  two["choices"][1]["index"] = 1;
  EXPECT_EQ(judge_n(read(two.dump())).support, Support::yes);
}

TEST(ProbeFindings, Logprobs) {
  json answer = document("1");
  const auto with = [&](const json& logprobs) {
    answer["choices"][0]["logprobs"] = logprobs;
    return judge_logprobs(read(answer.dump())).support;
  };
  EXPECT_EQ(judge_logprobs(said("1")).support, Support::ignored);
  EXPECT_EQ(with({{"content", {{{"token", "1"}, {"logprob", -0.5}}}}}), Support::yes);
  EXPECT_EQ(with({{"tokens", {"1"}}, {"token_logprobs", {-0.5}}}), Support::yes);
  EXPECT_EQ(with(nullptr), Support::ignored);
  EXPECT_EQ(with({{"content", nullptr}}), Support::ignored);
  EXPECT_EQ(with({{"content", json::array()}}), Support::ignored);
}

TEST(ProbeFindings, Streaming) {
  const ProbeAnswer stream = streamed({{11'000, "1"}, {21'000, " 2"}, {31'000, " 3"}}, 5);
  EXPECT_EQ(judge_streaming(stream), (Finding{Support::yes, "text in 3 pieces"}));
  EXPECT_EQ(judge_stream_usage(stream), (Finding{Support::yes, ""}));
  EXPECT_EQ(judge_streaming(streamed({{11'000, "1 2 3"}}, 5)),
            (Finding{Support::yes, "text in 1 piece"}));
  EXPECT_EQ(judge_stream_usage(streamed({{11'000, "1"}}, 0)).support, Support::ignored);
  EXPECT_EQ(judge_streaming(said("1 2 3")).support, Support::ignored);
  EXPECT_EQ(judge_stream_usage(said("1 2 3", "stop", 5)).support, Support::not_tested);
}

// Sent at 1 ms, first text at 11 ms, the end at 31 ms: 5 tokens, of which 4 in 20 ms.
TEST(ProbeFindings, SpeedIsByHand) {
  const Completion stream = streamed({{11'000, "1"}, {21'000, " 2"}, {31'000, " 3"}}, 5).completion;
  EXPECT_DOUBLE_EQ(ttft_ms(stream), 10);
  EXPECT_DOUBLE_EQ(output_tokens_per_s(stream), 200);
  EXPECT_EQ(output_tokens_per_s(streamed({{11'000, "1"}, {21'000, "2"}}, 0).completion), 0);
  EXPECT_EQ(output_tokens_per_s(streamed({{11'000, "1"}, {21'000, "2"}}, 1).completion), 0);
  EXPECT_EQ(output_tokens_per_s(streamed({{11'000, "1 2"}}, 5).completion), 0);
  EXPECT_EQ(output_tokens_per_s(streamed({{11'000, "1"}, {11'999, "2"}}, 5).completion), 0);
  EXPECT_EQ(ttft_ms(said("1").completion), 0);
}

TEST(ProbeFindings, Medians) {
  EXPECT_EQ(median_of({}).n, 0);
  EXPECT_EQ(median_of({3, 9, 4}).value, 4);
  EXPECT_EQ(median_of({3, 9, 4, 5}).value, 4.5);
  EXPECT_EQ(median_of({3, 9, 4, 5}).n, 4);
}

TEST(ProbeFindings, ReasoningInItsForms) {
  const auto judge = [](const std::vector<ProbeAnswer>& answers) {
    return judge_reasoning(Api::openai, answers);
  };
  json field = document("4");
  field["choices"][0]["message"]["reasoning_content"] = "2 and 2";
  json counted = document("4");
  counted["usage"] = {{"prompt_tokens", 9},
                      {"completion_tokens", 8},
                      {"completion_tokens_details", {{"reasoning_tokens", 6}}}};
  EXPECT_EQ(judge({}).support, Support::not_tested);
  EXPECT_EQ(judge({broken()}).support, Support::not_tested);
  EXPECT_EQ(judge({said("4"), broken(), said("5")}), (Finding{Support::none_seen, "in 2 answers"}));
  EXPECT_EQ(judge({said("4"), read(field.dump())}),
            (Finding{Support::yes, "in a field of its own"}));
  EXPECT_EQ(judge({said("<think>2 and 2</think>4")}),
            (Finding{Support::yes, "as <think> in the text"}));
  EXPECT_EQ(judge({said("2 and 2</think>4")}), (Finding{Support::yes, "as <think> in the text"}));
  EXPECT_EQ(judge({read(counted.dump())}), (Finding{Support::yes, "its tokens are counted"}));
  EXPECT_EQ(judge({read(counted.dump()), read(field.dump())}).detail,
            "in a field of its own, its tokens are counted");
  EXPECT_EQ(judge({streamed({{9, "<think>2"}, {10, "</think>4"}}, 0)}).detail, "in streams");
}

// Whatever part of an answer comes, something is said and nothing is claimed that was not seen.
TEST(ProbeFindings, TruncatedAtEachByte) {
  json whole = document("1 2 3 4 5 6 ");
  whole["choices"].push_back(whole["choices"][0]);
  whole["choices"][0]["logprobs"] = {{"content", {{{"logprob", -1}}}}};
  const std::string text = whole.dump();
  ASSERT_EQ(judge_logprobs(read(text)).support, Support::yes);
  for (std::size_t n = 0; n < text.size(); ++n) {
    ProbeReply reply = reply_of(text.substr(0, n));
    reply.failure = "cut";
    const ProbeAnswer answer = read_answer(Api::openai, reply);
    for (const auto judge : {judge_max_tokens, judge_system, judge_stop, judge_n, judge_logprobs,
                             judge_streaming, judge_stream_usage})
      EXPECT_EQ(judge(answer), (Finding{Support::not_tested, "cut"})) << n;
  }
}

}  // namespace
}  // namespace evalrun
