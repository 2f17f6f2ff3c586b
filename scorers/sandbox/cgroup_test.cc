#include "scorers/sandbox/cgroup.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "scorers/sandbox/test_support.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// As proc(5) and cgroups(7) show them: version 1, version 2, both, and a container.
constexpr char kCgroupsV1[] = "8:pids:/\n4:cpu,memory:/a b/c\n1:name=systemd:/\n0::/\n";
constexpr char kMountsV1[] =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 / /sys/fs/cgroup/my\\040memory rw,relatime shared:9 - cgroup cgroup rw,cpu,memory\n"
    "40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup none rw,pids\n";
constexpr char kCgroupsV2[] = "0::/user.slice/run-1.scope\n";
constexpr char kMountsV2[] =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(OwnGroup, IsReadFromProc) {
  EXPECT_EQ(own_group("memory", kCgroupsV1, kMountsV1).folder, "/sys/fs/cgroup/my memory/a b/c");
  EXPECT_EQ(own_group("pids", kCgroupsV1, kMountsV1).folder, "/sys/fs/cgroup/pids");
  EXPECT_FALSE(own_group("pids", kCgroupsV1, kMountsV1).unified);
  const GroupPlace unified = own_group("memory", kCgroupsV2, kMountsV2);
  EXPECT_EQ(unified.folder, "/sys/fs/cgroup/user.slice/run-1.scope");
  EXPECT_TRUE(unified.unified);
}

TEST(OwnGroup, OfBothVersionsTakesTheOneThatHasTheController) {
  const std::string mounts = std::string(kMountsV2) + kMountsV1;
  EXPECT_FALSE(own_group("memory", kCgroupsV1, mounts).unified);
  EXPECT_TRUE(own_group("io", kCgroupsV1, mounts).unified);
}

TEST(OwnGroup, OfAContainerIsBelowItsMount) {
  const char* mounts = "30 23 0:26 /docker/7f /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
  EXPECT_EQ(own_group("pids", "0::/docker/7f/x\n", mounts).folder, "/sys/fs/cgroup/x");
  EXPECT_EQ(own_group("pids", "0::/docker/7f\n", mounts).folder, "/sys/fs/cgroup");
  for (const char* elsewhere : {"0::/other\n", "0::/docker/7f/../../x\n"}) {
    const GroupPlace place = own_group("pids", elsewhere, mounts);
    EXPECT_EQ(place.folder, "") << elsewhere;
    EXPECT_THAT(place.problem, HasSubstr("not visible"));
  }
}

TEST(OwnGroup, IsNowhereWithoutAFileSystem) {
  EXPECT_THAT(own_group("memory", kCgroupsV1, "").problem, HasSubstr("controller memory"));
  EXPECT_THAT(own_group("memory", "", kMountsV1).problem, HasSubstr("controller memory"));
}

// Cut anywhere it says a folder or a problem, never both and never neither.
TEST(OwnGroup, SurvivesTextsThatAreCut) {
  const auto check = [](std::string_view cgroups, std::string_view mounts) {
    const GroupPlace place = own_group("memory", cgroups, mounts);
    EXPECT_NE(place.folder.empty(), place.problem.empty()) << cgroups << mounts;
  };
  for (const auto& [cgroups, mounts] :
       {std::pair<std::string_view, std::string_view>{kCgroupsV1, kMountsV1},
        {kCgroupsV2, kMountsV2}}) {
    for (std::size_t n = 0; n <= cgroups.size(); ++n) check(cgroups.substr(0, n), mounts);
    for (std::size_t n = 0; n <= mounts.size(); ++n) check(cgroups, mounts.substr(0, n));
  }
}

// ------------------------------------------------- version 2, in a folder that plays the kernel

class UnifiedGroup : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/evalrun-cgroup-test-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    place_ = {pattern, true, ""};
    auto made = ControlGroup::create({place_, place_});
    ASSERT_TRUE(made.has_value()) << made.error().message;
    group_ = *std::move(made);
    ASSERT_EQ(group_->folders().size(), 1U) << "one folder has all controllers";
    for (const char* name : {"memory.max", "memory.swap.max", "pids.max", "cgroup.procs"})
      std::ofstream(file(name)) << "";
  }
  void TearDown() override {
    group_.reset();
    fs::remove_all(place_.folder);
  }
  std::string file(const std::string& name) const { return group_->folders()[0] + "/" + name; }
  std::string text(const std::string& name) const { return read_file(file(name)).value_or("?"); }

  GroupPlace place_;
  std::unique_ptr<ControlGroup> group_;
};

TEST_F(UnifiedGroup, WritesItsFiles) {
  ASSERT_TRUE(group_->limit({1000, 7}).has_value());
  EXPECT_EQ(text("memory.max"), "1000");
  EXPECT_EQ(text("memory.swap.max"), "0");
  EXPECT_EQ(text("pids.max"), "7");
  EXPECT_TRUE(group_->adopt(4711));
  EXPECT_EQ(text("cgroup.procs"), "4711");
}

TEST_F(UnifiedGroup, WritesOnlyWhatChanges) {
  ASSERT_TRUE(group_->limit({1000, 7}).has_value());
  for (const char* name : {"memory.max", "pids.max"}) fs::resize_file(file(name), 0);
  ASSERT_TRUE(group_->limit({1000, 7}).has_value());
  EXPECT_EQ(text("memory.max") + text("pids.max"), "");
  ASSERT_TRUE(group_->limit({1000, 8}).has_value());
  EXPECT_EQ(text("memory.max") + text("pids.max"), "8");
}

TEST_F(UnifiedGroup, SaysWhatTheKernelRefused) {
  fs::remove(file("memory.max"));
  const Status refused = group_->limit({1000, 7});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("memory: No such file"));
}

TEST_F(UnifiedGroup, StaleGroupsAreRemovedAndOthersStay) {
  const pid_t dead = fork();  // a pid that is surely free once it is reaped
  if (dead == 0) _exit(0);
  ASSERT_EQ(waitpid(dead, nullptr, 0), dead);
  const auto path = [&](const std::string& name) { return place_.folder + "/" + name; };
  const std::string stale = path(fmt::format("evalrun-{}-3", dead));
  const std::vector<std::string> others = {
      group_->folders()[0], path("evalrun-x-1"), path("user.slice"),
      path(fmt::format("evalrun-{}", dead)), path(fmt::format("evalrun-{}-busy", dead))};
  fs::create_directories(stale);
  for (const std::string& folder : others) fs::create_directories(folder);
  std::ofstream(others.back() + "/process") << "rmdir refuses a group that is not empty";
  remove_stale_groups(place_.folder);
  EXPECT_FALSE(fs::exists(stale));
  for (const std::string& folder : others) EXPECT_TRUE(fs::exists(folder)) << folder;
}

// ------------------------------------------------------------------------------ the real kernel

class RealGroup : public testing::Test {
 protected:
  void SetUp() override {
    places_ = find_group_places();
    if (places_.memory.folder.empty())
      GTEST_SKIP() << "no memory groups here: " << places_.memory.problem;
    if (places_.pids.folder.empty())
      GTEST_SKIP() << "no process groups here: " << places_.pids.problem;
    auto made = ControlGroup::create(places_);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    group_ = *std::move(made);
  }

  // The exit status of a process in the group.
  template <typename Fn>
  int status_in_group(Fn fn) {
    int go[2];
    EXPECT_EQ(pipe(go), 0);
    const pid_t pid = fork();
    char byte = 0;
    if (pid == 0) _exit(read(go[0], &byte, 1) == 1 ? fn() : 99);
    EXPECT_TRUE(group_->adopt(pid)) << strerror(errno);
    EXPECT_EQ(write(go[1], "g", 1), 1);
    close(go[0]);
    close(go[1]);
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return status;
  }

  GroupPlaces places_;
  std::unique_ptr<ControlGroup> group_;
};

int touch_memory(std::size_t bytes) {
  std::vector<char> memory(bytes, 1);
  return memory[bytes / 2] - 1;
}

TEST_F(RealGroup, KillsWhoUsesTooMuchMemoryAndCountsIt) {
  ASSERT_TRUE(group_->limit({64 << 20, 10}).has_value());
  EXPECT_EQ(status_in_group([] { return touch_memory(16 << 20); }), 0);
  EXPECT_EQ(group_->oom_kills(), 0U);
  EXPECT_TRUE(WIFSIGNALED(status_in_group([] { return touch_memory(256 << 20); })));
  EXPECT_EQ(group_->oom_kills(), 1U);
}

TEST_F(RealGroup, RefusesForksPastItsLimit) {
  ASSERT_TRUE(group_->limit({64 << 20, 3}).has_value());
  const int status = status_in_group([] {
    int born = 0;
    for (pid_t pid; born < 10 && (pid = fork()) >= 0; ++born) {
      if (pid == 0) sleep(1), _exit(0);
    }
    return born;
  });
  EXPECT_EQ(WEXITSTATUS(status), 2);
  for (int i = 0; i < 3000; ++i) {  // the orphans must be gone before the group can be
    const auto left = read_file(group_->folders().back() + "/cgroup.procs");
    if (left && left->empty()) break;
    usleep(1000);
  }
}

TEST_F(RealGroup, IsRemovedAtTheEnd) {
  const std::vector<std::string> folders = group_->folders();
  ASSERT_FALSE(folders.empty());
  for (const std::string& folder : folders) EXPECT_TRUE(fs::exists(folder));
  group_.reset();
  for (const std::string& folder : folders) EXPECT_FALSE(fs::exists(folder)) << folder;
}

constexpr Limits kProgramLimits{.cpu_ms = 5000, .wall_ms = 20'000, .memory_bytes = 256 << 20};

TEST_F(RealGroup, LetsAProgramOfFewProcessesBe) {  // many: sandbox_test.cc
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const Program program{ProgramKind::call, testcase("many_hogs"), "2"};
  EXPECT_EQ((*sandbox)->run(program, kProgramLimits).value, "2");
}

// The kernel may take any process of the group, the zygote too: that is the program's doing.
TEST_F(RealGroup, AZygoteThatWasKilledForMemoryIsTheProgramsFaultAndReplaced) {
  auto sandbox = open_sandbox(1);
  ASSERT_TRUE(sandbox.has_value()) << sandbox.error().message;
  const int zygote = (*sandbox)->worker_pids().at(0);
  const std::jthread chooser([&] {  // it goes first; its child would inherit that, so a bit later
    for (int i = 0; i < 5000 && children_of(zygote) == 0; ++i) usleep(1000);
    std::ofstream(fmt::format("/proc/{}/oom_score_adj", zygote)) << 1000;
  });
  const std::string source = "import time\ntime.sleep(0.5)\n" + testcase("many_hogs");
  const Program many{ProgramKind::call, source, ""};
  EXPECT_EQ(name((*sandbox)->run(many, kProgramLimits).status), "memory_limit");
  EXPECT_FALSE(fs::exists(fmt::format("/proc/{}", zygote)));
  const RunResult next =
      (*sandbox)->run({ProgramKind::call, "def f(): return 1", ""}, kProgramLimits);
  EXPECT_EQ(next.value, "1");
}

}  // namespace
}  // namespace evalrun
