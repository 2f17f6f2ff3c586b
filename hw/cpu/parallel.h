// Threads for loops whose iterations are independent. A context, handed to whoever computes.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#ifdef __SANITIZE_THREAD__
#include <thread>
#endif

namespace evalrun {

class Parallel {
 public:
  // threads: 0, or more than the machine has, = as many as the machine has.
  explicit Parallel(int threads) : threads_(available(threads)), arena_(threads_) {}

  int threads() const { return threads_; }

  // Runs body(begin, end) over pieces that cover [0, n). `work` is what one iteration costs, in
  // multiply-adds: handing a piece to a thread takes about as long as 50,000 of them, so a loop
  // that is not worth it runs here. Which pieces there are must not matter to the result.
  template <class Body>
  void run(std::size_t n, std::size_t work, const Body& body) {
    constexpr std::size_t kPieceWork = 100'000;
    const std::size_t piece = std::max<std::size_t>(1, kPieceWork / std::max<std::size_t>(1, work));
    if (threads_ == 1 || n <= piece) {
      if (n > 0) body(std::size_t(0), n);
      return;
    }
#ifdef __SANITIZE_THREAD__
    // The sanitizer cannot see how libtbb hands work over; on plain threads it can check the
    // bodies.
    const std::jthread other([&] { body(std::size_t(0), n / 2); });
    body(n / 2, n);
#else
    arena_.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, n, piece),
          [&](const tbb::blocked_range<std::size_t>& r) { body(r.begin(), r.end()); },
          tbb::simple_partitioner());
    });
#endif
  }

 private:
  static int available(int threads) {
    const int all = tbb::info::default_concurrency();
    return threads > 0 ? std::min(threads, all) : all;
  }

  const int threads_;
  tbb::task_arena arena_;
};

}  // namespace evalrun
