#include "hw/cpu/kernels_table.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "hw/cpu/half.h"

#define EVALRUN_AVX2  // __AVX2__ stays undefined: g++ reads the whole file before its pragmas act

#pragma GCC push_options
#pragma GCC target("avx2,f16c")  // after the includes: their functions stay plain
namespace evalrun {
namespace avx2 {
namespace {
#include "hw/cpu/kernels_body.inc"
}  // namespace
}  // namespace avx2
}  // namespace evalrun
#pragma GCC pop_options

namespace evalrun {

const Kernels* avx2_kernels() {
  static constexpr Kernels table = {"avx2",        avx2::matmul,     avx2::decode_row,
                                    avx2::rmsnorm, avx2::key_scores, avx2::mix_values,
                                    avx2::softmax, avx2::silu_times, avx2::add};
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") ? &table : nullptr;
}

}  // namespace evalrun

#else

namespace evalrun {
const Kernels* avx2_kernels() { return nullptr; }
}  // namespace evalrun

#endif
