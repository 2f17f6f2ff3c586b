#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/test_folder.h"
#include "tasks/jsonl_index.h"
#include "tasks/lcb.h"
#include "tasks/lcb_problem.h"

namespace evalrun {
namespace {

constexpr std::size_t kFileBytes = std::size_t(256) << 20;
constexpr std::size_t kPrivateBytes = std::size_t(4) << 20;  // 4.5 GB over 1,055 problems

// Rows like those of code_generation_lite, nearly all of it private tests in base64.
std::string write_rows(const TestFolder& folder) {
  std::string text;
  for (std::size_t i = 0; text.size() < kFileBytes; ++i)
    text +=
        R"({"question_title": "A", "question_content": "B \"quoted\"\n", "platform": "atcoder",)"
        R"( "question_id": "q)" +
        std::to_string(i) +
        R"(", "contest_id": "c", "contest_date": "2024-01-01T00:00:00", "starter_code": "",)"
        R"( "difficulty": "easy", "public_test_cases": "[]", "private_test_cases": ")" +
        std::string(kPrivateBytes, 'A') + "\", \"metadata\": \"{}\"}\n";
  return folder.write("test.jsonl", text);
}

// Open, index, hash: what comes before the first sample.
void BM_LoadLcb256MB(benchmark::State& state) {
  const TestFolder folder;
  SuiteOptions options;
  options.data_file = write_rows(folder);
  for (auto _ : state) {
    auto suite = load_lcb(options);
    CHECK(suite.has_value());
    benchmark::DoNotOptimize(suite);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations() * kFileBytes));
}
BENCHMARK(BM_LoadLcb256MB)->Unit(benchmark::kMillisecond)->UseRealTime();

// The scan alone, to be held against the hash alone.
void BM_ScanRow4MB(benchmark::State& state) {
  const std::string row =
      R"({"question_id": "q", "private_test_cases": ")" + std::string(kPrivateBytes, 'A') + "\"}";
  for (auto _ : state) {
    auto members = scan_json_object(row);
    CHECK(members.has_value() && members->size() == 2);
    benchmark::DoNotOptimize(members);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations() * row.size()));
}
BENCHMARK(BM_ScanRow4MB)->Unit(benchmark::kMicrosecond);

void BM_Sha256Of4MB(benchmark::State& state) {
  const std::string bytes(kPrivateBytes, 'A');
  for (auto _ : state) {
    auto hash = sha256_hex(bytes);
    benchmark::DoNotOptimize(hash);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations() * bytes.size()));
}
BENCHMARK(BM_Sha256Of4MB)->Unit(benchmark::kMicrosecond);

// Tests as plain JSON in a string: many escaped quotes.
void BM_DecodePlainTests(benchmark::State& state) {
  std::string list;
  for (int i = 0; i < 10'000; ++i)
    list +=
        (i == 0 ? "" : ", ") +
        std::string(R"({\"input\": \"1 2 3\\n\", \"output\": \"6\\n\", \"testtype\": \"stdin\"})");
  const std::string field = "\"[" + list + "]\"";
  for (auto _ : state) {
    auto tests = decode_lcb_tests(field);
    CHECK(tests.has_value() && tests->size() == 10'000);
    benchmark::DoNotOptimize(tests);
  }
  state.SetBytesProcessed(std::int64_t(state.iterations() * field.size()));
}
BENCHMARK(BM_DecodePlainTests)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evalrun
