// From records to the answer: which strategy is how good on which suite, at what cost, and is the
// difference real? build_report() computes, the *_text and *_json functions only print.
// START HERE to read this folder. All functions are pure: no clock, no file, no model.
//
// THE DENOMINATOR is always the whole plan (RunInfo's samples x epochs). What is missing, or failed
// by our fault, is not right but not called wrong either: it makes the run INCOMPLETE, the value is
// then a lower bound, and the interval reaches from the worst case (all of it wrong) to the best.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/records.h"
#include "results/latency.h"
#include "results/manifest.h"
#include "results/paired.h"
#include "results/stats.h"

namespace evalrun {

// {suite, sample id} -> Sample::metadata. Three keys mean something here: samples with the same
// "problem" are one cluster (a sample without it is its own), "bucket" splits the accuracy, and
// an "erratum" that is not empty marks a problem whose tests are known to be at fault.
using MetadataBySample =
    std::map<std::pair<std::string, std::string>, std::vector<std::pair<std::string, std::string>>>;

struct ReportInput {
  RunInfo run;
  // As the run folder holds them: any order, doubles and records outside the plan allowed.
  std::span<const CallRecord> calls;
  std::span<const SampleRecord> samples;
  std::span<const ScoreRecord> scores;
  MetadataBySample metadata;    // may be empty
  std::optional<Slo> slo = {};  // the limits of goodput
};

// What one kind of step used, over all answered samples of a suite and strategy.
struct StepLedger {
  std::string step;  // StepUse::step
  std::int64_t calls = 0;
  std::int64_t discarded_calls = 0;       // of calls: paid for, text thrown away
  Usage usage;                            // tokens, discarded calls included
  std::int64_t discarded_completion = 0;  // of usage.completion, tokens
};

struct PassAtK {
  int k = 0;        // one of kPassAtK
  Estimate strict;  // unbiased, over all planned answers; the interval is over problems
  std::optional<double> official;
  int official_artefacts = 0;  // samples with fewer than k answers left, counted as 1 officially
};

struct BucketRow {
  std::string bucket;  // value of the metadata "bucket"
  int planned = 0;     // samples x epochs
  Estimate strict;
};

// The accuracy once more, without the problems whose tests are known to be at fault.
struct WithoutErrata {
  int problems = 0;  // left out
  int planned = 0;   // samples x epochs that remain
  Estimate strict;
};

// US dollars by RunInfo::price, of the tokens of all calls of the answered samples, thrown-away
// ones included. Calls of samples that came to no answer, and failed attempts, are not in it.
struct Cost {
  double paid = 0;                   // without what an answer cache gave
  double from_cache = 0;             // what that would have cost; nothing was paid for it
  std::optional<double> per_sample;  // paid over `answered`; none without any
  std::optional<double> per_right;   // paid over right answers (strict); none without any
};

// One suite under one strategy.
struct SuiteRow {
  std::string suite;
  std::string strategy;
  int samples = 0;
  int problems = 0;  // clusters: at most `samples`
  int planned = 0;   // samples x epochs = scored + the next four
  int scored = 0;
  int missing = 0;   // not generated
  int unscored = 0;  // generated, without a verdict
  int model_errors = 0;
  int infra_errors = 0;
  std::string first_error;  // of those, in plan order; untrusted text

  Estimate strict;                   // accuracy
  std::optional<Estimate> official;  // pass@1 of the official scorer, where the suite has one
  std::optional<WithoutErrata> without_errata;    // where some, but not all problems have one
  int no_answer = 0;                              // strict verdicts
  std::vector<std::pair<Verdict, int>> verdicts;  // strict, each that occurs; not our failures
  std::vector<PassAtK> pass_at_k;                 // each k that every sample has enough epochs for
  std::vector<BucketRow> buckets;                 // in order of first appearance

  int answered = 0;  // the means below are over these
  double calls_per_sample = 0;
  double prompt_per_sample = 0;      // tokens
  double completion_per_sample = 0;  // tokens, discarded ones included
  double discarded_per_sample = 0;   // completion tokens thrown away
  // Time in which at least one call of the sample was under way, from when the strategy asked to
  // the last token; so the pause of a run that was killed and resumed does not count, and an answer
  // from the cache counts as long as it took then. Mean over the samples whose calls all have
  // times; none without any.
  std::optional<double> seconds_per_sample;
  std::vector<StepLedger> ledger;  // by first appearance
  std::optional<Cost> cost_usd;    // none: the price is unknown, which is not 0

  bool complete() const { return scored == planned; }
};

enum class Outcome { better, worse, not_shown };
std::string_view name(Outcome outcome);  // "better", "worse", "not_shown"

// `strategy` against `base` on one suite, strict scorer, over the pairs decided under both.
struct Comparison {
  std::string suite;
  std::string base;
  std::string strategy;
  int planned = 0;      // pairs
  PairedCounts counts;  // A = base, B = strategy; over samples x epochs
  int samples = 0;      // with at least one pair
  int problems = 0;     // clusters with at least one pair
  PairedResult paired;
  double p_holm = 1;                     // p_value adjusted for all comparisons of the report
  int comparisons = 1;                   // how many those are
  Outcome outcome = Outcome::not_shown;  // by p_holm < 0.05
  bool complete() const { return counts.pairs() == planned; }
};

// An answer on which the two scorers come to a different end (right or not).
struct Disagreement {
  std::string suite;
  std::string sample;
  int epoch = 0;
  std::string strategy;
  Verdict official = Verdict::wrong;
  bool official_skipped = false;
  Verdict strict = Verdict::wrong;
  std::string strict_explanation;  // untrusted text
};

struct Report {
  RunInfo run;
  std::vector<SuiteRow> rows;  // by suite, then strategy, as in the plan
  std::vector<Comparison> comparisons;
  std::vector<Disagreement> disagreements;  // in plan order
  Latency latency;
  int unplanned_records = 0;  // ignored: they name nothing in the plan
  bool complete = false;      // every row is
};

// Compares with the strategy "baseline", or with the first one if there is none.
Report build_report(const ReportInput& input);

struct ReportStyle {
  int width = 100;            // columns; from 80 up
  bool color = false;         // ANSI
  // Every distribution of the latency, instead of a short table for runs on a remote endpoint.
  bool latency = false;
  bool is_simulated = false;  // every heading says so; report_text sets it from RunInfo::simulated
};

// For a person. Untrusted text is made printable.
std::string report_text(const Report& report, const ReportStyle& style);
// Its sections on latency and cost, which begin with an empty line; "" when they have nothing to
// say.
std::string latency_text(const Report& report, const ReportStyle& style);
std::string cost_text(const Report& report, const ReportStyle& style);
// One line a disagreement; "" when there is none.
std::string disagreements_text(const Report& report);
// The comparison in plain words, such as "cepo is better than baseline: +12.0 points ...".
std::string verdict_words(const Comparison& comparison);

// Everything in the report; docs/schema/report-1.json describes it. Ends in a newline.
std::string report_json(const Report& report);
// What a leaderboard imports; docs/schema/leaderboard-1.json. Ends in a newline.
std::string leaderboard_json(const Report& report);

}  // namespace evalrun
