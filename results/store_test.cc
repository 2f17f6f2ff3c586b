#include "results/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <string>
#include <thread>

#include "results/record_json.h"
#include "results/test_support.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kManifest = R"({"format":"evalrun-run/1","run":{}})";

CallRecord call(const std::string& sample, const std::string& text, Finish finish = Finish::stop) {
  CallRecord record;
  record.key = {"crux-o", sample, 0, "baseline", "answer"};
  record.completion.text = text;
  record.completion.finish = finish;
  return record;
}

SampleRecord sample(const std::string& id, const std::string& text,
                    const std::string& model_error = "") {
  return {"crux-o", id, 0, "baseline", {text, PromptForm::direct, {}}, model_error};
}

ScoreRecord score(const std::string& id, ScorerKind scorer) {
  return {"crux-o", id, 0, "baseline", scorer, Verdict::right, false, "", ""};
}

std::unique_ptr<RunFolder> created(const std::string& dir) {
  auto folder = RunFolder::create(dir, kManifest);
  EXPECT_TRUE(folder) << folder.error().message;
  return *std::move(folder);
}

std::string create_error(const std::string& dir) {
  const auto folder = RunFolder::create(dir, kManifest);
  return folder ? "no error" : folder.error().message;
}

std::string open_error(const std::string& dir, RunFolder::Mode mode = RunFolder::Mode::append) {
  const auto folder = RunFolder::open(dir, mode);
  return folder ? "no error" : folder.error().message;
}

TEST(RunFolder, KeepsWhatIsAppendedAcrossProcesses) {
  const TestFolder temp;
  const std::string dir = temp.path("runs/one");  // parents are made
  {
    const auto folder = created(dir);
    ASSERT_TRUE(folder->append(call("sample_0", "a")));
    ASSERT_TRUE(folder->append(sample("sample_0", "a")));
  }
  const auto again = RunFolder::open(dir, RunFolder::Mode::append);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_TRUE((*again)->append(call("sample_1", "b")));
  EXPECT_EQ((*again)->manifest(), kManifest);
  const auto reader = RunFolder::open(dir, RunFolder::Mode::read);
  ASSERT_TRUE(reader);
  const auto calls = (*reader)->calls();
  ASSERT_THAT(*calls, SizeIs(2));
  EXPECT_EQ((*calls)[0].completion.text, "a");
  EXPECT_EQ((*calls)[1].completion.text, "b");
  EXPECT_THAT(*(*reader)->samples(), SizeIs(1));
  EXPECT_THAT(*(*reader)->scores(), IsEmpty());
}

TEST(RunFolder, RefusesAFolderThatHoldsARun) {
  const TestFolder temp;
  created(temp.path());
  const auto second = RunFolder::create(temp.path(), kManifest);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Error::Kind::usage);
  EXPECT_THAT(second.error().message, HasSubstr("evalrun resume " + temp.path()));
}

TEST(RunFolder, RefusesAnotherFormatNamingBoth) {
  const TestFolder temp;
  temp.write("manifest.json", R"({"format":"evalrun-run/2"})");
  for (const auto mode : {RunFolder::Mode::read, RunFolder::Mode::append}) {
    EXPECT_THAT(open_error(temp.path(), mode), HasSubstr("\"evalrun-run/2\""));
    EXPECT_THAT(open_error(temp.path(), mode), HasSubstr("\"evalrun-run/1\""));
  }
  temp.write("manifest.json", R"({"name":"x"})");
  EXPECT_THAT(open_error(temp.path()), HasSubstr("manifest.json: format: is missing"));
  temp.write("manifest.json", "{");
  EXPECT_THAT(open_error(temp.path()), HasSubstr("manifest.json: not valid JSON"));
  EXPECT_FALSE(RunFolder::create(temp.path("new"), R"({"format":"evalrun-run/0"})"));
}

TEST(RunFolder, SaysThatAFolderHoldsNoRun) {
  const TestFolder temp;
  EXPECT_THAT(open_error(temp.path()), HasSubstr("holds no run"));
  EXPECT_THAT(open_error(temp.path("nowhere")), HasSubstr("holds no run"));
}

TEST(RunFolder, AHalfMadeFolderCanBeUsed) {
  const TestFolder temp;
  temp.write("lock", "4711\n");  // killed after the lock, before the manifest
  EXPECT_EQ(create_error(temp.path()), "no error");
}

TEST(RunFolder, UnwritablePlaceIsAnError) {
  const TestFolder temp;
  temp.write("file", "");
  EXPECT_THAT(create_error(temp.path("file")), HasSubstr(temp.path("file")));
  EXPECT_THAT(create_error(temp.path("file/below")), HasSubstr("Not a directory"));
}

TEST(RunFolder, FolderWithoutPermissionIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  const TestFolder temp;
  ::chmod(temp.path().c_str(), 0500);
  EXPECT_THAT(create_error(temp.path()), HasSubstr("Permission denied"));
  ::chmod(temp.path().c_str(), 0700);
}

TEST(RunFolder, TornLastLineIsLeftOutAndThenCutAtEachByte) {
  const std::string first = to_json_line(call("sample_0", "a")) + "\n";
  const std::string second = to_json_line(call("sample_1", "b")) + "\n";
  const TestFolder temp;
  created(temp.path());
  for (std::size_t n = 0; n < second.size(); ++n) {
    temp.write("calls.jsonl", first + second.substr(0, n));
    const auto reader = RunFolder::open(temp.path(), RunFolder::Mode::read);
    const auto calls = (*reader)->calls();
    ASSERT_TRUE(calls) << n << ": " << calls.error().message;
    EXPECT_THAT(*calls, SizeIs(1)) << n;
    EXPECT_EQ(slurp(temp.path("calls.jsonl")).size(), first.size() + n)
        << "a reader changes nothing";

    const auto writer = RunFolder::open(temp.path(), RunFolder::Mode::append);
    ASSERT_TRUE((*writer)->append(call("sample_1", "b")));
    EXPECT_EQ(slurp(temp.path("calls.jsonl")), first + second) << n;
  }
}

TEST(RunFolder, ABadLineElsewhereIsNamed) {
  const TestFolder temp;
  const auto folder = created(temp.path());
  const std::string good = to_json_line(call("sample_0", "a")) + "\n";
  temp.write("calls.jsonl", good + "{\"suite\": \"crux-o\"}\n" + good);
  EXPECT_EQ(folder->calls().error().message, temp.path("calls.jsonl") + ":2: sample: is missing");
  temp.write("samples.jsonl", "\n");
  EXPECT_THAT(folder->samples().error().message, HasSubstr("samples.jsonl:1: not valid JSON"));
  temp.write("scores.jsonl", to_json_line(score("sample_0", ScorerKind::strict)));
  EXPECT_THAT(folder->scores().error().message, HasSubstr("scores.jsonl:1: the file ends"));
}

TEST(RunFolder, SecondProcessIsToldWhoHasTheFolder) {
  const TestFolder temp;
  const auto folder = created(temp.path());
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string expected = temp.path() + " is in use by process " + std::to_string(parent);
    const bool refused =
        open_error(temp.path()) == expected && create_error(temp.path()) == expected;
    const bool readable = open_error(temp.path(), RunFolder::Mode::read) == "no error";
    ::_exit(refused && readable ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(RunFolder, LockEndsWithTheFolderEvenIfAForkedChildLives) {
  const TestFolder temp;
  auto folder = created(temp.path());
  const pid_t child = ::fork();  // has the descriptors too, as a sandbox's helper would
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  folder.reset();
  EXPECT_EQ(open_error(temp.path()), "no error");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(RunFolder, LockEndsWithAKilledProcess) {
  const TestFolder temp;
  created(temp.path());
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto folder = RunFolder::open(temp.path(), RunFolder::Mode::append);
    const char byte = folder ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) == 1) ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_THAT(open_error(temp.path()), EndsWith("in use by process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(open_error(temp.path()), "no error");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(RunFolder, FullDiskIsAnErrorThatStays) {
  const TestFolder temp;
  created(temp.path());
  std::filesystem::remove(temp.path("calls.jsonl"));
  std::filesystem::create_symlink("/dev/full", temp.path("calls.jsonl"));
  const auto folder = RunFolder::open(temp.path(), RunFolder::Mode::append);
  ASSERT_TRUE(folder) << folder.error().message;
  for (int i = 0; i < 2; ++i) {
    const Status status = (*folder)->append(call("sample_0", "a"));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, Error::Kind::system);
    EXPECT_THAT(status.error().message, HasSubstr("calls.jsonl: No space left on device"));
  }
  EXPECT_TRUE((*folder)->append(sample("sample_0", "a"))) << "the other journal is not affected";
}

// A write that stops in the middle of a line: the line is taken back.
TEST(RunFolder, ShortWriteLeavesWholeLinesOnly) {
  const TestFolder temp;
  const auto folder = created(temp.path());
  ASSERT_TRUE(folder->append(call("sample_0", "a")));
  const std::string before = slurp(temp.path("calls.jsonl"));
  struct rlimit old_limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit { before.size() + 20, old_limit.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status failed = folder->append(call("sample_1", "b"));
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("File too large"));
  EXPECT_EQ(slurp(temp.path("calls.jsonl")), before);
  EXPECT_FALSE(folder->append(call("sample_1", "b"))) << "there is room again, but the error stays";
}

TEST(RunFolder, AppendsOfEightThreadsAreAllReadable) {
  const TestFolder temp;
  const auto folder = created(temp.path());
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const std::string id = std::to_string(t) + "_" + std::to_string(i);
          EXPECT_TRUE(folder->append(call(id, std::string(std::size_t(i) * 13, 'x'))));
          EXPECT_TRUE(folder->append(sample(id, id)));
        }
      });
  }
  std::set<std::string> ids;
  const auto calls = folder->calls();
  ASSERT_TRUE(calls) << calls.error().message;
  for (const CallRecord& record : *calls) ids.insert(record.key.sample);
  EXPECT_THAT(ids, SizeIs(kThreads * kEach));
  EXPECT_THAT(*folder->samples(), SizeIs(kThreads * kEach));
}

TEST(RunFolder, ScoresAreTheSameBytesInAnyOrder) {
  const TestFolder temp;
  const auto folder = created(temp.path());
  std::vector<ScoreRecord> scores{score("sample_1", ScorerKind::strict),
                                  score("sample_0", ScorerKind::strict),
                                  score("sample_0", ScorerKind::official)};
  ASSERT_TRUE(folder->replace_scores(scores));
  const std::string first = slurp(temp.path("scores.jsonl"));
  std::swap(scores[0], scores[2]);
  ASSERT_TRUE(folder->replace_scores(scores));
  EXPECT_EQ(slurp(temp.path("scores.jsonl")), first);
  const auto read = folder->scores();
  ASSERT_THAT(*read, SizeIs(3));
  EXPECT_EQ((*read)[0].sample, "sample_0");
  EXPECT_EQ((*read)[0].scorer, ScorerKind::official);
  EXPECT_EQ((*read)[2].sample, "sample_1");
  ASSERT_TRUE(folder->replace_scores({}));
  EXPECT_THAT(*folder->scores(), IsEmpty());
}

TEST(LatestCalls, TheLastThatDidNotFailCounts) {
  const auto latest = latest_calls({call("a", "1"), call("b", "", Finish::error), call("a", "2"),
                                    call("a", "", Finish::error), call("c", "3")});
  ASSERT_THAT(latest, SizeIs(2));  // b never finished
  EXPECT_EQ(latest[0].completion.text, "2");
  EXPECT_EQ(latest[1].completion.text, "3");
}

TEST(LatestCalls, EveryPartOfTheKeyCounts) {
  std::vector<CallRecord> calls(6, call("a", ""));
  calls[1].key.suite = "crux-i";
  calls[2].key.sample = "b";
  calls[3].key.epoch = 1;
  calls[4].key.strategy = "cot";
  calls[5].key.path = "answer=1";
  EXPECT_THAT(latest_calls(calls), SizeIs(6));
}

TEST(LatestSamples, AnAnswerCountsMoreThanAnError) {
  const auto latest = latest_samples({sample("a", "1"), sample("a", "", "timeout"),
                                      sample("b", "", "first"), sample("b", "", "second"),
                                      sample("c", "", "x"), sample("c", "3"), sample("c", "4")});
  ASSERT_THAT(latest, SizeIs(3));
  EXPECT_EQ(latest[0].answer.text, "1");
  EXPECT_EQ(latest[1].model_error, "second");
  EXPECT_EQ(latest[2].answer.text, "4");
}

}  // namespace
}  // namespace evalrun
