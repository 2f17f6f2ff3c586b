// Programs per second of each kind, beside the same programs without a sandbox
// (bench_fork_per_program.py), measured in the same run. The ratios are of CPU time, of everybody
// who works for a program, because other load changes that least:
//   x_official_pattern, x_bare_fork   what a program costs with a Manager and a Process of its own,
//                                     or with a bare fork, over what it costs here: above 1, here
//                                     is cheaper
//   cpu_ratio                         what it costs here over the program's own work
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {
namespace {

// One sandbox with a worker a CPU for all benchmarks; made on first use.
Sandbox& sandbox() {
  static const std::unique_ptr<Sandbox> kSandbox = [] {
    auto opened = Sandbox::open(SandboxOptions{});
    CHECK(opened.has_value());
    return *std::move(opened);
  }();
  return *kSandbox;
}

// ---------------------------------------------------------------------------- without a sandbox

// CPU seconds of one program, run `count` times. `how`: see the script.
double without_sandbox(const std::string& how, int count, const std::string& source,
                       const std::string& input) {
  char path[] = "/tmp/evalrun-bench-XXXXXX";
  const int file = mkstemp(path);
  CHECK(file >= 0 && write(file, source.data(), source.size()) == std::ssize(source));
  close(file);
  FILE* running =
      popen(fmt::format("/usr/bin/python3 scorers/sandbox/bench_fork_per_program.py {} {} {} '{}'",
                        how, count, path, input)
                .c_str(),
            "r");
  double cpu_s = 0;
  CHECK(fscanf(running, "%lf", &cpu_s) == 1);
  CHECK(pclose(running) == 0);
  unlink(path);
  return cpu_s;
}

// ------------------------------------------------------------------------------ with the sandbox

double own_cpu_s() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

// The last test of a session is told while its process is being killed; only then does it count.
void await_end_of_programs(int zygote) {
  const std::string children = fmt::format("/proc/{0}/task/{0}/children", zygote);
  for (int i = 0; i < 1000 && read_file(children).value_or("") != ""; ++i) usleep(1000);
}

// Of this process, of the workers and of the programs that they have reaped (proc(5): fields 14-17
// of stat, in clock ticks).
double cpu_s_of_everybody() {
  double sum = own_cpu_s();
  for (const int pid : sandbox().worker_pids()) {
    await_end_of_programs(pid);
    const std::string stat = read_file(fmt::format("/proc/{}/stat", pid)).value_or(")");
    const auto fields = split(std::string_view(stat).substr(stat.rfind(')') + 1), ' ');
    for (std::size_t field = 12; field < 16 && field < fields.size(); ++field)
      sum += std::atof(std::string(fields[field]).c_str()) / double(sysconf(_SC_CLK_TCK));
  }
  return sum;
}

// ------------------------------------------------------------------------------- small programs

constexpr int kProgramsAThread = 250;  // fixed: the ratios are measured once a row

void run_all(benchmark::State& state, const Program& program) {
  static double cpu_s;  // the first thread alone writes and reads it
  const bool first = state.thread_index() == 0;
  if (first) {
    CHECK(sandbox().run(program, Limits{}, "1").status == RunStatus::ok);  // its worker is warm
    cpu_s = cpu_s_of_everybody();
  }
  for ([[maybe_unused]] auto _ : state)
    CHECK(sandbox().run(program, Limits{}, "1").status == RunStatus::ok);
  state.SetItemsProcessed(state.iterations());
  if (!first) return;
  const double programs = static_cast<double>(state.iterations()) * state.threads();
  const double here_s = (cpu_s_of_everybody() - cpu_s) / programs;
  state.counters["cpu_ms"] = here_s * 1e3;
  state.counters["x_official_pattern"] =
      without_sandbox("official_pattern", 40, program.source, "1") / here_s;
  state.counters["x_bare_fork"] = without_sandbox("bare_fork", 400, program.source, "1") / here_s;
}

const std::string kFunction = "def f(x):\n    return x + 1\n";
const std::string kAssert = kFunction + "assert f(1) == 2\n";
const std::string kWhole = kFunction + "print(f(int(input())))\n";
const std::string kSolution = "class Solution:\n    def solve(self, x):\n        return x + 1\n";

const int kCpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
void one_and_all(benchmark::internal::Benchmark* bench) {
  bench->Threads(1);
  if (kCpus > 1) bench->Threads(kCpus);
  bench->Iterations(kProgramsAThread)->UseRealTime();
}
#define SMALL(kind, source, arguments)                                            \
  BENCHMARK_CAPTURE(run_all, kind, Program{ProgramKind::kind, source, arguments}) \
      ->Apply(one_and_all)
SMALL(official_assert, kAssert, "");
SMALL(call, kFunction, "1");
SMALL(program, kWhole, "");
SMALL(method, kSolution, "solve");
SMALL(official_program, kWhole, "");
SMALL(official_method, kSolution, "solve");

// ------------------------------------------------------------------------------ contest problems

constexpr int kTests = 40;
constexpr Limits kContestLimits{
    .cpu_ms = 6000, .wall_ms = 20'000, .memory_bytes = std::int64_t{4} << 30, .processes = 64};

// The text of a usual solution, with helpers that this problem does not need.
const std::string kHelpers = R"(import sys
from collections import defaultdict, deque
from heapq import heappush, heappop

MOD = 10 ** 9 + 7

class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))
        self.size = [1] * n

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        return True

def shortest(graph, start):
    far = {start: 0}
    queue = [(0, start)]
    while queue:
        d, v = heappop(queue)
        if d > far[v]:
            continue
        for w, cost in graph[v]:
            if d + cost < far.get(w, MOD):
                far[w] = d + cost
                heappush(queue, (d + cost, w))
    return far

def work(n):
    state, best = 1, deque([0])
    for i in range(n):
        state = (state * 48271 + i) % MOD
        if state > best[-1]:
            best.append(state)
    return state + len(best)
)";
const std::string kWholeSolution =
    kHelpers + "\ndef main():\n    n = int(input())\n    print(work(n))\n\nmain()\n";
const std::string kMethodSolution =
    kHelpers + "\nclass Solution:\n    def solve(self, n):\n        return work(n)\n";

// Argument: the size of the work of one test; 50,000 takes some 5 ms here.
void BM_Contest(benchmark::State& state, ProgramKind kind) {
  const bool method = kind == ProgramKind::method || kind == ProgramKind::official_method;
  const std::string input = std::to_string(state.range(0));
  const Program program{kind, method ? kMethodSolution : kWholeSolution, method ? "solve" : ""};
  const std::vector<std::string_view> inputs(kTests, input);
  const auto run = [&] {
    sandbox().run_tests(program, kContestLimits, inputs, [](std::size_t, const RunResult& result) {
      CHECK(result.status == RunStatus::ok);
      return true;
    });
  };
  run();
  double all_s = 0, own_s = 0;
  for ([[maybe_unused]] auto _ : state) {
    const double from = cpu_s_of_everybody();
    run();
    all_s += cpu_s_of_everybody() - from;
    state.PauseTiming();  // side by side, as the machine's speed changes
    own_s += kTests * without_sandbox("warm", kTests, program.source, input);
    state.ResumeTiming();
  }
  const auto tests = static_cast<double>(state.iterations()) * kTests;
  state.counters["own_ms_a_test"] = own_s / tests * 1e3;
  state.counters["extra_ms_a_test"] = (all_s - own_s) / tests * 1e3;
  state.counters["cpu_ratio"] = all_s / own_s;
}
#define CONTEST(kind)                                    \
  BENCHMARK_CAPTURE(BM_Contest, kind, ProgramKind::kind) \
      ->Arg(50'000)                                      \
      ->Iterations(10)                                   \
      ->Unit(benchmark::kMillisecond)                    \
      ->UseRealTime()
CONTEST(program);
CONTEST(method);
CONTEST(official_program);

void BM_OpenAndClose(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state)
    CHECK(Sandbox::open({.workers = 1, .python = "", .unsafe = false}).has_value());
}
BENCHMARK(BM_OpenAndClose)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
