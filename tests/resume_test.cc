// kill -9 at any moment, resume: nothing is lost, no finished call is repeated, and the results
// are the bytes of an undisturbed run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/program.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kJob{"--suite", "letters", "--strategy", "cepo",
                                    "--limit", "8",       "--seed",     "5"};
constexpr int kKillsWanted = 50;

std::vector<std::string> job_in(const std::string& dir) {
  auto words = kJob;
  words.insert(words.end(), {"--out", dir});
  return words;
}

// How often each call key has a line. A torn last line is no line.
std::map<std::string, int> call_counts(const std::string& dir) {
  std::map<std::string, int> counts;
  for (const std::string& line : file_lines(dir + "/calls.jsonl")) {
    const auto call = nlohmann::json::parse(line, nullptr, false);
    if (!call.is_discarded())
      ++counts[call["sample"].dump() + call["strategy"].dump() + call["path"].dump()];
  }
  return counts;
}

// Starts the job, or resumes it, and kills it after `delay`. True if it ended before that.
bool run_for(const std::string& dir, std::chrono::microseconds delay, const TestFolder& logs) {
  const bool started = std::filesystem::exists(dir + "/manifest.json");
  const auto words = started ? std::vector<std::string>{"resume", dir} : job_in(dir);
  const pid_t pid = start_evalrun(words, logs.path("out"), logs.path("err"));
  std::this_thread::sleep_for(delay);
  ::kill(pid, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  if (!WIFEXITED(status)) return false;
  EXPECT_EQ(WEXITSTATUS(status), 0) << file_text(logs.path("err"));
  return true;
}

TEST(Resume, FiftyRandomKillsChangeNothing) {
  const TestFolder folder;
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(evalrun(job_in(folder.path("undisturbed"))).exit, 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - start;
  std::mt19937 random(20);
  int kills = 0, runs = 0;
  while (kills < kKillsWanted) {
    const std::string dir = folder.path("killed" + std::to_string(runs++));
    // Delays up to a part of a whole run: a handful of kills before each job is done.
    std::uniform_real_distribution<double> delay(0, whole.count() / 4);
    while (!run_for(dir, std::chrono::microseconds(int(delay(random) * 1e6)), folder)) ++kills;
    EXPECT_EQ(evalrun({"resume", dir}).exit, 0);
    for (const char* file : {"samples.jsonl", "scores.jsonl"})
      ASSERT_EQ(file_text(dir + "/" + file), file_text(folder.path("undisturbed/") + file)) << file;
    const auto counts = call_counts(dir);
    for (const auto& [key, count] : counts) ASSERT_EQ(count, 1) << key << " was paid for twice";
    ASSERT_EQ(counts.size(), call_counts(folder.path("undisturbed")).size());
  }
  RecordProperty("kills", kills);
}

TEST(Resume, ATornLastLineIsDroppedAndAskedAgain) {
  const TestFolder folder;
  const std::string dir = folder.path("run");
  ASSERT_EQ(evalrun(job_in(dir)).exit, 0);
  const std::string samples = file_text(dir + "/samples.jsonl"),
                    calls = file_text(dir + "/calls.jsonl");
  for (std::size_t cut : {std::size_t(1), calls.size() / 3, calls.size() - 1}) {
    std::filesystem::resize_file(dir + "/calls.jsonl", cut);
    std::filesystem::resize_file(dir + "/samples.jsonl", samples.size() / 2);
    ASSERT_EQ(evalrun({"resume", dir}).exit, 0);
    EXPECT_EQ(file_text(dir + "/samples.jsonl"), samples);
  }
}

TEST(Resume, TwoProcessesNeverWriteOneFolder) {
  const TestFolder folder;
  const std::string dir = folder.path("run");
  auto words = job_in(dir);
  words[5] = "200";  // --limit: long enough to be under way when the second one comes
  const pid_t first = start_evalrun(words, folder.path("out"), folder.path("err"));
  for (int i = 0; i < 500 && !std::filesystem::exists(dir + "/calls.jsonl"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Finished second = evalrun({"resume", dir});
  ::kill(first, SIGKILL);
  ::waitpid(first, nullptr, 0);
  EXPECT_EQ(second.exit, 3);
  EXPECT_THAT(second.err, HasSubstr("in use"));
  EXPECT_THAT(second.err, HasSubstr(std::to_string(first)));
}

TEST(Resume, AChangedDatasetIsRefusedByName) {
  const TestFolder folder;
  const std::string data = folder.path("own.jsonl");
  const char* row =
      R"({"code": "def f(x):\n    return x", "input": "1", "output": "1", "id": "a"})";
  std::ofstream(data) << row << "\n";
  const std::string dir = folder.path("run");
  ASSERT_EQ(evalrun({"--suite", "crux-o", "--data", data, "--out", dir}).exit, 0);
  std::ofstream(data) << row << " \n";
  const Finished refused = evalrun({"resume", dir});
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.err, HasSubstr("dataset_sha256"));
}

}  // namespace
}  // namespace evalrun
