// What the tests and the bench of runners share: a journal in memory, a small sample, short
// prompts, and a script whose replies depend on all that a request holds.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "runners/caller.h"
#include "runners/scripted.h"
#include "runners/strategies/cepo_prompts.h"

namespace evalrun::testing {

// Keeps records in order. After `appends_max` of them it throws, as a run folder on a full disk
// does; for the calls that come after, that is a killed run.
class MapJournal : public CallJournal {
 public:
  MapJournal() = default;
  explicit MapJournal(std::vector<CallRecord> records) : records_(std::move(records)) {}

  std::optional<Completion> find(const CallKey& key, const std::string& sha256) override {
    const std::lock_guard lock(mu_);
    for (const CallRecord& record : records_) {
      if (record.key == key && record.request_sha256 == sha256) return record.completion;
    }
    return std::nullopt;
  }
  void append(const CallRecord& record) override {
    const std::lock_guard lock(mu_);
    if (appends_ == appends_max) throw JournalError("no space left");
    ++appends_;
    records_.push_back(record);
  }
  std::vector<CallRecord> records() const {
    const std::lock_guard lock(mu_);
    return records_;
  }

  int appends_max = -1;  // -1: no limit. Set before use

 private:
  mutable std::mutex mu_;
  std::vector<CallRecord> records_;  // by mu_
  int appends_ = 0;                  // by mu_
};

inline Sample make_sample() {
  Sample sample;
  sample.id = "sample_7";
  sample.suite = "crux-o";
  sample.question = "What is f(3)?";
  sample.direct.messages = {{Role::system, "Be brief."}, {Role::user, "What is f(3)? Tagged."}};
  sample.direct.stop = {"[/ANSWER]"};
  sample.cot.messages = {{Role::user, "What is f(3)? Think first."}};
  return sample;
}

inline CallKey sample_key(const std::string& strategy) {
  return {"crux-o", "sample_7", 0, strategy, ""};
}

inline CepoPrompts short_prompts() {
  CepoPrompts prompts;
  prompts.plan = "PLAN {question} AGAIN {question}";
  prompts.plan_approach = "PLAN {question} BY {approach}";
  prompts.execute = "EXECUTE";
  prompts.review = "REVIEW {count}\n{responses}\nOF {question}";
  prompts.final = "FINAL {solution} FOR {task}";
  prompts.rate_absolute = "RATE {response} OF {question}";
  prompts.rate_pairwise = "COMPARE {response_0} WITH {response_1} OF {question}";
  prompts.diversity = "GIVE {count} FOR {question}";
  return prompts;
}

// "text of PATH HASH", where HASH changes with anything in the request: had a step been fed
// another text, all texts after it would differ. Judges are answered in their format.
inline Completion hashed_reply(const Request& request) {
  const std::string hash = request_sha256(request).substr(0, 12);
  const std::string& path = request.key.path;
  Completion completion;
  completion.text = "text of " + path + " " + hash;
  const int number = hash[0] % 8 + 1;
  if (path.starts_with("rate/candidate"))
    completion.text = "Fine. Rating: [[" + std::to_string(number) + "]]";
  if (path.starts_with("rate/pair"))
    completion.text = "Better Response: [[" + std::to_string(number % 2) + "]]";
  return completion;
}

// hashed_reply, but the calls of these paths are cut off.
inline ScriptedModel::Script cut_off_at(std::set<std::string> paths) {
  return [paths = std::move(paths)](const Request& request) {
    Completion completion = hashed_reply(request);
    if (paths.contains(request.key.path)) completion.finish = Finish::length;
    return completion;
  };
}

// hashed_reply, but the calls whose paths match a glob have these texts.
inline ScriptedModel::Script with_texts(std::vector<std::pair<std::string, std::string>> texts) {
  return [texts = std::move(texts)](const Request& request) {
    Completion completion = hashed_reply(request);
    for (const auto& [glob, text] : texts) {
      if (glob_match(glob, request.key.path)) completion.text = text;
    }
    return completion;
  };
}

inline std::set<std::string> paths_of(const std::vector<Request>& requests) {
  std::set<std::string> paths;
  for (const Request& request : requests) paths.insert(request.key.path);
  return paths;
}

}  // namespace evalrun::testing
