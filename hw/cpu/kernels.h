// The loops in which a model's time is spent.
//
// Two promises, which the rest of the engine is built on:
//  - Batch invariance. One output number is computed by the same additions in the same order
//  however
//    many rows are computed with it, by whichever thread.
//  - The same bits on every machine. There is one source (kernels_body.inc) of operations on eight
//    lanes, compiled for AVX2 and for plain x86-64. It uses neither fused multiply-add nor the C
//    library's exp, whose last bit differs between processors; that costs nothing where memory is
//    the limit, as it is for every model too large for a cache.
//
// A dot product adds product k to lane k mod 8 and in the end adds lanes in pairs at distance 4,
// 2, 1. All pointers may be unaligned. Outputs must not overlap inputs unless said.
#pragma once

#include <cstddef>
#include <string_view>

#include "hw/cpu/matrix.h"

namespace evalrun {

struct Kernels {
  std::string_view name;  // "avx2" or "portable"

  // out[i][r] = dot(row r of w, x[i]) for rows [row_begin, row_end) and i < count.
  // x: count rows of w.columns floats; out: rows of out_stride floats.
  void (*matmul)(const Matrix& w, std::size_t row_begin, std::size_t row_end, const float* x,
                 std::size_t count, float* out, std::size_t out_stride);

  // out = row r of w as floats.
  void (*decode_row)(const Matrix& w, std::size_t row, float* out);

  // out[i] = x[i] * weight[i] / sqrt(mean(x^2) + epsilon). (Zhang, Sennrich 2019.) out may be x.
  void (*rmsnorm)(const float* x, const float* weight, std::size_t n, float epsilon, float* out);

  // scores[t] = scale * dot(query, row t of keys), n keys `stride` floats apart.
  void (*key_scores)(const float* query, const float* keys, std::size_t stride, std::size_t n,
                     std::size_t width, float scale, float* scores);

  // out[d] += weights[0] * values[0][d], then weights[1] * values[1][d], and so on, in this order.
  void (*mix_values)(const float* weights, const float* values, std::size_t stride, std::size_t n,
                     std::size_t width, float* out);

  // In place: exp(x - max) / sum. n > 0.
  void (*softmax)(float* x, std::size_t n);

  // gate[i] = silu(gate[i]) * up[i], silu(z) = z / (1 + exp(-z)).
  void (*silu_times)(float* gate, const float* up, std::size_t n);

  // x[i] += y[i].
  void (*add)(float* x, const float* y, std::size_t n);
};

// The best set for this processor, chosen at the first call. Thread-safe.
const Kernels& kernels();
const Kernels& portable_kernels();

// Turns pair i of x, (x[2i], x[2i+1]), by the angle whose cosine and sine are given. This is the
// order of GGUF's "llama" files, whose writers have permuted the rows of q and k to it.
void rope(float* x, const float* cosines, const float* sines, std::size_t pairs);

}  // namespace evalrun
