// Private to hw/cpu: the sets of kernels that not every machine can run.
#pragma once

#include "hw/cpu/kernels.h"

namespace evalrun {

// nullptr when this processor lacks AVX2 or F16C.
const Kernels* avx2_kernels();

}  // namespace evalrun
