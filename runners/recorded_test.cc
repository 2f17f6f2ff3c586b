#include "runners/recorded.h"

#include <gtest/gtest.h>

#include "runners/caller.h"

namespace evalrun {
namespace {

Request request_of(std::string path) {
  Request request;
  request.key = {"crux-o", "sample_1", 0, "cot", std::move(path)};
  request.messages = {{Role::user, "hello"}};
  return request;
}

CallRecord record_of(const Request& request, std::string text) {
  Completion completion;
  completion.text = std::move(text);
  completion.done_us = 42;
  return {request.key, request_sha256(request), completion};
}

TEST(RecordedModel, AnswersWithTheRecordedCompletionAndItsTimes) {
  const Request request = request_of("answer");
  RecordedModel model({record_of(request, "recorded")});
  const Completion completion = model.submit(request).get();
  EXPECT_EQ(completion.text, "recorded");
  EXPECT_EQ(completion.done_us, 42);
}

TEST(RecordedModel, AnUnknownKeyIsAFailedCall) {
  RecordedModel model({record_of(request_of("answer"), "recorded")});
  const Completion completion = model.submit(request_of("other")).get();
  EXPECT_EQ(completion.finish, Finish::error);
  EXPECT_EQ(completion.error, "no recorded call for crux-o/sample_1/epoch=0/cot/other");
}

TEST(RecordedModel, AnotherRequestOfTheKeyIsAFailedCall) {
  RecordedModel model({record_of(request_of("answer"), "recorded")});
  Request changed = request_of("answer");
  changed.messages[0].content = "another prompt";
  const Completion completion = model.submit(changed).get();
  EXPECT_EQ(completion.finish, Finish::error);
  EXPECT_NE(completion.error.find("another prompt, limit, temperature or seed"), std::string::npos);
}

TEST(RecordedModel, AnEmptyHashAnswersEveryRequestOfItsKey) {
  CallRecord record = record_of(request_of("answer"), "by hand");
  record.request_sha256.clear();
  RecordedModel model({record});
  Request changed = request_of("answer");
  changed.messages[0].content = "another prompt";
  EXPECT_EQ(model.submit(changed).get().text, "by hand");
}

TEST(RecordedModel, TheLastRecordThatIsAnAnswerCounts) {
  const Request request = request_of("answer");
  CallRecord failed = record_of(request, "");
  failed.completion.finish = Finish::error;
  RecordedModel model({record_of(request, "first"), record_of(request, "second"), failed});
  EXPECT_EQ(model.submit(request).get().text, "second");
}

}  // namespace
}  // namespace evalrun
