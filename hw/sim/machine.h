// The machines of the simulator as data: plain numbers, each with its unit, its source, and whether
// it was published or derived. The files are hw/sim/machines/*.toml; the harness reads them.
#pragma once

#include <string>
#include <variant>

namespace evalrun::sim {

struct Quantity {
  double value = 0;         // in SI units, as the field's comment says
  std::string source;       // where it was read, or from what it was derived
  bool is_derived = false;  // false: published
};

// A wafer-scale engine: a mesh of cores with their own SRAM, no other memory.
struct WaferSpec {
  Quantity cores;  // usable
  Quantity sram_bytes_per_core;
  Quantity clock_hz;
  Quantity macs_per_core_per_cycle;        // 16-bit multiply-accumulates
  Quantity sram_bytes_per_core_per_cycle;  // read and written together
  Quantity link_bytes_per_cycle;           // core to neighbour, each way
  Quantity hop_cycles;                     // router to router
  Quantity io_bytes_per_s;                 // off the wafer, each way
  Quantity power_w;                        // of the system
  Quantity price_usd;                      // 0 = unknown
};

// One GPU of a server, and how it reaches the others.
struct GpuSpec {
  Quantity memory_bytes;
  Quantity memory_bytes_per_s;
  Quantity bf16_flops_per_s;  // dense, as the next two
  Quantity fp8_flops_per_s;   // 0 = it has none
  Quantity fp4_flops_per_s;   // 0 = it has none
  Quantity link_bytes_per_s;  // to the other GPUs of its domain, both ways together
  Quantity domain_gpus;       // that reach each other at that speed
  Quantity power_w;           // of one GPU
  Quantity price_usd;         // 0 = unknown
};

struct Machine {
  std::string name;   // "cs3", "h100"
  std::string title;  // "Cerebras CS-3 (WSE-3)"
  std::variant<WaferSpec, GpuSpec> spec;
};

}  // namespace evalrun::sim
