// What evalrun train-sim found, as a table for people and as JSON. Everything in it is simulated,
// and says so.
#pragma once

#include <string>
#include <vector>

#include "hw/sim/machine.h"
#include "hw/sim/train.h"
#include "hw/sim/train_gpu.h"
#include "hw/sim/train_wafer.h"

namespace evalrun {

struct WaferTrainRow {
  sim::WaferTrainOptions options;
  sim::WaferTraining step;
  sim::WaferScaling scaling;
};

struct GpuTrainRow {
  int gpus = 0;
  bool is_least = false;  // the fewest that hold the model
  sim::GpuTraining step;
};

// One machine: its wafers or its GPUs have rows.
struct MachineTraining {
  sim::Machine machine;
  std::vector<WaferTrainRow> wafers;
  // Of the first number of systems: half duplex and spilled activations, each without and with.
  std::vector<WaferTrainRow> wafer_variants;
  std::vector<GpuTrainRow> gpus;
  std::string least_missing;  // why there is no row is_least
  double gpus_for_state = 0;  // state bytes over one GPU's memory
};

struct TrainReport {
  sim::TrainJob job;
  long steps = 0;
  std::vector<MachineTraining> machines;
};

std::string train_text(const TrainReport& report);
std::string train_json(const TrainReport& report);

}  // namespace evalrun
