// Endpoints that nobody here wrote: llama.cpp serving the embedded model, and a mock of OpenAI's
// and Anthropic's APIs. Both come from the npm registry; see npm_server.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "tests/child_process.h"
#include "tests/npm_server.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;

constexpr double kStartMax_s = 30;

// node SCRIPT with `arguments` in an installed package; the port it is to listen on is %PORT%.
class NpmTest : public ::testing::Test {
 protected:
  void serve(const std::string& package, std::vector<std::string> words,
             const std::vector<std::string>& environment = {}) {
    const auto folder = install_npm(package);
    if (!folder) GTEST_SKIP() << folder.error().message;
    port_ = free_port();
    for (std::string& word : words)
      if (word == "%PORT%") word = std::to_string(port_);
    words.insert(words.begin(), find_program("node"));
    server_.emplace(words, folder_.path("server.log"), environment, *folder);
    ASSERT_TRUE(server_->wait_for_port(port_, kStartMax_s)) << server_->log();
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  int port_ = 0;
  TestFolder folder_;
  std::optional<ChildProcess> server_;
};

class LlamaCpp : public NpmTest {
 protected:
  void SetUp() override {
    serve("llama_cpp",
          {"serve.mjs", std::string(EVALRUN_SOURCE_DIR) + "/hw/llama/tiny/evalrun-tiny.gguf",
           "%PORT%"});
  }
  // Two runs of the same calls: there, and by our own kernels.
  std::map<std::string, Completion> answers(const std::string& name,
                                            const std::vector<std::string>& target) {
    std::vector<std::string> words{"--suite",         "letters",
                                   "--strategy",      "cot",
                                   "--limit",         "5",
                                   "--temperature",   "0",
                                   "--no-baseline",   "--prompt-profile",
                                   "compact",         "--out",
                                   folder_.path(name)};
    words.insert(words.end(), target.begin(), target.end());
    const Finished done = evalrun(words);
    EXPECT_EQ(done.exit, 0) << done.err << server_->log();
    std::map<std::string, Completion> out;
    for (const CallRecord& call : calls_in(folder_.path(name)))
      out[call.key.sample] = call.completion;
    EXPECT_EQ(out.size(), 5u);
    return out;
  }
  // One call at a time: asked for several at once, this server mixes them up.
  std::vector<std::string> remote() const {
    return {"--max-connections", "1",    "--target",   "remote",
            "--model",           "tiny", "--base-url", url("/openai/v1")};
  }
};

// The same weights, the same prompts and no chance: two engines that share no line of code say the
// same, letter by letter.
TEST_F(LlamaCpp, AnswersAsOurOwnEngineDoes) {
  const auto theirs = answers("theirs", remote()), ours = answers("ours", {"--target", "local"});
  for (const auto& [sample, own] : ours) {
    const Completion& other = theirs.at(sample);
    EXPECT_EQ(other.text, own.text) << sample;
    EXPECT_EQ(other.finish, Finish::stop);
    EXPECT_GT(other.usage.prompt, 0);
    EXPECT_GT(other.usage.completion, 0);
    EXPECT_GT(other.first_us, other.sent_us);
    EXPECT_GT(other.done_us, other.first_us);
    EXPECT_FALSE(other.gaps.empty());
  }
}

TEST_F(LlamaCpp, AnswersAWholeDocumentToo) {
  auto words = remote();
  const auto streamed = answers("streamed", words);
  words.push_back("--no-stream");
  for (const auto& [sample, whole] : answers("whole", words))
    EXPECT_EQ(whole.text, streamed.at(sample).text);
}

TEST_F(LlamaCpp, ItsRefusalIsShownInItsOwnWords) {
  auto words = remote_words(url("/openai/v1"), {"--limit", "1", "--out", folder_.path("run")});
  const Finished done = evalrun(words);  // asks for a model "mock"
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.err + done.out, HasSubstr("Model does not exist"));
}

constexpr char kKey[] = "sk-test-4Hq8Zr2Lw9";

class Aimock : public NpmTest {
 protected:
  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"node_modules/@copilotkit/aimock/dist/cli.js",
                                   "--port",
                                   "%PORT%",
                                   "--fixtures",
                                   "fixtures.json",
                                   "--chunk-size",
                                   "4"};
    words.insert(words.end(), more.begin(), more.end());
    serve("aimock", words, {std::string("AIMOCK_API_KEYS=") + kKey});
  }
  Finished run(const std::string& name, const std::vector<std::string>& more,
               const std::string& key = kKey) {
    auto words =
        remote_words(url("/v1"), {"--api-key-env", "TEST_KEY", "--out", folder_.path(name)});
    words.insert(words.end(), more.begin(), more.end());
    return evalrun(words, {"TEST_KEY=" + key});
  }
  void expect_answers(const std::string& name, std::size_t count) {
    const auto calls = calls_in(folder_.path(name));
    EXPECT_EQ(calls.size(), count);
    for (const CallRecord& call : calls)
      EXPECT_EQ(call.completion.text, "There are some.\nAnswer: 2");  // fixtures.json
  }
};

TEST_F(Aimock, AnswersInBothApisStreamedAndNot) {
  start();
  if (IsSkipped()) return;
  int i = 0;
  for (const std::vector<std::string>& how : {std::vector<std::string>{},
                                              {"--no-stream"},
                                              {"--api", "anthropic"},
                                              {"--api", "anthropic", "--no-stream"}}) {
    auto words = how;
    words.insert(words.end(), {"--limit", "5"});
    const std::string name = "run" + std::to_string(i++);
    const Finished done = run(name, words);
    ASSERT_EQ(done.exit, 0) << done.err << server_->log();
    expect_answers(name, 5);
  }
}

TEST_F(Aimock, RefusesAWrongKey) {
  start();
  if (IsSkipped()) return;
  const Finished done = run("run", {"--limit", "5"}, "sk-wrong-wrong");
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.err, HasSubstr("Invalid API key"));
}

// Its own idea of trouble: 500, cut connections and broken JSON.
TEST_F(Aimock, ItsChaosIsSurvived) {
  start({"--chaos-drop", "0.1", "--chaos-disconnect", "0.1", "--chaos-malformed", "0.1"});
  if (IsSkipped()) return;
  const Finished done = run("run", {"--limit", "100", "--max-retries", "20", "--timeout", "60"});
  ASSERT_EQ(done.exit, 0) << done.err;
  expect_answers("run", 100);
}

// Its 429 says "Retry-After: 1", and as OpenAI's do how long the window takes to be full again
// ("x-ratelimit-reset-tokens: 6m0s"). The first is when to ask again.
TEST_F(Aimock, ARetryAfterIsShorterThanTheWindow) {
  start({"--chaos-ratelimit", "0.1"});
  if (IsSkipped()) return;
  const Finished done = run("run", {"--limit", "50", "--max-retries", "20", "--timeout", "40"});
  ASSERT_EQ(done.exit, 0) << done.err;
  expect_answers("run", 50);
}

}  // namespace
}  // namespace evalrun
