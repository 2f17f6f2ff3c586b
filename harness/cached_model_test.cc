#include "harness/cached_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "harness/core/test_folder.h"
#include "runners/scripted.h"

namespace evalrun {
namespace {

Request request_about(const std::string& question, int epoch = 0) {
  Request request;
  request.key = {"letters", "sample_1", epoch, "baseline", "answer"};
  request.messages = {{Role::user, question}};
  request.temperature = 1;
  request.seed = std::uint64_t(epoch) + 1;
  return request;
}

class Cache : public ::testing::Test {
 protected:
  // A run with its own model; the models count what reaches them.
  std::unique_ptr<CachedModel> run(const std::string& identity = "endpoint\nmodel") {
    auto inner = std::make_unique<ScriptedModel>([this](const Request& request) {
      ++asked_;
      Completion completion;
      completion.text = "answer to " + request.messages.back().content;
      if (fails_) completion.finish = Finish::error;
      completion.done_us = 17;
      return completion;
    });
    return CachedModel::open(std::move(inner), folder_.path("cache"), identity).value();
  }
  TestFolder folder_;
  int asked_ = 0;
  bool fails_ = false;
};

TEST_F(Cache, AnswersTheSameCallOfALaterRun) {
  const Completion first = run()->submit(request_about("q")).get();
  EXPECT_FALSE(first.from_cache);
  const Completion second = run()->submit(request_about("q")).get();
  EXPECT_EQ(asked_, 1);
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(second.attempts, 0);
  EXPECT_EQ(second.text, "answer to q");
  EXPECT_EQ(second.done_us, 17);
}

// Temperature above 0: two epochs of one question are two answers.
TEST_F(Cache, TellsCallsApart) {
  run()->submit(request_about("q")).get();
  EXPECT_FALSE(run()->submit(request_about("q", 1)).get().from_cache);
  EXPECT_FALSE(run()->submit(request_about("other")).get().from_cache);
  EXPECT_FALSE(run("other model")->submit(request_about("q")).get().from_cache);
  Request longer = request_about("q");
  longer.max_tokens += 1;
  EXPECT_FALSE(run()->submit(longer).get().from_cache);
  EXPECT_EQ(asked_, 5);
}

TEST_F(Cache, DoesNotKeepFailures) {
  fails_ = true;
  run()->submit(request_about("q")).get();
  fails_ = false;
  EXPECT_EQ(run()->submit(request_about("q")).get().finish, Finish::stop);
  EXPECT_EQ(asked_, 2);
}

TEST_F(Cache, ABrokenFileIsNoAnswer) {
  run()->submit(request_about("q")).get();
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path("cache")))
    if (entry.is_regular_file()) {
      ++files;
      std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
    }
  ASSERT_EQ(files, 1);
  EXPECT_FALSE(run()->submit(request_about("q")).get().from_cache);
  EXPECT_TRUE(run()->submit(request_about("q")).get().from_cache);  // written anew
}

TEST_F(Cache, AFolderThatCannotBeIsAnError) {
  folder_.write("file", "");
  const auto opened = CachedModel::open(nullptr, folder_.path("file") + "/cache", "x");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("--cache"));
}

}  // namespace
}  // namespace evalrun
