#include "runners/scripted.h"

#include <gtest/gtest.h>

#include <set>

namespace evalrun {
namespace {

Request request_of(std::string path, std::string text) {
  Request request;
  request.key.path = std::move(path);
  request.messages = {{Role::system, "two words"}, {Role::user, std::move(text)}};
  return request;
}

TEST(GlobMatch, StarsMatchAnyRun) {
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("candidate=*/plan=*", "candidate=1/plan=2/execute"));
  EXPECT_TRUE(glob_match("*/execute", "candidate=1/plan=2/execute"));
  EXPECT_TRUE(glob_match("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(glob_match("*/execute", "candidate=1/plan=2"));
  EXPECT_FALSE(glob_match("a*b", "a-b-"));
  EXPECT_FALSE(glob_match("", "a"));
  EXPECT_TRUE(glob_match("", ""));
}

TEST(ScriptedModel, TheFirstRuleThatAppliesAnswers) {
  ScriptedModel model(std::vector<ScriptRule>{{.path_glob = "rate*", .reply = "1"},
                                              {.contains = "sum", .reply = "2"},
                                              {.path_glob = "x", .reply = "3"}});
  EXPECT_EQ(model.submit(request_of("rate/1", "sum")).get().text, "1");
  EXPECT_EQ(model.submit(request_of("x", "a sum of")).get().text, "2");
  EXPECT_EQ(model.submit(request_of("x", "other")).get().text, "3");
}

TEST(ScriptedModel, NoRuleIsAFailedCall) {
  ScriptedModel model(std::vector<ScriptRule>{{.path_glob = "x", .reply = "3"}});
  const Completion completion = model.submit(request_of("y", "")).get();
  EXPECT_EQ(completion.finish, Finish::error);
  EXPECT_NE(completion.error.find("/y"), std::string::npos) << completion.error;
}

TEST(ScriptedModel, ARuleCanBeUsedUp) {
  ScriptedModel model(std::vector<ScriptRule>{
      {.finish = Finish::error, .error = "busy", .times = 2}, {.reply = "ok"}});
  EXPECT_EQ(model.submit(request_of("x", "")).get().error, "busy");
  EXPECT_EQ(model.submit(request_of("x", "")).get().error, "busy");
  EXPECT_EQ(model.submit(request_of("x", "")).get().text, "ok");
}

TEST(ScriptedModel, CountsWordsAsTokensUnlessTheScriptDoes) {
  ScriptedModel words(std::vector<ScriptRule>{{.reply = " one  two\nthree "}});
  EXPECT_EQ(words.submit(request_of("x", "three more words")).get().usage,
            (Usage{.prompt = 5, .completion = 3}));
  ScriptedModel stated([](const Request&) {
    Completion completion;
    completion.usage = {.prompt = 9, .completion = 9};
    return completion;
  });
  EXPECT_EQ(stated.submit(request_of("x", "a")).get().usage, (Usage{.prompt = 9, .completion = 9}));
}

TEST(ScriptedModel, ThreadsAnswerEveryRequestAlsoAtTheEnd) {
  std::vector<std::future<Completion>> futures;
  {
    ScriptedModel model(
        [](const Request& request) {
          Completion completion;
          completion.text = request.key.path;
          return completion;
        },
        {.threads = 3, .seed = 5, .delay_us_max = 50});
    for (int i = 0; i < 40; ++i) futures.push_back(model.submit(request_of(std::to_string(i), "")));
    EXPECT_EQ(model.requests().size(), 40u);
  }
  for (int i = 0; i < 40; ++i) EXPECT_EQ(futures[i].get().text, std::to_string(i));
}

TEST(ScriptedModel, TheSeedShufflesTheOrderOfCompletion) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mutex mu;
    std::string order;
    std::promise<void> all_there;
    std::shared_future<void> go = all_there.get_future().share();
    {
      ScriptedModel model(
          [&](const Request& request) {
            go.wait();
            const std::lock_guard lock(mu);
            order += request.key.path;
            return Completion();
          },
          {.threads = 1, .seed = seed});
      std::vector<std::future<Completion>> futures;
      for (const char* path : {"a", "b", "c", "d", "e"})
        futures.push_back(model.submit(request_of(path, "")));
      all_there.set_value();
    }
    orders.insert(order);
  }
  EXPECT_GT(orders.size(), 5u);
}

}  // namespace
}  // namespace evalrun
