#include "results/record_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace evalrun {
namespace {

using testing::StartsWith;

CallRecord some_call() {
  CallRecord call;
  call.key = {"crux-o", "sample_12", 1, "cepo", "candidate=1/plan=4/execute"};
  call.request_sha256 = "ab12";
  Completion& c = call.completion;
  c.text = "a \"b\"\n\xc3\xa9";
  c.finish = Finish::length;
  c.usage = {10, 4, 7, 3};
  c.scheduled_us = 100;
  c.sent_us = 200;
  c.first_us = 300;
  c.done_us = 400;
  return call;
}

// With all that a remote endpoint adds.
CallRecord remote_call() {
  CallRecord call = some_call();
  call.completion.reasoning = "let me \"think\"";
  call.completion.attempts = 3;
  call.completion.from_cache = true;
  call.completion.gaps = {{0, 2}, {161, 40}};
  call.completion.server = {11, 22, 33, 66};
  return call;
}

SampleRecord some_sample() {
  SampleRecord sample{"letters", "sample_3", 0, "cot", {}, ""};
  sample.answer = {"3", PromptForm::cot, {{"plan=0", "plan", {5, 0, 6, 0}, Finish::stop, true}}};
  return sample;
}

ScoreRecord some_score() {
  return {"crux-i",
          "sample_7",
          2,
          "baseline",
          ScorerKind::official,
          Verdict::wrong,
          true,
          "f(1)",
          "the echo guard left it out",
          R"({"results":[-2]})"};
}

// The lines are written down here by hand: this is the file format.
constexpr const char* kCallLine =
    R"({"suite":"crux-o","sample":"sample_12","epoch":1,"strategy":"cepo",)"
    R"("path":"candidate=1/plan=4/execute","request_sha256":"ab12","finish":"length","error":"",)"
    R"("usage":{"prompt":10,"cached":4,"completion":7,"reasoning":3},)"
    R"("time_us":{"scheduled":100,"sent":200,"first":300,"done":400},"text":"a \"b\"\né"})";
constexpr const char* kRemoteCallLine =
    R"({"suite":"crux-o","sample":"sample_12","epoch":1,"strategy":"cepo",)"
    R"("path":"candidate=1/plan=4/execute","request_sha256":"ab12","finish":"length","error":"",)"
    R"("usage":{"prompt":10,"cached":4,"completion":7,"reasoning":3},)"
    R"("time_us":{"scheduled":100,"sent":200,"first":300,"done":400},"attempts":3,)"
    R"("from_cache":true,"gaps":[[0,2],[161,40]],)"
    R"("server_us":{"queue":11,"prompt":22,"completion":33,"total":66},)"
    R"("text":"a \"b\"\né","reasoning":"let me \"think\""})";
constexpr const char* kSampleLine =
    R"({"suite":"letters","sample":"sample_3","epoch":0,"strategy":"cot","model_error":"",)"
    R"("form":"cot","text":"3","steps":[{"path":"plan=0","step":"plan","finish":"stop",)"
    R"("discarded":true,"usage":{"prompt":5,"cached":0,"completion":6,"reasoning":0}}]})";
constexpr const char* kScoreLine =
    R"({"suite":"crux-i","sample":"sample_7","epoch":2,"strategy":"baseline",)"
    R"x("scorer":"official","verdict":"wrong","skipped":true,"extracted":"f(1)",)x"
    R"("explanation":"the echo guard left it out","details":"{\"results\":[-2]}"})";

TEST(RecordJson, WritesTheseLines) {
  EXPECT_EQ(to_json_line(some_call()), kCallLine);
  EXPECT_EQ(to_json_line(remote_call()), kRemoteCallLine);
  EXPECT_EQ(to_json_line(some_sample()), kSampleLine);
  EXPECT_EQ(to_json_line(some_score()), kScoreLine);
}

TEST(RecordJson, ReadsEveryFieldOfACall) {
  const Result<CallRecord> call = parse_call(kCallLine);
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->key, some_call().key);
  EXPECT_EQ(call->request_sha256, "ab12");
  EXPECT_EQ(call->completion.text, "a \"b\"\n\xc3\xa9");
  EXPECT_EQ(call->completion.finish, Finish::length);
  EXPECT_EQ(call->completion.usage, (Usage{10, 4, 7, 3}));
  EXPECT_EQ(call->completion.scheduled_us, 100);
  EXPECT_EQ(call->completion.sent_us, 200);
  EXPECT_EQ(call->completion.first_us, 300);
  EXPECT_EQ(call->completion.done_us, 400);
}

TEST(RecordJson, ReadsWhatARemoteEndpointAdds) {
  const Result<CallRecord> call = parse_call(kRemoteCallLine);
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->completion.text, "a \"b\"\n\xc3\xa9");
  EXPECT_EQ(call->completion.reasoning, "let me \"think\"");
  EXPECT_EQ(call->completion.attempts, 3);
  EXPECT_TRUE(call->completion.from_cache);
  EXPECT_EQ(call->completion.gaps, (GapCounts{{0, 2}, {161, 40}}));
  EXPECT_EQ(call->completion.server, (ServerTimes{11, 22, 33, 66}));
}

// kCallLine is a line of version 0.1, which knew of none of this.
TEST(RecordJson, WhatIsAbsentHasItsDefault) {
  const Result<CallRecord> call = parse_call(kCallLine);
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->completion.reasoning, "");
  EXPECT_EQ(call->completion.attempts, 1);
  EXPECT_FALSE(call->completion.from_cache);
  EXPECT_THAT(call->completion.gaps, testing::IsEmpty());
  EXPECT_EQ(call->completion.server, ServerTimes{});
}

TEST(RecordJson, NoAttemptIsNotTheDefault) {
  CallRecord call = some_call();
  call.completion.attempts = 0;
  EXPECT_EQ(parse_call(to_json_line(call))->completion.attempts, 0);
}

TEST(RecordJson, ReadsEveryFieldOfASample) {
  const Result<SampleRecord> sample = parse_sample(kSampleLine);
  ASSERT_TRUE(sample) << sample.error().message;
  EXPECT_EQ(sample->suite, "letters");
  EXPECT_EQ(sample->sample, "sample_3");
  EXPECT_EQ(sample->strategy, "cot");
  EXPECT_EQ(sample->answer.text, "3");
  EXPECT_EQ(sample->answer.form, PromptForm::cot);
  EXPECT_EQ(sample->answer.steps, some_sample().answer.steps);
}

TEST(RecordJson, ReadsEveryFieldOfAScore) {
  const Result<ScoreRecord> score = parse_score(kScoreLine);
  ASSERT_TRUE(score) << score.error().message;
  EXPECT_EQ(score->epoch, 2);
  EXPECT_EQ(score->scorer, ScorerKind::official);
  EXPECT_EQ(score->verdict, Verdict::wrong);
  EXPECT_TRUE(score->skipped);
  EXPECT_EQ(score->extracted, "f(1)");
  EXPECT_EQ(score->explanation, "the echo guard left it out");
  EXPECT_EQ(score->details, R"({"results":[-2]})");
}

// Run folders from before there were details are still read.
TEST(RecordJson, AScoreMayLackDetails) {
  std::string line = kScoreLine;
  line.erase(line.find(",\"details\""));
  const Result<ScoreRecord> score = parse_score(line + "}");
  ASSERT_TRUE(score) << score.error().message;
  EXPECT_EQ(score->details, "");
}

TEST(RecordJson, KeepsAnyTextOnOneLine) {
  CallRecord call = some_call();
  call.completion.text = std::string("\0\x01\n\r\x7f\xe2\x80\xa8 \xf0\x9f\x98\x80", 13);
  const std::string line = to_json_line(call);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(parse_call(line)->completion.text, call.completion.text);
}

TEST(RecordJson, ReplacesBytesThatAreNotUtf8) {
  CallRecord call = some_call();
  call.completion.text = "a\xff\x62";
  EXPECT_EQ(parse_call(to_json_line(call))->completion.text, "a\xef\xbf\xbd\x62");
}

TEST(RecordJson, TruncatedAnywhereIsAnError) {
  const auto check = [](std::string_view line, auto parse) {
    for (std::size_t n = 0; n < line.size(); ++n)
      EXPECT_FALSE(parse(line.substr(0, n))) << "first " << n << " bytes";
  };
  check(kCallLine, parse_call);
  check(kRemoteCallLine, parse_call);
  check(kSampleLine, parse_sample);
  check(kScoreLine, parse_score);
}

std::string replaced(std::string line, const std::string& from, const std::string& to) {
  const std::size_t at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return line.replace(at, from.size(), to);
}

TEST(RecordJson, SaysWhichKeyIsWrong) {
  const auto error = [](const std::string& from, const std::string& to) {
    return parse_call(replaced(kCallLine, from, to)).error().message;
  };
  EXPECT_EQ(error("\"epoch\":1", "\"epoch\":-1"), "epoch: must be an integer, 0 or more");
  EXPECT_EQ(error("\"epoch\":1", "\"epoch\":1.5"), "epoch: must be an integer, 0 or more");
  EXPECT_EQ(error("\"epoch\":1", "\"epoch\":2147483648"), "epoch: is too large");
  EXPECT_EQ(error("\"done\":400", "\"done\":9223372036854775808"), "time_us.done: is too large");
  EXPECT_EQ(error("\"prompt\":10", "\"prompt\":\"10\""),
            "usage.prompt: must be an integer, 0 or more");
  EXPECT_EQ(error("\"length\"", "\"len\\u001bgth\""), "finish: unknown value \"len\\x1bgth\"");
  EXPECT_EQ(error("\"text\"", "\"test\""), "text: is missing");
  EXPECT_EQ(error("\"text\"", "\"extra\":1,\"text\""), "extra: unknown key");
  EXPECT_EQ(error("\"ab12\"", "null"), "request_sha256: must be a string");
}

TEST(RecordJson, SaysWhichRemoteKeyIsWrong) {
  const auto error = [](const std::string& from, const std::string& to) {
    const auto call = parse_call(replaced(kRemoteCallLine, from, to));
    return call ? "no error" : call.error().message;
  };
  const std::string gaps = "gaps: must be a list of [bucket, count], each bucket once";
  EXPECT_EQ(error("[161,40]", "[0,40]"), gaps);
  EXPECT_EQ(error("[161,40]", "[161,0]"), gaps);
  EXPECT_EQ(error("[161,40]", "[161,2147483648]"), gaps);
  EXPECT_EQ(error("[161,40]", "[-1,40]"), gaps);
  EXPECT_EQ(error("[161,40]", "[1010,40]"), gaps);  // 1 + 16 log2(2^63) = 1009 is the last one
  EXPECT_EQ(error("[161,40]", "[1009,40]"), "no error");
  EXPECT_EQ(error("[161,40]", "[161]"), gaps);
  EXPECT_EQ(error("[161,40]", "161"), gaps);
  EXPECT_EQ(error("[[0,2],[161,40]]", "{}"), "gaps: must be a list");
  EXPECT_EQ(error("\"attempts\":3", "\"attempts\":-3"), "attempts: must be an integer, 0 or more");
  EXPECT_EQ(error("true", "1"), "from_cache: must be true or false");
  EXPECT_EQ(error("\"queue\":11", "\"queue\":\"\""),
            "server_us.queue: must be an integer, 0 or more");
  EXPECT_EQ(error(",\"total\":66", ""), "server_us.total: is missing");
  EXPECT_EQ(error("\"reasoning\":\"let", "\"reason\":\"let"), "reason: unknown key");
}

// What version 0.1 did not write stays unknown, which is not "waits for nothing".
TEST(RecordJson, KeepsTheCallGraph) {
  EXPECT_FALSE(parse_sample(kSampleLine)->answer.steps[0].after.has_value());
  SampleRecord sample = some_sample();
  StepUse& step = sample.answer.steps[0];
  step.after.emplace();
  const std::string root = to_json_line(sample);
  EXPECT_NE(root.find(R"("reasoning":0},"after":[]})"), std::string::npos);
  EXPECT_EQ(parse_sample(root)->answer.steps, sample.answer.steps);
  step.after = {{3, 0}};
  step.shared_with = 3;
  step.shared_tokens = 5;
  const std::string line = to_json_line(sample);
  EXPECT_NE(line.find(R"("after":[3,0],"shared_with":3,"shared_tokens":5})"), std::string::npos);
  EXPECT_EQ(parse_sample(line)->answer.steps, sample.answer.steps);
  for (const char* wrong : {"[-1]", "[1.5]", "[\"1\"]", "[4294967296]", "7"})
    EXPECT_THAT(parse_sample(replaced(line, "[3,0]", wrong)).error().message,
                testing::HasSubstr("steps[0].after: must be a"))
        << wrong;
}

TEST(RecordJson, SaysWhichStepIsWrong) {
  const std::string line = replaced(kSampleLine, "\"step\":\"plan\"", "\"step\":7");
  EXPECT_EQ(parse_sample(line).error().message, "steps[0].step: must be a string");
  EXPECT_EQ(parse_sample(replaced(kSampleLine, "[{", "[5,{")).error().message,
            "steps[0]: must be a JSON object");
}

TEST(RecordJson, OtherJsonIsAnErrorNotACrash) {
  for (const char* line : {"", "null", "[]", "3", "\"x\"", "{}", "{\"suite\":{}}", "1e999"}) {
    EXPECT_FALSE(parse_call(line)) << line;
    EXPECT_FALSE(parse_sample(line)) << line;
    EXPECT_FALSE(parse_score(line)) << line;
  }
  EXPECT_THAT(parse_call("{\"suite\": nope}").error().message,
              StartsWith("not valid JSON at byte"));
  EXPECT_FALSE(parse_call(std::string(100'000, '[')));
}

}  // namespace
}  // namespace evalrun
