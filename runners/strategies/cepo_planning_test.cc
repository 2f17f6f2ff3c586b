#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "runners/strategies/cepo_steps.h"
#include "runners/strategies/cepo_testing.h"

namespace evalrun {
namespace {

using testing::hashed_reply;
using testing::make_sample;
using testing::sample_key;
using testing::short_prompts;

enum class Fate { accepted, plan_cut_off, execution_cut_off };

// What an attempt loop leaves behind.
struct Outcome {
  std::vector<std::string> paths;      // of all calls
  std::vector<std::string> discarded;  // of these
  std::vector<std::string> kept;       // paths whose texts are the proposals
  bool operator==(const Outcome&) const = default;
};

// The sequential loop of the reference, over attempts whose fates are known.
Outcome sequential_twin(const std::vector<Fate>& fates, int n) {
  Outcome outcome;
  std::string last;
  std::vector<std::vector<std::string>> rejected;
  for (std::size_t a = 0; a < fates.size() && int(outcome.kept.size()) < n; ++a) {
    const std::string plan = "candidate=1/plan=" + std::to_string(a + 1);
    const std::string execution = plan + "/execute";
    outcome.paths.push_back(plan);
    last = plan;
    if (fates[a] == Fate::plan_cut_off) {
      rejected.push_back({plan});
      continue;
    }
    outcome.paths.push_back(execution);
    last = execution;
    if (fates[a] == Fate::execution_cut_off) {
      rejected.push_back({plan, execution});
      continue;
    }
    outcome.kept.push_back(execution);
  }
  if (outcome.kept.empty()) {
    outcome.kept = {last};
    rejected.pop_back();  // the last attempt is used after all
  }
  for (const auto& paths : rejected)
    outcome.discarded.insert(outcome.discarded.end(), paths.begin(), paths.end());
  return outcome;
}

Fate fate_of(const std::vector<Fate>& fates, const std::string& path) {
  return fates.at(std::size_t(std::stoi(path.substr(path.find("plan=") + 5))) - 1);
}

Outcome waves(const std::vector<Fate>& fates, int n) {
  ScriptedModel model([&](const Request& request) {
    Completion completion;
    completion.text = request.key.path;
    const bool execution = request.key.path.ends_with("/execute");
    const Fate fate = fate_of(fates, request.key.path);
    if (fate == (execution ? Fate::execution_cut_off : Fate::plan_cut_off))
      completion.finish = Finish::length;
    return completion;
  });
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.planning_n = n;
  settings.planning_m = int(fates.size());
  const CepoPrompts prompts = short_prompts();
  const CepoMessages messages(prompts, make_sample());
  Outcome outcome;
  outcome.kept = cepo_proposals({caller, settings, messages}, 0, "");
  for (const StepUse& step : caller.ledger()) {
    outcome.paths.push_back(step.path);
    if (step.discarded) outcome.discarded.push_back(step.path);
  }
  return outcome;
}

// All 3^m patterns of fates.
void compare_all(int n, int m) {
  int patterns = 1;
  for (int i = 0; i < m; ++i) patterns *= 3;
  for (int pattern = 0; pattern < patterns; ++pattern) {
    std::vector<Fate> fates;
    for (int rest = pattern, i = 0; i < m; ++i, rest /= 3) fates.push_back(Fate(rest % 3));
    ASSERT_EQ(waves(fates, n), sequential_twin(fates, n))
        << "n " << n << " m " << m << " pattern " << pattern;
  }
}

TEST(CepoProposals, WavesMakeTheCallsOfTheSequentialLoop) {
  compare_all(3, 6);
  compare_all(2, 5);
  compare_all(1, 4);
  compare_all(4, 4);
}

TEST(CepoProposals, TheAttemptsOfAWaveRunSideBySide) {
  std::mutex mu;
  std::condition_variable changed;
  int plans = 0;
  const auto all_there = [&] { return plans == 3; };
  const auto script = [&](const Request& request) {
    Completion completion = hashed_reply(request);
    if (request.key.path.ends_with("/execute")) return completion;
    std::unique_lock lock(mu);
    ++plans;
    changed.notify_all();
    // One after the other, the first plan would wait for ever: then it is cut off.
    if (!changed.wait_for(lock, std::chrono::seconds(20), all_there))
      completion.finish = Finish::length;
    return completion;
  };
  ScriptedModel model(script);
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.planning_m = 3;
  const CepoPrompts prompts = short_prompts();
  const CepoMessages messages(prompts, make_sample());
  EXPECT_EQ(cepo_proposals({caller, settings, messages}, 0, "").size(), 3u);
}

Completion empty_where(const Request& request, std::string_view glob) {
  Completion completion = hashed_reply(request);
  completion.text = request.key.path;
  if (glob_match(glob, request.key.path)) completion.text = " \n";
  return completion;
}

std::vector<std::string> proposals_when_empty(std::string_view glob) {
  ScriptedModel model([glob](const Request& request) { return empty_where(request, glob); });
  Caller caller({.model = &model}, sample_key("cepo"));
  CepoSettings settings;
  settings.planning_n = 1;
  settings.planning_m = 3;
  const CepoPrompts prompts = short_prompts();
  const CepoMessages messages(prompts, make_sample());
  return cepo_proposals({caller, settings, messages}, 0, "");
}

TEST(CepoProposals, EmptyRepliesAreRejected) {
  using Strings = std::vector<std::string>;
  EXPECT_EQ(proposals_when_empty("*/plan=1"), Strings{"candidate=1/plan=2/execute"});
  EXPECT_EQ(proposals_when_empty("*/plan=1/execute"), Strings{"candidate=1/plan=2/execute"});
}

TEST(CepoProposals, WhenAllIsEmptyThereIsOneEmptyProposal) {
  EXPECT_EQ(proposals_when_empty("*"), std::vector<std::string>{""});
}

}  // namespace
}  // namespace evalrun
