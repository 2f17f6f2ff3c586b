// ScriptedModel: a target whose answers a test or a bench writes down. Answers at once, or from
// threads that shuffle the order of completion.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/core/model.h"
#include "harness/core/rng.h"

namespace evalrun {

// One rule of a script. A rule applies when all it says about the request holds.
struct ScriptRule {
  std::string path_glob = "*";  // over CallKey::path; '*' is any run of bytes, '/' too
  std::string contains = {};    // in the last message; "" is in every one
  std::string reply = {};
  Finish finish = Finish::stop;
  std::string error = {};                       // with finish == error
  int times = std::numeric_limits<int>::max();  // then the rule is used up (a passing failure)
};

// When and where a ScriptedModel answers.
struct ScriptedTiming {
  int threads = 0;         // 0: in submit, on the caller's thread
  std::uint64_t seed = 0;  // which waiting request is next, and how long it takes
  int delay_us_max = 0;    // each answer takes up to this much
};

// True when `text` matches: '*' stands for any run of bytes, every other byte for itself.
bool glob_match(std::string_view glob, std::string_view text);

// Replies a function of the request (thread-safe, if timing.threads > 1 or callers are several).
// Where a reply states no usage, the prompt counts one token a word of the messages, the completion
// one a word of the text. Thread-safe. Destruction waits for the answers that are still due.
class ScriptedModel : public Model {
 public:
  using Script = std::function<Completion(const Request&)>;

  explicit ScriptedModel(Script script, ScriptedTiming timing = {});
  // The first rule that applies answers; none: finish error, and its text says which path.
  explicit ScriptedModel(std::vector<ScriptRule> rules, ScriptedTiming timing = {});
  ~ScriptedModel() override;

  std::future<Completion> submit(Request request) override;

  // Every request so far, in the order of submission.
  std::vector<Request> requests() const;

 private:
  struct Waiting {
    Request request;
    std::promise<Completion> promise;
  };

  Completion answer(const Request& request) const;
  void work();

  const Script script_;
  const ScriptedTiming timing_;

  mutable std::mutex mu_;
  std::condition_variable changed_;  // waiting_ or ending_
  std::vector<Request> requests_;    // by mu_
  std::vector<Waiting> waiting_;     // by mu_
  Rng rng_;                          // by mu_
  bool ending_ = false;              // by mu_

  std::vector<std::jthread> threads_;  // last: they use all above
};

}  // namespace evalrun
