// Small runs for the tests of reports: who was right is written as a string, a letter a sample.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/report.h"

namespace evalrun {

struct FakeRun {
  RunInfo info;
  std::vector<CallRecord> calls;
  std::vector<SampleRecord> samples;
  std::vector<ScoreRecord> scores;
  MetadataBySample metadata;

  FakeRun() {
    info.run_id = "r1";
    info.created = "2026-01-31T12:00:00Z";
    info.tool_version = "0.1.0";
    info.commit = "0123456789abcdef0123456789abcdef01234567";
    info.target = "local";
    info.model_name = "tiny";
    info.seed = 7;
    info.strategies = {"baseline", "cepo"};
    info.scorer_versions = {{"official", "1"}, {"strict", "1"}};
  }

  void add_suite(const std::string& name, int samples_planned, bool has_official) {
    PlannedSuite suite{name, name + ".jsonl", "d", "p", has_official, {}};
    for (int i = 0; i < samples_planned; ++i)
      suite.samples.push_back("sample_" + std::to_string(i));
    info.suites.push_back(std::move(suite));
  }

  // A letter a sample, from sample_0 on: r right, w wrong, n no_answer, m model_error (no answer),
  // i infra_error, u answered but unscored, s wrong and skipped, - nothing at all.
  void add(const std::string& suite, const std::string& strategy, ScorerKind scorer,
           std::string_view letters, int epoch = 0) {
    for (std::size_t i = 0; i < letters.size(); ++i)
      add_one(suite, strategy, scorer, "sample_" + std::to_string(i), epoch, letters[i]);
  }

  SampleRecord& sample(const std::string& suite, const std::string& id, int epoch,
                       const std::string& strategy) {
    for (SampleRecord& s : samples)
      if (s.suite == suite && s.sample == id && s.epoch == epoch && s.strategy == strategy)
        return s;
    samples.push_back({suite, id, epoch, strategy, {}, ""});
    return samples.back();
  }

  void add_call(const std::string& suite, const std::string& id, const std::string& strategy,
                const std::string& path, std::int64_t scheduled_us, std::int64_t done_us) {
    CallRecord call;
    call.key = {suite, id, 0, strategy, path};
    call.completion.scheduled_us = scheduled_us;
    call.completion.done_us = done_us;
    calls.push_back(call);
  }

  Report report() const { return build_report({info, calls, samples, scores, metadata}); }

 private:
  void add_one(const std::string& suite, const std::string& strategy, ScorerKind scorer,
               const std::string& id, int epoch, char letter) {
    if (letter == '-') return;
    SampleRecord& record = sample(suite, id, epoch, strategy);
    if (letter == 'm') record.model_error = "connection refused";
    if (letter == 'm' || letter == 'u') return;
    const Verdict verdict = letter == 'r'   ? Verdict::right
                            : letter == 'n' ? Verdict::no_answer
                            : letter == 'i' ? Verdict::infra_error
                                            : Verdict::wrong;
    scores.push_back({suite, id, epoch, strategy, scorer, verdict, letter == 's', "x",
                      letter == 'i' ? "no sandbox" : "because"});
  }
};

}  // namespace evalrun
