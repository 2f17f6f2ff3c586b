// A server that runs one model, as a discrete-event simulation: it plays the calls of a CallGraph
// and says when each began, gave its first token and ended. START HERE to read the simulation.
//
// - Samples arrive: closed loop (so many in flight, the next when one ends) or open loop (at given
//   times). A call is sent when all that it waits for have ended, and queues first come, first
//   served until its whole prompt and completion fit into the KV cache: nothing is put out again.
//   (The length of a completion is known here before it is made; a real server guesses.)
// - Continuous batching: a call enters its batch between two passes. While prompts wait, a pass
//   computes at most chunk_tokens of them beside one token of each running call (Sarathi-Serve,
//   Agrawal et al. 2024), so they slow each other down as CostModel::pass_s says.
// - A pipeline of S stages serves S batches ("lanes"), each with a pass in another stage; a call
//   goes to the lane with the fewest. A pass of a lane holds one of S slots. Where slots are free,
//   a prompt is cut and its pieces follow each other through the stages: m pieces of t seconds take
//   t (1 + (m - 1) / S) and hold m slots until the last one is through; what they give comes then.
//   Where the whole pipeline is free, the first prompt goes in with all its pieces, be they more
//   than S. A lane that decodes keeps its slot from pass to pass until a call enters or ends.
// - Prefix sharing: what GraphCall::shared_tokens says is not computed again while the cache still
//   has it (kv_pool.h).
//
// Between two events a batch is constant and the time of a pass a straight line in its contexts, so
// k passes cost one evaluation. Work: a few events a call. Equal input gives equal bytes.
// Not modelled: the network to the client, tokenizing, preemption, padding to recorded graphs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/core/result.h"
#include "hw/sim/call_graph.h"
#include "hw/sim/cost.h"

namespace evalrun::sim {

struct ServerOptions {
  int concurrency = 1;                      // closed loop: samples in flight; 0 = all at once
  std::span<const double> arrivals_s = {};  // open loop: one a sample, never falling; {} = closed
  bool shares_prefixes = true;
  std::int64_t sequences_max = 256;  // calls in the batches together (vLLM's max_num_seqs)
  // Of prompts in a pass. 0 = CostModel::chunk_tokens; where that is 0 too, chunk_tokens_for the
  // first prompt, its length rounded up to a power of two.
  std::int64_t chunk_tokens = 0;
  bool records_load = false;  // fills Timeline::load
};

// Seconds since the first sample could begin.
struct CallTimes {
  double ready_s = 0;  // sent: all before it have ended
  double start_s = 0;  // the first pass with some of its prompt begins
  double first_s = 0;  // first token
  double done_s = 0;   // last token
};

struct LoadPoint {
  double at_s = 0;
  std::int32_t running = 0;    // calls in the batches, from now on
  std::int32_t waiting = 0;    // calls that were sent and have no room yet
  std::int64_t kv_tokens = 0;  // that running calls hold, with what they are to make
};

struct Timeline {
  std::vector<CallTimes> calls;  // as in the graph
  double end_s = 0;              // of the last call
  int stages = 1;
  double busy_stage_s = 0;  // stages at work: at most stages * end_s
  std::int64_t computed_prompt_tokens = 0;
  std::int64_t reused_prompt_tokens = 0;  // the two together: all prompts
  std::int64_t completion_tokens = 0;
  std::int64_t kv_peak_tokens = 0;  // of running calls
  std::vector<LoadPoint> load;

  double utilisation() const { return end_s > 0 ? busy_stage_s / (stages * end_s) : 0; }
};

// Error (input): CallGraph::check; a call that needs more KV cache than there is, with the numbers.
// arrivals_s and options out of range are broken code (CHECK). Pure; any thread.
Result<Timeline> play(const CallGraph& graph, const CostModel& cost, const ServerOptions& options);

// The chunk that brings a prompt of that length through the empty pipeline first: a power of two,
// 128 or more; the smallest of equals.
std::int64_t chunk_tokens_for(const CostModel& cost, std::int64_t prompt_tokens);

}  // namespace evalrun::sim
