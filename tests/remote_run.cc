#include "tests/remote_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "results/store.h"
#include "tasks/letters.h"

namespace evalrun {

namespace {

template <typename Record>
std::vector<Record> records_in(const std::string& dir,
                               Result<std::vector<Record>> (RunFolder::*read)() const) {
  const auto folder = RunFolder::open(dir, RunFolder::Mode::read);
  EXPECT_TRUE(folder) << folder.error().message;
  if (!folder) return {};
  auto records = (**folder.*read)();
  EXPECT_TRUE(records) << records.error().message;
  return records ? *std::move(records) : std::vector<Record>();
}

}  // namespace

std::vector<std::string> remote_words(const std::string& base_url,
                                      const std::vector<std::string>& more) {
  std::vector<std::string> words{"--suite", "letters", "--strategy", "baseline",   "--target",
                                 "remote",  "--model", "mock",       "--base-url", base_url};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<CallRecord> calls_in(const std::string& dir) {
  return records_in(dir, &RunFolder::calls);
}

std::vector<SampleRecord> samples_in(const std::string& dir) {
  return records_in(dir, &RunFolder::samples);
}

std::map<std::string, std::string> letters_questions(int count) {
  SuiteOptions options;
  options.letters_count = count;
  const auto suite = load_letters(options);
  EXPECT_TRUE(suite) << suite.error().message;
  std::map<std::string, std::string> questions;
  if (suite)
    for (const Sample& sample : suite->samples)
      questions[sample.id] = sample.direct.messages.back().content;
  return questions;
}

std::string last_message(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("messages") || json["messages"].empty()) return "";
  return json["messages"].back().value("content", "");
}

std::map<std::string, std::string> files_below(const std::string& dir) {
  std::map<std::string, std::string> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir, absent))
    if (entry.is_regular_file()) files[entry.path()] = file_text(entry.path());
  return files;
}

}  // namespace evalrun
