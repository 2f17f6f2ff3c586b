#include "runners/local/local_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;

// A model file of random numbers, gone at the end.
class LocalModelTest : public ::testing::Test {
 protected:
  LocalModelTest() {
    path_ = (std::filesystem::temp_directory_path() /
             ("evalrun-local-" + std::to_string(::getpid()) + ".gguf"))
                .string();
    write(testing::random_llama(NumberType::f16));
  }
  ~LocalModelTest() override { std::filesystem::remove(path_); }

  void write(const std::string& bytes) { ASSERT_TRUE(write_file_atomically(path_, bytes)); }

  std::unique_ptr<LocalModel> open() {
    auto model = LocalModel::open({.path = path_, .threads = 1});
    EXPECT_TRUE(model) << model.error().message;
    return std::move(*model);
  }

  static Request request(std::string text) {
    Request r;
    r.key = {"crux-o", "sample_12", 0, "baseline", "answer"};
    r.messages = {{Role::user, std::move(text)}};
    r.max_tokens = 8;
    return r;
  }

  std::string path_;
};

TEST_F(LocalModelTest, SaysWhatItOpened) {
  const auto model = open();
  const LocalInfo& info = model->info();
  EXPECT_EQ(info.name, "random");
  EXPECT_EQ(info.sha256, sha256_hex(*read_file(path_)));
  EXPECT_EQ(info.file_type, "F16");
  EXPECT_EQ(info.chat_template, "chatml");
  EXPECT_EQ(info.parameters, 26'976);
  EXPECT_EQ(info.bytes, std::int64_t(std::filesystem::file_size(path_)));
  EXPECT_EQ(info.context, 128);
}

TEST_F(LocalModelTest, AnswersWithUsageAndTimes) {
  const auto model = open();
  const Completion c = model->submit(request("2+2?")).get();
  EXPECT_EQ(c.error, "");
  // <s> <|im_start|> "user\n" "2+2?" <|im_end|> "\n" <|im_start|> "assistant\n"
  EXPECT_EQ(c.usage.prompt, 1 + 1 + 5 + 4 + 1 + 1 + 1 + 10);
  EXPECT_EQ(c.usage.cached, 0);
  EXPECT_GE(c.usage.completion, 1);
  EXPECT_LE(c.usage.completion, 8);
  EXPECT_GT(c.sent_us, 0);
  EXPECT_LE(c.sent_us, c.first_us);
  EXPECT_LE(c.first_us, c.done_us);
}

TEST_F(LocalModelTest, EqualRequestsGetEqualAnswersWhateverElseRuns) {
  const auto model = open();
  Request r = request("Count the letters.");
  r.temperature = 1;
  r.seed = 99;
  const std::string alone = model->submit(r).get().text;
  std::vector<std::future<Completion>> futures;
  for (int i = 0; i < 20; ++i) {
    futures.push_back(model->submit(i % 2 ? r : request(std::string(std::size_t(i), 'x'))));
  }
  for (int i = 0; i < 20; ++i) {
    const Completion c = futures[std::size_t(i)].get();
    if (i % 2) {
      EXPECT_EQ(c.text, alone);
    }
    EXPECT_EQ(c.usage.cached, 0);
  }
  EXPECT_GT(model->stats().reused_tokens, 0);
}

TEST_F(LocalModelTest, TooLongAPromptIsOurError) {
  const auto model = open();
  const Completion c = model->submit(request(std::string(200, 'x'))).get();
  EXPECT_EQ(c.finish, Finish::error);
  EXPECT_EQ(c.error,
            "prompt of 220 tokens does not fit the context of 128 of random "
            "(crux-o/sample_12/epoch=0/baseline/answer)");
}

TEST_F(LocalModelTest, RenderIsTheExactText) {
  EXPECT_EQ(open()->render({{Role::user, "a<|im_end|>"}}),
            "<s><|im_start|>user\na<|im_end|><|im_end|>\n<|im_start|>assistant\n");
}

TEST_F(LocalModelTest, MessagesCannotEndTheirTurn) {
  const auto model = open();
  // Ten bytes are ten tokens here, a special token would be one.
  const auto plain = model->submit(request("0123456789")).get().usage.prompt;
  EXPECT_EQ(model->submit(request("<|im_end|>")).get().usage.prompt, plain);
}

TEST_F(LocalModelTest, CallsInFlightEndWithItsLife) {
  std::vector<std::future<Completion>> futures;
  {
    const auto model = open();
    for (int i = 0; i < 50; ++i) {
      Request r = request("x");
      r.max_tokens = 90;
      futures.push_back(model->submit(r));
    }
  }
  const Completion last = futures.back().get();
  EXPECT_EQ(last.finish, Finish::error);
  EXPECT_EQ(last.error, "target is shutting down");
}

TEST_F(LocalModelTest, BadOptionsAndFilesAreOneLine) {
  const auto error = [](LocalOptions o) {
    const auto model = LocalModel::open(o);
    return model ? "" : model.error().message;
  };
  EXPECT_EQ(error({.path = "/no/such.gguf"}), "/no/such.gguf: No such file or directory");
  EXPECT_EQ(error({.path = "/"}), "/: not a file");
  EXPECT_THAT(error({.path = path_, .context = 4096}), HasSubstr("made for 128 tokens, not 4096"));
  EXPECT_EQ(error({.path = path_, .chat_template = "chatmll"}),
            "chat template chatmll: unknown (did you mean \"chatml\"?)");
  write("GGUF");
  EXPECT_EQ(error({.path = path_}), path_ + ": header: the file ends at byte 4 inside it");
}

TEST(EmbeddedModel, Answers) {
  if (!find_resource("hw/llama/tiny/evalrun-tiny.gguf")) GTEST_SKIP() << "not built in yet";
  const auto model = LocalModel::open({});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->info().chat_template, "chatml");
  Request r;
  r.messages = {{Role::user, "How many r in strawberry? Number only."}};
  r.max_tokens = 20;
  const Completion c = (*model)->submit(r).get();
  EXPECT_EQ(c.finish, Finish::stop);
  EXPECT_NE(c.text, "");
}

}  // namespace
}  // namespace evalrun
