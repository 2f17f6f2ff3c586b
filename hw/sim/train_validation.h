// The training model beside what was published. Groups:
//   "train megatron"  Megatron-LM on A100, 2021 and 2022: TFLOP/s of a GPU as the papers count them
//                     (recomputation and the whole square of scores), or utilisation in per cent
//   "train zero 3"    ZeRO-3 without model parallel, from the same papers
//   "train hopper"    Llama 3 405B on H100 in 16 bit; Megatron Bridge on H100, B200 and GB200 in 8
//   "train wafers"    16 CS-3 over one
// Of 35 points 2 were fitted (two numbers, node_link_share and data_overlap_power, on two of the
// ZeRO-3 rows). All kernels and links keep the parameters that inference was calibrated with.
// Said openly: the terms of the model and the three generations of software (TrainStack) were
// settled with the whole table in sight; only the numbers of the two points were fitted.
//
// Assumed where a source is silent: no interleaving in table 2 (the micro-batches are many, so a
// few per cent at most), four pieces for Llama 3 405B (at two, computed would be 10 to 20 % lower).
// Quoted from memory of the papers: the middle eight rows of table 1, the rows of table 2 for
// 529.6B and the layouts of Korthikanti et al.; the others were read.
//
// What misses. Models up to 40B on A100 come out 7 to 9 % too slow: their matrices are small, and
// the share of the peak is one number. Llama 3 405B comes out 10 to 15 % too fast: a production run
// with stragglers, against a bench. Blackwell comes out 9 to 16 % too fast, as it does in
// inference. ZeRO-3 of 529.6B at 1,120 GPUs 15 % too slow. Wafers: everything is overlapped in the
// model, so 16 of them are 16 times as fast; 15.3 was published, and why is not known.
// Only times are compared: the memory of these layouts is not, as no source gives it (the 70B on 64
// GB200 must move activations off the GPU, which memory_of() does not know).
#pragma once

#include <vector>

#include "harness/core/result.h"
#include "hw/sim/train_gpu.h"
#include "hw/sim/validation.h"
#include "hw/sim/wafer_validation.h"

namespace evalrun::sim {

// Machines wanted: a100, h100, b200, gb200, cs3. Shapes: llama3.1-8b, llama3.3-70b, llama3.1-405b.
// Error (input): one is missing, or is not of its kind, or cannot have the published layout.
Result<std::vector<ValidationPoint>> train_validation(const Machines& machines,
                                                      const Shapes& shapes,
                                                      const GpuTrainParameters& parameters = {});

}  // namespace evalrun::sim
