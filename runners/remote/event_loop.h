// One thread, one epoll: sockets, timers, and functions that other threads hand in. Everything that
// talks to endpoints runs here, so nothing of it needs a lock.
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace evalrun {

class EventLoop {
 public:
  using Task = std::move_only_function<void()>;
  using OnReady = std::function<void(std::uint32_t epoll_events)>;

  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  // stop() must have been called.
  ~EventLoop();

  // From any thread: runs `task` on the loop's thread, in the order of posting.
  void post(Task task);
  // From any thread but the loop's: runs `last` on it, after all that was posted; then the thread
  // ends. Later posts are dropped. Once.
  void stop(Task last);

  // The rest is for the loop's thread alone.

  // Runs `task` once, at or soon after that time of steady_us. Cancel only what has not begun.
  using TimerId = std::multimap<std::int64_t, Task>::iterator;
  TimerId at(std::int64_t when_us, Task task);
  void cancel(TimerId timer) { timers_.erase(timer); }
  // `events`: EPOLLIN and/or EPOLLOUT; 0 = watch no longer. One watcher a descriptor.
  void watch(int fd, std::uint32_t events, OnReady on_ready);
  // Runs after each round of events, tasks and timers.
  void after_each_round(std::function<void()> task) { after_round_ = std::move(task); }

 private:
  void run();
  void run_posted();
  void run_timers();
  int wait_ms() const;

  const int epoll_fd_;
  const int wake_fd_;

  std::mutex mu_;
  std::vector<Task> posted_;  // by mu_
  bool is_stopping_ = false;  // by mu_

  // Of the loop's thread.
  std::multimap<std::int64_t, Task> timers_;
  std::unordered_map<int, OnReady> watchers_;
  std::function<void()> after_round_;
  bool ended_ = false;

  std::jthread thread_;  // last: it uses all above
};

}  // namespace evalrun
