// One step of the Llama network (Touvron et al. 2023) over rows of many sequences at once.
#pragma once

#include <span>
#include <vector>

#include "hw/cpu/kernels.h"
#include "hw/cpu/parallel.h"
#include "hw/llama/config.h"
#include "hw/llama/kv_cache.h"
#include "hw/llama/weights.h"

namespace evalrun {

// One token to read. Rows of one sequence stand in the order of their positions, without a gap to
// what the cache holds of it.
struct StepRow {
  int token = 0;
  std::size_t position = 0;
  const KvSequence* sequence = nullptr;  // has room for position
  bool wants_logits = false;
};

// Owns the activations of a step. Not thread-safe. A row's logits depend on its sequence alone, bit
// for bit, not on the rows beside it, their number, or the number of threads.
class Forward {
 public:
  // References must outlive it. context: positions that may occur.
  Forward(const LlamaConfig& config, const LlamaWeights& weights, KvCache& cache,
          Parallel& parallel, std::size_t context);

  // Writes keys and values of all rows to the cache and returns [rows that want them][vocabulary],
  // valid until the next call.
  std::span<const float> run(std::span<const StepRow> rows);

 private:
  void resize(std::size_t rows);
  void attention(std::size_t layer, std::span<const StepRow> rows);
  void attend(std::size_t layer, const StepRow& row, std::size_t head, const float* query,
              float* out, std::vector<float>& scores);
  void feed_forward(const LlamaLayer& layer, std::size_t rows);
  void rotate_and_keep(std::size_t layer, std::span<const StepRow> rows);
  void multiply(const Matrix& w, const std::vector<float>& x, std::size_t rows,
                std::vector<float>& out);
  void normalize(const std::vector<float>& weight, std::size_t rows);
  void add_to_stream(const std::vector<float>& y, std::size_t rows);

  const LlamaConfig& config_;
  const LlamaWeights& weights_;
  const Kernels& kernels_;
  KvCache& cache_;
  Parallel& parallel_;
  std::vector<float> cosines_, sines_;  // [context][rope_pairs]
  // [rows][width of each], grown as needed
  std::vector<float> stream_, normed_, query_, key_, value_, mixed_, projected_, gate_, up_,
      logits_;
};

}  // namespace evalrun
