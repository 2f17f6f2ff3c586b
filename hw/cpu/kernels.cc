#include "hw/cpu/kernels.h"

#include "hw/cpu/kernels_table.h"

namespace evalrun {

const Kernels& kernels() {
  static const Kernels& best = avx2_kernels() ? *avx2_kernels() : portable_kernels();
  return best;
}

void rope(float* x, const float* cosines, const float* sines, std::size_t pairs) {
  for (std::size_t i = 0; i < pairs; ++i) {
    const float a = x[2 * i], b = x[2 * i + 1];
    x[2 * i] = a * cosines[i] - b * sines[i];
    x[2 * i + 1] = a * sines[i] + b * cosines[i];
  }
}

}  // namespace evalrun
