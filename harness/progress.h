// The progress line on stderr: done/total, tokens/s, time left. Counting is two atomic adds a call;
// one thread redraws four times a second, and only where stderr is a terminal.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace evalrun {

class Progress {
 public:
  // `label`: what is counted, such as "samples". Draws only if `terminal`.
  Progress(std::string label, std::int64_t total, bool terminal);
  ~Progress();  // takes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Thread-safe.
  void add_done(std::int64_t n = 1) { done_.fetch_add(n, std::memory_order_relaxed); }
  void set_done(std::int64_t n) { done_.store(n, std::memory_order_relaxed); }
  void add_tokens(std::int64_t n) { tokens_.fetch_add(n, std::memory_order_relaxed); }
  // What is being done now, a word such as "plan": shown at the end of the line.
  void set_status(std::string_view step);
  // Prints a line on stderr above the progress line.
  void say(const std::string& line);

 private:
  void redraw(std::stop_token stop);
  std::string line() const;

  // Constant after construction.
  const std::string label_;
  const std::int64_t total_;
  const bool terminal_;
  const std::int64_t start_us_;
  // Own synchronization.
  std::atomic<std::int64_t> done_{0};
  std::atomic<std::int64_t> tokens_{0};
  std::atomic<const char*> status_{""};  // one of the fixed words in progress.cc
  std::mutex mu_;                        // stderr: a line and the progress line never mix
  std::jthread thread_;                  // last: it reads all of the above
};

bool stderr_is_terminal();

}  // namespace evalrun
