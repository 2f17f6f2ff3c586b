#include <benchmark/benchmark.h>

#include <string>

#include "harness/core/check.h"
#include "harness/core/resources.h"
#include "tasks/crux.h"
#include "tasks/letters.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

// 800 rows of the size of CRUXEval's (234 bytes a line there), from the built-in problems.
std::string rows_like_cruxeval() {
  const auto mini =
      parse_crux(find_resource("tasks/crux_mini/crux_mini.jsonl").value(), "mini").value();
  std::string lines;
  for (std::size_t i = 0; i < 800; ++i) {
    const CruxRow& row = mini[i % mini.size()];
    std::string code;
    for (char c : row.code) code += c == '\n' ? "\\n" : std::string(c == '"' ? "\\\"" : "") + c;
    lines += R"({"code": ")" + code + std::string(100, ' ') +
             R"(", "input": "[1, 2]", "output": "[3, 4]", "id": "sample_)" + std::to_string(i) +
             "\"}\n";
  }
  return lines;
}

void BM_ParseCrux(benchmark::State& state) {
  const std::string lines = rows_like_cruxeval();
  for (auto _ : state) {
    auto rows = parse_crux(lines, "bench");
    CHECK(rows.has_value());
    benchmark::DoNotOptimize(rows);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations() * lines.size()));
}
BENCHMARK(BM_ParseCrux)->Unit(benchmark::kMillisecond);

// The whole of it: read, hash, parse, three prompts of the full profile a sample.
void BM_LoadCrux800(benchmark::State& state) {
  const TestFolder folder;
  SuiteOptions options;
  options.data_file = folder.write("rows.jsonl", rows_like_cruxeval());
  for (auto _ : state) {
    auto suite = load_crux_output(options);
    CHECK(suite.has_value());
    benchmark::DoNotOptimize(suite);
  }
}
BENCHMARK(BM_LoadCrux800)->Unit(benchmark::kMillisecond);

void BM_LoadLetters600(benchmark::State& state) {
  for (auto _ : state) {
    auto suite = load_letters({});
    CHECK(suite.has_value());
    benchmark::DoNotOptimize(suite);
  }
}
BENCHMARK(BM_LoadLetters600)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
