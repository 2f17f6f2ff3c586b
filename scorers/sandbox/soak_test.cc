// Long runs: what programs do to each other (nothing), and what is left after thousands of them
// (nothing). EVALRUN_SOAK says how many executions the second test makes.
#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

#include "scorers/sandbox/cgroup.h"
#include "scorers/sandbox/test_support.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;

constexpr Limits kOrdinaryLimits{.cpu_ms = 5000, .wall_ms = 60'000};
constexpr Limits kHostileLimits{
    .cpu_ms = 60, .wall_ms = 200, .memory_bytes = 192 << 20, .output_bytes = 1 << 18};

// ---------------------------------------------------------------------------- ordinary programs

struct Ordinary {
  Program program;
  std::string input;
  RunStatus status = RunStatus::ok;
  std::string output;  // value or stdout, "" if not ok
};

constexpr int kShapes = 9;

// The n-th; its answer is worked out here.
Ordinary ordinary(int n) {
  const std::string f = "def f(x):\n    return x + 1\n";
  const std::string sum = "print(sum(int(x) for x in input().split()))";
  const std::string method = "class Solution:\n    def add(self, a, b):\n        return [a + b, a]";
  // Sees an empty folder and leaves a file in it.
  const std::string litter =
      "import os\ndef f(x):\n    open('/tmp/left', 'w').write('x')\n    return seen\n"
      "seen = os.listdir('/tmp')";
  switch (n % kShapes) {
    case 0:
      return {{ProgramKind::call, f, std::to_string(n)}, "", RunStatus::ok, std::to_string(n + 1)};
    case 1:
      return {{ProgramKind::official_assert, fmt::format("{}assert f({}) == {}", f, n, n + 1)},
              "",
              RunStatus::ok,
              ""};
    case 2:
      return {{ProgramKind::official_assert, fmt::format("{}assert f({}) == {}", f, n, n)},
              "",
              RunStatus::raised,
              ""};
    case 3:
      return {{ProgramKind::program, sum},
              fmt::format("{} 2\n", n),
              RunStatus::ok,
              fmt::format("{}\n", n + 2)};
    case 4:
      return {{ProgramKind::official_program, sum},
              fmt::format("{} 3\n", n),
              RunStatus::ok,
              fmt::format("{}\n", n + 3)};
    case 5:
      return {{ProgramKind::method, method, "add"},
              fmt::format("{}\n4", n),
              RunStatus::ok,
              fmt::format("[{}, {}]", n + 4, n)};
    case 6:
      return {{ProgramKind::official_method, method, "add"},
              fmt::format("{}\n5", n),
              RunStatus::ok,
              fmt::format("[{}, {}]", n + 5, n)};
    case 7:
      return {{ProgramKind::call, litter, "0"}, "", RunStatus::ok, "[]"};
    default:
      return {{ProgramKind::call, f, "'text'"}, "", RunStatus::raised, ""};
  }
}

// "" or how the n-th ordinary program did not end as it does alone.
std::string run_ordinary(Sandbox& sandbox, int n) {
  const Ordinary each = ordinary(n);
  const RunResult result = sandbox.run(each.program, kOrdinaryLimits, each.input);
  const std::string& output =
      each.program.kind == ProgramKind::program ? result.stdout_text : result.value;
  if (result.status == each.status && output == each.output) return "";
  return fmt::format("program {}: {} ({}), output {}", n, name(result.status), result.reason,
                     output.substr(0, 200));
}

// ----------------------------------------------------------------------------- hostile programs

// Each file of testcases/ and testcases/contest/, as each kind that could be hurt by it.
std::vector<Program> hostile_programs() {
  std::vector<Program> programs;
  for (const char* folder : {"", "contest/"}) {
    const bool contest = *folder != '\0';
    const fs::path path =
        fmt::format("{}/scorers/sandbox/testcases/{}", EVALRUN_SOURCE_DIR, folder);
    for (const auto& entry : fs::directory_iterator(path)) {
      if (entry.path().extension() != ".py") continue;
      const std::string source = testcase(folder + entry.path().stem().string());
      programs.push_back({contest ? ProgramKind::program : ProgramKind::call, source});
      programs.push_back(
          {contest ? ProgramKind::official_program : ProgramKind::official_assert, source});
    }
  }
  return programs;
}

TEST(Soak, OrdinaryProgramsKeepTheirVerdictsBesideHostileOnes) {
  constexpr int kPrograms = 5000, kOrdinaryThreads = 3;
  auto sandbox = open_sandbox(kOrdinaryThreads + 1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const std::vector<Program> hostile = hostile_programs();
  ASSERT_GT(hostile.size(), 100U);

  std::atomic<int> next = 0, done = 0, hostile_runs = 0;
  const auto run_hostile = [&] {
    while (done < kPrograms) {
      const Program& program = hostile[static_cast<std::size_t>(hostile_runs++) % hostile.size()];
      const RunResult result = (*sandbox)->run(program, kHostileLimits, "7\n");
      EXPECT_NE(name(result.status), "sandbox_error") << result.reason << "\n" << program.source;
    }
  };
  const auto run_ordinaries = [&] {
    for (int n; (n = next++) < kPrograms; ++done) EXPECT_EQ(run_ordinary(**sandbox, n), "");
  };
  {
    std::vector<std::jthread> threads;
    threads.emplace_back(run_hostile);
    for (int i = 0; i < kOrdinaryThreads; ++i) threads.emplace_back(run_ordinaries);
  }
  EXPECT_GT(hostile_runs, 20);
}

// ------------------------------------------------------------------------------------ leftovers

template <typename Keep>
int count_entries(const fs::path& folder, Keep keep) {
  std::error_code error;
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder, error))
    count += keep(entry.path().filename().string());
  return count;
}

int control_groups() {
  const std::string own = fmt::format("evalrun-{}-", getpid());
  const GroupPlaces places = find_group_places();
  int count = 0;
  for (const std::string& folder : {places.memory.folder, places.pids.folder})
    if (!folder.empty())
      count += count_entries(folder, [&](const std::string& s) { return s.starts_with(own); });
  return count;
}

// What a machine could run out of, by name.
std::map<std::string, int> resources_in_use() {
  const std::string mounts = read_file("/proc/self/mountinfo").value_or("");
  return {{"children", children_of(getpid())},
          {"descriptors", count_entries("/proc/self/fd", [](const std::string&) { return 1; })},
          {"mounts", static_cast<int>(std::ranges::count(mounts, '\n'))},
          {"control groups", control_groups()},
          {"temporary files",
           count_entries(fs::temp_directory_path(), [](const std::string&) { return 1; })}};
}

// Resident pages of this process and of each idle zygote, by pid.
std::map<int, long> resident_pages(const Sandbox& sandbox) {
  std::vector<int> pids = sandbox.worker_pids();
  pids.push_back(getpid());
  std::map<int, long> pages;
  for (const int pid : pids) {
    std::ifstream statm(fmt::format("/proc/{}/statm", pid));
    long size = 0;
    statm >> size >> pages[pid];
  }
  return pages;
}

// Programs that leave things behind, and end soon.
constexpr const char* kLitterers[] = {"daemon",      "fork_bomb",          "write_inside",
                                      "os_exit",     "hard_to_wipe",       "spray_descriptors",
                                      "memory_bomb", "contest/zombies",    "contest/orphans",
                                      "threads",     "contest/leave_files"};
constexpr int kLittererEvery = 40;

void run_mixed(Sandbox& sandbox, std::atomic<int>& next, int end) {
  for (int n; (n = next++) < end;) {
    if (n % kLittererEvery != 0) {
      EXPECT_EQ(run_ordinary(sandbox, n), "");
      continue;
    }
    const std::string file =
        kLitterers[static_cast<std::size_t>(n / kLittererEvery) % std::size(kLitterers)];
    const ProgramKind kind =
        file.starts_with("contest/") ? ProgramKind::program : ProgramKind::call;
    EXPECT_NE(name(sandbox.run({kind, testcase(file)}, kHostileLimits).status), "sandbox_error");
  }
}

void run_mixed_until(Sandbox& sandbox, std::atomic<int>& next, int end) {
  {
    const std::jthread other([&] { run_mixed(sandbox, next, end); });
    run_mixed(sandbox, next, end);
  }
  next = end;  // each thread took one too many
}

int executions() {
  const char* text = std::getenv("EVALRUN_SOAK");
  return text == nullptr ? 2000 : std::max(1000, std::atoi(text));
}

// A folder for temporary files that no other program uses.
class OwnTemporaryFolder {
 public:
  OwnTemporaryFolder() {
    char pattern[] = "/tmp/evalrun-soak-test-XXXXXX";
    EXPECT_NE(mkdtemp(pattern), nullptr);
    path_ = pattern;
    setenv("TMPDIR", pattern, 1);
  }
  ~OwnTemporaryFolder() {
    unsetenv("TMPDIR");
    fs::remove_all(path_);
  }

 private:
  fs::path path_;
};

TEST(Soak, NothingIsLeftAfterThousandsOfPrograms) {
  const OwnTemporaryFolder folder;
  const auto before = resources_in_use();
  {
    auto sandbox = open_sandbox(2);
    ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
    std::atomic<int> next = 0;
    run_mixed_until(**sandbox, next, executions() / 10);
    const auto pages_early = resident_pages(**sandbox);
    run_mixed_until(**sandbox, next, executions());
    const auto pages = resident_pages(**sandbox);
    for (const auto& [pid, early] : pages_early) {
      if (!pages.contains(pid)) continue;  // replaced
      EXPECT_GT(pages.at(pid), 0);
      EXPECT_LE(pages.at(pid), early + early / 10) << (pid == getpid() ? "the host" : "a zygote");
    }
    for (const int zygote : (*sandbox)->worker_pids()) EXPECT_TRUE(soon_has_no_children(zygote));
  }
  EXPECT_EQ(resources_in_use(), before);
}

}  // namespace
}  // namespace evalrun
