#include "harness/progress.h"
#include "harness/core/clock.h"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>

namespace evalrun {
namespace {

std::string duration(double seconds) {
  const auto s = std::int64_t(seconds + 0.5);
  if (s >= 3600) return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
  return s >= 60 ? fmt::format("{}m{:02}s", s / 60, s % 60) : fmt::format("{}s", s);
}

// The status word a person sees for each kind of step.
struct StatusWord {
  std::string_view step;
  const char* word;
};
constexpr StatusWord kStatusWords[] = {{"answer", "answering"},   {"plan", "planning"},
                                       {"execute", "executing"},  {"review", "reviewing"},
                                       {"final", "concluding"},   {"rate", "rating"},
                                       {"diversity", "exploring"}};

constexpr const char* kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(std::string label, std::int64_t total, bool terminal)
    : label_(std::move(label)), total_(total), terminal_(terminal), start_us_(wall_us()) {
  if (terminal_) thread_ = std::jthread([this](std::stop_token stop) { redraw(stop); });
}

Progress::~Progress() {
  if (!terminal_) return;
  thread_.request_stop();
  thread_.join();
  fmt::print(stderr, "{}", kClearLine);
}

void Progress::set_status(std::string_view step) {
  const char* word = "thinking";
  for (const StatusWord& known : kStatusWords)
    if (known.step == step) word = known.word;
  status_.store(word, std::memory_order_relaxed);
}

void Progress::say(const std::string& line) {
  std::lock_guard lock(mu_);
  fmt::print(stderr, "{}{}\n", terminal_ ? kClearLine : "", line);
}

std::string Progress::line() const {
  const std::int64_t done = done_.load(std::memory_order_relaxed);
  const std::int64_t tokens = tokens_.load(std::memory_order_relaxed);
  const double seconds = double(wall_us() - start_us_) * 1e-6;
  std::string out = fmt::format("{}/{} {}  {}", done, total_, label_, duration(seconds));
  if (tokens > 0) out += fmt::format("  {:.0f} tokens/s", double(tokens) / seconds);
  if (done > 0 && done < total_)
    out += fmt::format("  {} left", duration(seconds * double(total_ - done) / double(done)));
  return out + "  " + status_.load(std::memory_order_relaxed);
}

void Progress::redraw(std::stop_token stop) {
  std::condition_variable_any wake;
  std::mutex idle;
  while (!stop.stop_requested()) {
    {
      std::lock_guard lock(mu_);
      fmt::print(stderr, "{}{}", kClearLine, line());
      std::fflush(stderr);
    }
    std::unique_lock lock(idle);
    wake.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; });
  }
}

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace evalrun
