#include "runners/remote/event_loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "harness/core/check.h"
#include "harness/core/clock.h"

namespace evalrun {

EventLoop::EventLoop()
    : epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(epoll_fd_ >= 0 && wake_fd_ >= 0);
  epoll_event event{.events = EPOLLIN, .data = {.fd = wake_fd_}};
  CHECK(::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event) == 0);
  thread_ = std::jthread([this] { run(); });
}

EventLoop::~EventLoop() {
  CHECK(is_stopping_);
  thread_.join();
  ::close(wake_fd_);
  ::close(epoll_fd_);
}

void EventLoop::post(Task task) {
  {
    const std::lock_guard lock(mu_);
    if (is_stopping_) return;
    posted_.push_back(std::move(task));
    if (posted_.size() > 1) return;  // it was woken for the first of them
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void EventLoop::stop(Task last) {
  post([this, last = std::move(last)]() mutable {
    last();
    ended_ = true;
  });
  const std::lock_guard lock(mu_);
  is_stopping_ = true;
}

EventLoop::TimerId EventLoop::at(std::int64_t when_us, Task task) {
  return timers_.emplace(when_us, std::move(task));
}

void EventLoop::watch(int fd, std::uint32_t events, OnReady on_ready) {
  if (events == 0) {
    if (watchers_.erase(fd) == 1) ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
    return;
  }
  const bool is_new = watchers_.insert_or_assign(fd, std::move(on_ready)).second;
  epoll_event event{.events = events, .data = {.fd = fd}};
  CHECK(::epoll_ctl(epoll_fd_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) == 0);
}

void EventLoop::run_posted() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wake_fd_, &count, sizeof count);
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mu_);
    tasks.swap(posted_);
  }
  for (Task& task : tasks) task();
}

void EventLoop::run_timers() {
  while (!timers_.empty() && timers_.begin()->first <= steady_us()) {
    Task task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    task();
  }
}

int EventLoop::wait_ms() const {
  if (timers_.empty()) return -1;
  const std::int64_t left_us = timers_.begin()->first - steady_us();
  return int(std::clamp<std::int64_t>((left_us + 999) / 1000, 0, 60'000));
}

void EventLoop::run() {
  std::array<epoll_event, 256> events;
  while (!ended_) {
    const int n = ::epoll_wait(epoll_fd_, events.data(), int(events.size()), wait_ms());
    for (int i = 0; i < n && !ended_; ++i) {
      const int fd = events[std::size_t(i)].data.fd;
      if (fd == wake_fd_) {
        run_posted();
        continue;
      }
      // A watcher may go while an earlier one of this round runs; a copy keeps this one alive.
      const auto found = watchers_.find(fd);
      if (found == watchers_.end()) continue;
      const OnReady on_ready = found->second;
      on_ready(events[std::size_t(i)].events);
    }
    run_timers();
    if (after_round_) after_round_();
  }
}

}  // namespace evalrun
