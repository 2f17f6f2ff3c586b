// kill -9 in the middle of a remote run, and resumes: no finished call is sent, or paid for, again.
// The server counts.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

constexpr int kSamples = 200;
constexpr int kKillsWanted = 50;

// The answers that stand in calls.jsonl, by their text: a torn last line is none.
std::vector<std::string> finished_texts(const std::string& dir) {
  std::vector<std::string> texts;
  if (!std::filesystem::exists(dir + "/calls.jsonl")) return texts;
  for (const std::string& line : file_lines(dir + "/calls.jsonl")) {
    const auto call = nlohmann::json::parse(line, nullptr, false);
    if (call.is_object()) texts.push_back(call["text"]);
  }
  return texts;
}

class RemoteResume : public ::testing::Test {
 protected:
  std::vector<std::string> job_in(const std::string& dir) const {
    return remote_words(server_.url("/v1"),
                        {"--letters-count", std::to_string(kSamples), "--max-connections", "8",
                         "--start-connections", "8", "--out", dir});
  }

  // Starts or resumes the run in `dir`, kills it after `delay`; true if it ended before that.
  bool run_for(const std::string& dir, std::chrono::microseconds delay) {
    auto words = job_in(dir);
    if (std::filesystem::exists(dir + "/manifest.json")) words = {"resume", dir};
    const pid_t pid = start_evalrun(words, folder_.path("out"), folder_.path("err"));
    std::this_thread::sleep_for(delay);
    ::kill(pid, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status)) return false;
    EXPECT_EQ(WEXITSTATUS(status), 0) << file_text(folder_.path("err"));
    return true;
  }

  // Of each finished call: how often its request came. Once finished it must not grow.
  void note_finished(const std::string& dir, std::map<std::string, int>& sent) {
    const auto counts = server_.counts();
    for (const std::string& text : finished_texts(dir)) {
      const auto count = counts.find(text);  // the text is the hash of the request's body
      ASSERT_NE(count, counts.end()) << "an answer that the server did not give";
      const auto [before, is_new] = sent.emplace(text, count->second.received);
      ASSERT_EQ(before->second, count->second.received) << "sent again after it was finished";
    }
  }

  TestFolder folder_;
  // An answer takes 10 ms, so that a whole run takes about a third of a second.
  FaultServer server_{[](const FaultRequest& request) {
    Reply reply = answer(request);
    reply.delay_ms = 10;
    return reply;
  }};
};

TEST_F(RemoteResume, FiftyRandomKillsSendNoFinishedCallAgain) {
  std::mt19937 random(4);
  int kills = 0, kills_midway = 0, finished_before = 0;
  for (int run = 0; kills < kKillsWanted; ++run) {
    const std::string dir = folder_.path("run" + std::to_string(run));
    std::map<std::string, int> sent;  // of this run's finished calls
    const int requests_before = server_.totals().requests;
    std::uniform_int_distribution<int> delay_us(0, 250'000);
    while (!run_for(dir, std::chrono::microseconds(delay_us(random)))) {
      ++kills;
      ASSERT_NO_FATAL_FAILURE(note_finished(dir, sent));
      kills_midway += !sent.empty() && sent.size() < std::size_t(kSamples);
      finished_before = std::max(finished_before, int(sent.size()));
    }
    ASSERT_NO_FATAL_FAILURE(note_finished(dir, sent));
    EXPECT_EQ(sent.size(), std::size_t(kSamples));
    EXPECT_EQ(calls_in(dir).size(), std::size_t(kSamples));
    EXPECT_GE(server_.totals().requests - requests_before, kSamples);
  }
  EXPECT_GE(kills_midway, 10) << "kills that met a run at work";
  EXPECT_GT(finished_before, 0);
}

TEST_F(RemoteResume, ResumingAFinishedRunSendsNothing) {
  const std::string dir = folder_.path("run");
  ASSERT_EQ(evalrun(job_in(dir)).exit, 0);
  const int before = server_.totals().requests;
  EXPECT_EQ(before, kSamples);
  EXPECT_EQ(evalrun({"resume", dir}).exit, 0);
  EXPECT_EQ(server_.totals().requests, before);
}

}  // namespace
}  // namespace evalrun
