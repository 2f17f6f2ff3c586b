#include "runners/scripted.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <memory>
#include <utility>

namespace evalrun {
namespace {

std::int64_t count_words(std::string_view text) {
  std::int64_t words = 0;
  bool inside = false;
  for (unsigned char c : text) {
    const bool space = std::isspace(c) != 0;
    words += !space && !inside;
    inside = !space;
  }
  return words;
}

// Rules with a count of uses left; shared by the copies of the std::function.
class RuleScript {
 public:
  explicit RuleScript(std::vector<ScriptRule> rules) : rules_(std::move(rules)) {}

  Completion operator()(const Request& request) {
    Completion completion;
    const std::lock_guard lock(mu_);
    for (ScriptRule& rule : rules_) {
      if (rule.times <= 0 || !applies(rule, request)) continue;
      --rule.times;
      completion.text = rule.reply;
      completion.finish = rule.finish;
      completion.error = rule.error;
      return completion;
    }
    completion.finish = Finish::error;
    completion.error = "no rule of the script answers " + to_string(request.key);
    return completion;
  }

 private:
  static bool applies(const ScriptRule& rule, const Request& request) {
    const bool content = rule.contains.empty() ||
                         (!request.messages.empty() &&
                          request.messages.back().content.find(rule.contains) != std::string::npos);
    return content && glob_match(rule.path_glob, request.key.path);
  }

  std::mutex mu_;
  std::vector<ScriptRule> rules_;  // by mu_
};

}  // namespace

bool glob_match(std::string_view glob, std::string_view text) {
  std::size_t star = std::string_view::npos, mark = 0, g = 0, t = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      mark = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g, ++t;
    } else if (star != std::string_view::npos) {  // let the last star take one byte more
      g = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

ScriptedModel::ScriptedModel(Script script, ScriptedTiming timing)
    : script_(std::move(script)), timing_(timing), rng_(timing.seed) {
  for (int i = 0; i < timing_.threads; ++i) threads_.emplace_back([this] { work(); });
}

ScriptedModel::ScriptedModel(std::vector<ScriptRule> rules, ScriptedTiming timing)
    : ScriptedModel([script = std::make_shared<RuleScript>(std::move(rules))](
                        const Request& request) { return (*script)(request); },
                    timing) {}

ScriptedModel::~ScriptedModel() {
  const std::lock_guard lock(mu_);
  ending_ = true;
  changed_.notify_all();
}

std::future<Completion> ScriptedModel::submit(Request request) {
  std::promise<Completion> promise;
  std::future<Completion> future = promise.get_future();
  const bool at_once = threads_.empty();
  {
    const std::lock_guard lock(mu_);
    requests_.push_back(request);
    if (!at_once) waiting_.push_back({std::move(request), std::move(promise)});
  }
  if (at_once) {
    promise.set_value(answer(request));
  } else {
    changed_.notify_one();
  }
  return future;
}

std::vector<Request> ScriptedModel::requests() const {
  const std::lock_guard lock(mu_);
  return requests_;
}

Completion ScriptedModel::answer(const Request& request) const {
  Completion completion = script_(request);
  if (completion.usage == Usage{}) {
    for (const Message& message : request.messages)
      completion.usage.prompt += count_words(message.content);
    completion.usage.completion = count_words(completion.text);
  }
  return completion;
}

void ScriptedModel::work() {
  for (std::unique_lock lock(mu_);;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::swap(waiting_[rng_.below(waiting_.size())], waiting_.back());
    Waiting next = std::move(waiting_.back());
    waiting_.pop_back();
    const std::chrono::microseconds delay(rng_.below(std::uint64_t(timing_.delay_us_max) + 1));
    lock.unlock();
    std::this_thread::sleep_for(delay);
    next.promise.set_value(answer(next.request));
    lock.lock();
  }
}

}  // namespace evalrun
