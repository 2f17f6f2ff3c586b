#include "runners/caller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>

#include "harness/core/hash.h"
#include "runners/testing.h"

namespace evalrun {
namespace {

using testing::hashed_reply;
using testing::MapJournal;
using testing::sample_key;

CallSpec spec_of(std::string path, std::string text = "hello") {
  return {std::move(path), "answer", {{Role::user, std::move(text)}}, {}, 16, 0.5, 0.9};
}

ScriptedModel always(Completion completion) {
  return ScriptedModel([completion](const Request&) { return completion; });
}

TEST(Caller, NamesSeedsAndPassesOnTheRequest) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model, .run_seed = 7}, {"s", "x", 2, "cot", "ignored"});
  caller.call({"answer", "answer", {{Role::user, "q"}}, {"END"}, 16, 0.5, 0.9});
  const Request request = model.requests().at(0);
  EXPECT_EQ(request.key, (CallKey{"s", "x", 2, "cot", "answer"}));
  EXPECT_EQ(request.seed, derive_seed(7, {"s", "x", "2", "cot", "answer"}));
  EXPECT_EQ(request.messages, (std::vector<Message>{{Role::user, "q"}}));
  EXPECT_EQ(request.stop, std::vector<std::string>{"END"});
  EXPECT_EQ(request.max_tokens, 16);
  EXPECT_EQ(request.temperature, 0.5);
  EXPECT_EQ(request.top_p, 0.9);
}

TEST(Caller, SeedsDifferByPathSampleEpochStrategyAndRun) {
  ScriptedModel model(hashed_reply);
  const auto ask = [&](std::uint64_t seed, CallKey prefix, std::string path) {
    Caller caller({.model = &model, .run_seed = seed}, std::move(prefix));
    caller.call(spec_of(std::move(path)));
  };
  ask(1, {"s", "x", 0, "cot", ""}, "a");
  ask(1, {"s", "x", 0, "cot", ""}, "b");
  ask(1, {"s", "y", 0, "cot", ""}, "a");
  ask(1, {"s", "x", 1, "cot", ""}, "a");
  ask(1, {"s", "x", 0, "cepo", ""}, "a");
  ask(1, {"t", "x", 0, "cot", ""}, "a");
  ask(2, {"s", "x", 0, "cot", ""}, "a");
  std::set<std::uint64_t> seeds;
  for (const Request& request : model.requests()) seeds.insert(request.seed);
  EXPECT_EQ(seeds.size(), 7u);
}

TEST(RequestSha256, ChangesWithEachFieldThatCanChangeTheText) {
  const Request base{{}, {{Role::user, "ab"}, {Role::user, "c"}}, {"x"}, 8, 0.5, 0.9, 1};
  std::vector<Request> all(10, base);
  all[1].messages[0].content = "a";
  all[1].messages[1].content = "bc";  // the same bytes, cut elsewhere
  all[2].messages[0].role = Role::system;
  all[3].stop = {};
  all[4].messages.pop_back();
  all[5].max_tokens = 9;
  all[6].temperature = 0.5000000000000001;
  all[7].top_p = 1;
  all[8].seed = 2;
  all[9].stop = {"x", ""};
  std::set<std::string> hashes;
  for (const Request& request : all) hashes.insert(request_sha256(request));
  EXPECT_EQ(hashes.size(), all.size());
}

TEST(RequestSha256, DoesNotDependOnTheKey) {
  Request a, b;
  b.key.path = "elsewhere";
  EXPECT_EQ(request_sha256(a), request_sha256(b));
}

TEST(Caller, TheJournalAnswersBeforeTheModel) {
  ScriptedModel model(hashed_reply);
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal};
  const std::string first = Caller(context, sample_key("cot")).call(spec_of("a")).text;
  const std::string second = Caller(context, sample_key("cot")).call(spec_of("a")).text;
  EXPECT_EQ(first, second);
  EXPECT_EQ(model.requests().size(), 1u);
  EXPECT_EQ(journal.records().size(), 1u);
}

TEST(Caller, AChangedPromptIsAskedAgain) {
  ScriptedModel model(hashed_reply);
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal};
  Caller(context, sample_key("cot")).call(spec_of("a", "old prompt"));
  Caller(context, sample_key("cot")).call(spec_of("a", "new prompt"));
  EXPECT_EQ(model.requests().size(), 2u);
}

TEST(Caller, TextIsRepairedBeforeItIsKept) {
  Completion broken;
  broken.text = "caf\xe9 \xff";
  ScriptedModel model = always(broken);
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal};
  const std::string live = Caller(context, sample_key("cot")).call(spec_of("a")).text;
  const std::string replay = Caller(context, sample_key("cot")).call(spec_of("a")).text;
  EXPECT_EQ(live, "caf\xef\xbf\xbd \xef\xbf\xbd");
  EXPECT_EQ(journal.records().at(0).completion.text, live);
  EXPECT_EQ(replay, live);
}

TEST(Caller, AFailedCallThrowsAndIsAskedAgainInTheNextRun) {
  ScriptedModel model(std::vector<ScriptRule>{
      {.finish = Finish::error, .error = "connection lost", .times = 1}, {.reply = "fine"}});
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal};
  Caller first(context, sample_key("cot"));
  try {
    first.call(spec_of("a"));
    FAIL() << "no exception";
  } catch (const CallFailed& e) {
    EXPECT_STREQ(e.what(), "a: connection lost");
  }
  EXPECT_TRUE(journal.records().empty());
  EXPECT_TRUE(first.ledger().empty());
  EXPECT_EQ(Caller(context, sample_key("cot")).call(spec_of("a")).text, "fine");
}

TEST(Caller, AnErrorInTheJournalIsNoAnswer) {
  ScriptedModel model(hashed_reply);
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal};
  Caller(context, sample_key("cot")).call(spec_of("a"));
  CallRecord record = journal.records().at(0);
  record.completion.finish = Finish::error;
  MapJournal with_error({record});
  Caller again({.model = &model, .journal = &with_error}, sample_key("cot"));
  EXPECT_EQ(again.call(spec_of("a")).finish, Finish::stop);
  EXPECT_EQ(model.requests().size(), 2u);
}

TEST(Caller, ABrokenPromiseIsAFailedCall) {
  struct Vanishing : Model {
    std::future<Completion> submit(Request) override {
      return std::promise<Completion>().get_future();
    }
  } model;
  Caller caller({.model = &model}, sample_key("cot"));
  EXPECT_THROW(caller.call(spec_of("a")), CallFailed);
}

TEST(Caller, JournalErrorsPassThrough) {
  ScriptedModel model(hashed_reply);
  MapJournal journal;
  journal.appends_max = 0;
  Caller caller({.model = &model, .journal = &journal}, sample_key("cot"));
  EXPECT_THROW(caller.call(spec_of("a")), JournalError);
}

TEST(CallerDeathTest, APathIsUsedOnce) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cot"));
  caller.call(spec_of("a"));
  EXPECT_DEATH(caller.call(spec_of("a")), "is_first_use");
}

TEST(CallerDeathTest, OnlyFinishedCallsAreDiscarded) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cot"));
  EXPECT_DEATH(caller.discard("a"), "found");
}

TEST(Caller, TheLedgerIsSortedAndShowsWhatWasDiscarded) {
  Completion completion;
  completion.usage = {.prompt = 5, .completion = 3};
  completion.finish = Finish::length;
  ScriptedModel model = always(completion);
  Caller caller({.model = &model}, sample_key("cot"));
  for (const char* path : {"b", "a=10", "a=9"}) caller.call(spec_of(path));
  caller.discard("a=10");
  const Usage usage{.prompt = 5, .completion = 3};
  // The calls were made one after the other; their prompts are the same.
  const std::vector<StepUse> expected = {
      {"a=9", "answer", usage, Finish::length, false, {{1}}, 2, 5},
      {"a=10", "answer", usage, Finish::length, true, {{2}}, 2, 5},
      {"b", "answer", usage, Finish::length, false, {{}}, -1, 0}};
  EXPECT_EQ(caller.ledger(), expected);
}

TEST(Caller, ObserversSeeLiveReplayedAndFailedCalls) {
  struct Log : CallObserver {
    void started(const Request& request, std::string_view step) override {
      lines.push_back("start " + request.key.path + " " + std::string(step));
    }
    void finished(const Request& request, std::string_view, const Completion& completion,
                  bool replayed) override {
      lines.push_back("end " + request.key.path + " " + completion.text + completion.error +
                      (replayed ? " replayed" : ""));
    }
    std::vector<std::string> lines;
  } log;
  ScriptedModel model(std::vector<ScriptRule>{{.path_glob = "a", .reply = "yes"},
                                              {.finish = Finish::error, .error = "no"}});
  MapJournal journal;
  const CallerContext context{.model = &model, .journal = &journal, .observer = &log};
  Caller(context, sample_key("cot")).call(spec_of("a"));
  Caller(context, sample_key("cot")).call(spec_of("a"));
  EXPECT_THROW(Caller(context, sample_key("cot")).call(spec_of("b")), CallFailed);
  const std::vector<std::string> expected = {"start a answer", "end a yes",
                                             "start a answer", "end a yes replayed",
                                             "start b answer", "end b no"};
  EXPECT_EQ(log.lines, expected);
}

TEST(FanOut, ResultsComeByIndexWhoeverIsFirst) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cot"));
  std::barrier all_here(4);  // also shows that the branches run side by side
  const std::vector<int> results = caller.fan_out(4, [&](int i) {
    all_here.arrive_and_wait();
    return i * i;
  });
  EXPECT_EQ(results, (std::vector<int>{0, 1, 4, 9}));
  EXPECT_TRUE(caller.fan_out(0, [](int i) { return i; }).empty());
}

TEST(FanOut, OneBranchRunsOnTheCallingThread) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cot"));
  const auto ids = caller.fan_out(1, [](int) { return std::this_thread::get_id(); });
  EXPECT_EQ(ids.at(0), std::this_thread::get_id());
}

TEST(FanOut, TheLowestIndexThrowsAfterAllHaveEnded) {
  ScriptedModel model(hashed_reply);
  Caller caller({.model = &model}, sample_key("cot"));
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> ended = 0;
    try {
      caller.fan_out(5, [&](int i) {
        if (i == 1) std::this_thread::yield();  // so that 3 tends to throw first
        ++ended;
        if (i == 1 || i == 3) throw CallFailed("branch " + std::to_string(i));
        return i;
      });
      FAIL() << "no exception";
    } catch (const CallFailed& e) {
      EXPECT_STREQ(e.what(), "branch 1");
    }
    EXPECT_EQ(ended, 5);
  }
}

}  // namespace
}  // namespace evalrun
