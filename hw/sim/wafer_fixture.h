// Machines and models for the tests of the wafer model: figures as the data sheets give them.
#pragma once

#include <map>
#include <string>

#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

inline Quantity published(double value) {
  return {.value = value, .source = "data sheet", .is_derived = false};
}

inline WaferSpec wse2() {
  return {.cores = published(850'000),
          .sram_bytes_per_core = published(49'152),
          .clock_hz = published(1.1e9),
          .macs_per_core_per_cycle = published(4),
          .sram_bytes_per_core_per_cycle = published(24),
          .link_bytes_per_cycle = published(4),
          .hop_cycles = published(1),
          .io_bytes_per_s = published(150e9),
          .power_w = published(23'000),
          .price_usd = published(2.5e6)};
}

inline WaferSpec wse3() {
  WaferSpec spec = wse2();
  spec.cores = published(900'000);
  spec.clock_hz = published(1.0e9);
  spec.macs_per_core_per_cycle = published(8);
  return spec;
}

inline ModelShape llama_shape(const std::string& name, int layers, int hidden, int heads,
                              int kv_heads, int ffn, int vocabulary) {
  return {.name = name,
          .layers = layers,
          .hidden = hidden,
          .heads = heads,
          .kv_heads = kv_heads,
          .head_dim = 128,
          .ffn = ffn,
          .vocabulary = vocabulary,
          .source = ""};
}

inline std::map<std::string, ModelShape> wafer_shapes() {
  std::map<std::string, ModelShape> shapes;
  for (const ModelShape& shape : {llama_shape("llama3.1-8b", 32, 4096, 32, 8, 14336, 128256),
                                  llama_shape("llama3.1-70b", 80, 8192, 64, 8, 28672, 128256),
                                  llama_shape("llama3.1-405b", 126, 16384, 128, 8, 53248, 128256),
                                  llama_shape("llama2-13b", 40, 5120, 40, 40, 13824, 32000),
                                  llama_shape("codellama-34b", 48, 8192, 64, 8, 22016, 32000),
                                  llama_shape("qwen2-72b", 80, 8192, 64, 8, 29568, 152064)})
    shapes[shape.name] = shape;
  ModelShape small = llama_shape("llama3.2-1b", 16, 2048, 32, 8, 8192, 128256);
  small.head_dim = 64, small.has_tied_embedding = true;
  shapes[small.name] = small;
  return shapes;
}

inline std::map<std::string, Machine> wafer_machines() {
  return {{"cs2", {.name = "cs2", .title = "CS-2", .spec = wse2()}},
          {"cs3", {.name = "cs3", .title = "CS-3", .spec = wse3()}}};
}

}  // namespace evalrun::sim
