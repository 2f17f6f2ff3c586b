// Machines and shapes for the tests of the GPU model, from the same sheets as machines/ and
// models/.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "hw/sim/machine.h"
#include "hw/sim/shape.h"

namespace evalrun::sim {

inline GpuSpec test_gpu(double memory_mib, double memory_tb_per_s, double bf16_tflops, int halvings,
                        double link_gb_per_s, int domain) {
  const auto quantity = [](double value) { return Quantity{value, "test", false}; };
  return {.memory_bytes = quantity(memory_mib * 1048576),
          .memory_bytes_per_s = quantity(memory_tb_per_s * 1e12),
          .bf16_flops_per_s = quantity(bf16_tflops * 1e12),
          .fp8_flops_per_s = quantity(halvings > 0 ? 2e12 * bf16_tflops : 0),
          .fp4_flops_per_s = quantity(halvings > 1 ? 4e12 * bf16_tflops : 0),
          .link_bytes_per_s = quantity(link_gb_per_s * 1e9),
          .domain_gpus = quantity(domain),
          .power_w = quantity(700),
          .price_usd = quantity(0)};
}

inline std::map<std::string, Machine> test_machines() {
  return {{"a100", {"a100", "A100", test_gpu(81920, 2.039, 312, 0, 600, 8)}},
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
  add("llama3.1-8b", 32, 4096, 32, 8, 14336, 128256);
  add("llama3.3-70b", 80, 8192, 64, 8, 28672, 128256);
  add("llama3.1-405b", 126, 16384, 128, 8, 53248, 128256);
  add("llama2-13b", 40, 5120, 40, 40, 13824, 32000);
  add("codellama-34b", 48, 8192, 64, 8, 22016, 32000);
  add("qwen2-72b", 80, 8192, 64, 8, 29568, 152064);
  return shapes;
}

}  // namespace evalrun::sim
