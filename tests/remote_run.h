// What the tests of --target remote share: the words of a small run, and what it left behind.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "tests/program.h"

namespace evalrun {

// {"--suite", "letters", "--strategy", "baseline", "--target", "remote", "--model", "mock",
// "--base-url", base_url} and `more`.
std::vector<std::string> remote_words(const std::string& base_url,
                                      const std::vector<std::string>& more = {});

// calls.jsonl and samples.jsonl of a run folder; fails the test when they cannot be read.
std::vector<CallRecord> calls_in(const std::string& dir);
std::vector<SampleRecord> samples_in(const std::string& dir);

// What baseline asks for each sample of `letters` (the last message), by the sample's id.
std::map<std::string, std::string> letters_questions(int count);

// Content of the last message of an OpenAI request body; "" if there is none.
std::string last_message(const std::string& body);

// All files below a folder, by name, with their bytes. A folder that is not there has none.
std::map<std::string, std::string> files_below(const std::string& dir);

}  // namespace evalrun
