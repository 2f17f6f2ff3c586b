// What a simulation comes to, in numbers and as tables: machines and models side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/simulate.h"
#include "results/latency.h"
#include "results/report.h"

namespace evalrun {

// What an hour of a machine costs; both are assumptions of the user's, printed below the table.
struct SimPrices {
  double years = 4;  // of use, over which the purchase price is spread evenly
  double usd_per_kwh = 0.10;
};

struct SimStep {
  std::string step;  // StepUse::step
  std::int64_t calls = 0;
  double seconds = 0;       // mean, from asking to the last token
  double wait_seconds = 0;  // of it, mean, for room on the machine
  double ttft_seconds = 0;  // of it, mean, from asking to the first token
};

// One strategy on one machine as one model.
struct SimRow {
  std::string machine, as, title;  // of SimTarget
  std::vector<std::string> assumed;
  std::string strategy;
  std::int64_t planned = 0;   // answers of the run
  std::int64_t answered = 0;  // of these; what is missing is not played
  std::int64_t samples = 0;   // answered with calls
  std::int64_t calls = 0;
  int stages = 1;  // of the machine's pipeline
  bool is_wafer = false;
  std::optional<double> accuracy;  // strict, of all planned answers of the run; none: not scored
  Spread sample_s;
  Spread ttft_ms;                  // of calls, from asking
  double tokens_per_s_a_call = 0;  // mean over calls: completion tokens after the first, over
                                   // their time
  double tokens_per_s = 0;         // completion tokens of all calls over the whole time
  double utilisation = 0;          // 0 to 1, of the stages' time
  double end_s = 0;
  double kj_per_sample = 0;              // rated power over the whole time
  std::optional<double> usd_per_sample;  // none: the machine's price is unknown
  double reused = 0;                     // share of the prompt tokens that the KV cache had
  std::vector<SimStep> steps;            // by first appearance
};

SimRow summary_of(const SimTarget& target, const StrategyPlay& play, const SimPrices& prices);

// What was asked of a machine that could not be played, and why.
struct SimRefusal {
  std::string machine, as, why;
};

struct SimSummary {
  std::string run_id, run_dir;
  std::string model;  // that gave the answers
  std::string load;   // load_words
  SimPrices prices;
  std::vector<SimRow> rows;
  std::vector<SimRefusal> refused;
};
std::string summary_text(const SimSummary& summary, int width);
std::string summary_json(const SimSummary& summary);  // docs/schema/simulation-1.json

}  // namespace evalrun
