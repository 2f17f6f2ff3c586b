// What one or more wafers need for a pass over a model (wafer_kernels.h: the cycles of a layer;
// wafer_placement.h: what lies where). Start reading here.
//
// A pass goes through the regions of a wafer one after the other, then to the next wafer:
//   layers * layer cycles / clock + head + (wafers - 1) crossings.
// One stream keeps one region busy at a time; more streams fill the others (stages()). Sequences
// that get one token go through MeshGEMV on the decode square together. A prompt goes
// on its own, through MeshGEMM on the prefill square or, where that is faster (prompts of few rows
// a core), through MeshGEMV on the decode square. The paper has no figure for the latter. What
// stands side by side in a pass takes the sum of the times.
//
// Crossing: hidden * 2 bytes a token over io_bytes_per_s, plus a latency; the sampled token goes
// back to the first wafer with the latency alone.
//
// Not modelled: moving weights between the two squares, reading the prompt in, sampling on a host
// (but see service_s_per_wafer), clock throttling, mixture-of-experts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "hw/sim/cost.h"
#include "hw/sim/wafer_placement.h"

namespace evalrun::sim {

// Seconds of a pass by cause; they add up to what pass_s says.
struct WaferBreakdown {
  double compute_s = 0;       // layers: multiply-adds
  double vector_start_s = 0;  // layers: starting vector operations
  double software_s = 0;      // layers: starting all-reduces and GEMM steps
  double hop_s = 0;           // layers: on the way between routers
  double stage_s = 0;         // layers: adding and passing on in the trees
  double stream_s = 0;        // layers: vectors through the links
  double head_s = 0;          // output head, all causes
  double crossing_s = 0;      // wafer to wafer
  double service_s = 0;       // WaferOptions::service_s_per_wafer, an assumption
  double draft_s = 0;         // the draft model of speculation, an assumption

  double layers_s() const {
    return compute_s + vector_start_s + software_s + hop_s + stage_s + stream_s;
  }
  double total_s() const { return layers_s() + head_s + crossing_s + service_s + draft_s; }
};

// Immutable, so safe from any number of threads.
class WaferCost final : public CostModel {
 public:
  // Error: as place_on_wafers.
  static Result<WaferCost> make(const WaferSpec& spec, const ModelShape& shape,
                                const WaferOptions& options = {});

  // With speculation, a pass that only decodes is the expected share of one token in a round: k
  // drafted ones, then one pass over k + 1, of which (1 - a^(k+1)) / (1 - a) are kept (Leviathan et
  // al. 2023, equation 1). Other passes are plain.
  WaferBreakdown breakdown(const Batch& batch) const;
  using CostModel::pass_s;
  double pass_s(const Batch& batch) const override { return breakdown(batch).total_s(); }
  // One token of one stream after `context` tokens.
  double token_s(std::int64_t context) const;

  // Regions that can be at work at once: at the larger of the decode and the prefill square, since
  // a pass of either kind may be under way. With a prefill square as large as the wafer this is the
  // number of wafers; ask for a prefill_side as small as the decode side to pipeline inside one.
  int stages() const override { return placement_.stages; }
  // Prompts side by side take the sum of their times, so nothing is won by putting them together.
  std::int64_t chunk_tokens() const override { return 0; }
  std::int64_t kv_capacity_tokens() const override { return placement_.kv_capacity_tokens; }
  double power_w() const override { return placement_.wafers * spec_.power_w.value; }
  double price_usd() const override { return placement_.wafers * spec_.price_usd.value; }
  const WaferPlacement& placement() const { return placement_; }

 private:
  WaferCost(WaferSpec spec, ModelShape shape, WaferOptions options, WaferPlacement placement)
      : spec_(std::move(spec)),
        shape_(std::move(shape)),
        options_(std::move(options)),
        placement_(placement),
        decode_square_(square_of(spec_, options_.parameters, shape_, placement_.decode_side)),
        prefill_square_(square_of(spec_, options_.parameters, shape_, placement_.prefill_side)) {}

  MeshCycles prompt_layer(const PromptChunk& prompt) const;
  MeshCycles layer(const Batch& batch) const;
  WaferBreakdown around(const MeshCycles& layer, double tokens, double head_positions) const;
  WaferBreakdown speculated(const Batch& batch) const;

  WaferSpec spec_;
  ModelShape shape_;
  WaferOptions options_;
  WaferPlacement placement_;
  MeshSquare decode_square_, prefill_square_;
  std::shared_ptr<const WaferCost> draft_;  // set with speculation
};

// Tokens that a round of speculation is expected to yield: 1 to drafted + 1.
double expected_tokens(int drafted_tokens, double acceptance);

// What would have to be true for one stream to get `tokens_per_s` after `context` tokens.
// Options must hold no speculation, respectively one whose acceptance is ignored.
// How much faster than WaferLLM's the kernels would have to be; 0: no speed of them is enough.
double kernel_speedup_needed(const WaferSpec& spec, const ModelShape& shape,
                             const WaferOptions& options, std::int64_t context,
                             double tokens_per_s);
// The acceptance rate; nullopt: not even 1 is enough, or the model does not fit. 0: none is needed.
std::optional<double> acceptance_needed(const WaferSpec& spec, const ModelShape& shape,
                                        WaferOptions options, std::int64_t context,
                                        double tokens_per_s);

}  // namespace evalrun::sim
