#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "hw/cpu/half.h"
#include "hw/cpu/kernels.h"

namespace evalrun {
namespace portable {
namespace {
#include "hw/cpu/kernels_body.inc"
}  // namespace
}  // namespace portable

const Kernels& portable_kernels() {
  static constexpr Kernels table = {"portable",        portable::matmul,     portable::decode_row,
                                    portable::rmsnorm, portable::key_scores, portable::mix_values,
                                    portable::softmax, portable::silu_times, portable::add};
  return table;
}

}  // namespace evalrun
