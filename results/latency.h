// How fast the endpoint answered, in the words of the field. Pure functions of the call records.
//
// A CALL here is one that finished and was sent (not answered by the cache), whatever became of the
// sample. It began either when it was SENT, which is what benchmarks of a server report, or when
// the strategy SCHEDULED it: then the wait for a free connection, for a rate limit and for attempts
// that failed is in it too, which is what a user waits (leaving it out made a p99 of 3,330 ms read
// 508 ms: vllm-project/vllm#54101).
//
//   TTFT             first token - begin
//   request latency  last token - begin                       (vLLM: E2EL)
//   TPOT             (last token - first token) / (completion tokens - 1), a number a call, of
//                    calls with two tokens or more. As vLLM's `bench serve`; NVIDIA's AIPerf calls
//                    this very number "inter token latency"
//                    (https://docs.nvidia.com/aiperf/reference/ai-perf-metrics-reference)
//   ITL              the pauses between the pieces of a stream, over all pieces of all calls. As
//                    vLLM's; AIPerf's "inter chunk latency". A piece may hold several tokens, then
//                    ITL is longer than TPOT. Counted in buckets: within 2.2 % (gaps.h)
//   output tokens/s  completion tokens (thinking included) over the time in which at least one call
//                    was under way, sent to last token: pauses of a run that was killed and resumed
//                    are not in it. Benchmarks divide by the whole duration instead
//   goodput          calls a second, and their share, that meet every limit at once, a limit
//                    itself met (vllm/benchmarks/serve.py, calculate_metrics: `s >= r`; DistServe,
//                    OSDI 2024). vLLM counts from sending, this from SCHEDULING. As there, an
//                    answer of one token has no TPOT to miss
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/records.h"
#include "harness/core/result.h"
#include "results/manifest.h"

namespace evalrun {

// The limits of goodput, each in milliseconds; at least one is set.
struct Slo {
  std::optional<double> ttft_ms;
  std::optional<double> tpot_ms;
  std::optional<double> latency_ms;
};

// "ttft=500,tpot=50,latency=10000" in any order; ":" is taken for "=", as vLLM writes it, and
// "e2el" for "latency". Error (usage): one line that names the word.
Result<Slo> parse_slo(std::string_view text);

// A distribution; all 0 where n is 0. Quantiles are nearest-rank: the smallest value that at least
// a share p of all is not above.
struct Spread {
  std::int64_t n = 0;
  double mean = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
};

// Of `values`, in any order, in their unit.
Spread spread_of(std::vector<double> values);

// What endpoints say of their own work (ServerTimes), of the calls where they do.
struct ServerMedians {
  std::int64_t n = 0;
  double queue_ms = 0;
  double prompt_ms = 0;
  double completion_ms = 0;
};

struct Goodput {
  std::int64_t n = 0;     // calls that can be judged: every time that the limits need is there
  std::int64_t good = 0;  // of n
  double share = 0;       // good / n
  double per_second = 0;  // good over busy_seconds
};

struct LatencyRow {
  std::string suite;  // "" with `strategy`: all calls together
  std::string strategy;
  std::int64_t calls = 0;
  std::int64_t from_cache = 0;  // finished, not sent: not among `calls`
  std::int64_t untimed = 0;     // of calls: it is not known when they were sent or done
  std::int64_t retried = 0;     // of calls: sent more than once

  // Milliseconds. Each n counts the calls (ITL: pauses) that have the times it needs.
  Spread ttft_ms;
  Spread ttft_scheduled_ms;
  Spread itl_ms;
  Spread tpot_ms;
  Spread latency_ms;
  Spread latency_scheduled_ms;

  double busy_seconds = 0;           // in which at least one timed call was under way
  std::int64_t completion = 0;       // tokens of timed calls
  double tokens_per_second = 0;      // completion over busy_seconds
  double requests_per_second = 0;    // timed calls over busy_seconds
  Spread request_tokens_per_second;  // completion tokens over request latency, of each call

  ServerMedians server;
  std::optional<Goodput> goodput;  // where an Slo is given
};

struct Latency {
  std::optional<Slo> slo;
  LatencyRow all;
  std::vector<LatencyRow> rows;  // by suite, then strategy, as in the plan; those with calls
};

// Calls of suites or strategies outside the plan are left out. `calls` as the run folder holds
// them; each finished call counts, since each was sent.
Latency latency_of(const RunInfo& run, std::span<const CallRecord> calls,
                   const std::optional<Slo>& slo);

}  // namespace evalrun
