// Machines and models for the tests of the simulator: figures as the data sheets give them, the
// same as in machines/ and models/.
#pragma once

#include <map>
#include <string>

#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

inline Quantity test_quantity(double value) {
  return {.value = value, .source = "data sheet", .is_derived = false};
}

inline WaferSpec wse2() {
  return {.cores = test_quantity(850'000),
          .sram_bytes_per_core = test_quantity(49'152),
          .clock_hz = test_quantity(1.1e9),
          .macs_per_core_per_cycle = test_quantity(4),
          .sram_bytes_per_core_per_cycle = test_quantity(24),
          .link_bytes_per_cycle = test_quantity(4),
          .hop_cycles = test_quantity(1),
          .io_bytes_per_s = test_quantity(150e9),
          .power_w = test_quantity(23'000),
          .price_usd = test_quantity(2.5e6)};
}

inline WaferSpec wse3() {
  WaferSpec spec = wse2();
  spec.cores = test_quantity(900'000);
  spec.clock_hz = test_quantity(1.0e9);
  spec.macs_per_core_per_cycle = test_quantity(8);
  return spec;
}

// `halvings`: precisions below 16 bit, each twice as fast as the one before.
inline GpuSpec test_gpu(double memory_mib, double memory_tb_per_s, double bf16_tflops, int halvings,
                        double link_gb_per_s, int domain) {
  return {.memory_bytes = test_quantity(memory_mib * 1048576),
          .memory_bytes_per_s = test_quantity(memory_tb_per_s * 1e12),
          .bf16_flops_per_s = test_quantity(bf16_tflops * 1e12),
          .fp8_flops_per_s = test_quantity(halvings > 0 ? 2e12 * bf16_tflops : 0),
          .fp4_flops_per_s = test_quantity(halvings > 1 ? 4e12 * bf16_tflops : 0),
          .link_bytes_per_s = test_quantity(link_gb_per_s * 1e9),
          .domain_gpus = test_quantity(domain),
          .power_w = test_quantity(700),
          .price_usd = test_quantity(0)};
}

inline std::map<std::string, Machine> test_machines() {
  return {{"cs2", {"cs2", "CS-2", wse2()}},
          {"cs3", {"cs3", "CS-3", wse3()}},
          {"a100", {"a100", "A100", test_gpu(81920, 2.039, 312, 0, 600, 8)}},
          {"h100", {"h100", "H100", test_gpu(81559, 3.35, 989.4, 1, 900, 8)}},
          {"h200", {"h200", "H200", test_gpu(143771, 4.8, 989.4, 1, 900, 8)}},
          {"b200", {"b200", "B200", test_gpu(183359, 8, 2250, 2, 1800, 8)}},
          {"gb200", {"gb200", "GB200", test_gpu(189471, 8, 2500, 2, 1800, 72)}}};
}

inline std::map<std::string, ModelShape> test_shapes() {
  std::map<std::string, ModelShape> shapes;
  const auto add = [&](const char* name, int layers, int hidden, int heads, int kv_heads, int ffn,
                       int vocabulary) {
    shapes[name] = {.name = name,
                    .layers = layers,
                    .hidden = hidden,
                    .heads = heads,
                    .kv_heads = kv_heads,
                    .head_dim = 128,
                    .ffn = ffn,
                    .vocabulary = vocabulary,
                    .has_tied_embedding = false,
                    .source = "test"};
  };
  add("llama3.2-1b", 16, 2048, 32, 8, 8192, 128256);
  shapes["llama3.2-1b"].head_dim = 64;
  shapes["llama3.2-1b"].has_tied_embedding = true;
  add("llama3.1-8b", 32, 4096, 32, 8, 14336, 128256);
  add("llama3.1-70b", 80, 8192, 64, 8, 28672, 128256);
  add("llama3.3-70b", 80, 8192, 64, 8, 28672, 128256);
  add("llama3.1-405b", 126, 16384, 128, 8, 53248, 128256);
  add("llama2-13b", 40, 5120, 40, 40, 13824, 32000);
  add("codellama-34b", 48, 8192, 64, 8, 22016, 32000);
  add("qwen2-72b", 80, 8192, 64, 8, 29568, 152064);
  return shapes;
}

}  // namespace evalrun::sim
